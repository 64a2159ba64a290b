//! `manifest.json`: what a version consists of and what it was made from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::PublishError;
use crate::model::{BatchId, Books, hex, shared};

/// Name of the manifest in a version's folder.
pub(super) const MANIFEST: &str = "manifest.json";
/// Folder of what people read.
const REPORTS: &str = "reports";
/// What a checksum looks like.
const DIGITS: &str = "应是 64 位十六进制数";
/// Bytes written at a time.
const CHUNK: usize = 1 << 16;

/// A version, completely described. No clock and no machine: equal versions have equal manifests but for the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the version.
    pub version: u64,
    /// Hash of the configuration of the run that made the version.
    pub spec_hash: String,
    /// Batches in order.
    pub batches: Vec<BatchId>,
    /// Hash of the configuration that each batch was made with.
    pub batch_spec_hashes: BTreeMap<BatchId, String>,
    /// Files in path order, without the manifest itself.
    pub files: Vec<FileEntry>,
    /// Input files, by batch and path.
    pub inputs: Vec<InputEntry>,
    /// The books of each batch; versions of older programs have none.
    #[serde(default)]
    pub books: BTreeMap<BatchId, Books>,
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path below the version's folder, `/`-separated.
    pub path: String,
    /// Rows of a dataset's file; null for reports.
    pub rows: Option<u64>,
    /// Size.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: Checksum,
}

/// A SHA-256; where it is stored, 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checksum(pub [u8; 32]);

/// An input file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputEntry {
    /// Batch.
    pub batch: BatchId,
    /// Path below the inbox. Of many files the run holds it anyway.
    #[serde(with = "shared")]
    pub path: Arc<str>,
    /// Of its bytes; where it is stored, an empty text for a file that could not be read.
    #[serde(with = "unless_unread")]
    pub sha256: Option<Checksum>,
}

impl FileEntry {
    /// The batch that the file belongs to: `<dataset>/batch=02/…`, `reports/02/…`. `None` for files of the version.
    #[must_use]
    pub fn batch(&self) -> Option<BatchId> {
        let mut parts = self.path.split('/');
        let (first, second) = (parts.next()?, parts.next()?);
        parts.next()?;
        match second.strip_prefix("batch=") {
            Some(id) => BatchId::parse(id),
            None => BatchId::parse(second).filter(|_| first == REPORTS),
        }
    }
}

/// The folder in which a dataset, or `reports`, holds the files of a batch, see [`FileEntry::batch`].
pub(super) fn folder_of(dataset: &str, batch: &BatchId) -> String {
    if dataset == REPORTS { format!("{dataset}/{batch}") } else { format!("{dataset}/batch={batch}") }
}

impl Manifest {
    /// Files of each batch, in path order: for whoever asks of many batches.
    #[must_use]
    pub fn by_batch(&self) -> BTreeMap<BatchId, Vec<&FileEntry>> {
        let mut files: BTreeMap<BatchId, Vec<&FileEntry>> = BTreeMap::new();
        for file in &self.files {
            if let Some(batch) = file.batch() {
                files.entry(batch).or_default().push(file);
            }
        }
        files
    }

    /// The manifest of a version's folder.
    pub(super) fn read(version: &Path) -> Result<Self, PublishError> {
        let path = version.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => PublishError::new(
                &path,
                "文件不在，这个版本不完整。请用 sanpi history 查看完整的版本，用 sanpi restore N 换过去",
            ),
            _ => PublishError::io(&path, "读取", &error),
        })?;
        serde_json::from_str(&text).map_err(|error| {
            PublishError::new(&path, format!("内容已损坏（{error}）。请用 sanpi restore N 换到完整的版本"))
        })
    }

    /// Writes it, and gives size and checksum of what was written. Of many files the text is long: it is never held whole.
    pub(super) fn write(&self, path: &Path) -> Result<(u64, Checksum), PublishError> {
        let write = || -> io::Result<Summing> {
            let file = File::create_new(path)?;
            let mut out = BufWriter::with_capacity(CHUNK, Summing { file, bytes: 0, hash: Sha256::new() });
            serde_json::to_writer_pretty(&mut out, self)?;
            out.write_all(b"\n")?;
            out.into_inner().map_err(io::IntoInnerError::into_error)
        };
        let written = write().map_err(|e| PublishError::io(path, "写入", &e))?;
        Ok((written.bytes, Checksum(written.hash.finalize().into())))
    }

    /// Whether both versions hold the same files with the same bytes.
    pub(super) fn same_files(&self, other: &Self) -> bool {
        let key = |(a, b): (&FileEntry, &FileEntry)| a.path == b.path && a.sha256 == b.sha256;
        self.files.len() == other.files.len() && self.files.iter().zip(&other.files).all(key)
    }

    /// Whether all files are there with their sizes; the first that is not is the error.
    pub(super) fn complete(&self, version: &Path) -> Result<(), PublishError> {
        self.files.iter().try_for_each(|file| file.is_there(version))
    }
}

