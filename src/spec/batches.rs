//! `batches/NN.toml`: date, deadline, sector list and published figures of one batch.

use jiff::civil::Date;
use serde::Deserialize;

use crate::model::{Amount, Measure, Stage};

/// One batch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Id, e.g. `02`; equals the file's stem.
    pub id: String,
    /// Day of the event.
    pub date: Option<Date>,
    /// Last day for submissions.
    #[serde(default)]
    pub deadline: Option<Date>,
    /// Sector list of the batch; empty: not checked.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Published figures.
    #[serde(default)]
    pub published: Vec<Published>,
}

/// A published figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Unit code, `410000` for the province.
    pub unit_code: String,
    /// Stage; absent for a sum over all stages.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// What it counts.
    pub measure: Measure,
    /// The figure as published, e.g. `"2844"`.
    pub value: String,
    /// `项` or a money unit of `measures.toml`, e.g. `亿元`.
    pub unit: String,
    /// Which register it speaks of, e.g. 省台账.
    #[serde(default)]
    pub scope: Option<String>,
    /// Where it was published.
    pub source: String,
    /// The figure in fixed point (set by the loader): 元 with factor and decimals, or a count with factor 1.
    #[serde(skip)]
    pub amount: Option<Amount>,
}
