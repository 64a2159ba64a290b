//! The reconciliation ledger: who was compared with whom, and how it ended.

use serde::Serialize;

use super::super::format;
use crate::model::{BatchResult, CAUSES, Comparison, Measure, SIDES, Stage, Verdict, word};
use crate::spec::{Roster, Spec};

/// One side of a comparison.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Side {
    /// 报送明细, 采用, 表内合计 …
    pub(in super::super) title: &'static str,
    /// Value, `—` when there is none.
    pub(in super::super) text: String,
    /// Exact value with its unit.
    pub(in super::super) exact: String,
    /// file › sheet › cell, or source.
    pub(in super::super) at: Option<String>,
}

/// One comparison.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct LedgerView {
    /// Unit name.
    pub(in super::super) unit_name: String,
    /// Unit code.
    pub(in super::super) unit_code: String,
    /// 签约, 开工, 投产, or 三批合计.
    pub(in super::super) stage: &'static str,
    /// Group of a 小计.
    pub(in super::super) group: Option<String>,
    /// 项数 or 总投资.
    pub(in super::super) measure: &'static str,
    /// 项 or 亿元.
    pub(in super::super) unit: &'static str,
    /// Left side.
    pub(in super::super) left: Side,
    /// Right side.
    pub(in super::super) right: Side,
    /// Left − right.
    pub(in super::super) difference: String,
    /// The same, exact with unit.
    pub(in super::super) difference_exact: String,
    /// Largest difference that rounding explains.
    pub(in super::super) tolerance: Option<String>,
    /// `match` …
    pub(in super::super) verdict: &'static str,
    /// 一致 …
    pub(in super::super) verdict_title: &'static str,
    /// Needs a person's attention.
    pub(in super::super) problem: bool,
    /// Chinese name of the likeliest cause.
    pub(in super::super) cause: Option<&'static str>,
    /// Sentence that explains it.
    pub(in super::super) note: Option<String>,
}

/// Chinese name of a side.
pub(super) fn side_title(side: &'static str) -> &'static str {
    word(&SIDES, side)
}

/// Chinese name of a cause.
pub(in super::super) fn cause_title(cause: &'static str) -> &'static str {
    word(&CAUSES, cause)
}

/// A value of a comparison as (text, exact text with unit).
pub(super) fn value_texts(measure: Measure, value: Option<i64>, signed: bool) -> (String, String) {
    let Some(value) = value else { return ("—".to_owned(), "无".to_owned()) };
    match measure {
        Measure::Count => {
            let text = if signed { format::fixed4_signed(value) } else { format::fixed4(value) };
            let exact = format!("{text} 项");
            (text, exact)
        }
        Measure::TotalInvestment => {
            let text = if signed { format::yi_signed(value) } else { format::yi(value) };
            let exact = if signed { format::fixed4_signed(value) } else { format::fixed4(value) };
            (text, format!("{exact} 万元"))
        }
    }
}

/// Chinese name and unit of a measure.
pub(super) fn measure_texts(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::Count => ("项数", "项"),
        Measure::TotalInvestment => ("总投资", "亿元"),
    }
}

impl LedgerView {
    fn new(c: &Comparison, roster: &Roster) -> Self {
        let (measure, unit) = measure_texts(c.measure);
        let side = |name: &'static str, value, at: &Option<String>| {
            let (text, exact) = value_texts(c.measure, value, false);
            Side { title: side_title(name), text, exact, at: at.clone() }
        };
        let (difference, difference_exact) = value_texts(c.measure, c.difference, true);
        Self {
            unit_name: roster.name_of(&c.unit_code).to_owned(),
            unit_code: c.unit_code.clone(),
            stage: c.stage.map_or("三批合计", Stage::as_str),
            group: c.group.clone(),
            measure,
            unit,
            left: side(c.left, c.left_value, &c.left_at),
            right: side(c.right, c.right_value, &c.right_at),
            difference,
            difference_exact,
            tolerance: c.tolerance.filter(|t| *t != 0).map(|t| value_texts(c.measure, Some(t), false).1),
            verdict: c.verdict.as_str(),
            verdict_title: c.verdict.title(),
            problem: matches!(c.verdict, Verdict::Mismatch | Verdict::Missing),
            cause: c.cause.map(cause_title),
            note: c.note.clone(),
        }
    }
}

/// All comparisons of a batch in its order.
pub(in super::super) fn ledger(result: &BatchResult, spec: &Spec) -> Vec<LedgerView> {
    result.comparisons.iter().map(|c| LedgerView::new(c, &spec.roster)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_speak_the_measure() {
        let yi = value_texts(Measure::TotalInvestment, Some(-316_600_000_000), true);
        assert_eq!((yi.0.as_str(), yi.1.as_str()), ("-3,166.00", "-31,660,000 万元"));
        assert_eq!(value_texts(Measure::Count, Some(20_000), true).0, "+2");
        assert_eq!(value_texts(Measure::Count, None, false).0, "—");
    }
}
