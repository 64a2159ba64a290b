//! What earlier batches left for later ones: published before, or checked earlier in the same run.

use std::collections::BTreeSet;
use std::path::Path;

use crate::dataset;
use crate::model::{BatchId, BatchResult, Field, PastProject, TableHeaders};
use crate::publish::Store;

use super::RunError;

/// Accepted projects and table headers of earlier batches, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    /// Accepted projects.
    pub(super) projects: Vec<PastProject>,
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
        Ok(Self { projects, headers })
    }

    /// What a batch may know.
    pub(super) fn before(&self, batch: &BatchId) -> Self {
        Self {
            projects: self.projects.iter().filter(|p| p.batch < *batch).cloned().collect(),
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

/// The accepted projects of a batch as later batches see them.
fn past(result: &BatchResult) -> impl Iterator<Item = PastProject> + '_ {
    result.accepted.iter().filter_map(|(record, id)| {
        let text = |field| record.text(field).map(str::to_owned);
        Some(PastProject {
            batch: record.batch.clone(),
            unit_code: record.unit_code.clone(),
            stage: record.stage?,
            project_id: id.clone(),
            name: record.name().unwrap_or_default().to_owned(),
            owner: text(Field::Owner),
            owner_credit_code: text(Field::OwnerCreditCode),
            project_code: text(Field::ProjectCode),
            county_name: text(Field::County),
            total_yuan: record.total_yuan(),
        })
    })
}
