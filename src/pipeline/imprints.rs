//! The rows of published batches as other batches see them. They are kept packed beside the published version, so that a
//! run need not read the datasets of all batches again; what is not kept, or not of these datasets, is read from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256};

use super::RunError;
use super::cache::{Cache, write};
use crate::dataset;
use crate::lifecycle;
use crate::model::{BatchId, BatchResult, Imprint, hex};
use crate::publish::{FileEntry, Manifest};
use crate::spec::Spec;

/// Datasets that imprints are made of.
const DATASETS: [&str; 2] = ["projects", "rejected"];
/// Bytes of a checksum.
const SUM: usize = 4;

/// Imprints of the published batches, each made or read once.
pub(super) struct Imprints<'a> {
    /// Folder of the published version, if there is one.
    version: Option<PathBuf>,
    /// By batch: what its imprint is of.
    of: BTreeMap<BatchId, String>,
    cache: &'a Cache,
    spec: &'a Spec,
    known: Mutex<BTreeMap<BatchId, Arc<Imprint>>>,
}

impl<'a> Imprints<'a> {
    /// Of a published version.
    pub(super) fn new(published: Option<(&Path, &Manifest)>, cache: &'a Cache, spec: &'a Spec) -> Self {
        let mut files: BTreeMap<BatchId, Vec<&FileEntry>> = BTreeMap::new();
        for file in published.iter().flat_map(|(_, manifest)| &manifest.files) {
            if DATASETS.iter().any(|dataset| file.path.starts_with(dataset))
                && let Some(batch) = file.batch()
            {
                files.entry(batch).or_default().push(file);
            }
        }
        let of = files.into_iter().map(|(batch, files)| (batch, key(&files, cache))).collect();
        let version = published.map(|(folder, _)| folder.to_owned());
        Self { version, of, cache, spec, known: Mutex::default() }
    }

    /// Those of all published batches, oldest first.
    ///
    /// # Errors
    /// When a dataset cannot be read.
    pub(super) fn all(&self) -> Result<Vec<Arc<Imprint>>, RunError> {
        let batches: Vec<&BatchId> = self.of.keys().collect();
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
        let key = self.of.get(batch);
        if let Some(kept) = key.and_then(|key| kept(&self.cache.imprint(batch), key)).filter(|i| i.batch() == batch) {
            return Ok(kept);
        }
        let version = self.version.as_deref().unwrap_or(Path::new(""));
        let imprint = dataset::imprint(version, batch, &keep(self.spec))?;
        if let Some(key) = key {
            self.write(&imprint, key);
        }
        Ok(imprint)
    }

    /// Keeps that of a batch of this run, whose datasets are among these files.
    pub(super) fn keep(&self, imprint: &Imprint, files: &[FileEntry]) {
        let own = |file: &&FileEntry| DATASETS.iter().any(|dataset| file.path.starts_with(dataset));
        self.write(imprint, &key(&files.iter().filter(own).collect::<Vec<_>>(), self.cache));
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
    let bytes = fs::read(path).ok()?;
    let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    let own = content.strip_prefix(key.as_bytes()).filter(|_| crc32fast::hash(content).to_le_bytes() == sum)?;
    Imprint::from_bytes(own)
}

/// What an imprint is of: the content of datasets, configuration and program.
fn key(files: &[&FileEntry], cache: &Cache) -> String {
    let mut hash = Sha256::new();
    for text in files.iter().flat_map(|f| [f.path.as_bytes(), &f.sha256.0]).chain([cache.made_by().as_bytes()]) {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}
