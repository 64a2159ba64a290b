//! Sheet → tables and what their rows are. Sheets are written for people; signals are combined, none decides alone.
//!
//! Two steps, because rows are told with the help of what the columns mean, which is another module's business:
//! [`tables`] finds header rows, lines and bodies; [`body_rows`] tells the rows of a body, given the [`Roles`] of its
//! columns.

mod form;
mod grid;
mod header;
mod label;
mod panel;
mod rows;
mod seed;
mod settle;
mod table;
mod tables;
mod vocabulary;

pub use form::{FormLabel, Forms, forms};
pub use grid::{Grid, is_numeric};
pub use label::{Figures, bare_label, figures, label_level};
pub use rows::body_rows;
pub use table::{BodyRow, Column, Line, LineKind, Roles, RowKind, Section, Table, Total, TotalLevel};
pub use tables::tables;
pub use vocabulary::Vocabulary;
