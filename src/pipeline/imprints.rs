//! The rows of batches as other batches see them. They are kept packed beside the published version and read from there
//! where they are asked for: a run holds those of the batches that it is at, however many batches there are, and need not
//! read the datasets of all of them again. What is not kept, or not of these datasets, is made from them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};

use super::RunError;
use super::cache::{Cache, write};
use super::memory::Files;
use crate::dataset;
use crate::lifecycle;
use crate::model::{BatchId, BatchResult, Imprint, PastIndex, ReadAt, RowKeys, Rows, StoredImprint, hex};
use crate::publish::FileEntry;
use crate::spec::Spec;

/// Datasets that imprints are made of.
const DATASETS: [&str; 2] = ["projects", "rejected"];
/// Bytes of a checksum.
const SUM: u64 = 4;
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;
/// Files that stay open: half of what a process may usually have. Beyond these a file is opened each time.
const MOST_OPEN: usize = 512;

/// Imprints of the published batches and of those of this run.
pub(super) struct Imprints<'a> {
    /// Folder of the published version, if there is one.
    version: Option<PathBuf>,
    /// Its files.
    files: &'a Files<'a>,
    cache: &'a Cache,
    spec: &'a Spec,
    known: Mutex<BTreeMap<BatchId, Arc<Shelf>>>,
}

/// Where an imprint is.
enum Shelf {
    /// Nowhere else: of a batch that is not finished, or that cannot be kept.
    Memory(Arc<Imprint>),
    File(StoredImprint<Body>),
}

impl Shelf {
    fn whole(&self) -> io::Result<Arc<Imprint>> {
        match self {
            Self::Memory(imprint) => Ok(Arc::clone(imprint)),
            Self::File(stored) => stored.whole().map(Arc::new),
        }
    }

    fn has_projects(&self) -> bool {
        match self {
            Self::Memory(imprint) => imprint.has_projects(),
            Self::File(stored) => stored.has_projects(),
        }
    }

    fn keys(&self) -> io::Result<RowKeys> {
        match self {
            Self::Memory(imprint) => Ok(RowKeys::of(imprint)),
            Self::File(stored) => stored.keys(),
        }
    }
}

impl<'a> Imprints<'a> {
    /// Of a published version: its folder, and its files by batch.
    pub(super) fn new(version: Option<&Path>, files: &'a Files<'a>, cache: &'a Cache, spec: &'a Spec) -> Self {
        Self { version: version.map(Path::to_owned), files, cache, spec, known: Mutex::default() }
    }

    /// What the rows of all published batches are looked up by.
    ///
    /// # Errors
    /// When a dataset cannot be read.
    pub(super) fn index(&self) -> Result<PastIndex, RunError> {
        let batches: Vec<&BatchId> = self.files.keys().collect();
        let keys = |batch: &&BatchId| {
            let keys = self.shelf(batch)?.keys().map_err(RunError::Rows)?;
            Ok(((*batch).clone(), keys))
        };
        let all: Vec<(BatchId, RowKeys)> = batches.par_iter().map(keys).collect::<Result<_, RunError>>()?;
        let mut index = PastIndex::default();
        for (batch, keys) in all {
            index.add(batch, keys);
        }
        Ok(index)
    }

    /// All rows of a batch; none when there is no such batch.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn of(&self, batch: &BatchId) -> Result<Arc<Imprint>, RunError> {
        self.shelf(batch)?.whole().map_err(RunError::Rows)
    }

    /// Whether a batch has a row that was accepted.
    ///
    /// # Errors
    /// When its rows cannot be read.
    pub(super) fn has_projects(&self, batch: &BatchId) -> Result<bool, RunError> {
        Ok(self.shelf(batch)?.has_projects())
    }

    fn shelf(&self, batch: &BatchId) -> Result<Arc<Shelf>, RunError> {
        if let Some(known) = self.known().get(batch) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.open(batch)?);
        self.known().insert(batch.clone(), Arc::clone(&made));
        Ok(made)
    }

    fn may_stay_open(&self) -> bool {
        self.known().len() < MOST_OPEN
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<BatchId, Arc<Shelf>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That of a published batch, from where it is kept or else from its datasets.
    fn open(&self, batch: &BatchId) -> Result<Shelf, RunError> {
        let key = self.files.get(batch).map(|files| key(files.iter().copied(), self.cache));
        let kept = key.as_ref().and_then(|key| kept(&self.cache.imprint(batch), key, self.may_stay_open()));
        if let Some(kept) = kept.filter(|kept| kept.batch() == *batch) {
            return Ok(Shelf::File(kept));
        }
        let version = self.version.as_deref().unwrap_or(Path::new(""));
        let imprint = Arc::new(dataset::imprint(version, batch, &keep(self.spec))?);
        Ok(match key {
            Some(key) => self.write(imprint, &key),
            None => Shelf::Memory(imprint),
        })
    }

    /// That of a batch of this run, in place of what was published of it.
    pub(super) fn put(&self, imprint: &Arc<Imprint>) {
        self.known().insert(imprint.batch().clone(), Arc::new(Shelf::Memory(Arc::clone(imprint))));
    }

    /// Keeps that of a batch of this run, whose datasets are among these files.
    pub(super) fn keep(&self, imprint: Arc<Imprint>, files: &[FileEntry]) {
        let batch = imprint.batch().clone();
        let kept = Arc::new(self.write(imprint, &key(files.iter(), self.cache)));
        self.known().insert(batch, kept);
    }

    /// That it cannot be kept costs time and memory.
    fn write(&self, imprint: Arc<Imprint>, key: &str) -> Shelf {
        if self.cache.is_off() {
            return Shelf::Memory(imprint);
        }
        let mut bytes = key.as_bytes().to_vec();
        bytes.extend(imprint.to_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        let path = self.cache.imprint(imprint.batch());
        let length = (bytes.len() - key.len()) as u64 - SUM;
        let stored = write(&path, &bytes).and_then(|()| {
            let body = Body::of(File::open(&path)?, &path, key.len() as u64, self.may_stay_open());
            StoredImprint::open(body, length)
        });
        match stored {
            Ok(stored) => Shelf::File(stored),
            Err(error) => {
                tracing::warn!(path = %path.display(), error = %error, "imprint");
                Shelf::Memory(imprint)
            }
        }
    }
}

impl Rows for Imprints<'_> {
    fn some(&self, batch: &BatchId, rows: &[u32]) -> io::Result<Imprint> {
        match &*self.shelf(batch).map_err(io::Error::other)? {
            Shelf::Memory(imprint) => Ok(imprint.pick(rows)),
            Shelf::File(stored) => stored.some(rows),
        }
    }
}

