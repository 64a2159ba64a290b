//! Published breakdowns: each item against the details that it speaks of, where these can tell; and the sum of
//! exclusive items against their headline.

use super::input::Input;
use super::published::{Figure, covered};
use super::rows::Rows;
use super::stated::{Stated, fixed4};
use super::words;
use crate::model::{Comparison, Field, Finding, Measure, Verdict};
use crate::spec::{Breakdown, BreakdownItem, By, Published, Relation};

/// Adds the comparisons of all breakdowns of the batch to those of its headlines. An item that is not met is a finding
/// only where the headline is: else that one tells already that rows are missing or wrong.
pub(super) fn compare(input: &Input<'_>, rows: &Rows<'_>, comparisons: &mut Vec<Comparison>, found: &mut Vec<Finding>) {
    let Some(batch) = input.spec.batches.get(input.batch) else { return };
    for breakdown in &batch.breakdown {
        let held = |measure| {
            let own = |c: &&Comparison| {
                c.unit_code == breakdown.unit_code
                    && c.stage == Some(breakdown.stage)
                    && c.measure == measure
                    && c.group.is_none()
            };
            !comparisons.iter().filter(own).any(|c| matches!(c.verdict, Verdict::Mismatch | Verdict::Missing))
        };
        let heads = [Measure::Count, Measure::TotalInvestment].map(|m| (m, held(m)));
        for item in &breakdown.item {
            for published in &item.figures {
                let mut told = Vec::new();
                figure(input, rows, breakdown, item, published).compare(comparisons, &mut told);
                if heads.contains(&(published.measure, true)) {
                    found.extend(told);
                }
            }
        }
        for measure in [Measure::Count, Measure::TotalInvestment] {
            comparisons.extend(sum(input, breakdown, &batch.published, measure));
        }
    }
}

fn figure<'a>(
    input: &'a Input<'a>,
    rows: &'a Rows<'a>,
    breakdown: &Breakdown,
    item: &BreakdownItem,
    published: &'a Published,
) -> Figure<'a> {
    let all = covered(published, rows, input.spec);
    let own = rows.pick(&all, |r| match breakdown.by {
        By::Sector => r.record.text(Field::Sector).is_some_and(|sector| item.names(sector)),
        By::Size => r.money.is_some_and(|a| item.holds(a.yuan)),
        By::Nothing => true,
    });
    let group = Some(format!("{}：{}", breakdown.name, item.label));
    let reason = untold(breakdown, &all, rows);
    // Nothing in the details tells the item: its rows are not known, and no sum is shown.
    let own = if reason.is_some() && breakdown.by == By::Nothing { Vec::new() } else { own };
    Figure { input, rows, published, group, reason, nothing: all.is_empty(), own }
}

/// Why the details cannot tell which item their projects belong to.
fn untold(breakdown: &Breakdown, all: &[usize], rows: &Rows<'_>) -> Option<String> {
    let name = &breakdown.name;
    match breakdown.by {
        By::Nothing => Some(format!("报送明细没有“{name}”一栏，不能按它核对")),
        By::Sector if breakdown.relation == Relation::Overlapping => {
            Some(format!("公布的{name}互有重叠，明细一个项目只写一个，不能按它核对"))
        }
        By::Sector => {
            let known = |sector: &str| breakdown.item.iter().any(|i| i.names(sector));
            // A list that lacks lines says nothing about sectors that it does not name.
            let placed = |sector: &str| breakdown.incomplete.is_some() || known(sector);
            let unplaced = rows.pick(all, |r| !r.record.text(Field::Sector).is_some_and(placed));
            (!unplaced.is_empty())
                .then(|| format!("明细有 {} 项没有写{name}，或写的不在公布的清单里，不能按它核对", unplaced.len()))
        }
        By::Size => {
            let unknown = rows.pick(all, |r| r.money.is_none());
            (!unknown.is_empty()).then(|| format!("明细有 {} 项没有可用的总投资，不能按规模核对", unknown.len()))
        }
    }
}

/// The items of an exclusive breakdown together against the headline: a matter of the publication, not of the data. So
/// a residual is told and is no mismatch.
fn sum(input: &Input<'_>, breakdown: &Breakdown, headlines: &[Published], measure: Measure) -> Option<Comparison> {
    if breakdown.relation != Relation::Exclusive {
        return None;
    }
    let headline = headlines.iter().find(|p| {
        p.unit_code == breakdown.unit_code
            && p.stage == Some(breakdown.stage)
            && p.measure == measure
            && p.scope == breakdown.scope
    })?;
    let stated = Stated::new(headline.amount?, measure);
    let of = |item: &BreakdownItem| item.figures.iter().find(|f| f.measure == measure)?.amount;
    let items: Option<Vec<Stated>> = breakdown.item.iter().map(|item| Some(Stated::new(of(item)?, measure))).collect();
    let items = items.filter(|items| !items.is_empty())?;
    let total: i128 = items.iter().map(|s| s.value).sum();
    let judged = stated.judge(total, items.iter().map(|s| s.half).sum());
    let residual = judged.verdict == Verdict::Mismatch;
    let show = |value| words::value(value, measure, stated.factor);
    let note = || {
        let why = breakdown.incomplete.as_deref().unwrap_or("没有说明原因");
        format!(
            "公布的{}分项之和 {}，比公布总数 {} 差 {}：{why}。这是公布稿自身的差额，不是报送数据的差额",
            breakdown.name,
            show(total),
            show(stated.value),
            show(stated.value - total),
        )
    };
    let source = |from: &str, scope: &Option<String>| match scope {
        Some(scope) => format!("{from}（{scope}）"),
        None => from.to_owned(),
    };
    Some(Comparison {
        batch: input.batch.clone(),
        unit_code: breakdown.unit_code.clone(),
        stage: Some(breakdown.stage),
        group: Some(format!("{}：各项之和", breakdown.name)),
        measure,
        left: "published",
        right: "published",
        left_value: Some(fixed4(total, measure)),
        right_value: Some(fixed4(stated.value, measure)),
        difference: Some(fixed4(judged.difference, measure)),
        tolerance: Some(fixed4(judged.tolerance, measure)),
        half_widths: (Some(fixed4(judged.tolerance - stated.half, measure)), Some(fixed4(stated.half, measure))),
        right_unit: Some(words::unit(measure, stated.factor)),
        verdict: if residual { Verdict::NotComparable } else { judged.verdict },
        cause: None,
        note: residual.then(note),
        left_at: Some(source(&breakdown.source, &breakdown.scope)),
        right_at: Some(source(&headline.source, &headline.scope)),
    })
}
