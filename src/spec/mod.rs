//! `pipelines/*.toml` as typed values: one file here per TOML file, same stem.

mod batches;
mod columns;
mod document;
#[cfg(test)]
mod fixture;
mod heading;
mod indicators;
mod layouts;
mod load;
mod measures;
mod problem;
mod roster;
mod rules;
mod settings;

use std::collections::BTreeMap;

use crate::model::BatchId;

#[cfg(test)]
pub(crate) use fixture::pipelines;

pub use batches::{Batch, Published};
pub use columns::{ColumnSpec, Columns};
pub use heading::{Heading, Headings};
pub use indicators::{AnnualPlan, Indicators, LaggardTimes, MilestoneWords, Rate, StatusWords};
pub use layouts::{FootWords, Layouts, LineWords, OtherWords, SheetWords, StageWords, TotalWords};
pub use measures::{MeasureSpec, Measures};
pub use problem::{Problem, SpecError};
pub use roster::{Area, Roster, Unit};
pub use rules::{RuleSetting, RuleSettings};
pub use settings::{CacheSettings, Folders, Limits, Logs, Metrics, Notify, NotifyOn, Retention, RunSettings, Settings};

/// Everything that `pipelines/` says.
#[derive(Debug, Clone)]
pub struct Spec {
    /// `sanpi.toml`.
    pub settings: Settings,
    /// `roster.toml`.
    pub roster: Roster,
    /// `columns.toml`.
    pub columns: Columns,
    /// `layouts.toml`.
    pub layouts: Layouts,
    /// `measures.toml`.
    pub measures: Measures,
    /// `rules.toml`.
    pub rules: RuleSettings,
    /// `indicators.toml`.
    pub indicators: Indicators,
    /// `batches/*.toml`; a batch without a file runs with the defaults.
    pub batches: BTreeMap<BatchId, Batch>,
    /// SHA-256 over the bytes of all files in name order, of `sanpi.toml` only over what decides on content; 64 hex digits.
    pub hash: String,
}
