//! What `batches/NN.toml` publishes: read as figures, looked through for contradictions.

use std::collections::BTreeSet;

use super::document::{Document, Step};
use super::{Batch, Breakdown, By, Measures, Problem, Published, Relation, Roster};
use crate::model::{Amount, Bound, Measure, Stage};

use Step::{Index, Key};

/// Dates in order; figures that can be read, each once; parts that add up to their sums.
pub(super) fn check_batch(
    doc: &Document,
    batch: &mut Batch,
    roster: &Roster,
    measures: &Measures,
    problems: &mut Vec<Problem>,
) {
    if let (Some(deadline), Some(date)) = (batch.deadline, batch.date)
        && deadline > date
    {
        problems.push(doc.problem_at(&[Key("deadline")], format!("截止日 {deadline} 晚于活动日 {date}")));
    }
    let mut seen = BTreeSet::new();
    for (p, published) in batch.published.iter_mut().enumerate() {
        let at = |key| [Key("published"), Index(p), Key(key)];
        if published.unit_code != roster.province_code && roster.by_code(&published.unit_code).is_none() {
            problems.push(doc.problem_at(&at("unit_code"), format!("名录里没有代码为 {} 的单位", published.unit_code)));
        }
        if let Err((key, message)) = read(published, measures) {
            problems.push(doc.problem_at(&at(key), message));
        }
        if published.stage.is_some() && !published.stages.is_empty() {
            problems.push(doc.problem_at(&at("stages"), "stage 和 stages 只能写一个".to_owned()));
        }
        let stages = (published.stage, published.stages.clone());
        let key = (published.unit_code.clone(), stages, published.measure, published.scope.clone());
        if !seen.insert(key) {
            problems.push(doc.problem_at(&at("measure"), "同一单位、批次、口径的公布数出现两次".to_owned()));
        }
    }
    check_sums(doc, batch, problems);
    for b in 0..batch.breakdown.len() {
        check_breakdown(doc, batch, b, (roster, measures), problems);
    }
}

/// Reads a figure. `Err`: the key at fault and what is wrong.
fn read(published: &mut Published, measures: &Measures) -> Result<(), (&'static str, String)> {
    let factor = match published.measure {
        Measure::Count => (published.unit == "项").then_some(1),
        Measure::TotalInvestment => yuan_of(&published.unit, measures),
    };
    let Some(factor) = factor else {
        let message = format!(
            "单位“{}”不能用于{}：个数写 项，金额写 measures.toml 里的人民币单位",
            published.unit,
            published.measure.as_str()
        );
        return Err(("unit", message));
    };
    let amount = fixed_point(&published.value, factor);
    published.amount = amount.map(|a| Amount { bound: published.bound, ..a });
    amount.map(|_| ()).ok_or_else(|| ("value", format!("“{}”不是可用的数", published.value)))
}

/// 元 in a unit of money.
fn yuan_of(unit: &str, measures: &Measures) -> Option<i64> {
    measures.measure.iter().find(|m| m.name == unit || m.aliases.iter().any(|a| a == unit))?.yuan
}

/// A published sum over several stages must be the sum of the published stages, as far as their digits tell.
fn check_sums(doc: &Document, batch: &Batch, problems: &mut Vec<Problem>) {
    for (p, sum) in batch.published.iter().enumerate().filter(|(_, f)| f.stage.is_none()) {
        let same = |stage| {
            batch.published.iter().find(|f| {
                f.stage == Some(stage)
                    && f.unit_code == sum.unit_code
                    && f.measure == sum.measure
                    && f.scope == sum.scope
            })
        };
        let stages = Stage::ALL.into_iter().filter(|s| sum.covers(Some(*s)));
        let parts: Option<Vec<Amount>> = stages.map(|s| same(s)?.amount).collect();
        if let (Some(parts), Some(total), Bound::Exact | Bound::About) = (parts, sum.amount, sum.bound) {
            let difference = parts.iter().map(|a| a.yuan).sum::<i64>() - total.yuan;
            let tolerance = parts.iter().map(Amount::half_width).sum::<i64>() + total.half_width();
            if difference.abs() > tolerance {
                let message = format!("各批之和与合计 {}{} 不符", sum.value, sum.unit);
                problems.push(doc.problem_at(&[Key("published"), Index(p), Key("value")], message));
            }
        }
    }
}

