//! A workbook as the reader hands it over: sparse cells with facts, plus what the reader could not do.

use super::{Cell, CellKind, CellRef, Region};

/// The format that the content has, whatever the name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Office Open XML workbook (also .xlsm, .et written as zip).
    Xlsx,
    /// Binary OOXML workbook.
    Xlsb,
    /// BIFF workbook (also WPS .et in OLE).
    Xls,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// HTML or MHTML table.
    Html,
    /// `SpreadsheetML` 2003.
    SpreadsheetMl,
    /// Comma- or tab-separated text.
    Csv,
}

/// Whether a person sees the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden, can be shown from the menu.
    Hidden,
    /// Hidden, cannot be shown from the menu.
    VeryHidden,
}

/// Name of the sheet that annotated copies get: the list of what is to be corrected.
pub const INDEX_SHEET: &str = "问题清单";
/// First words of its first cell, by which it is known again when the copy is sent back corrected.
pub const INDEX_TITLE: &str = "问题清单（审核程序生成，不是台账）";

/// One sheet. Cells are in row-major order, at most one per place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name as shown; empty for text tables.
    pub name: String,
    /// Position in the file, from 0.
    pub index: u32,
    /// Visibility.
    pub visibility: Visibility,
    /// Non-empty cells.
    pub cells: Vec<Cell>,
    /// Merged ranges of more than one cell.
    pub merges: Vec<Region>,
    /// Rows that are hidden or of height 0, from 0, ascending.
    pub hidden_rows: Vec<u32>,
    /// Rows that a filter hides (a subset of `hidden_rows`).
    pub filtered_rows: Vec<u32>,
    /// Hidden columns, from 0, ascending.
    pub hidden_columns: Vec<u32>,
}

impl Sheet {
    /// The cell at a place, if it is not empty.
    #[must_use]
    pub fn get(&self, at: CellRef) -> Option<&Cell> {
        self.cells.binary_search_by_key(&at, |c| c.at).ok().map(|i| &self.cells[i])
    }

    /// Whether this is the list that an annotated copy carries: ours, and no part of the submission.
    #[must_use]
    pub fn is_index(&self) -> bool {
        let first = self.get(CellRef::new(0, 0)).map(|c| &c.kind);
        self.name.starts_with(INDEX_SHEET)
            && matches!(first, Some(CellKind::Text(text)) if text.starts_with(INDEX_TITLE))
    }
}

/// Something that the reader could not do, or noticed. Each becomes a finding with this code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIssue {
    /// Code, e.g. `L210`.
    pub code: String,
    /// Sheet, when it concerns one.
    pub sheet: Option<String>,
    /// Cell or range, when it concerns one.
    pub cell: Option<String>,
    /// Chinese first line.
    pub message: String,
    /// What stands there.
    pub seen: Option<String>,
}

/// The sheets of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// Real format.
    pub format: Format,
    /// Sheets in file order.
    pub sheets: Vec<Sheet>,
}

/// What reading one file gave: sheets or none, and everything there is to say about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadOutcome {
    /// `None` when the file as a whole could not be read; then `issues` says why.
    pub workbook: Option<Workbook>,
    /// Issues in file order.
    pub issues: Vec<ReadIssue>,
}
