//! What a batch was made of when it was last published, so that it need not be made again from the same.
//!
//! Nothing here is trusted beyond what can be checked: the published files must still be those that the memory speaks
//! of, and the files of the inbox are hashed again.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cache::{Cache, write};
use super::tally::{Summary, Tally};
use crate::discover::{Entry, EntryKind};
use crate::model::{BatchId, hex, shared};
use crate::publish::{Checksum, FileEntry, InputEntry, unless_unread};

/// Datasets that no later batch looks at, or that follow from those it looks at; every other one counts as looked at.
const NOT_LOOKED_AT: [&str; 9] = [
    "cells",
    "contacts",
    "declared_totals",
    "findings",
    "indicators",
    "laggards",
    "lifecycle",
    "reconciliation",
    "submissions",
];

/// The files of each published batch, see [`crate::publish::Manifest::by_batch`].
pub(super) type Files<'a> = BTreeMap<BatchId, Vec<&'a FileEntry>>;

/// A file of the inbox as a batch was made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Input {
    /// Path below the inbox; the entry's own.
    #[serde(with = "shared")]
    pub(super) name: Arc<str>,
    /// What it was.
    pub(super) kind: EntryKind,
    /// Bytes.
    pub(super) size: u64,
    /// Time of the last change: versions and late files are told by it.
    pub(super) modified: Option<Timestamp>,
    /// Checksum of its bytes; `None` for what was not read.
    #[serde(with = "unless_unread")]
    pub(super) sha256: Option<Checksum>,
}

impl Input {
    /// An entry with the checksum of what was read of it.
    pub(super) fn of(entry: &Entry, sha256: Option<Checksum>) -> Self {
        Self { name: Arc::clone(&entry.name), kind: entry.kind, size: entry.size, modified: entry.modified, sha256 }
    }

    /// Whether the entry looks as it did, without its bytes.
    pub(super) fn looks_like(&self, entry: &Entry) -> bool {
        *self == Self::of(entry, self.sha256)
    }

    /// Whether it was a regular file.
    pub(super) fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }

    /// For the manifest.
    pub(super) fn entry(&self, batch: &BatchId) -> InputEntry {
        InputEntry { batch: batch.clone(), path: Arc::clone(&self.name), sha256: self.sha256 }
    }
}

/// A batch as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Configuration and program.
    pub(super) made_by: String,
    /// All entries of its folder, by name.
    pub(super) inputs: Vec<Input>,
    /// What its files depend on besides: digest of what it saw of earlier batches.
    pub(super) earlier: String,
    /// Digest of its published files.
    pub(super) published: String,
    /// Whether the same again would yield the same: nothing was cut short or left for later.
    pub(super) settled: bool,
    /// Its numbers.
    pub(super) tally: Tally,
    /// What the terminal said about it.
    pub(super) summary: Summary,
}

impl Memory {
    /// The memory of a batch whose published files are now `files`; `None` when there is none or it speaks of others.
    pub(super) fn of(batch: &BatchId, cache: &Cache, files: &[&FileEntry]) -> Option<Self> {
        let text = fs::read(cache.memory(batch)).ok()?;
        let memory: Self = serde_json::from_slice(&text).ok()?;
        (memory.published == digest(files.iter().copied())).then_some(memory)
    }

    /// Keeps it. That it cannot be kept costs only time.
    pub(super) fn keep(&self, batch: &BatchId, cache: &Cache) {
        let path = cache.memory(batch);
        let kept = serde_json::to_vec(self).map_err(std::io::Error::other).and_then(|json| write(&path, &json));
        if let Err(error) = kept {
            tracing::warn!(path = %path.display(), error = %error, "memory");
        }
    }
}

/// Digest over paths and contents of files.
pub(super) fn digest<'a>(files: impl Iterator<Item = &'a FileEntry>) -> String {
    let mut hash = Sha256::new();
    files.for_each(|file| add(&mut hash, file));
    hex(&hash.finalize())
}

/// The digest of the files of each batch, in one go over all files of a version.
pub(super) fn digests(files: &[FileEntry]) -> BTreeMap<BatchId, String> {
    let mut sums: BTreeMap<BatchId, Sha256> = BTreeMap::new();
    for (batch, file) in files.iter().filter_map(|file| Some((file.batch()?, file))) {
        add(sums.entry(batch).or_default(), file);
    }
    sums.into_iter().map(|(batch, hash)| (batch, hex(&hash.finalize()))).collect()
}

