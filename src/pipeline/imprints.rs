//! The rows of published batches as other batches see them. They are kept packed beside the published version, so that a
//! run need not read the datasets of all batches again; what is not kept, or not of these datasets, is read from them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};

use super::RunError;
use super::cache::{Cache, write};
use super::memory::Files;
use crate::dataset;
use crate::lifecycle;
use crate::model::{BatchId, BatchResult, Imprint, hex};
use crate::publish::FileEntry;
use crate::spec::Spec;

/// Datasets that imprints are made of.
const DATASETS: [&str; 2] = ["projects", "rejected"];
/// Bytes of a checksum.
const SUM: u64 = 4;
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Imprints of the published batches, each made or read once.
pub(super) struct Imprints<'a> {
    /// Folder of the published version, if there is one.
    version: Option<PathBuf>,
    /// Its files.
    files: &'a Files<'a>,
    cache: &'a Cache,
    spec: &'a Spec,
    known: Mutex<BTreeMap<BatchId, Arc<Imprint>>>,
}

impl<'a> Imprints<'a> {
    /// Of a published version: its folder, and its files by batch.
    pub(super) fn new(version: Option<&Path>, files: &'a Files<'a>, cache: &'a Cache, spec: &'a Spec) -> Self {
        Self { version: version.map(Path::to_owned), files, cache, spec, known: Mutex::default() }
    }

    /// Those of all published batches, oldest first.
    ///
    /// # Errors
    /// When a dataset cannot be read.
    pub(super) fn all(&self) -> Result<Vec<Arc<Imprint>>, RunError> {
        let batches: Vec<&BatchId> = self.files.keys().collect();
        batches.par_iter().map(|batch| self.of(batch)).collect()
    }

    /// That of a published batch; one without rows when there is no such batch.
    ///
    /// # Errors
    /// When a dataset cannot be read.
    pub(super) fn of(&self, batch: &BatchId) -> Result<Arc<Imprint>, RunError> {
        if let Some(known) = self.known().get(batch) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.read(batch)?);
        self.known().insert(batch.clone(), Arc::clone(&made));
        Ok(made)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<BatchId, Arc<Imprint>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, batch: &BatchId) -> Result<Imprint, RunError> {
        let key = self.files.get(batch).map(|files| key(files.iter().copied(), self.cache));
        if let Some(kept) =
            key.as_ref().and_then(|key| kept(&self.cache.imprint(batch), key)).filter(|i| i.batch() == batch)
        {
            return Ok(kept);
        }
        let version = self.version.as_deref().unwrap_or(Path::new(""));
        let imprint = dataset::imprint(version, batch, &keep(self.spec))?;
        if let Some(key) = key {
            self.write(&imprint, &key);
        }
        Ok(imprint)
    }

    /// Keeps that of a batch of this run, whose datasets are among these files.
    pub(super) fn keep(&self, imprint: &Imprint, files: &[FileEntry]) {
        self.write(imprint, &key(files.iter(), self.cache));
    }

    /// That it cannot be kept costs only time.
    fn write(&self, imprint: &Imprint, key: &str) {
        if self.cache.is_off() {
            return;
        }
        let mut bytes = key.as_bytes().to_vec();
        bytes.extend(imprint.to_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        let path = self.cache.imprint(imprint.batch());
        if let Err(error) = write(&path, &bytes) {
            tracing::warn!(path = %path.display(), error = %error, "imprint");
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
fn kept(path: &Path, key: &str) -> Option<Imprint> {
    let file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len().checked_sub(SUM)?;
    let mut reader =
        BufReader::with_capacity(CHUNK, Summed { inner: file.take(length), sum: crc32fast::Hasher::new() });
    let mut own = vec![0; key.len()];
    reader.read_exact(&mut own).ok().filter(|()| own == key.as_bytes())?;
    let imprint = Imprint::read(&mut reader, length).ok()??;
    let at_end = reader.fill_buf().ok()?.is_empty();
    let Summed { inner, sum } = reader.into_inner();
    let mut told = [0; 4];
    inner.into_inner().read_exact(&mut told).ok()?;
    (at_end && sum.finalize().to_le_bytes() == told).then_some(imprint)
}

/// A reader that adds up what it reads.
struct Summed<R> {
    inner: R,
    sum: crc32fast::Hasher,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.sum.update(into.get(..read).unwrap_or_default());
        Ok(read)
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
        let imprint = maker.done();
        let files = Files::new();
        let imprints = Imprints::new(None, &files, &cache, &spec);
        imprints.write(&imprint, "of these");
        let path = cache.imprint(imprint.batch());
        assert_eq!(kept(&path, "of these"), Some(imprint));
        assert_eq!(kept(&path, "of those"), None);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(kept(&path, "of these"), None, "{at}");
            std::fs::write(&path, &bytes[..at]).unwrap();
            assert_eq!(kept(&path, "of these"), None, "{at}");
        }
    }
}
