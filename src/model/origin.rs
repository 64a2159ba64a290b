//! Where a value comes from.

use std::sync::Arc;

/// An input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path below the inbox, `/`-separated; bytes that are not UTF-8 appear as U+FFFD.
    pub file: Arc<str>,
    /// SHA-256 of the bytes, 64 hex digits.
    pub sha256: Arc<str>,
}

/// A row of an input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub source: Arc<Source>,
    /// The sheet's name; `None` for text tables and HTML without named sheets.
    pub sheet: Option<Arc<str>>,
    /// Position of the sheet in the file, from 0.
    pub sheet_index: u32,
    /// Excel's row number, from 1.
    pub row: u32,
}
