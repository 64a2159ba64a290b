//! Running the checks over the records of a batch.

use super::RULES;
use super::context::Context;
use crate::model::{BatchId, Finding, PastProject, Record};
use crate::spec::Spec;

/// What the checks of one batch may see.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Batch.
    pub batch: &'a BatchId,
    /// All records of the files that count, with their project ids, in roster order, then stage, file, sheet, row.
    pub records: &'a [(&'a Record, &'a str)],
    /// Projects of earlier batches, oldest batch first.
    pub history: &'a [PastProject],
    /// Configuration.
    pub spec: &'a Spec,
}

/// Findings of all rules that check records, sorted by rule and record.
#[must_use]
pub fn check(scope: &Scope<'_>) -> Vec<Finding> {
    let context = Context::new(scope);
    RULES.iter().filter_map(|rule| rule.check).flat_map(|check| check(&context)).collect()
}