/// Reads the items of a breakdown. Bands are told by numbers; what is nested gets smaller from outside in.
fn check_breakdown(
    doc: &Document,
    batch: &mut Batch,
    b: usize,
    (roster, measures): (&Roster, &Measures),
    problems: &mut Vec<Problem>,
) {
    let Some(breakdown) = batch.breakdown.get_mut(b) else { return };
    let at = |key| [Key("breakdown"), Index(b), Key(key)];
    if breakdown.unit_code != roster.province_code && roster.by_code(&breakdown.unit_code).is_none() {
        problems.push(doc.problem_at(&at("unit_code"), format!("名录里没有代码为 {} 的单位", breakdown.unit_code)));
    }
    let Some(factor) = yuan_of(&breakdown.unit, measures) else {
        problems.push(doc.problem_at(&at("unit"), format!("“{}”不是 measures.toml 里的人民币单位", breakdown.unit)));
        return;
    };
    let head = breakdown.clone();
    let mut last: Option<(i64, i64)> = None;
    for (i, item) in breakdown.item.iter_mut().enumerate() {
        let at = |key| [Key("breakdown"), Index(b), Key("item"), Index(i), Key(key)];
        let end = |text: &Option<String>| text.as_deref().map(|t| fixed_point(t, factor).map(|a| a.yuan));
        let ends = (end(&item.at_least), end(&item.below));
        if ends.0 == Some(None) || ends.1 == Some(None) || (head.by == By::Size && ends == (None, None)) {
            problems.push(doc.problem_at(&at("at_least"), "规模的起点、终点要写成数，单位同 unit".to_owned()));
        }
        item.band = (ends.0.flatten(), ends.1.flatten());
        let written = [
            (Measure::Count, "count", item.count.clone()),
            (Measure::TotalInvestment, "investment", item.investment.clone()),
        ];
        for (measure, key, value) in written {
            let Some(value) = value else { continue };
            let mut figure = figure(&head, measure, value);
            if let Err((_, message)) = read(&mut figure, measures) {
                problems.push(doc.problem_at(&at(key), message));
            }
            item.figures.push(figure);
        }
        if item.figures.is_empty() {
            problems.push(doc.problem_at(&at("label"), "没有写个数 count，也没有写金额 investment".to_owned()));
        }
        let count = item.count.as_deref().and_then(|c| c.parse::<i64>().ok());
        if let (Relation::Nested, Some(least), Some(count)) = (head.relation, item.band.0, count) {
            if last.is_some_and(|(outer, more)| least <= outer || count > more) {
                let message = "层层包含的项应从大到小写：起点一个比一个高，个数一个比一个少".to_owned();
                problems.push(doc.problem_at(&at("at_least"), message));
            }
            last = Some((least, count));
        }
    }
}

/// A figure of a breakdown.
fn figure(of: &Breakdown, measure: Measure, value: String) -> Published {
    Published {
        unit_code: of.unit_code.clone(),
        stage: Some(of.stage),
        stages: Vec::new(),
        measure,
        value,
        bound: Bound::Exact,
        unit: if measure == Measure::Count { "项".to_owned() } else { of.unit.clone() },
        scope: of.scope.clone(),
        not_comparable: of.not_comparable.clone(),
        source: of.source.clone(),
        amount: None,
    }
}

/// `"2844"` in a unit of `factor` → 元, exactly; `None` when it is no plain decimal or too fine for the unit.
fn fixed_point(text: &str, factor: i64) -> Option<Amount> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    if whole.is_empty() || digits.len() > 15 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scale = 10i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let product = digits.parse::<i64>().ok()?.checked_mul(factor)?;
    let decimals = u8::try_from(fraction.len()).ok()?;
    (product % scale == 0).then(|| Amount::new(product / scale, factor, decimals))
}
