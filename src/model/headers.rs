//! How a unit laid out its tables: kept over batches, so that a changed layout is told before its data are.

use std::sync::Arc;

use super::{BatchId, CellRef, Field, Stage};

/// The columns of one table of projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHeaders {
    /// Batch.
    pub batch: BatchId,
    /// Unit code; empty when the unit could not be told.
    pub unit_code: String,
    /// Lists that the table holds or, without rows, speaks of; in order, each once.
    pub stages: Vec<Stage>,
    /// Path of the file below the inbox.
    pub file: Arc<str>,
    /// Sheet name; `None` for text tables.
    pub sheet: Option<Arc<str>>,
    /// Position of the sheet in the file, from 0; not published, so 0 in what was read back.
    pub sheet_index: u32,
    /// Number among the tables of projects of the file, from 1.
    pub table: u32,
    /// Columns in sheet order; of project cards, their labels.
    pub columns: Vec<HeaderColumn>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderColumn {
    /// Cell of its own header.
    pub cell: CellRef,
    /// Header texts as written, parents first, joined by `/`; without telephone numbers, empty when there is none.
    pub header: String,
    /// The field that it was mapped to.
    pub field: Option<Field>,
}
