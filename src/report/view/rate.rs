//! The conversion rates (签约项目开工率, 开工项目投产率, 投产项目达效率 …) per unit, with ranks and changes.

use serde::Serialize;

use super::super::format;
use super::unit::UnitView;
use crate::model::{BatchResult, Indicator, IndicatorKind, mask_numbers};
use crate::spec::Spec;

/// The kinds that are rates, with the short name of their column.
const RATES: [(IndicatorKind, &str); 5] = [
    (IndicatorKind::PerformanceRate, "履约率"),
    (IndicatorKind::StartRate, "开工率"),
    (IndicatorKind::ProductionRate, "投产率"),
    (IndicatorKind::CapacityRate, "达效率"),
    (IndicatorKind::AnnualPlanRate, "年度计划完成率"),
];

/// One rate of one unit.
#[derive(Debug, Clone, Default, Serialize)]
pub(in super::super) struct RateCell {
    /// `71.4%`; `None` where nothing is known.
    pub(in super::super) value: Option<String>,
    /// For sorting: the share × 10⁴, -1 for none.
    pub(in super::super) key: i64,
    /// Length of its bar, 0 to 1000.
    pub(in super::super) permille: i64,
    /// What was divided by what: `30/42`.
    pub(in super::super) fraction: Option<String>,
    /// Place among the units, from 1.
    pub(in super::super) rank: Option<u32>,
    /// Against the batch before, in percentage points: `+3.2`.
    pub(in super::super) change: Option<String>,
    /// `up`, `down` or `same`.
    pub(in super::super) tone: &'static str,
}

/// The rates of one unit.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct RateRow {
    /// Position in report order, from 1; 0 for the province.
    pub(in super::super) order: usize,
    /// Unit name.
    pub(in super::super) name: String,
    /// Link to its page.
    pub(in super::super) link: Option<String>,
    /// One per title of the table.
    pub(in super::super) cells: Vec<RateCell>,
}

/// The kind of a column.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct RateTitle {
    /// 开工率.
    pub(in super::super) title: &'static str,
    /// 签约项目开工率.
    pub(in super::super) full: &'static str,
}

/// All units against the rates that are known for at least one of them.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct RateTable {
    /// Columns.
    pub(in super::super) titles: Vec<RateTitle>,
    /// Units in report order.
    pub(in super::super) rows: Vec<RateRow>,
    /// The whole province.
    pub(in super::super) province: Option<RateRow>,
}

/// The rate table; `None` when no rate is known.
pub(in super::super) fn rates(result: &BatchResult, spec: &Spec, units: &[UnitView]) -> Option<RateTable> {
    let known = |kind| result.indicators.iter().any(|i| i.kind == kind && i.value.is_some());
    let kinds: Vec<(IndicatorKind, &'static str)> = RATES.into_iter().filter(|(kind, _)| known(*kind)).collect();
    if kinds.is_empty() {
        return None;
    }
    let cells = |code: &str| -> Vec<RateCell> {
        kinds.iter().map(|(kind, _)| rate_of(result, code, *kind).map_or_else(none, cell)).collect()
    };
    let rows = units.iter().map(|u| RateRow {
        order: u.order,
        name: u.name.clone(),
        link: u.link.clone(),
        cells: cells(&u.code),
    });
    let province = RateRow {
        order: 0,
        name: spec.roster.province_name.clone(),
        link: None,
        cells: cells(&spec.roster.province_code),
    };
    Some(RateTable {
        titles: kinds.iter().map(|(kind, title)| RateTitle { title, full: kind.title() }).collect(),
        rows: rows.collect(),
        province: Some(province).filter(|p| p.cells.iter().any(|c| c.value.is_some())),
    })
}

/// The rate of a unit over all sectors.
pub(super) fn rate_of<'a>(result: &'a BatchResult, code: &str, kind: IndicatorKind) -> Option<&'a Indicator> {
    result.indicators.iter().find(|i| i.kind == kind && i.unit_code == code && i.sector.is_none())
}

fn none() -> RateCell {
    RateCell { key: -1, tone: "same", ..RateCell::default() }
}

fn cell(indicator: &Indicator) -> RateCell {
    let Some(value) = indicator.value else { return none() };
    let part = |v: i64| match indicator.kind {
        IndicatorKind::AnnualPlanRate => format::yi(v),
        _ => format::fixed4(v),
    };
    RateCell {
        value: Some(format::percent(value)),
        key: value,
        permille: (value / 10).clamp(0, 1000),
        fraction: indicator.numerator.zip(indicator.denominator).map(|(n, d)| format!("{}/{}", part(n), part(d))),
        rank: indicator.rank,
        change: indicator.change.map(format::points),
        tone: match indicator.change {
            Some(c) if c > 0 => "up",
            Some(c) if c < 0 => "down",
            _ => "same",
        },
    }
}

