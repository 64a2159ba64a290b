//! One file: from the reader's sheets to records, totals, traces and findings. Pure.

use std::sync::Arc;

use crate::model::{BatchId, Extract, FileOutcome, ReadOutcome, Source};
use crate::spec::Spec;

/// What one file yields. `outcome` is what the reader gave for its bytes; `source.file` is its path below the inbox,
/// from which, with the sheets, unit and stage are told; `batch` is that of its folder.
#[must_use]
pub fn extract(outcome: &ReadOutcome, source: &Arc<Source>, batch: &BatchId, spec: &Spec) -> Extract {
    let _ = (outcome, spec);
    Extract {
        source: Arc::clone(source),
        batch: batch.clone(),
        unit_code: None,
        format: None,
        outcome: FileOutcome::NoTable,
        records: Vec::new(),
        totals: Vec::new(),
        cells: Vec::new(),
        sheets: Vec::new(),
        stages: Vec::new(),
        supplement: false,
        findings: Vec::new(),
    }
}
