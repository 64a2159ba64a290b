//! The three schemes of .xls files: the content of a FILEPASS record gives a key, the key gives a stream of bytes.

use md5::{Digest, Md5};
use rc4::{KeyInit, Rc4, StreamCipher};

use super::ciphers::{Hash, password};
use crate::reader::ole::{u16_at, u32_at};

/// Bytes after which RC4 starts anew.
const BLOCK: usize = 1024;
/// What XOR obfuscation makes of the built-in password: key, verifier, and the sixteen bytes.
const XOR_KEY: [u16; 2] = [0xB359, 0x9A0A];
const XOR: [u8; 16] = [0x87, 0x6B, 0x9A, 0xE2, 0x1E, 0xE3, 0x05, 0x62, 0x1E, 0x69, 0x96, 0x60, 0x98, 0x6E, 0x94, 0x04];

/// Opens the records of a stream under the built-in password.
#[derive(Debug)]
pub(in crate::reader) struct Opener {
    key: Key,
    /// Number and key bytes of the block that was used last.
    block: (usize, Vec<u8>),
}

/// A key that fits the built-in password.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// XOR obfuscation.
    Xor,
    /// RC4: first five bytes of the hash.
    Rc4(Vec<u8>),
    /// RC4 by `CryptoAPI`: hash of salt and password, bytes of the key.
    CryptoApi(Vec<u8>, usize),
}

impl Opener {
    /// For a FILEPASS record; `None` when it asks for another password or another scheme.
    pub(in crate::reader) fn new(filepass: &[u8], is_biff8: bool) -> Option<Self> {
        let key = if is_biff8 { Key::new(filepass)? } else { Key::xor(filepass)? };
        Some(Self { key, block: (usize::MAX, Vec::new()) })
    }

    /// Decrypts bytes that begin at `at` in the stream and belong to a record with `size` bytes of content.
    pub(in crate::reader) fn decrypt(&mut self, data: &mut [u8], at: usize, size: usize) {
        for (i, byte) in (at..).zip(data) {
            if self.key == Key::Xor {
                *byte = (*byte ^ XOR[(i + size) % XOR.len()]).rotate_left(3);
                continue;
            }
            if self.block.0 != i / BLOCK {
                self.block = (i / BLOCK, self.key.block(i / BLOCK, vec![0; BLOCK]));
            }
            *byte ^= self.block.1[i % BLOCK];
        }
    }
}

impl Key {
    fn new(filepass: &[u8]) -> Option<Self> {
        match (u16_at(filepass, 0)?, u16_at(filepass, 2)?, u16_at(filepass, 4)?) {
            (0, ..) => Self::xor(filepass.get(2..)?),
            (1, 1, 1) => Self::rc4(filepass.get(6..)?),
            (1, 2..=4, 2) => Self::crypto_api(filepass.get(6..)?),
            _ => None,
        }
    }

    fn xor(data: &[u8]) -> Option<Self> {
        ([u16_at(data, 0)?, u16_at(data, 2)?] == XOR_KEY).then_some(Self::Xor)
    }

    fn rc4(data: &[u8]) -> Option<Self> {
        let (salt, verifier) = (data.get(..16)?, data.get(16..48)?);
        let secret = Md5::digest(password());
        let mixed = [&secret[..5], salt].concat().repeat(16);
        let key = Self::Rc4(Md5::digest(mixed)[..5].to_vec());
        let plain = key.block(0, verifier.to_vec());
        (Md5::digest(&plain[..16])[..] == plain[16..]).then_some(key)
    }

    fn crypto_api(data: &[u8]) -> Option<Self> {
        let header_size = u32_at(data, 4)? as usize;
        let bits = u32_at(data, 8 + 16)?;
        // Size of the salt, salt, verifier, size of the hash, hash.
        let verifier = data.get(8usize.checked_add(header_size)?..)?;
        let (salt, first, second) = (verifier.get(4..20)?, verifier.get(20..36)?, verifier.get(40..60)?);
        let size = if bits == 0 { 5 } else { usize::try_from(bits / 8).ok()?.clamp(5, 16) };
        let key = Self::CryptoApi(Hash::Sha1.of(&[salt, &password()]), size);
        let plain = key.block(0, [first, second].concat());
        (Hash::Sha1.of(&[&plain[..16]]) == plain[16..]).then_some(key)
    }

    /// Runs data through the cipher of a block, from its beginning.
    fn block(&self, block: usize, mut data: Vec<u8>) -> Vec<u8> {
        let number = u32::try_from(block).unwrap_or(u32::MAX).to_le_bytes();
        let key = match self {
            Self::Xor => return data,
            Self::Rc4(secret) => Md5::digest([secret.as_slice(), &number].concat()).to_vec(),
            Self::CryptoApi(secret, size) => {
                let mut key = Hash::Sha1.of(&[secret, &number]);
                key.truncate(*size);
                // A key of 40 bits is filled up with zeros.
                key.resize(if *size == 5 { 16 } else { *size }, 0);
                key
            }
        };
        if let Ok(mut cipher) = Rc4::new_from_slice(&key) {
            cipher.apply_keystream(&mut data);
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::fixture::hex;

    const RC4: &str =
        "010001000100000102030405060708090a0b0c0d0e0f75893a71a012720e88b0c355190404ef7952c14f1ebd3eec4903dea40b7cc250";
    const CRYPTO_API: &str = "010002000200040000002200000004000000000000000168000004800000280000000100000000000000000000000000\
        10000000000102030405060708090a0b0c0d0e0fbc0606fb68c921f8ef09aa4b1091facb14000000a39158377977ad737cd5412d4628c95f94f2794e";

    fn decrypted(filepass: &str, data: &str, at: usize) -> Vec<u8> {
        let mut data = hex(data);
        Opener::new(&hex(filepass), true).unwrap().decrypt(&mut data, at, 20);
        data
    }

    #[test]
    fn the_built_in_password_opens_all_three_schemes() {
        let plain = b"reconcile\0\0\0\0\0\0\0";
        // The first two cross the end of a block.
        assert_eq!(decrypted(RC4, "301f147d6a1e2b01bdb55448bc973cc4", 1020), plain);
        assert_eq!(decrypted(CRYPTO_API, "c0815d805f4b691bb22046e17f0b3470", 1020), plain);
        assert_eq!(decrypted("000059b30a9a", "d6c2f8e94a07b76fb2e305621e699660", 104), plain);
        assert!(Opener::new(&hex("59b30a9a"), false).is_some(), "Excel 95 leaves the type out");
    }

    #[test]
    fn another_password_stays_closed() {
        for filepass in [RC4, CRYPTO_API, "000059b30a9a"] {
            let mut bytes = hex(filepass);
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            assert!(Opener::new(&bytes, true).is_none());
            assert!(Opener::new(&bytes[..last], true).is_none(), "cut");
        }
    }
}
