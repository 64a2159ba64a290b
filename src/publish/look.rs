//! How closely a run looks at the files that it takes over.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::PublishError;
use super::disk;
use super::manifest::{FileEntry, MANIFEST};
use crate::model::BatchId;

/// How closely a run looks at the files that it takes over from the current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// All of them are read, so that also silent damage is noticed: what a disk has lost, or a write that left the time of
    /// the file as it was. It takes the longer the more batches are published: for the run over the whole inbox.
    Thorough,
    /// A file is only read when its time is not before that of the version's manifest, as after any ordinary write; else its
    /// size is enough. Silent damage is left for the next thorough look to find. For runs about some batches, which should
    /// not take longer the more others there are.
    Quick,
}

/// What may be taken for unchanged without being read.
#[derive(Debug, Default)]
pub(super) struct Glance {
    look: Option<Look>,
    /// When the current version was published.
    published: Option<SystemTime>,
    /// Batches that were read in this run already.
    read: BTreeSet<BatchId>,
}

impl Glance {
    /// `folder` is that of the current version.
    pub(super) fn new(folder: &Path, look: Look, read: BTreeSet<BatchId>) -> Self {
        let published = fs::metadata(folder.join(MANIFEST)).and_then(|m| m.modified()).ok();
        Self { look: Some(look), published, read }
    }

    /// Whether size and time may be enough for a file.
    pub(super) fn covers(&self, file: &FileEntry) -> bool {
        self.look == Some(Look::Quick) || file.batch().is_some_and(|batch| self.read.contains(&batch))
    }

    /// Whether a file that is taken over has the content of its entry. Where size and time may be enough, one that is not there
    /// with its size is an error.
    pub(super) fn same(&self, path: &Path, file: &FileEntry) -> Result<bool, PublishError> {
        if self.covers(file) {
            let meta = file.found(path)?;
            // A manifest is written after all files of its version. At the same moment is too late.
            if self.published.is_some_and(|published| meta.modified().is_ok_and(|time| time < published)) {
                return Ok(true);
            }
            disk::sync_and_forget(path)?;
        }
        is(path, file)
    }
}

/// Whether a file has the content of its entry.
pub(super) fn is(path: &Path, file: &FileEntry) -> Result<bool, PublishError> {
    let (bytes, sha256) = disk::digest(path)?;
    Ok(bytes == file.bytes && sha256 == file.sha256)
}
