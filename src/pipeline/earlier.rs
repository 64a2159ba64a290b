//! What earlier batches left for later ones: published before, or checked earlier in the same run.

use std::collections::BTreeSet;
use std::path::Path;

use crate::dataset;
use crate::model::{BatchId, BatchResult, PastProject, TableHeaders};
use crate::publish::Store;

use super::RunError;

/// Projects, accepted or rejected, and table headers of earlier batches, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    /// Projects with whether they were accepted.
    pub(super) projects: Vec<PastProject>,
    /// Accepted projects of later batches, when an early one is run again: what it is about keeps the ids that they
    /// refer to. The rules do not see them.
    pub(super) later: Vec<PastProject>,
    /// Columns of tables.
    pub(super) headers: Vec<TableHeaders>,
}

impl Earlier {
    /// Of the published batches that this run does not replace.
    pub(super) fn published(store: &Store, replaced: &BTreeSet<BatchId>) -> Result<Self, RunError> {
        let Some(version) = store.current() else { return Ok(Self::default()) };
        let version = Path::new(&version);
        let (mut projects, mut headers) = (dataset::history(version)?, dataset::past_headers(version)?);
        projects.retain(|p| !replaced.contains(&p.batch));
        headers.retain(|h| !replaced.contains(&h.batch));
        Ok(Self { projects, later: Vec::new(), headers })
    }

    /// What a batch may know.
    pub(super) fn before(&self, batch: &BatchId) -> Self {
        Self {
            projects: self.projects.iter().filter(|p| p.batch < *batch).cloned().collect(),
            later: self.projects.iter().filter(|p| p.batch > *batch).cloned().collect(),
            headers: self.headers.iter().filter(|h| h.batch < *batch).cloned().collect(),
        }
    }

    /// Adds a batch of this run, in place of what was published of it.
    pub(super) fn add(&mut self, result: &BatchResult) {
        self.projects.retain(|p| p.batch != result.batch);
        self.headers.retain(|h| h.batch != result.batch);
        self.projects.extend(past(result));
        self.projects.sort_by(|a, b| a.batch.cmp(&b.batch));
        self.headers.extend(result.headers.iter().cloned());
        self.headers.sort_by(|a, b| a.batch.cmp(&b.batch));
    }
}

/// The projects of a batch as later batches see them.
fn past(result: &BatchResult) -> impl Iterator<Item = PastProject> + '_ {
    let accepted = result.accepted.iter().filter_map(|(r, id)| PastProject::of(r, id, true));
    accepted.chain(result.rejected.iter().filter_map(|(r, id)| PastProject::of(&r.record, id, false)))
}
