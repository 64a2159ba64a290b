//! Encrypted packages: the standard scheme of Office 2007 and the agile scheme of later ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::events::{BytesStart, Event};

use super::ciphers::{Hash, aes_cbc, aes_ecb, password};
use crate::reader::fault::Fault;
use crate::reader::ole::{u16_at, u32_at};
use crate::reader::xml::{Pull, attr};

/// Bytes that are encrypted as one piece.
const SEGMENT: usize = 4096;
/// Rounds of hashing that are done; Office asks for 100 000.
const MOST_ROUNDS: u32 = 10_000_000;

/// The package in an encrypted file, from its two streams.
pub(in crate::reader) fn open_package(info: &[u8], package: &[u8]) -> Result<Vec<u8>, Fault> {
    let size = package.first_chunk::<8>().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
    let content = package.get(8..).unwrap_or_default();
    let size = usize::try_from(size).ok().filter(|n| *n <= content.len());
    let version = (u16_at(info, 0), u16_at(info, 2));
    let key = match version {
        (Some(4), Some(4)) => Agile::read(info.get(8..).unwrap_or_default()).and_then(Agile::open),
        (Some(2..=4), Some(2)) => standard(info.get(8..).unwrap_or_default()).map(PackageKey::Standard),
        _ => None,
    };
    let key = key.ok_or_else(Fault::encrypted)?;
    let cut = || Fault::damaged("加密的内容不完整，文件可能没有传完");
    let size = size.ok_or_else(cut)?;
    let mut plain = key.decrypt(content).ok_or_else(cut)?;
    plain.truncate(size);
    Ok(plain)
}

enum PackageKey {
    Standard(Vec<u8>),
    Agile { key: Vec<u8>, salt: Vec<u8>, hash: Hash },
}

impl PackageKey {
    fn decrypt(&self, content: &[u8]) -> Option<Vec<u8>> {
        let whole = &content[..content.len() / 16 * 16];
        match self {
            Self::Standard(key) => aes_ecb(key, whole),
            Self::Agile { key, salt, hash } => {
                let mut plain = Vec::with_capacity(whole.len());
                for (number, segment) in (0u32..).zip(whole.chunks(SEGMENT)) {
                    let iv = fitted(hash.of(&[salt, &number.to_le_bytes()]), 16);
                    plain.extend(aes_cbc(key, &iv, segment)?);
                }
                Some(plain)
            }
        }
    }
}

/// Cut, or filled up with 0x36.
fn fitted(mut bytes: Vec<u8>, size: usize) -> Vec<u8> {
    bytes.resize(size, 0x36);
    bytes
}

/// The password hashed with the salt, then again and again with the number of the round.
fn spun(hash: Hash, salt: &[u8], rounds: u32) -> Vec<u8> {
    let first = hash.of(&[salt, &password()]);
    (0..rounds).fold(first, |value, round| hash.of(&[&round.to_le_bytes(), &value]))
}

/// The key of the standard scheme when the built-in password fits.
fn standard(data: &[u8]) -> Option<Vec<u8>> {
    let header_size = u32_at(data, 0)? as usize;
    let algorithm = u32_at(data, 4 + 8)?;
    let bits = u32_at(data, 4 + 16)?;
    let bytes = usize::try_from(bits / 8).ok().filter(|_| (0x660E..=0x6610).contains(&algorithm))?;
    let verifier = data.get(4usize.checked_add(header_size)?..)?;
    let (salt, first, second) = (verifier.get(4..20)?, verifier.get(20..36)?, verifier.get(40..72)?);
    let secret = spun(Hash::Sha1, salt, 50_000);
    let secret = Hash::Sha1.of(&[&secret, &0u32.to_le_bytes()]);
    let half = |fill: u8| {
        let mut pad = [fill; 64];
        pad.iter_mut().zip(&secret).for_each(|(p, s)| *p ^= s);
        Hash::Sha1.of(&[&pad])
    };
    let key = [half(0x36), half(0x5C)].concat().get(..bytes)?.to_vec();
    let plain = aes_ecb(&key, first)?;
    (Hash::Sha1.of(&[&plain])[..] == aes_ecb(&key, second)?[..20]).then_some(key)
}

/// What the description of the agile scheme says.
#[derive(Default)]
struct Agile {
    data_salt: Vec<u8>,
    data_hash: Option<Hash>,
    salt: Vec<u8>,
    hash: Option<Hash>,
    rounds: u32,
    key_bytes: usize,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

impl Agile {
    fn read(mut xml: &[u8]) -> Option<Self> {
        let mut pull = Pull::new(&mut xml);
        let mut found = Self::default();
        loop {
            match pull.next().ok()? {
                Event::Start(e) if e.local_name().as_ref() == "keyData" => {
                    found.data_salt = bytes(&e, "saltValue")?;
                    found.data_hash = attr(&e, "hashAlgorithm").and_then(|n| Hash::named(&n));
                }
                // Certificates have a key of their own; only the one of a password has this element.
                Event::Start(e) if e.local_name().as_ref() == "encryptedKey" => found.take_key(&e)?,
                Event::Eof => return Some(found),
                _ => {}
            }
        }
    }