/// A project that lags.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct LaggardView {
    /// Unit code.
    pub(in super::super) unit_code: String,
    /// Unit name.
    pub(in super::super) unit_name: String,
    /// 签约未开工, 开工未投产.
    pub(in super::super) lag: &'static str,
    /// Project.
    pub(in super::super) project: String,
    /// 第二期.
    pub(in super::super) since_batch: String,
    /// 2021年10月8日.
    pub(in super::super) since: String,
    /// Months passed.
    pub(in super::super) months: u32,
    /// Months beyond what is allowed.
    pub(in super::super) over: u32,
    /// 总投资 in 亿元.
    pub(in super::super) yi: Option<String>,
}

/// The laggards of one unit, as counts.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct LaggardSum {
    /// Unit name.
    pub(in super::super) name: String,
    /// Link to its page.
    pub(in super::super) link: Option<String>,
    /// Projects.
    pub(in super::super) count: usize,
    /// `签约未开工 3 个、开工未投产 2 个`.
    pub(in super::super) kinds: String,
    /// Their 总投资 in 亿元.
    pub(in super::super) yi: String,
    /// Longest delay beyond what is allowed, in months.
    pub(in super::super) worst: u32,
}

/// Projects that lag, the longest over time first.
pub(in super::super) fn laggards(result: &BatchResult, spec: &Spec) -> Vec<LaggardView> {
    let mut all: Vec<LaggardView> = result
        .laggards
        .iter()
        .map(|l| LaggardView {
            unit_code: l.unit_code.clone(),
            unit_name: spec.roster.name_of(&l.unit_code).to_owned(),
            lag: l.lag.title(),
            project: mask_numbers(&l.project_name),
            since_batch: format::batch_title(&l.since_batch),
            since: format::day(l.since),
            months: l.months,
            over: l.months.saturating_sub(l.allowed_months),
            yi: l.total_yuan.map(format::yi),
        })
        .collect();
    all.sort_by_key(|l| std::cmp::Reverse(l.over));
    all
}

/// Laggards by unit in report order; units without one are left out.
pub(in super::super) fn laggards_by_unit(result: &BatchResult, units: &[UnitView]) -> Vec<LaggardSum> {
    let mut sums = Vec::new();
    for unit in units {
        let own: Vec<_> = result.laggards.iter().filter(|l| l.unit_code == unit.code).collect();
        if own.is_empty() {
            continue;
        }
        let mut kinds: Vec<(&'static str, usize)> = Vec::new();
        for laggard in &own {
            match kinds.iter_mut().find(|(title, _)| *title == laggard.lag.title()) {
                Some((_, n)) => *n += 1,
                None => kinds.push((laggard.lag.title(), 1)),
            }
        }
        let kinds: Vec<String> = kinds.iter().map(|(title, n)| format!("{title} {n} 个")).collect();
        let yuan = own.iter().fold(0i64, |sum, l| sum.saturating_add(l.total_yuan.unwrap_or(0)));
        sums.push(LaggardSum {
            name: unit.name.clone(),
            link: unit.link.clone(),
            count: own.len(),
            kinds: kinds.join("、"),
            yi: format::yi(yuan),
            worst: own.iter().map(|l| l.months.saturating_sub(l.allowed_months)).max().unwrap_or(0),
        });
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::super::unit::overview_of;
    use super::*;

    #[test]
    fn rates_carry_their_fraction_rank_and_change() {
        let (spec, result) = (fixture::spec(), fixture::result());
        let table = rates(&result, &spec, &overview_of(&result, &spec).units).expect("rates");
        let titles: Vec<&str> = table.titles.iter().map(|t| t.title).collect();
        assert_eq!(titles, ["开工率", "投产率", "达效率"]);
        assert_eq!(table.rows.len(), 19);
        let first = &table.rows[0].cells[0];
        assert_eq!((first.value.as_deref(), first.fraction.as_deref()), (Some("71.4%"), Some("30/42")));
        assert_eq!((first.change.as_deref(), first.tone), (Some("+3.3"), "up"));
        let missing = &table.rows.iter().find(|r| r.name == "商丘市").expect("a row").cells[0];
        assert_eq!((missing.value.as_deref(), missing.key, missing.rank), (None, -1, None));
        assert!(table.province.is_some());
        let mut ranks: Vec<u32> = table.rows.iter().filter_map(|r| r.cells[0].rank).collect();
        ranks.sort_unstable();
        assert_eq!(ranks[0], 1);
    }

    #[test]
    fn laggards_of_all_units_are_all_laggards() {
        let (spec, result) = (fixture::spec(), fixture::result());
        let all = laggards(&result, &spec);
        let sums = laggards_by_unit(&result, &overview_of(&result, &spec).units);
        assert_eq!(sums.iter().map(|s| s.count).sum::<usize>(), all.len());
        assert_eq!(all.len(), result.laggards.len());
        assert!(all.windows(2).all(|w| w[0].over >= w[1].over));
    }
}
