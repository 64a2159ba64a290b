//! Why a stated number of projects does not hold. A number alone cannot name a row; the investment beside it can.

use super::cause::{Cause, Explanation, OfRows, Story};
use super::digits::exchanged;
use super::trace::{Decision, Trace, World};

/// Rows by which a typed count may fall short without being another figure altogether.
const MAX_SHORT: i128 = 3;

/// A stated count to be explained.
#[derive(Debug)]
pub(super) struct CountCase<'a> {
    /// Rows and totals.
    pub(super) world: World<'a>,
    /// Rows of the total.
    pub(super) scope: &'a [usize],
    /// The figure.
    pub(super) stated: i128,
    /// Rows − figure.
    pub(super) difference: i128,
    /// The formula of its cell.
    pub(super) trace: Option<&'a Trace>,
    /// Whether that formula gives the figure.
    pub(super) decision: Option<Decision>,
    /// The explanation of the investment beside it.
    pub(super) beside: Option<&'a Explanation>,
    /// Narrower counts that do not hold: rows − count and explanation.
    pub(super) broken: Vec<(i128, Story)>,
    /// Group totals within it.
    pub(super) groups: Vec<usize>,
}

/// The likeliest explanation.
pub(super) fn explain(case: &CountCase<'_>) -> Explanation {
    by_formula(case).or_else(|| by_investment(case)).or_else(|| by_evidence(case)).unwrap_or_else(|| by_number(case))
}

fn size(rows: &[usize]) -> i128 {
    i128::try_from(rows.len()).unwrap_or(i128::MAX)
}

fn by_formula(case: &CountCase<'_>) -> Option<Explanation> {
    let (trace, decision) = (case.trace?, case.decision?);
    let hidden = if decision == Decision::VisibleRows { trace.hidden.clone() } else { Vec::new() };
    let mut stories = vec![
        Story::FormulaShort(trace.left_out.clone()),
        Story::FormulaTwice(trace.twice.clone()),
        Story::SubtotalTwice(trace.subtotals.clone()),
        Story::Hidden(hidden),
    ];
    stories.retain(|s| !s.rows().is_empty() || matches!(s, Story::SubtotalTwice(groups) if !groups.is_empty()));
    let together = stories.len() > 1;
    (!stories.is_empty()).then_some(Explanation { stories, together, certain: true, rival: None })
}

/// What the investment beside the count lacks or has twice, the count lacks or has twice as well.
fn by_investment(case: &CountCase<'_>) -> Option<Explanation> {
    let beside = case.beside?;
    let effect = |story: &Story| match story {
        Story::RowMissing(_) => 1,
        Story::RowTwice(_) => -1,
        Story::FormulaTwice(rows) | Story::Inherited { cause: Cause::RowTwice, rows, .. } => -size(rows),
        Story::FormulaShort(rows)
        | Story::Hidden(rows)
        | Story::Rejected(rows)
        | Story::Below(rows)
        | Story::EndMissing(rows)
        | Story::GroupMissing { rows, .. }
        | Story::StageMissing { rows, .. }
        | Story::Inherited { rows, .. } => size(rows),
        Story::TwoMissing(_) => 2,
        _ => 0,
    };
    let all: i128 = beside.stories.iter().map(effect).sum();
    let explained = if beside.together { all } else { effect(beside.stories.first()?) };
    (explained == case.difference).then(|| beside.clone())
}

fn by_evidence(case: &CountCase<'_>) -> Option<Explanation> {
    if let Some((_, story)) = case.broken.iter().find(|(difference, _)| *difference == case.difference) {
        return Some(Explanation::certainly(story.clone()));
    }
    let rows = case.world.rows;
    let kinds: [(Vec<usize>, OfRows); 3] = [
        (rows.pick(case.scope, |r| r.record.hidden), Story::Hidden),
        (rows.pick(case.scope, |r| r.record.after_total), Story::Below),
        (rows.pick(case.scope, |r| !r.accepted), Story::Rejected),
    ];
    let found = kinds.into_iter().find(|(rows, _)| !rows.is_empty() && size(rows) == case.difference);
    found.map(|(rows, story)| Explanation { certain: false, ..Explanation::certainly(story(rows)) })
}

/// What remains when only the number speaks.
fn by_number(case: &CountCase<'_>) -> Explanation {
    let sum = case.stated + case.difference;
    let digits = exchanged(case.stated, 1, 0).contains(&sum);
    let story = match case.difference {
        _ if digits => Story::TotalDigits { corrected: sum },
        1..=MAX_SHORT => Story::CountShort(case.difference),
        gap if gap < -1 && -gap == size(&case.groups) => Story::SubtotalTwice(case.groups.clone()),
        _ => return Explanation::none(),
    };
    Explanation { certain: false, ..Explanation::certainly(story) }
}
