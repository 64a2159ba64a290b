//! The datasets, one file per kind of row.

mod cell;
mod contact;
mod finding;
mod header;
mod indicator;
mod lifecycle;
mod project;
mod reconciliation;
mod submission;
mod table;
mod total;

pub(super) use cell::{CellRow, cells};
pub(super) use contact::{contact_rows, contacts};
pub(super) use finding::findings;
pub(super) use header::{HeaderRow, header_rows, headers};
pub(super) use indicator::{LaggardRow, indicators, laggards};
pub(super) use lifecycle::lifecycle;
pub(super) use project::{ProjectRow, projects, rejected};
pub(super) use reconciliation::reconciliation;
pub(super) use submission::{SubmissionEntry, submissions};
pub(super) use table::{EncodeError, Table};
pub(super) use total::declared_totals;
