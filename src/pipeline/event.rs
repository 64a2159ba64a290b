//! What a run tells about itself while it runs.

use std::sync::Arc;

use crate::model::{BatchId, FileOutcome};

/// A step forward, for the progress bar. The log has more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Another run holds the lock (Chinese: who, and since when).
    Waiting(String),
    /// Something that the operator should know (Chinese).
    Remark(String),
    /// The inbox was listed.
    Found {
        /// Files to read.
        files: usize,
        /// Batches they belong to.
        batches: usize,
    },
    /// A file was read.
    Read {
        /// Path below the inbox.
        file: Arc<str>,
        /// What became of it.
        outcome: FileOutcome,
        /// Project rows in it.
        rows: usize,
    },
    /// The files of a batch are as they were: it stays as it was published.
    Kept {
        /// The batch.
        batch: BatchId,
        /// Files in it.
        files: usize,
    },
    /// A batch is being checked and reconciled.
    Checking(BatchId),
    /// Datasets and reports are being written.
    Writing,
    /// The new version is being verified and switched to.
    Publishing,
}
