//! `indicators.toml`: what each rate divides by what, how long a project may stand still, and the words that tell 履约
//! and 达效.

use serde::Deserialize;

use super::Problem;
use super::document::{Document, Step};
use crate::model::{IndicatorKind, Milestone, Stage};

/// `indicators.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// Conversion rates, by number of projects.
    pub rate: Vec<Rate>,
    /// 年度计划完成率.
    pub annual_plan: AnnualPlan,
    /// 提醒预警.
    pub laggards: LaggardTimes,
    /// Words that tell 履约 and 达效.
    pub words: StatusWords,
}

/// Of the projects that were ever listed in stage `of`, the share that reached one of `reached`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Which rate.
    pub measure: IndicatorKind,
    /// The list that makes the denominator.
    pub of: Stage,
    /// What makes the numerator: any of these.
    pub reached: Vec<Milestone>,
    /// Without a single statement about it among the projects (a column 是否达效, a remark 已达效) the rate is empty and
    /// not 0.
    #[serde(default)]
    pub needs_statement: bool,
    /// Where the definition comes from.
    pub source: String,
}

/// Completed against planned investment of the batch's own list, over projects that give both.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnualPlan {
    /// The list.
    pub of: Stage,
    /// Where the definition comes from.
    pub source: String,
}

impl Default for AnnualPlan {
    fn default() -> Self {
        Self { of: Stage::Start, source: String::new() }
    }
}

/// Months after which a project that has not moved on is listed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaggardTimes {
    /// From 签约 to 开工.
    pub signed_not_started_months: u32,
    /// From 开工 to 投产.
    pub started_not_in_production_months: u32,
    /// Where the times come from.
    pub source: String,
}

/// Words of columns and remarks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// 履约.
    pub performed: MilestoneWords,
    /// 达效.
    pub capacity: MilestoneWords,
    /// Cells of such a column that mean yes.
    pub yes: Vec<String>,
    /// Cells of such a column that mean no.
    pub no: Vec<String>,
    /// Words that make a plan of it: 预计, 计划 …
    pub planned: Vec<String>,
    /// Words that make it less than the whole project: 部分 …
    pub partial: Vec<String>,
}

/// Words of one milestone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneWords {
    /// A header with one of these is about it.
    pub headers: Vec<String>,
    /// A text with one of these says that it was reached.
    pub done: Vec<String>,
    /// A text with one of these says that it was not.
    pub undone: Vec<String>,
}

impl Indicators {
    /// Each rate once, with something to divide by, and times that can pass.
    pub(super) fn check(&self, doc: &Document, problems: &mut Vec<Problem>) {
        let rates = [
            IndicatorKind::PerformanceRate,
            IndicatorKind::StartRate,
            IndicatorKind::ProductionRate,
            IndicatorKind::CapacityRate,
        ];
        for (r, rate) in self.rate.iter().enumerate() {
            let at = |key| [Step::Key("rate"), Step::Index(r), Step::Key(key)];
            if !rates.contains(&rate.measure) {
                let message = format!("{} 不是按项目数算的率", rate.measure.as_str());
                problems.push(doc.problem_at(&at("measure"), message));
            }
            if self.rate.iter().take(r).any(|other| other.measure == rate.measure) {
                problems.push(doc.problem_at(&at("measure"), format!("{} 出现两次", rate.measure.as_str())));
            }
            if rate.reached.is_empty() {
                problems.push(doc.problem_at(&at("reached"), "没有写分子是什么".to_owned()));
            }
        }
        let times = [
            ("signed_not_started_months", self.laggards.signed_not_started_months),
            ("started_not_in_production_months", self.laggards.started_not_in_production_months),
        ];
        for (key, months) in times {
            if !(1..=600).contains(&months) {
                problems.push(doc.problem_at(&[Step::Key("laggards"), Step::Key(key)], "月数应在 1 至 600".to_owned()));
            }
        }
    }
}
