//! What the reader could not do, as findings, and what becomes of a file that it could not read.

use std::sync::Arc;

use crate::model::{FileOutcome, Finding, ReadIssue, ReadOutcome, Source};

/// Codes that the reader may raise, with what they make of a file that has no sheets.
const CODES: &[(&str, FileOutcome)] = &[
    ("F105", FileOutcome::Unreadable),
    ("F106", FileOutcome::Unreadable),
    ("F107", FileOutcome::Unsupported),
    ("F108", FileOutcome::Read),
    ("F109", FileOutcome::Unreadable),
    ("F110", FileOutcome::Unreadable),
    ("F113", FileOutcome::Stray),
    ("F114", FileOutcome::InProgress),
    ("L202", FileOutcome::Read),
    ("L204", FileOutcome::Read),
    ("L210", FileOutcome::Read),
];

/// Findings of the reader's issues, in their order.
pub(super) fn findings(outcome: &ReadOutcome, source: &Source) -> Vec<Finding> {
    outcome.issues.iter().map(|issue| finding(issue, outcome, source)).collect()
}

fn finding(issue: &ReadIssue, outcome: &ReadOutcome, source: &Source) -> Finding {
    // A code that is not in the list would be a slip of the reader; the file is then as good as damaged.
    let code = CODES.iter().find(|(c, _)| *c == issue.code).map_or("F105", |(c, _)| *c);
    let mut finding = Finding::new(code, issue.message.clone()).in_file(&source.file);
    if let Some(sheet) = &issue.sheet {
        finding = finding.in_sheet(&Arc::from(sheet.as_str()));
        let sheets = outcome.workbook.iter().flat_map(|w| &w.sheets);
        finding.sheet_index = sheets.filter(|s| s.name == *sheet).map(|s| s.index).next();
    }
    finding.cell.clone_from(&issue.cell);
    finding.seen.clone_from(&issue.seen);
    finding
}

/// What becomes of a file without sheets.
pub(super) fn outcome_without_sheets(outcome: &ReadOutcome) -> FileOutcome {
    let kinds = outcome.issues.iter().filter_map(|i| CODES.iter().find(|(c, _)| *c == i.code));
    kinds.map(|(_, o)| *o).find(|o| *o != FileOutcome::Read).unwrap_or(FileOutcome::Unreadable)
}
