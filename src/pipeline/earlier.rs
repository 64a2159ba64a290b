//! What other batches left for one: published before, or checked earlier in the same run.

use std::collections::BTreeSet;
use std::path::Path;

use crate::dataset;
use crate::model::{BatchId, BatchResult, History, PastProject, TableHeaders};
use crate::publish::Store;

use super::RunError;

/// Projects, accepted or rejected, and table headers of other batches. It grows with each batch of a run; nothing of it is
/// made again for the next one.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    projects: History,
    /// Oldest batch first.
    headers: Vec<TableHeaders>,
}

/// What one batch may know of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Others<'a> {
    /// Projects of other batches, with whether they were accepted. Identity sees also those of later batches, when an early
    /// one is run again: what it is about keeps the ids that they refer to. The rules see only earlier ones.
    pub(super) projects: &'a History,
    /// Columns of the tables of earlier batches.
    pub(super) headers: &'a [TableHeaders],
}

impl Earlier {
    /// Of the published batches that this run does not replace.
    pub(super) fn published(store: &Store, replaced: &BTreeSet<BatchId>) -> Result<Self, RunError> {
        let Some(version) = store.current() else { return Ok(Self::default()) };
        let version = Path::new(&version);
        let (mut projects, mut headers) = (dataset::history(version)?, dataset::past_headers(version)?);
        for batch in replaced {
            projects.remove(batch);
        }
        headers.retain(|h| !replaced.contains(&h.batch));
        Ok(Self { projects, headers })
    }

    /// What a batch may know. What was published of the batch itself is forgotten: it is about to be made anew.
    pub(super) fn around(&mut self, batch: &BatchId) -> Others<'_> {
        self.projects.remove(batch);
        let headers = &self.headers[..self.headers.partition_point(|h| h.batch < *batch)];
        Others { projects: &self.projects, headers }
    }

    /// Adds a batch of this run, in place of what was published of it.
    pub(super) fn add(&mut self, result: &BatchResult) {
        self.projects.remove(&result.batch);
        self.projects.extend(past(result));
        let from = self.headers.partition_point(|h| h.batch < result.batch);
        let to = self.headers.partition_point(|h| h.batch <= result.batch);
        self.headers.splice(from..to, result.headers.iter().cloned());
    }
}

/// The projects of a batch as other batches see them.
fn past(result: &BatchResult) -> impl Iterator<Item = PastProject<'_>> {
    let accepted = result.accepted.iter().filter_map(|(r, id)| PastProject::of(r, id, true));
    accepted.chain(result.rejected.iter().filter_map(|(r, id)| PastProject::of(&r.record, id, false)))
}
