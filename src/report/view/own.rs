//! What was read of a unit's lists against the totals that the unit itself states.

use serde::Serialize;

use super::figure::Figure;
use super::ledger::value_texts;
use crate::model::{BatchResult, Comparison, Measure, Record, Stage, Verdict};

/// One list of one unit; the last line is over all lists.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct OwnLine {
    /// 签约, 开工, 投产, 合计.
    pub(in super::super) title: &'static str,
    /// All rows read.
    pub(in super::super) read: Figure,
    /// Of these accepted.
    pub(in super::super) accepted: Figure,
    /// Of these rejected.
    pub(in super::super) rejected: Figure,
    /// The unit's own number of projects, when it states exactly one.
    pub(in super::super) own_count: Option<String>,
    /// The unit's own 总投资 in 亿元, when it states exactly one.
    pub(in super::super) own_amount: Option<String>,
    /// `match`, `mismatch`, `none` over all of its own totals of this list.
    pub(in super::super) verdict: &'static str,
    /// In Chinese.
    pub(in super::super) verdict_title: String,
}

/// The lists that the unit has rows in or states totals of, and their sum.
pub(in super::super) fn own_lines(result: &BatchResult, unit_code: &str) -> Vec<OwnLine> {
    let stages = Stage::ALL.iter().map(|s| line(result, unit_code, Some(*s)));
    let mut lines: Vec<OwnLine> = stages.filter(|l| l.read.count > 0 || l.verdict != "none").collect();
    let mut sum = line(result, unit_code, None);
    if sum.verdict == "none" {
        // Without a total over all lists, what their own totals say.
        let worst =
            lines.iter().find(|l| l.verdict == "mismatch").or_else(|| lines.iter().find(|l| l.verdict == "match"));
        if let Some(worst) = worst {
            (sum.verdict, sum.verdict_title) =
                (worst.verdict, if worst.verdict == "match" { "一致" } else { "不一致" }.to_owned());
        }
    }
    lines.push(sum);
    lines
}

fn line(result: &BatchResult, unit_code: &str, stage: Option<Stage>) -> OwnLine {
    let figure = |rows: &mut dyn Iterator<Item = &Record>| {
        let own = rows.filter(|r| r.unit_code == unit_code && (stage.is_none() || r.stage == stage));
        let (count, yuan) = own.fold((0, 0i64), |(n, y), r| (n + 1, y.saturating_add(r.total_yuan().unwrap_or(0))));
        Figure::new(count, yuan)
    };
    let accepted = figure(&mut result.accepted.iter().map(|(r, _)| r));
    let rejected = figure(&mut result.rejected.iter().map(|(r, _)| &r.record));
    let stated: Vec<&Comparison> = result
        .comparisons
        .iter()
        .filter(|c| c.unit_code == unit_code && c.stage == stage && c.group.is_none() && stated(c).is_some())
        .collect();
    let only = |measure: Measure| {
        let mut values = stated.iter().filter(|c| c.measure == measure).filter_map(|c| stated_value(c));
        values.next().filter(|first| values.all(|v| v == *first)).map(|v| value_texts(measure, Some(v), false).0)
    };
    let bad = stated.iter().filter(|c| matches!(c.verdict, Verdict::Mismatch | Verdict::Missing)).count();
    let (verdict, verdict_title) = match (stated.len(), bad) {
        (0, _) => ("none", "表内没有合计".to_owned()),
        (_, 0) => ("match", "一致".to_owned()),
        (n, bad) if n == bad => ("mismatch", "不一致".to_owned()),
        (n, bad) => ("mismatch", format!("{n} 处中 {bad} 处不一致")),
    };
    OwnLine {
        title: stage.map_or("合计", Stage::as_str),
        read: Figure::sum([&accepted, &rejected].into_iter()),
        accepted,
        rejected,
        own_count: only(Measure::Count),
        own_amount: only(Measure::TotalInvestment),
        verdict,
        verdict_title,
    }
}

/// The side on which the unit's own total stands, against the rows that were read.
fn stated(c: &Comparison) -> Option<&'static str> {
    let own = |side: &str| matches!(side, "sheet_total" | "cover");
    match (c.left, c.right) {
        ("detail", right) if own(right) => Some(right),
        (left, "detail") if own(left) => Some(left),
        _ => None,
    }
}

fn stated_value(c: &Comparison) -> Option<i64> {
    if c.left == "detail" { c.right_value } else { c.left_value }
}
