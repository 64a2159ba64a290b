//! Input files and what became of them.

use serde::Serialize;

use super::super::returned::{Returned, Returns};
use super::figure::Figure;
use crate::model::{BatchResult, FileOutcome, SubmissionRow};

/// One file.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct FileView {
    /// Path below the inbox.
    pub(in super::super) file: String,
    /// 已采用, 无法读取 …
    pub(in super::super) outcome: &'static str,
    /// `ok`, `bad` or `aside`: colour of the outcome.
    pub(in super::super) tone: &'static str,
    /// Sheets.
    pub(in super::super) sheets: u32,
    /// Project rows read.
    pub(in super::super) rows_read: u32,
    /// Rejected rows.
    pub(in super::super) rows_rejected: u32,
    /// Accepted rows and their amount.
    pub(in super::super) accepted: Figure,
    /// Version words.
    pub(in super::super) version: Option<String>,
    /// The file that was used instead.
    pub(in super::super) superseded_by: Option<String>,
    /// Name of its annotated copy beside the page, and whether that is the unit's own workbook.
    pub(in super::super) copy: Option<(String, bool)>,
    /// Why there is no annotated copy of it.
    pub(in super::super) without: Option<String>,
}

fn outcome(outcome: FileOutcome) -> (&'static str, &'static str) {
    match outcome {
        FileOutcome::Read => ("已读取", "ok"),
        FileOutcome::NoTable => ("没有找到项目表", "bad"),
        FileOutcome::Unreadable => ("无法读取", "bad"),
        FileOutcome::Unsupported => ("不是表格文件", "bad"),
        FileOutcome::Stray => ("与报送无关，未采用", "aside"),
        FileOutcome::Duplicate => ("与另一文件完全相同，未采用", "aside"),
        FileOutcome::Superseded => ("已被新版本替换", "aside"),
        FileOutcome::UnitUnknown => ("认不出报送单位", "bad"),
        FileOutcome::InProgress => ("还在写入，留待下次", "aside"),
    }
}

impl FileView {
    fn new(row: &SubmissionRow) -> Self {
        let (title, tone) = outcome(row.outcome);
        Self {
            file: row.source.file.to_string(),
            outcome: title,
            tone,
            sheets: row.sheets,
            rows_read: row.rows_read,
            rows_rejected: row.rows_rejected,
            accepted: Figure::new(row.rows_accepted as usize, row.amount_accepted),
            version: row.version.clone(),
            superseded_by: row.superseded_by.as_deref().map(str::to_owned),
            copy: None,
            without: None,
        }
    }
}

/// Files of one unit; `None`: files whose unit could not be told.
pub(in super::super) fn files_of(result: &BatchResult, unit_code: Option<&str>) -> Vec<FileView> {
    let own = result.submissions.iter().filter(|s| s.unit_code.as_deref() == unit_code);
    own.map(FileView::new).collect()
}

/// Files of one unit with their annotated copies.
pub(in super::super) fn files_with_copies(result: &BatchResult, unit_code: &str, returns: &Returns) -> Vec<FileView> {
    let mut files = files_of(result, Some(unit_code));
    for file in &mut files {
        match returns.get(file.file.as_str()) {
            Some(Returned::Copy { name, own }) => file.copy = Some((name.clone(), *own)),
            Some(Returned::Without(why)) => file.without = Some(why.clone()),
            None => {}
        }
    }
    files
}
