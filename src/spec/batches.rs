//! `batches/NN.toml`: date, deadline, sector list and published figures of one batch.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use crate::model::{Amount, Bound, Measure, Stage, name_key};

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
    /// Published breakdowns.
    #[serde(default)]
    pub breakdown: Vec<Breakdown>,
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
    /// Several stages that the figure covers together, when these are not all three: 签约 and 开工.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// What it counts.
    pub measure: Measure,
    /// The figure as published, e.g. `"2844"`.
    pub value: String,
    /// 约 (`about`), 超 (`at_least`), 不足 (`at_most`).
    #[serde(default)]
    pub bound: Bound,
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

impl Published {
    /// Whether rows of a stage are what it speaks of.
    #[must_use]
    pub fn covers(&self, stage: Option<Stage>) -> bool {
        if self.stages.is_empty() {
            return self.stage.is_none() || self.stage == stage;
        }
        stage.is_some_and(|s| self.stages.contains(&s))
    }

    /// `签约+开工` for a figure over some of the stages.
    #[must_use]
    pub fn stages_label(&self) -> Option<String> {
        let names: Vec<&str> = self.stages.iter().map(|s| s.as_str()).collect();
        (!names.is_empty()).then(|| names.join("+"))
    }
}

/// How the items of a breakdown stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Each project is in one item: they add up to the headline.
    Exclusive,
    /// 10亿元以上 holds 50亿元以上: never added.
    Nested,
    /// A project may be in several items: never added.
    Overlapping,
    /// A few lines of a longer list: not added.
    Partial,
}

/// What tells the item of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Its sector.
    Sector,
    /// Its 总投资.
    Size,
    /// Nothing that the submissions hold.
    Nothing,
}

/// Published sub-figures of one list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// 领域, 总投资规模, 资金来源 …
    pub name: String,
    /// Unit code, `410000` for the province.
    pub unit_code: String,
    /// Stage.
    pub stage: Stage,
    /// How the items stand to each other.
    pub relation: Relation,
    /// What tells the item of a project.
    pub by: By,
    /// Which register it speaks of, as in [`Published`].
    #[serde(default)]
    pub scope: Option<String>,
    /// Why it is only listed and not judged.
    #[serde(default)]
    pub not_comparable: Option<String>,
    /// Why the items are known not to add up to the headline.
    #[serde(default)]
    pub incomplete: Option<String>,
    /// Money unit of investments and of the ends of bands.
    pub unit: String,
    /// Where it was published.
    pub source: String,
    /// Items.
    pub item: Vec<BreakdownItem>,
}

/// One line of a breakdown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakdownItem {
    /// As published: 先进制造业, 总投资10亿元以上.
    pub label: String,
    /// Least 总投资 of its projects.
    #[serde(default)]
    pub at_least: Option<String>,
    /// 总投资 that its projects stay below.
    #[serde(default)]
    pub below: Option<String>,
    /// Number of projects, as published.
    #[serde(default)]
    pub count: Option<String>,
    /// 总投资, as published.
    #[serde(default)]
    pub investment: Option<String>,
    /// `at_least` and `below` in 元 (set by the loader).
    #[serde(skip)]
    pub band: (Option<i64>, Option<i64>),
    /// Count and investment as figures (set by the loader).
    #[serde(skip)]
    pub figures: Vec<Published>,
}

impl BreakdownItem {
    /// Whether a 总投资 in 元 is in its band.
    #[must_use]
    pub fn holds(&self, yuan: i64) -> bool {
        self.band.0.is_none_or(|least| yuan >= least) && self.band.1.is_none_or(|most| yuan < most)
    }

    /// Whether a sector is the one that its label names.
    #[must_use]
    pub fn names(&self, sector: &str) -> bool {
        name_key(&self.label) == name_key(sector)
    }
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
