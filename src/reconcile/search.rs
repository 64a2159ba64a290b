//! Ranks what could explain a total that does not hold: its formula, then single causes, then two together. Bounded: a
//! fixed number of kinds over each row once or, for two together, over pairs of at most [`MAX_COMBINED_ROWS`] rows.

use super::case::{Case, Known, Window};
use super::cause::{Candidate, Explanation, Story};
use super::single::suspected_slip;
use super::trace::Decision;
use crate::model::Measure;

const MONEY: Measure = Measure::TotalInvestment;
/// Rows up to which two causes together are tried; with more, chance explains everything.
const MAX_COMBINED_ROWS: usize = 1000;
/// Facts that are tried as the first half of a combination.
const MAX_FACTS: usize = 16;
/// Rows of different amounts that may be named as alternatives; more of them only show that the window is too wide.
const MAX_ALTERNATIVES: usize = 3;
/// A coincidence is ruled out when so many times as many hypotheses would be needed to expect one.
const RARE: i128 = 20;

/// Windows up to this many 元 are as good as none (1 万元).
const EXACT: i128 = 10_000;
/// Ranks up to which evidence speaks for the story besides its amount.
const EVIDENCE: u8 = 2;

/// The likeliest explanation of an investment that does not hold.
pub(super) fn explain(case: &Case<'_>) -> Explanation {
    if let Some(explanation) = by_formula(case) {
        return explanation;
    }
    let known = case.known();
    alone(case, &known, case.sharp())
        .or_else(|| alone(case, &known, case.wide()))
        .or_else(|| combined(case, &known))
        .or_else(|| pair(case))
        .or_else(|| unread(case))
        .unwrap_or_else(Explanation::none)
}

/// The formula gives the stated figure for the cells as they are: then what it does with the rows is the whole story.
fn by_formula(case: &Case<'_>) -> Option<Explanation> {
    let (trace, decision) = (case.trace?, case.decision?);
    let sum = |rows: &[usize]| case.world.rows.sum(rows, MONEY);
    let mut parts = vec![
        (Story::FormulaShort(trace.left_out.clone()), sum(&trace.left_out)),
        (Story::TextSkipped(trace.skipped.clone()), sum(&trace.skipped)),
        (Story::FormulaTwice(trace.twice.clone()), -sum(&trace.twice)),
        (Story::Outside(trace.outside.clone()), -sum(&trace.outside)),
    ];
    if decision == Decision::VisibleRows {
        parts.push((Story::Hidden(trace.hidden.clone()), sum(&trace.hidden)));
    }
    let doubled = case.groups.iter().filter(|(total, _)| trace.subtotals.contains(total)).map(|(_, value)| value);
    parts.push((Story::SubtotalTwice(trace.subtotals.clone()), -doubled.sum::<i128>()));
    let through = case.broken.iter().filter(|b| trace.through.contains(&b.total));
    parts.extend(through.map(|b| (b.story(), b.difference)));
    parts.retain(|(_, effect)| *effect != 0);
    parts.sort_by_key(|(_, effect)| -effect.abs());
    let stories: Vec<Story> = parts.into_iter().map(|(story, _)| story).collect();
    let together = stories.len() > 1;
    (!stories.is_empty()).then_some(Explanation { stories, together, certain: true, rival: None })
}

/// Order of trust: evidence in the file before arithmetic, what names one figure before what fits many.
fn rank(story: &Story, case: &Case<'_>) -> u8 {
    let suspect = |row: usize| case.row(row).is_some_and(|r| r.suspect);
    match story {
        Story::FormulaShort(_) | Story::FormulaTwice(_) | Story::Outside(_) => 0,
        Story::Inherited { .. } => 1,
        Story::Below(rows) if case.count_gap == i128::try_from(rows.len()).ok() => 2,
        Story::Hidden(rows) if case.count_gap == i128::try_from(rows.len()).ok() => 2,
        Story::Rejected(rows) if case.count_gap == i128::try_from(rows.len()).ok() => 3,
        Story::RowMissing(_) if case.count_gap == Some(1) => 3,
        Story::RowTwice(_) if case.count_gap == Some(-1) => 3,
        Story::TotalSlip { .. } => 4,
        Story::TextSkipped(_) => 5,
        Story::Hidden(_) => 6,
        Story::RowSlip { row, .. } if suspect(*row) => 7,
        Story::TotalDigits { .. } => 8,
        Story::Rejected(_) => 9,
        Story::Below(_) => 10,
        Story::StageMissing { .. } => 11,
        Story::RowMissing(_) => 12,
        Story::RowTwice(_) => 13,
        Story::RowSlip { .. } => 14,
        Story::SubtotalTwice(_) => 15,
        Story::GroupMissing { .. } => 16,
        Story::EndMissing(_) => 17,
        Story::RowDigits { .. } => 18,
        Story::TwoMissing(_) | Story::Unread { .. } | Story::CountShort(_) => 19,
    }
}

