//! A workbook to be written.

/// What a cell holds.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Days since 1899-12-30, shown as a date.
    Date(f64),
    /// The sum of the rows `from` to `to` (Excel's, from 1) of its own column, and its stored value.
    Sum(u32, u32, f64),
}

/// A sheet; rows and columns without gaps.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Name.
    pub(super) name: String,
    /// Rows from the top.
    pub(super) rows: Vec<Vec<Value>>,
    /// Merged ranges: row, column, row, column, from 0.
    pub(super) merges: Vec<(u32, u32, u32, u32)>,
}

/// A workbook.
#[derive(Debug, Clone)]
pub(super) struct Book {
    /// Sheets.
    pub(super) sheets: Vec<Sheet>,
}

/// The letters of a column counted from 0; no list has more than 26.
pub(super) fn letter(col: usize) -> char {
    char::from(b'A' + u8::try_from(col.min(25)).unwrap_or(25))
}
