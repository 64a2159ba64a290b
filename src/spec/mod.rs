//! `pipelines/*.toml` as typed values: one file here per TOML file, same stem.

mod batches;
mod columns;
mod document;
mod figures;
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
mod waivers;

use std::collections::BTreeMap;

use crate::model::BatchId;

#[cfg(test)]
pub(crate) use fixture::pipelines;

pub use batches::{Batch, Breakdown, BreakdownItem, By, Published, Relation};
pub use columns::{ColumnSpec, Columns, ExplanationWords};
pub use heading::{Heading, Headings};
pub use indicators::{AnnualPlan, Indicators, LaggardTimes, MilestoneWords, Rate, StatusWords};
pub use layouts::{FootWords, Layouts, LineWords, OtherWords, SheetWords, StageWords, TotalWords};
pub use measures::{MeasureSpec, Measures};
pub use problem::{Problem, SpecError};
pub use roster::{Area, Overlap, Roster, Unit};
pub use rules::{InForce, RuleNames, RuleSetting, RuleSettings, When};
pub use settings::{
    CacheSettings, Folders, Limits, Logs, Metrics, Notify, NotifyOn, Retention, ReturnSettings, RunSettings, Settings,
};
pub use waivers::{Waiver, Waivers};

/// A template as the office edits it; `report` knows its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageTemplate {
    /// Path as the user would write it.
    pub path: std::path::PathBuf,
    /// Text.
    pub text: String,
}

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
    /// `waivers.toml`; none without the file.
    pub waivers: Waivers,
    /// `indicators.toml`.
    pub indicators: Indicators,
    /// `bulletin.html`; `None` without the file: the program has one of its own.
    pub bulletin: Option<PageTemplate>,
    /// `batches/*.toml`; a batch without a file runs with the defaults.
    pub batches: BTreeMap<BatchId, Batch>,
    /// SHA-256 over the bytes of all files in name order, of `sanpi.toml` only over what decides on content; 64 hex digits.
    pub hash: String,
}