/// A single cause.
fn alone(case: &Case<'_>, known: &Known, window: Window) -> Option<Explanation> {
    let target = case.difference;
    let mut found = case.candidates(known, target, window);
    found.retain(|c| !is_vague(&c.story) || window.width <= EXACT || rare(MAX_FACTS, target, window));
    found.sort_by_cached_key(|c| (rank(&c.story, case), (target - c.effect).abs(), c.story.rows()));
    let mut rest = found.as_slice();
    while let Some(first) = rest.first() {
        let level = rank(&first.story, case);
        let (same, others) = rest.split_at(rest.iter().take_while(|c| rank(&c.story, case) == level).count());
        if names_something(same, case) {
            let names = |c: &&Candidate| !c.story.rows().iter().any(|r| first.story.rows().contains(r));
            let rival = others.iter().find(|c| c.story.cause() != first.story.cause() || names(c));
            let rival = rival.filter(|r| r.story.rows().is_empty() || names(r)).filter(|_| level > EVIDENCE);
            let chance = rare(hypotheses(&first.story, case), target, window);
            let certain = same.len() == 1 && (level <= EVIDENCE || rival.is_none() && chance);
            let rival = rival.map(|r| r.story.clone());
            return Some(Explanation {
                stories: same.iter().map(|c| c.story.clone()).collect(),
                together: false,
                certain,
                rival,
            });
        }
        rest = others;
    }
    None
}

/// Sums of several rows fit a wide window by chance.
fn is_vague(story: &Story) -> bool {
    matches!(story, Story::GroupMissing { .. } | Story::EndMissing(_) | Story::SubtotalTwice(_))
}

/// Of how many guesses the story is one.
fn hypotheses(story: &Story, case: &Case<'_>) -> usize {
    match story {
        Story::RowMissing(_) | Story::RowTwice(_) | Story::RowSlip { .. } | Story::RowDigits { .. } => case.scope.len(),
        _ => MAX_FACTS,
    }
}

/// Candidates of one rank name a row when there are few, or when they are alike.
fn names_something(same: &[Candidate], case: &Case<'_>) -> bool {
    let one_row = |c: &Candidate| matches!(c.story, Story::RowMissing(_) | Story::RowTwice(_) | Story::RowSlip { .. });
    let mut amounts: Vec<i128> = same.iter().map(|c| c.effect).collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts.len() <= MAX_ALTERNATIVES || !same.iter().all(one_row) || case.count_gap.is_some_and(|gap| gap.abs() == 1)
}

/// Whether so many hypotheses would hardly hit `target` by chance. Amounts are round, so a hit on a round difference
/// says less.
fn rare(hypotheses: usize, target: i128, window: Window) -> bool {
    let mut step = 1i128;
    while target != 0 && target % (step * 10) == 0 {
        step *= 10;
    }
    let hypotheses = i128::try_from(hypotheses).unwrap_or(i128::MAX);
    hypotheses.saturating_mul(step.max(2 * window.width + 1)).saturating_mul(RARE) <= target.abs()
}

/// A fact of the file (text numbers, hidden rows, a broken 小计 …) together with one more cause.
fn combined(case: &Case<'_>, known: &Known) -> Option<Explanation> {
    if case.scope.len() > MAX_COMBINED_ROWS {
        return None;
    }
    let window = case.sharp();
    let slips = case.scope.iter().filter_map(|&i| suspected_slip(i, case.row(i)?, &known.sizes));
    let mut facts = known.sets.clone();
    facts.extend(slips);
    facts.retain(|c| c.effect != 0);
    facts.truncate(MAX_FACTS);
    let mut best: Option<(u8, Explanation)> = None;
    for fact in &facts {
        let target = case.difference - fact.effect;
        let taken = fact.story.rows();
        let mut others = case.candidates(known, target, window);
        others.retain(|c| {
            let apart = c.story != fact.story && !c.story.rows().iter().any(|r| taken.contains(r));
            let row = matches!(c.story, Story::RowMissing(_) | Story::RowTwice(_) | Story::RowSlip { .. });
            apart && (facts.contains(c) || row && rare(case.scope.len() * facts.len(), target, window))
        });
        others.sort_by_cached_key(|c| (rank(&c.story, case), (target - c.effect).abs(), c.story.rows()));
        let Some(second) = others.first() else { continue };
        let level = rank(&fact.story, case).saturating_add(rank(&second.story, case));
        if best.as_ref().is_none_or(|(l, _)| level < *l) {
            let mut stories = [fact, second];
            stories.sort_by_key(|c| -c.effect.abs());
            let stories = stories.iter().map(|c| c.story.clone()).collect();
            best = Some((level, Explanation { stories, together: true, certain: false, rival: None }));
        }
    }
    best.map(|(_, e)| e)
}

/// Two rows that the total lacks, when only one pair fits and chance does not explain it.
fn pair(case: &Case<'_>) -> Option<Explanation> {
    let rows: Vec<(usize, i128)> =
        case.scope.iter().filter_map(|&i| Some((i, case.row(i)?.value(MONEY)))).filter(|r| r.1 != 0).collect();
    let pairs = rows.len() * rows.len().saturating_sub(1) / 2;
    let window = case.sharp();
    if rows.len() > MAX_COMBINED_ROWS || !rare(pairs, case.difference, window) {
        return None;
    }
    let mut found = None;
    for (i, a) in rows.iter().enumerate() {
        for b in &rows[i + 1..] {
            if (case.difference - a.1 - b.1).abs() <= window.width && found.replace([a.0, b.0]).is_some() {
                return None;
            }
        }
    }
    let stories = vec![Story::TwoMissing(found?)];
    Some(Explanation { stories, together: false, certain: false, rival: None })
}

/// Rows whose amount could not be read may be what the total has and the details lack.
fn unread(case: &Case<'_>) -> Option<Explanation> {
    let rows = case.world.rows.pick(case.scope, |r| r.money.is_none());
    if rows.is_empty() || case.difference > 0 {
        return None;
    }
    let rejected = case.world.rows.at(&rows).all(|r| !r.accepted);
    let stories = vec![Story::Unread { rows, rejected }];
    Some(Explanation { stories, together: false, certain: false, rival: None })
}
