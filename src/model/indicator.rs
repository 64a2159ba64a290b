//! What the campaign is judged by: counts, amounts and conversion rates per batch and unit, and the projects that lag.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BatchId, Stage};

/// What an indicator tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// 项目数.
    Count,
    /// 总投资, 万元.
    TotalInvestment,
    /// 签约履约率.
    PerformanceRate,
    /// 签约项目开工率.
    StartRate,
    /// 开工项目投产率.
    ProductionRate,
    /// 投产项目达效率.
    CapacityRate,
    /// 年度计划完成率.
    AnnualPlanRate,
}

impl IndicatorKind {
    /// All, in report order.
    pub const ALL: [Self; 7] = [
        Self::Count,
        Self::TotalInvestment,
        Self::PerformanceRate,
        Self::StartRate,
        Self::ProductionRate,
        Self::CapacityRate,
        Self::AnnualPlanRate,
    ];

    /// Value of `indicators.measure`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::TotalInvestment => "total_investment",
            Self::PerformanceRate => "performance_rate",
            Self::StartRate => "start_rate",
            Self::ProductionRate => "production_rate",
            Self::CapacityRate => "capacity_rate",
            Self::AnnualPlanRate => "annual_plan_rate",
        }
    }

    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Count => "项目数",
            Self::TotalInvestment => "总投资",
            Self::PerformanceRate => "签约履约率",
            Self::StartRate => "签约项目开工率",
            Self::ProductionRate => "开工项目投产率",
            Self::CapacityRate => "投产项目达效率",
            Self::AnnualPlanRate => "年度计划完成率",
        }
    }
}

/// One indicator. Values are fixed point with four decimals (× 10⁴): 项, 万元, or a share of 1 for rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Batch.
    pub batch: BatchId,
    /// Unit code; `410000` for the whole province.
    pub unit_code: String,
    /// Stage that the figure speaks of (for rates the one that they start from); `None` over all stages.
    pub stage: Option<Stage>,
    /// Sector; `None` over all sectors.
    pub sector: Option<String>,
    /// What it tells.
    pub kind: IndicatorKind,
    /// Numerator of a rate, × 10⁴.
    pub numerator: Option<i64>,
    /// Denominator of a rate, × 10⁴.
    pub denominator: Option<i64>,
    /// Value, × 10⁴; `None` where the denominator is 0 or nothing is known.
    pub value: Option<i64>,
    /// The value of the batch before, × 10⁴.
    pub previous: Option<i64>,
    /// value − previous, × 10⁴.
    pub change: Option<i64>,
    /// Place among the units, from 1; equal values share one.
    pub rank: Option<u32>,
}

/// Why a project lags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lag {
    /// 签约未开工.
    SignedNotStarted,
    /// 开工未投产.
    StartedNotInProduction,
}

impl Lag {
    /// Value of `laggards.lag`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedNotStarted => "signed_not_started",
            Self::StartedNotInProduction => "started_not_in_production",
        }
    }

    /// 签约未开工, 开工未投产.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::SignedNotStarted => "签约未开工",
            Self::StartedNotInProduction => "开工未投产",
        }
    }
}

/// A project that has not reached its next stage in the configured time (提醒预警).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laggard {
    /// Why.
    pub lag: Lag,
    /// Unit code.
    pub unit_code: String,
    /// Project id.
    pub project_id: String,
    /// Name as written in its latest record.
    pub project_name: String,
    /// Batch of the stage that it stands at.
    pub since_batch: BatchId,
    /// Day from which the time is counted.
    pub since: Date,
    /// Months passed until the batch's date.
    pub months: u32,
    /// Months that are allowed.
    pub allowed_months: u32,
    /// 总投资 in 元, of its latest record.
    pub total_yuan: Option<i64>,
}
