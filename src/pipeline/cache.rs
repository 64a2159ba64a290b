//! What files yielded, kept by content: a file whose bytes and path, with the same configuration and program, were seen
//! before is not read again. Everything in the folder may be deleted at any time, and whatever is damaged is not there.
//!
//! ```text
//! <folder>/extracts/3f/3f9a…        what one file yielded
//! <folder>/batches/02.json          what a batch was made of, see `memory`
//! <folder>/imprints/02              its rows as other batches see them, see `imprints`
//! <folder>/lifecycle.json           what the parts of `lifecycle` were made of, see `cohorts`
//! ```
//!
//! Extracts hold persons and telephones: folders and files can be read by their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::codec::{decode, encode};
use crate::model::{BatchId, Extract, hex};

/// Mode of folders.
const FOLDER: u32 = 0o700;
/// Mode of files.
const FILE: u32 = 0o600;
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;
/// Findings of a hurry: the next run may read such a file. Over a limit of time or memory, reader died.
const TRANSIENT: [&str; 2] = ["F109", "F110"];

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    folder: PathBuf,
    most: u64,
    /// Configuration and program: part of every key.
    made_by: String,
}

/// The program as a text that another build does not have: its version, size and checksum.
pub(super) fn program(exe: &Path) -> String {
    let checksum = || -> io::Result<(u64, u32)> {
        let (mut file, mut hash, mut size) = (File::open(exe)?, crc32fast::Hasher::new(), 0);
        let mut chunk = vec![0u8; CHUNK];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok((size, hash.finalize())),
                Ok(n) => {
                    hash.update(chunk.get(..n).unwrap_or_default());
                    size += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    };
    let (size, checksum) = checksum().unwrap_or_default();
    format!("{}-{size}-{checksum:08x}", env!("CARGO_PKG_VERSION"))
}

/// Whether what a file yielded depends on nothing but its bytes.
pub(super) fn is_lasting(extract: &Extract) -> bool {
    !extract.source.sha256.is_empty() && !extract.findings.iter().any(|f| TRANSIENT.contains(&f.code))
}

impl Cache {
    /// The cache in a folder of at most `mib`; 0: nothing is kept and nothing found.
    pub(super) fn new(folder: PathBuf, mib: u64, made_by: String) -> Self {
        Self { folder, most: mib.saturating_mul(1 << 20), made_by }
    }

    /// Configuration and program.
    pub(super) fn made_by(&self) -> &str {
        &self.made_by
    }

    /// Where the memory of a batch is.
    pub(super) fn memory(&self, batch: &BatchId) -> PathBuf {
        self.folder.join("batches").join(format!("{batch}.json"))
    }

    /// Where the rows of a batch are, as other batches see them.
    pub(super) fn imprint(&self, batch: &BatchId) -> PathBuf {
        self.folder.join("imprints").join(batch.as_str())
    }

    /// Where it stands what the parts of `lifecycle` were made of.
    pub(super) fn cohorts(&self) -> PathBuf {
        self.folder.join("lifecycle.json")
    }

    /// Whether nothing is kept.
    pub(super) fn is_off(&self) -> bool {
        self.most == 0
    }

    fn entry(&self, batch: &BatchId, file: &str, sha256: &str) -> PathBuf {
        let mut hash = Sha256::new();
        for part in [&self.made_by, batch.as_str(), file, sha256] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let name = hex(&hash.finalize());
        self.folder.join("extracts").join(name.get(..2).unwrap_or_default()).join(name)
    }

    /// What the file yielded, if it was seen. A hit counts as use.
    pub(super) fn get(&self, batch: &BatchId, file: &str, sha256: &str) -> Option<Extract> {
        let path = self.entry(batch, file, sha256);
        let bytes = fs::read(&path).ok().filter(|_| self.most > 0)?;
        let extract = decode(&bytes)?;
        let same = &*extract.source.file == file && &*extract.source.sha256 == sha256 && extract.batch == *batch;
        if let Ok(entry) = File::options().append(true).open(&path) {
            // Only the order of what is dropped first depends on it.
            let _ = entry.set_modified(SystemTime::now());
        }
        same.then_some(extract)
    }

    /// Keeps what a file yielded. That it cannot be kept costs only time.
    pub(super) fn put(&self, extract: &Extract) {
        if self.most == 0 || !is_lasting(extract) {
            return;
        }
        let path = self.entry(&extract.batch, &extract.source.file, &extract.source.sha256);
        if let Err(error) = write(&path, &encode(extract)) {
            tracing::warn!(path = %path.display(), error = %error, "cache");
        }
    }

    /// Drops what was not used for longest, until the rest fits.
    pub(super) fn shrink(&self) {
        let entries = || {
            let paths = listing(&self.folder.join("extracts")).into_iter().flat_map(|folder| listing(&folder));
            paths.filter_map(|path| fs::metadata(&path).ok().map(|meta| (meta.modified().ok(), path, meta.len())))
        };
        // Mostly all fits: no list of many entries for that.
        let mut size: u64 = entries().map(|(_, _, size)| size).sum();
        if size <= self.most {
            return;
        }
        let mut entries: Vec<_> = entries().collect();
        entries.sort();
        for (_, path, bytes) in entries {
            if size <= self.most {
                break;
            }
            if fs::remove_file(&path).is_ok() {
                size = size.saturating_sub(bytes);
            }
        }
    }
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect()
}

/// Writes a private file under its name in one step. Not synced: what a power cut damages does not pass its checksum.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(FOLDER).create(folder)?;
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&beside, path));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;
    use crate::spec::pipelines;

    fn extract(name: &str) -> Extract {
        let text = "洛阳市签约项目清单\n单位：万元\n序号,项目名称,总投资（万元）\n1,涧西高端轴承产业园项目,51000\n";
        super::super::file::extract_bytes(text.as_bytes(), name, &BatchId::from_number(2), &pipelines())
    }

    #[test]
    fn an_entry_is_found_by_content_path_batch_spec_and_program_alone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("cache");
        let cache = Cache::new(folder.clone(), 1, "spec program".to_owned());
        let extract = extract("02/洛阳市/a.csv");
        cache.put(&extract);
        let (two, sha) = (BatchId::from_number(2), &*extract.source.sha256);
        let found = cache.get(&two, "02/洛阳市/a.csv", sha).unwrap();
        assert_eq!(format!("{found:?}"), format!("{extract:?}"));
        assert!(cache.get(&two, "02/洛阳市/b.csv", sha).is_none());
        assert!(cache.get(&two, "02/洛阳市/a.csv", "00").is_none());
        assert!(cache.get(&BatchId::from_number(3), "02/洛阳市/a.csv", sha).is_none());
        let other = Cache::new(folder.clone(), 1, "spec other".to_owned());
        assert!(other.get(&two, "02/洛阳市/a.csv", sha).is_none());
        let path = cache.entry(&two, "02/洛阳市/a.csv", sha);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(cache.get(&two, "02/洛阳市/a.csv", sha).is_none(), "damaged");
        fs::remove_dir_all(&folder).unwrap();
        assert!(cache.get(&two, "02/洛阳市/a.csv", sha).is_none(), "deleted");
    }

    #[test]
    fn what_depends_on_a_hurry_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().to_owned(), 1, String::new());
        let mut late = extract("a.csv");
        late.findings.push(crate::model::Finding::new("F109", "读取超过 20 秒"));
        cache.put(&late);
        assert_eq!(listing(&dir.path().join("extracts")).len(), 0);
    }

    #[test]
    fn the_longest_unused_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().to_owned(), 1, String::new());
        let now = SystemTime::now();
        for (name, age) in [("aa/old", 30), ("aa/new", 10), ("bb/older", 40)] {
            let path = dir.path().join("extracts").join(name);
            write(&path, &vec![0u8; 500 << 10]).unwrap();
            File::options().append(true).open(&path).unwrap().set_modified(now - Duration::from_secs(age)).unwrap();
        }
        cache.shrink();
        let left: Vec<_> = ["aa/old", "aa/new", "bb/older"]
            .into_iter()
            .filter(|name| dir.path().join("extracts").join(name).exists())
            .collect();
        assert_eq!(left, ["aa/old", "aa/new"]);
    }
}
