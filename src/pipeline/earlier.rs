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
    projects: Vec<PastProject>,
    headers: Vec<TableHeaders>,
}

/// What one batch may know of the others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Others<'a> {
    /// Projects of earlier batches, with whether they were accepted.
    pub(super) projects: &'a [PastProject],
    /// Projects of later batches, when an early one is run again: what it is about keeps the ids that they refer to. The
    /// rules do not see them.
    pub(super) later: &'a [PastProject],
    /// Columns of the tables of earlier batches.
    pub(super) headers: &'a [TableHeaders],
}

impl Earlier {
    /// Of the published batches that this run does not replace.
    pub(super) fn published(store: &Store, replaced: &BTreeSet<BatchId>) -> Result<Self, RunError> {
        let Some(version) = store.current() else { return Ok(Self::default()) };
        let version = Path::new(&version);
        let (mut projects, mut headers) = (dataset::history(version)?, dataset::past_headers(version)?);
        projects.retain(|p| !replaced.contains(&p.batch));
        headers.retain(|h| !replaced.contains(&h.batch));
        Ok(Self { projects, headers })
    }

    /// What a batch may know.
    pub(super) fn around(&self, batch: &BatchId) -> Others<'_> {
        let (projects, rest) = self.projects.split_at(self.projects.partition_point(|p| p.batch < *batch));
        let later = &rest[rest.partition_point(|p| p.batch == *batch)..];
        let headers = &self.headers[..self.headers.partition_point(|h| h.batch < *batch)];
        Others { projects, later, headers }
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
