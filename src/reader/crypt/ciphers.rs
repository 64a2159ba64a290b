//! The hashes and ciphers that the schemes choose from.

use aes::cipher::array::Array;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};

/// The password with which Excel protects workbooks that nobody gave one.
const PASSWORD: &str = "VelvetSweatshop";

/// The password as the schemes hash it.
pub(super) fn password() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// By the name that files use.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.replace('-', "").to_ascii_uppercase().as_str() {
            "SHA1" => Self::Sha1,
            "SHA256" => Self::Sha256,
            "SHA384" => Self::Sha384,
            "SHA512" => Self::Sha512,
            _ => return None,
        })
    }

    /// The hash of the parts, one after the other.
    pub(super) fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

/// Decrypts whole blocks, each after the one before; the key's length chooses the cipher. `None` for odd lengths.
pub(super) fn aes_cbc(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn run<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], mut data: Vec<u8>) -> Option<Vec<u8>> {
        cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?.decrypt_padded::<NoPadding>(&mut data).ok()?;
        Some(data)
    }
    match key.len() {
        16 => run::<Aes128>(key, iv, data.to_vec()),
        24 => run::<Aes192>(key, iv, data.to_vec()),
        32 => run::<Aes256>(key, iv, data.to_vec()),
        _ => None,
    }
}

/// Decrypts whole blocks, each for itself.
pub(super) fn aes_ecb(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn run<C: BlockCipherDecrypt + KeyInit>(key: &[u8], mut data: Vec<u8>) -> Option<Vec<u8>> {
        let cipher = C::new_from_slice(key).ok()?;
        for block in data.chunks_mut(16) {
            let block: &mut Array<u8, C::BlockSize> = block.try_into().ok()?;
            cipher.decrypt_block(block);
        }
        Some(data)
    }
    match key.len() {
        16 => run::<Aes128>(key, data.to_vec()),
        24 => run::<Aes192>(key, data.to_vec()),
        32 => run::<Aes256>(key, data.to_vec()),
        _ => None,
    }
}
