//! Lines over the batches, as the geometry of SVG charts. Whole numbers only: pixels, and figures in fixed point.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::format;
use crate::model::{BatchId, BatchResult, FACTOR_YI, Indicator, IndicatorKind, Stage};
use crate::spec::Spec;

/// Size of a chart and of its margins, in pixels.
const WIDTH: i64 = 392;
const HEIGHT: i64 = 232;
const LEFT: i64 = 52;
const RIGHT: i64 = 96;
const TOP: i64 = 14;
const BOTTOM: i64 = 30;
/// Least distance of two labels, and of two names of batches.
const LABEL: i64 = 17;
const NAME: i64 = 46;
/// Steps of the value axis at most.
const STEPS: i64 = 4;

/// A text at a place.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Mark {
    /// From the left.
    pub(in super::super) x: i64,
    /// From the top.
    pub(in super::super) y: i64,
    /// Text.
    pub(in super::super) text: String,
}

/// One line.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Line {
    /// 签约, 开工率 …
    pub(in super::super) name: &'static str,
    /// Corners, for `polyline`.
    pub(in super::super) points: String,
    /// Each value with its text.
    pub(in super::super) dots: Vec<Mark>,
    /// Name and last value, beside the end of the line.
    pub(in super::super) label: Mark,
    /// Values as texts per batch, `—` for none: the chart as a table.
    pub(in super::super) texts: Vec<String>,
}

/// A chart of lines over the batches.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Chart {
    /// What is shown, with its unit.
    pub(in super::super) title: &'static str,
    /// Size.
    pub(in super::super) width: i64,
    /// Size.
    pub(in super::super) height: i64,
    /// Where the area of the lines begins and ends.
    pub(in super::super) left: i64,
    /// Its right side.
    pub(in super::super) right: i64,
    /// Value axis.
    pub(in super::super) ticks: Vec<Mark>,
    /// Batches that are named below the chart.
    pub(in super::super) names: Vec<Mark>,
    /// All batches.
    pub(in super::super) batches: Vec<String>,
    /// Lines.
    pub(in super::super) lines: Vec<Line>,
}

/// How values of a chart are written.
struct Scale {
    /// One unit of the axis in the fixed point of the values.
    unit: i64,
    text: fn(i64) -> String,
    tick: fn(i64) -> String,
}

const COUNT: Scale = Scale { unit: 10_000, text: format::fixed4, tick: format::fixed4 };
const MONEY: Scale = Scale { unit: FACTOR_YI, text: format::yi, tick: whole_yi };
const RATE: Scale = Scale { unit: 100, text: format::percent, tick: whole_percent };

fn whole_yi(yuan: i64) -> String {
    format::count(usize::try_from(yuan / FACTOR_YI).unwrap_or(0))
}

fn whole_percent(value: i64) -> String {
    format!("{}%", value / 100)
}

/// Counts, amounts and rates of the province over the batches; none before there are two batches.
pub(in super::super) fn trend(result: &BatchResult, spec: &Spec) -> Vec<Chart> {
    let province = &spec.roster.province_code;
    let all: Vec<&Indicator> = result
        .earlier_indicators
        .iter()
        .chain(&result.indicators)
        .filter(|i| i.unit_code == *province && i.sector.is_none() && i.batch <= result.batch)
        .collect();
    let mut batches: Vec<BatchId> = all.iter().map(|i| i.batch.clone()).collect();
    batches.sort();
    batches.dedup();
    if batches.len() < 2 {
        return Vec::new();
    }
    let values = |kind: IndicatorKind, stage: Option<Stage>| -> Vec<Option<i64>> {
        let by_batch: BTreeMap<&BatchId, i64> = all
            .iter()
            .filter(|i| i.kind == kind && (stage.is_none() || i.stage == stage))
            .filter_map(|i| Some((&i.batch, i.value?)))
            .collect();
        batches.iter().map(|b| by_batch.get(b).copied()).collect()
    };
    let of_stages = |kind| Stage::ALL.into_iter().map(|s| (s.as_str(), values(kind, Some(s)))).collect();
    let rates = [
        ("开工率", IndicatorKind::StartRate),
        ("投产率", IndicatorKind::ProductionRate),
        ("达效率", IndicatorKind::CapacityRate),
    ];
    let rates = rates.into_iter().map(|(name, kind)| (name, values(kind, None))).collect();
    let charts = [
        chart("项目数（项）", &batches, of_stages(IndicatorKind::Count), &COUNT),
        chart("总投资（亿元）", &batches, of_stages(IndicatorKind::TotalInvestment), &MONEY),
        chart("三率（%）", &batches, rates, &RATE),
    ];
    charts.into_iter().flatten().collect()
}