    fn take_key(&mut self, e: &BytesStart<'_>) -> Option<()> {
        let number = |name| attr(e, name).and_then(|n| n.parse::<u32>().ok());
        let aes = attr(e, "cipherAlgorithm")? == "AES" && attr(e, "cipherChaining")? == "ChainingModeCBC";
        self.salt = bytes(e, "saltValue")?;
        self.hash = attr(e, "hashAlgorithm").and_then(|n| Hash::named(&n));
        self.rounds = number("spinCount").filter(|n| aes && *n <= MOST_ROUNDS)?;
        self.key_bytes = usize::try_from(number("keyBits")? / 8).ok()?;
        self.verifier = bytes(e, "encryptedVerifierHashInput")?;
        self.verifier_hash = bytes(e, "encryptedVerifierHashValue")?;
        self.key = bytes(e, "encryptedKeyValue")?;
        Some(())
    }

    /// The key of the package when the built-in password fits.
    fn open(self) -> Option<PackageKey> {
        let (hash, size) = (self.hash?, self.key_bytes);
        let secret = spun(hash, &self.salt, self.rounds);
        let iv = fitted(self.salt.clone(), 16);
        let decrypt = |purpose: [u8; 8], data: &[u8]| {
            let key = fitted(hash.of(&[&secret, &purpose]), size);
            aes_cbc(&key, &iv, data)
        };
        let verifier = decrypt([0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79], &self.verifier)?;
        let expected = decrypt([0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E], &self.verifier_hash)?;
        // Both are filled up to whole blocks.
        let verifier = verifier.get(..self.salt.len().min(verifier.len()))?;
        let found = hash.of(&[verifier]);
        if expected.get(..found.len()) != Some(&found[..]) {
            return None;
        }
        let key = decrypt([0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6], &self.key)?;
        Some(PackageKey::Agile { key: key.get(..size)?.to_vec(), salt: self.data_salt, hash: self.data_hash? })
    }
}

fn bytes(e: &BytesStart<'_>, name: &str) -> Option<Vec<u8>> {
    STANDARD.decode(attr(e, name)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::fixture::hex;

    const STANDARD: &str = "04000200240000002200000024000000000000000e6600000480000080000000180000000000000000000000000010000000\
        000102030405060708090a0b0c0d0e0f34876ce157c5ea9415eeae630f2e538c1400000040fd1bc1cfe13e830b201020d5723f311ae75e02c8b73278d2de3da108dc878e";
    const AGILE: &str = r#"<encryption><keyData hashAlgorithm="SHA512" saltValue="EBESExQVFhcYGRobHB0eHw=="/><keyEncryptors>
        <p:encryptedKey spinCount="3" keyBits="256" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"
        saltValue="AAECAwQFBgcICQoLDA0ODw==" encryptedVerifierHashInput="4g42SyjuWqTTu7gQy1VoGA=="
        encryptedVerifierHashValue="mdCJjOgqNRXT1sUfOBoI2/GxphQCEh2Dzu7sjVkFcO44C3GUQqDpM7hhp5flLbicuNjUgY+9fxf0+GN+LkkBtw=="
        encryptedKeyValue="yohHhQfVeof+ttPLOoJVkpDKUQKFjhpfIyKkpnIJuJ0="/></keyEncryptors></encryption>"#;

    fn agile(xml: &str) -> Vec<u8> {
        [&[4, 0, 4, 0, 0x40, 0, 0, 0][..], xml.as_bytes()].concat()
    }

    fn package(content: &str) -> Vec<u8> {
        [&9u64.to_le_bytes()[..], &hex(content)].concat()
    }

    #[test]
    fn the_built_in_password_opens_both_schemes() {
        let plain = b"reconcile".to_vec();
        assert_eq!(open_package(&hex(STANDARD), &package("9ec3b0e0649a21b4761248435638bdd7")), Ok(plain.clone()));
        assert_eq!(open_package(&agile(AGILE), &package("1528b84f64962691e15dba9d594a03eb")), Ok(plain));
    }

    #[test]
    fn another_password_and_cut_content_are_told_apart() {
        let code = |info: &[u8], package: &[u8]| open_package(info, package).unwrap_err().code;
        let other = AGILE.replace("4g42", "4g43");
        assert_eq!(code(&agile(&other), &package("1528b84f64962691e15dba9d594a03eb")), "F106");
        assert_eq!(code(&agile(&AGILE.replace("\"3\"", "\"4000000000\"")), &[]), "F106", "no endless rounds");
        assert_eq!(code(&[], &[]), "F106");
        assert_eq!(code(&agile(AGILE), &package("1528b84f")), "F105");
    }
}
