//! `columns.toml`: per field its header spellings and where it is required.

use serde::Deserialize;

use crate::model::{Field, Stage};

/// `columns.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Headers that are known and not ours: they tell a header row, their data go to extras.
    #[serde(default)]
    pub other: Vec<String>,
    /// One entry per field.
    pub column: Vec<ColumnSpec>,
}

/// How one field's columns are recognised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// The field.
    pub field: Field,
    /// Header spellings as keys of [`super::Heading`], best first.
    pub headers: Vec<String>,
    /// Stages in which the column must exist.
    #[serde(default)]
    pub required: Vec<Stage>,
    /// Allowed values, for choices.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Columns {
    /// The entry of a field.
    #[must_use]
    pub fn of(&self, field: Field) -> Option<&ColumnSpec> {
        self.column.iter().find(|c| c.field == field)
    }
}