/// A line's name with its value per batch.
type Values = Vec<(&'static str, Vec<Option<i64>>)>;

fn chart(title: &'static str, batches: &[BatchId], values: Values, scale: &Scale) -> Option<Chart> {
    let values: Values = values.into_iter().filter(|(_, v)| v.iter().any(Option::is_some)).collect();
    // No figure of a province is near the bound; one that is must not end the run.
    let max = values.iter().flat_map(|(_, v)| v).flatten().max().copied()?.max(1);
    let step = nice_step(max, scale.unit);
    let top = max.saturating_add(step - 1) / step * step;
    let across = WIDTH - LEFT - RIGHT;
    let down = HEIGHT - TOP - BOTTOM;
    let spaces = i64::try_from(batches.len()).unwrap_or(2) - 1;
    let x = |i: usize| LEFT + across * i64::try_from(i).unwrap_or(0) / spaces.max(1);
    let y = |value: i64| {
        let part = i128::from(down) * i128::from(value.clamp(0, top)) / i128::from(top);
        TOP + down - i64::try_from(part).unwrap_or(0)
    };
    let mut lines: Vec<Line> = values
        .iter()
        .map(|(name, v)| {
            let known = || v.iter().enumerate().filter_map(|(i, v)| Some((i, (*v)?)));
            let points: Vec<String> = known().map(|(i, v)| format!("{},{}", x(i), y(v))).collect();
            let dots = known().map(|(i, v)| Mark { x: x(i), y: y(v), text: (scale.text)(v) }).collect();
            let (end, last) = known().next_back().unwrap_or((0, 0));
            Line {
                name,
                points: points.join(" "),
                dots,
                label: Mark { x: x(end) + 8, y: y(last), text: format!("{name} {}", (scale.text)(last)) },
                texts: v.iter().map(|v| v.map_or_else(|| "—".to_owned(), scale.text)).collect(),
            }
        })
        .collect();
    spread(&mut lines);
    let ticks = (0..=top / step).map(|n| Mark { x: LEFT - 8, y: y(n * step), text: (scale.tick)(n * step) });
    let names: Vec<String> = batches.iter().map(format::batch_title).collect();
    Some(Chart {
        title,
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: WIDTH - RIGHT,
        ticks: ticks.collect(),
        names: sparse(&names, x),
        batches: names,
        lines,
    })
}

/// 1, 2 or 5 times a power of ten units, so that few steps reach `max`.
fn nice_step(max: i64, unit: i64) -> i64 {
    let mut power = unit;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step.saturating_mul(STEPS) >= max || step == i64::MAX {
                return step.min(max.max(1)).max(1);
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Moves labels apart that would lie on each other.
fn spread(lines: &mut [Line]) {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|i| lines[*i].label.y);
    let bottom = HEIGHT - BOTTOM;
    let mut floor = i64::MIN / 2;
    for i in &order {
        let label = &mut lines[*i].label;
        label.y = label.y.max(floor + LABEL);
        floor = label.y;
    }
    let mut ceiling = bottom + LABEL;
    for i in order.iter().rev() {
        let label = &mut lines[*i].label;
        label.y = label.y.min(ceiling - LABEL);
        ceiling = label.y;
    }
}

/// The last batch and as many before it as have room.
fn sparse(names: &[String], x: impl Fn(usize) -> i64) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (i, name) in names.iter().enumerate().rev() {
        if marks.last().is_none_or(|m| m.x - x(i) >= NAME) {
            marks.push(Mark { x: x(i), y: HEIGHT - BOTTOM + 20, text: name.clone() });
        }
    }
    marks.reverse();
    marks
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn many(batches: u32, values: &[Vec<i64>]) -> Chart {
        let ids: Vec<BatchId> = (1..=batches).map(BatchId::from_number).collect();
        let names = ["签约", "开工", "投产"];
        let values = values.iter().zip(names).map(|(v, n)| (n, v.iter().map(|v| Some(*v)).collect())).collect();
        chart("x", &ids, values, &COUNT).expect("a chart")
    }

    #[test]
    fn a_trend_ends_with_the_figures_of_the_batch() {
        let (spec, result) = (fixture::spec(), fixture::result());
        let charts = trend(&result, &spec);
        assert_eq!(charts.len(), 3);
        let last: Vec<&str> = charts[0].lines.iter().map(|l| l.texts.last().map_or("", String::as_str)).collect();
        assert_eq!(last, ["340", "517", "524"]);
        assert_eq!(charts[1].lines[0].label.text, "签约 2,844.00");
        assert_eq!(charts[0].batches, ["第一期", "第二期"]);
    }

    #[test]
    fn one_batch_is_no_trend() {
        let (spec, mut result) = (fixture::spec(), fixture::result());
        result.earlier_indicators.clear();
        assert!(trend(&result, &spec).is_empty());
    }

    #[test]
    fn everything_stays_inside_and_apart() {
        let same = vec![5_200_000i64; 15];
        for values in [vec![same.clone(), same.clone(), same], vec![vec![0; 15], vec![1; 15], vec![i64::MAX; 15]]] {
            let chart = many(15, &values);
            let mut labels: Vec<i64> = chart.lines.iter().map(|l| l.label.y).collect();
            labels.sort_unstable();
            assert!(labels.windows(2).all(|w| w[1] - w[0] >= LABEL), "{labels:?}");
            assert!(labels.iter().all(|y| (0..=HEIGHT - BOTTOM).contains(y)), "{labels:?}");
            assert!(chart.names.windows(2).all(|w| w[1].x - w[0].x >= NAME));
            assert_eq!(chart.names.last().map(|m| m.text.as_str()), Some("第十五期"));
            let dots = chart.lines.iter().flat_map(|l| &l.dots);
            assert!(dots.clone().all(|d| (TOP..=HEIGHT - BOTTOM).contains(&d.y)));
            assert!(chart.ticks.len() <= 6, "{:?}", chart.ticks);
        }
    }

    #[test]
    fn steps_are_round() {
        for (max, unit, step) in [(3, 1, 1), (340, 1, 100), (519, 1, 200), (1_009, 1, 500), (8, 100, 8)] {
            assert_eq!(nice_step(max, unit), step, "{max}");
        }
    }
}
