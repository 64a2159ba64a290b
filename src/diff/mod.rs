//! What changed from one published version to another: projects that came, went or changed, and the totals of units.

mod compare;
mod read;

pub use compare::{Change, Diff, FieldChange, Project, Total, compare};
pub use read::{DiffError, between};