impl FileEntry {
    /// Whether the file is there with its size.
    pub(super) fn is_there(&self, version: &Path) -> Result<(), PublishError> {
        self.found(&version.join(&self.path)).map(|_| ())
    }

    /// What the system says of the file at its path, when it is there with its size.
    pub(super) fn found(&self, path: &Path) -> Result<Metadata, PublishError> {
        let what_to_do = "这个版本不完整。请用 sanpi restore N 换到完整的版本，或重新运行这一期";
        match fs::metadata(path) {
            Ok(meta) if meta.len() == self.bytes => Ok(meta),
            Ok(meta) => {
                Err(PublishError::new(path, format!("应有 {} 字节，实有 {}，{what_to_do}", self.bytes, meta.len())))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(PublishError::new(path, format!("文件不在，{what_to_do}")))
            }
            Err(error) => Err(PublishError::io(path, "读取", &error)),
        }
    }
}

/// A file that tells what was written to it.
struct Summing {
    file: File,
    bytes: u64,
    hash: Sha256,
}

impl Write for Summing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Serialize for Checksum {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex(&self.0))
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Checksum {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(DIGITS))
    }
}

/// A checksum, or none; where it is stored, an empty text for none.
pub mod unless_unread {
    use super::{Checksum, Cow, Deserialize, Deserializer, Error, Serialize, Serializer};

    /// Writes it.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(sum: &Option<Checksum>, to: S) -> Result<S::Ok, S::Error> {
        match sum {
            Some(sum) => sum.serialize(to),
            None => to.serialize_str(""),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of the deserializer, and when it is neither a checksum nor empty.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Checksum>, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        let sum = Checksum::parse(&text);
        if sum.is_some() || text.is_empty() { Ok(sum) } else { Err(D::Error::custom(super::DIGITS)) }
    }
}

impl Checksum {
    /// Of 64 hex digits; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut sum = [0; 32];
        if pairs.len() != sum.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in sum.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_know_their_batch() {
        for (path, batch) in [
            ("projects/batch=02/part-0.parquet", Some("02")),
            ("reports/02/index.html", Some("02")),
            ("reports/02/洛阳市/index.html", Some("02")),
            ("reports/index.html", None),
            ("lifecycle/part-0.parquet", None),
            ("other/02/a", None),
        ] {
            let entry = FileEntry { path: path.to_owned(), rows: None, bytes: 0, sha256: Checksum([0; 32]) };
            assert_eq!(entry.batch().as_ref().map(BatchId::as_str), batch, "{path}");
            if let Some(batch) = entry.batch() {
                let dataset = path.split('/').next().unwrap();
                assert!(path.starts_with(&format!("{}/", folder_of(dataset, &batch))), "{path}");
            }
        }
    }
    #[test]
    fn a_manifest_is_read_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut sha256 = [0; 32];
        (sha256[0], sha256[31]) = (0x0f, 0xa0);
        let file = FileEntry { path: "a".to_owned(), rows: Some(1), bytes: 2, sha256: Checksum(sha256) };
        let manifest = Manifest {
            version: 1,
            spec_hash: String::new(),
            batches: Vec::new(),
            batch_spec_hashes: BTreeMap::new(),
            files: vec![file],
            inputs: Vec::new(),
            books: BTreeMap::new(),
        };
        let path = dir.path().join(MANIFEST);
        let (bytes, sum) = manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(dir.path()).unwrap(), manifest);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!((bytes, sum), (text.len() as u64, Checksum(Sha256::digest(text.as_bytes()).into())));
        assert_eq!(text, serde_json::to_string_pretty(&manifest).unwrap() + "\n");
        let digits = format!("0f{}a0", "0".repeat(60));
        assert!(text.contains(&digits));
        for wrong in ["", "zz", &digits[2..], &format!("{digits}0"), &digits.replace('f', "g")] {
            fs::write(&path, text.replace(&digits, wrong)).unwrap();
            assert!(Manifest::read(dir.path()).unwrap_err().to_string().contains("损坏"), "{wrong}");
        }
        assert!(manifest.write(&path).is_err(), "never over another");
    }
}
