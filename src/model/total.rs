//! Totals that a submission states about itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Amount, BatchId, CellRef, Source, Stage};

/// What a total counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Number of projects.
    Count,
    /// Sum of 总投资.
    TotalInvestment,
}

impl Measure {
    /// Value of the `measure` columns.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::TotalInvestment => "total_investment",
        }
    }
}

/// What a total covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TotalScope {
    /// All project rows of its table(s).
    Sheet,
    /// The rows of one group (小计).
    Group,
    /// A line of a summary sheet.
    Cover,
}

impl TotalScope {
    /// Value of `declared_totals.scope`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sheet => "sheet",
            Self::Group => "group",
            Self::Cover => "cover",
        }
    }
}

/// The rows that a group total covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTotal {
    /// Label of the group, equal to [`super::Record::group`] of its rows.
    pub label: String,
}

/// A total stated in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredTotal {
    /// Batch.
    pub batch: BatchId,
    /// Unit code.
    pub unit_code: String,
    /// Stage; `None` for a total over all stages.
    pub stage: Option<Stage>,
    /// What it covers.
    pub scope: TotalScope,
    /// The group, for [`TotalScope::Group`].
    pub group: Option<GroupTotal>,
    /// What it counts.
    pub measure: Measure,
    /// The figure as written.
    pub value: String,
    /// The sum in 元, for [`Measure::TotalInvestment`]; the count has factor 1 and `yuan` = number of projects.
    pub amount: Option<Amount>,
    /// File.
    pub source: Arc<Source>,
    /// Sheet.
    pub sheet: Option<Arc<str>>,
    /// Position of the sheet, from 0.
    pub sheet_index: u32,
    /// Cell.
    pub cell: CellRef,
    /// Formula text, when the cell has one.
    pub formula: Option<String>,
    /// Excel rows (from 1) of the project rows that the total covers by its position.
    pub rows: Vec<u32>,
}
