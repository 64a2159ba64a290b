//! `batches/NN.toml`: date, deadline, sector list and published figures of one batch.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use crate::model::{Amount, Measure, Stage};

/// One batch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Id, e.g. `02`; equals the file's stem.
    pub id: String,
    /// Day of the event.
    #[serde(default, deserialize_with = "local_date")]
    pub date: Option<Date>,
    /// Last day for submissions.
    #[serde(default, deserialize_with = "local_date")]
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
    /// Why it is only listed and not judged, when it speaks of other projects than the submissions do.
    #[serde(default)]
    pub not_comparable: Option<String>,
    /// Where it was published.
    pub source: String,
    /// The figure in fixed point (set by the loader): 元 with factor and decimals, or a count with factor 1.
    #[serde(skip)]
    pub amount: Option<Amount>,
}

/// A TOML date, `2021-10-08`.
fn local_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    required_date(deserializer).map(Some)
}

/// As `local_date`, where the key must be there.
pub(super) fn required_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    let (Some(date), None) = (written.date, written.time) else {
        return Err(D::Error::custom("要写日期，例如 2021-10-08"));
    };
    let day = Date::new(
        i16::try_from(date.year).unwrap_or(0),
        i8::try_from(date.month).unwrap_or(0),
        i8::try_from(date.day).unwrap_or(0),
    );
    day.map_err(|_| D::Error::custom("没有这一天"))
}
