//! `columns.toml`: per field its header spellings and where it is required.

use serde::Deserialize;

use crate::model::{Field, Stage, squeeze};

/// `columns.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Headers that are known and not ours: they tell a header row, their data go to extras.
    #[serde(default)]
    pub other: Vec<String>,
    /// One entry per field.
    pub column: Vec<ColumnSpec>,
    /// How units explain their own figures.
    #[serde(default)]
    pub explanation: ExplanationWords,
}

/// `[explanation]`: headers of a unit's own explanations.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplanationWords {
    /// Columns that explain.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Columns that explain and are the remark at the same time.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// Columns of an explaining sheet that name the cell that is explained.
    #[serde(default)]
    pub cells: Vec<String>,
}

impl ExplanationWords {
    /// Whether a header, as written, explains.
    #[must_use]
    pub fn explains(&self, header: &str) -> bool {
        named(&self.headers, header)
    }

    /// Whether the header of a remark says that it explains.
    #[must_use]
    pub fn explains_as_remark(&self, header: &str) -> bool {
        named(&self.remarks, header) || self.explains(header)
    }

    /// Whether the column names cells.
    #[must_use]
    pub fn names_cells(&self, header: &str) -> bool {
        named(&self.cells, header)
    }
}

/// The header's own text, below its parents and without a bracket behind it, is one of the words.
fn named(words: &[String], header: &str) -> bool {
    let own = header.rsplit('/').next().unwrap_or(header);
    let own = squeeze(own.split(['（', '(']).next().unwrap_or(own));
    words.iter().any(|w| squeeze(w) == own)
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
