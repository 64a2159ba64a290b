//! Running the checks over the records of a batch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::RULES;
use super::context::Context;
use super::registry::severity;
use crate::model::{BatchId, CellRef, Finding, History, Record, Severity};
use crate::spec::Spec;

/// What the checks of one batch may see.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Batch.
    pub batch: &'a BatchId,
    /// All records of the files that count, with their project ids, in roster order, then stage, file, sheet, row.
    pub records: &'a [(&'a Record, &'a str)],
    /// Projects of other batches. Those of later batches are no matter of the rules.
    pub history: &'a History<'a>,
    /// Configuration.
    pub spec: &'a Spec,
}

/// Findings of all rules that check records, sorted by rule and record.
#[must_use]
pub fn check(scope: &Scope<'_>) -> Vec<Finding> {
    let context = Context::new(scope);
    let mut findings = Vec::new();
    for rule in RULES {
        let Some(check) = rule.check else { continue };
        let mut of_rule = check(&context);
        of_rule.retain(|finding| severity(finding, scope.spec).is_some());
        once_per_cell(&mut of_rule, scope.spec);
        findings.append(&mut of_rule);
    }
    findings
}

/// A cell that is merged over several rows gives all of them its value, but its fault is one. Errors stay with every
/// row, for they decide about the row.
fn once_per_cell(findings: &mut Vec<Finding>, spec: &Spec) {
    let mut told: BTreeSet<(Option<Arc<str>>, Option<u32>, CellRef)> = BTreeSet::new();
    findings.retain(|finding| match finding.cell.as_deref().and_then(CellRef::parse) {
        Some(_) if severity(finding, spec) == Some(Severity::Error) => true,
        Some(cell) => told.insert((finding.file.clone(), finding.sheet_index, cell)),
        None => true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_cell_has_one_fault() {
        let file: Arc<str> = Arc::from("表.xlsx");
        let at = |cell: &str, row| Finding::new("V514", "").in_file(&file).at_range(cell).row(row);
        let mut findings = vec![at("B5", 5), at("B5", 6), at("B7", 7), at("8:8", 8), at("8:8", 8)];
        once_per_cell(&mut findings, &crate::spec::pipelines());
        assert_eq!(findings.iter().filter_map(|f| f.row).collect::<Vec<_>>(), [5, 7, 8, 8]);
    }
}
