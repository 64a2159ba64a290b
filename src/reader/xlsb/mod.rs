//! Binary OOXML workbooks: our own bounded reading of the records, because calamine panics on damaged ones and knows
//! neither merges nor hidden rows.

mod book;
mod records;
mod sheet;

pub(super) use book::read;
