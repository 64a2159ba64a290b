//! `SpreadsheetML` 2003: a workbook in one XML file, as Excel 2003 and many export libraries write it.

mod book;
mod formula;
mod sheet;

pub(super) use book::read;
