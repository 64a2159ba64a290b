//! `OpenDocument` spreadsheets: styles, then the tables in one pass; repeated rows and cells are counted, never laid out
//! before they are known to hold something.

mod book;
mod formula;
mod styles;
mod table;

pub(super) use book::{is_ods, read};