/// The imprint of a batch of this run.
pub(super) fn imprint(result: &BatchResult, spec: &Spec) -> Imprint {
    result.imprint(&keep(spec))
}

/// Which texts without a field say something about a project's life.
fn keep(spec: &Spec) -> impl Fn(&str, &str) -> bool {
    |header, text| lifecycle::speaks(header, text, &spec.indicators.words)
}

/// The imprint in a file, if it is of these datasets and not damaged.
fn kept(path: &Path, key: &str, stays_open: bool) -> Option<StoredImprint<Body>> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len().checked_sub(SUM)?;
    let mut own = vec![0; key.len()];
    file.read_exact(&mut own).ok().filter(|()| own == key.as_bytes())?;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&own);
    let mut left = length.checked_sub(key.len() as u64)?;
    let mut chunk = vec![0; CHUNK];
    while left > 0 {
        let next = chunk.get_mut(..usize::try_from(left).unwrap_or(CHUNK).min(CHUNK))?;
        file.read_exact(next).ok()?;
        sum.update(next);
        left -= next.len() as u64;
    }
    let mut told = [0; 4];
    file.read_exact(&mut told).ok().filter(|()| sum.finalize().to_le_bytes() == told)?;
    let from = key.len() as u64;
    StoredImprint::open(Body::of(file, path, from, stays_open), length - from).ok()
}

/// What stands in a file behind its key, from a position on.
#[derive(Debug)]
enum Body {
    /// Whoever has the file open reads it, also when it was deleted since.
    Open(File, u64),
    /// It is opened each time.
    At(PathBuf, u64),
}

impl Body {
    fn of(file: File, path: &Path, from: u64, stays_open: bool) -> Self {
        if stays_open { Self::Open(file, from) } else { Self::At(path.to_owned(), from) }
    }
}

impl ReadAt for Body {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<()> {
        match self {
            Self::Open(file, from) => file.read_exact_at(into, from + at),
            Self::At(path, from) => File::open(path)?.read_exact_at(into, from + at),
        }
    }
}

/// What an imprint is of: the content of its datasets among these files, configuration and program.
fn key<'f>(files: impl Iterator<Item = &'f FileEntry>, cache: &Cache) -> String {
    let own = files.filter(|file| DATASETS.iter().any(|dataset| file.path.starts_with(dataset)));
    let mut hash = Sha256::new();
    for text in own.flat_map(|f| [f.path.as_bytes(), &f.sha256.0]).chain([cache.made_by().as_bytes()]) {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ImprintMaker, PastProject, Stage};
    use crate::spec::pipelines;

    #[test]
    fn an_imprint_is_found_for_its_datasets_alone_and_never_damaged() {
        let (dir, spec) = (tempfile::tempdir().unwrap(), pipelines());
        let cache = Cache::new(dir.path().join("cache"), 1, "spec program".to_owned());
        let mut maker = ImprintMaker::new(&BatchId::from_number(2));
        maker.push_past(&PastProject {
            batch: BatchId::from_number(2),
            unit_code: "410300",
            stage: Stage::Start,
            project_id: "00000000000000a2",
            name: "高端轴承产业园项目",
            owner: Some("甲公司"),
            owner_credit_code: None,
            project_code: None,
            county_name: Some("涧西区"),
            total_yuan: Some(510_000_000),
            accepted: true,
        });
        let imprint = Arc::new(maker.done());
        let files = Files::new();
        let imprints = Imprints::new(None, &files, &cache, &spec);
        let shelf = imprints.write(Arc::clone(&imprint), "of these");
        let path = cache.imprint(imprint.batch());
        for stays_open in [true, false] {
            assert_eq!(kept(&path, "of these", stays_open).unwrap().whole().unwrap(), *imprint);
        }
        assert!(kept(&path, "of those", true).is_none());
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            assert!(kept(&path, "of these", true).is_none(), "{at}");
            std::fs::write(&path, &bytes[..at]).unwrap();
            assert!(kept(&path, "of these", true).is_none(), "{at}");
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(shelf.whole().unwrap(), imprint, "whoever has it open still reads it");
    }
}
