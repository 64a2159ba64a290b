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
    /// Excel's row number, from 1. Lists that stand side by side share it; so do the projects of a list that lies on
    /// its side.
    pub row: u32,
    /// Where the record stands in its file, without any doubt.
    pub slot: Slot,
}

/// A record's place in its file, when its row alone may not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Slot {
    /// Number of its table among the tables of projects of the file, from 1 as in the dataset `headers`.
    pub table: u32,
    /// Its line in that table; grows from the top or, in a list that lies on its side, from the left.
    pub line: u32,
}