fn add(hash: &mut Sha256, file: &FileEntry) {
    hash.update(file.path.as_bytes());
    hash.update([0]);
    hash.update(file.sha256.0);
}

/// What later batches see of each batch, as it will be when this run is done.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(BTreeMap<BatchId, String>);

impl Seen {
    /// Of a published version, whose files are these.
    pub(super) fn published(batches: &Files<'_>) -> Self {
        let looked_at = |files: &[&FileEntry]| digest(files.iter().copied().filter(|f| is_looked_at(&f.path)));
        Self(batches.iter().map(|(batch, files)| (batch.clone(), looked_at(files))).collect())
    }

    /// A batch was made anew; this is what later ones see of it.
    pub(super) fn set(&mut self, batch: &BatchId, looked_at: String) {
        self.0.insert(batch.clone(), looked_at);
    }

    /// What a batch sees: everything before it.
    pub(super) fn before(&self, batch: &BatchId) -> String {
        let mut hash = Sha256::new();
        for (id, digest) in self.0.range(..batch.clone()) {
            hash.update(id.as_str().as_bytes());
            hash.update([0]);
            hash.update(digest.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// What later batches see of a batch with these files, in whatever order.
pub(super) fn looked_at(files: &[FileEntry]) -> String {
    let mut files: Vec<&FileEntry> = files.iter().filter(|f| is_looked_at(&f.path)).collect();
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    digest(files.into_iter())
}

/// Whether a file is of a dataset that later batches look at.
pub(super) fn is_looked_at(path: &str) -> bool {
    let dataset = path.split('/').next().unwrap_or_default();
    dataset != "reports" && !NOT_LOOKED_AT.contains(&dataset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::Checksum;

    fn file(path: &str, sha256: &str) -> FileEntry {
        FileEntry { path: path.to_owned(), rows: None, bytes: 0, sha256: Checksum([sha256.as_bytes()[0]; 32]) }
    }

    #[test]
    fn all_batches_at_once_have_the_digests_that_each_has() {
        let two = [file("a/batch=02/p", "a"), file("b/batch=02/p", "b"), file("reports/02/index.html", "c")];
        let three = [file("a/batch=03/p", "a")];
        let all = [&two[..1], &three, &two[1..], &[file("lifecycle/p", "d")]].concat();
        let digests: Vec<_> = digests(&all).into_iter().collect();
        let of = |files: &[FileEntry]| digest(files.iter());
        assert_eq!(digests, [(BatchId::from_number(2), of(&two)), (BatchId::from_number(3), of(&three))]);
    }

    #[test]
    fn a_batch_sees_what_is_before_it() {
        let (two, three) = (BatchId::from_number(2), BatchId::from_number(3));
        let mut seen = Seen::default();
        seen.set(
            &two,
            looked_at(&[file("projects/batch=02/part-0.parquet", "a"), file("cells/batch=02/part-0.parquet", "x")]),
        );
        let before = seen.clone();
        seen.set(
            &two,
            looked_at(&[file("projects/batch=02/part-0.parquet", "a"), file("cells/batch=02/part-0.parquet", "y")]),
        );
        assert_eq!(seen.before(&three), before.before(&three), "no later batch looks at cells");
        seen.set(&two, looked_at(&[file("projects/batch=02/part-0.parquet", "b")]));
        assert_ne!(seen.before(&three), before.before(&three));
        seen.set(&two, looked_at(&[file("projects/batch=02/p", "a"), file("headers/batch=02/p", "b")]));
        let other = seen.clone();
        seen.set(&two, looked_at(&[file("headers/batch=02/p", "b"), file("projects/batch=02/p", "a")]));
        assert_eq!(seen.before(&three), other.before(&three), "in whatever order they were written");
        assert_eq!(seen.before(&two), Seen::default().before(&two), "a batch does not see itself");
        assert!(is_looked_at("headers/batch=02/part-0.parquet") && !is_looked_at("reports/02/index.html"));
    }
}
