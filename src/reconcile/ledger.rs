//! Details against every total that the submissions state.

use super::case::{Broken, Case};
use super::cause::{Explanation, Story};
use super::counts::{self, CountCase};
use super::scope::{is_within, place};
use super::search;
use super::stated::{Judgement, Stated, fixed4};
use super::trace::{Decision, Trace, World};
use super::words::{self, Sides, Teller};
use crate::model::{Comparison, DeclaredTotal, Measure, TotalScope, Verdict};
use crate::spec::Roster;

/// Narrower totals that are looked at as the source of a difference.
const MAX_BROKEN: usize = 32;

/// A total against its rows.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Position among the totals.
    pub(super) index: usize,
    /// The total.
    pub(super) total: &'a DeclaredTotal,
    /// What it states, when that could be read.
    pub(super) stated: Option<Stated>,
    /// Sum of its rows.
    pub(super) sum: i128,
    /// The outcome.
    pub(super) judged: Judgement,
    /// What its formula does with its rows.
    pub(super) trace: Option<Trace>,
    /// Whether the formula gives the figure.
    decision: Option<Decision>,
    /// Why it does not hold.
    pub(super) explanation: Option<Explanation>,
    /// Head and explanation of a mismatch, or why nothing can be said.
    pub(super) note: Option<String>,
}

/// Judges all totals and explains those that do not hold; the entries are in the order of the totals.
pub(super) fn entries<'a>(world: World<'a>, roster: &Roster) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = (0..world.totals.len()).filter_map(|i| judge(world, i)).collect();
    // Narrow totals first, so that wider ones can tell where their difference comes from; investments before counts,
    // because a count is explained by the investment beside it.
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&i| {
        let entry = &entries[i];
        let rows = world.scopes.get(entry.index).map_or(0, |s| s.rows.len());
        (entry.total.measure == Measure::Count, rows, entry.total.scope != TotalScope::Group, entry.total.scope, i)
    });
    for i in order {
        if entries[i].judged.verdict == Verdict::Mismatch {
            let explanation = match entries[i].total.measure {
                Measure::TotalInvestment => explain_investment(world, &entries, i),
                Measure::Count => explain_count(world, &entries, i),
            };
            entries[i].explanation = Some(explanation);
        }
        entries[i].note = note(world, &entries[i], roster);
    }
    entries
}

fn judge(world: World<'_>, index: usize) -> Option<Entry<'_>> {
    let (total, scope) = (*world.totals.get(index)?, world.scopes.get(index)?);
    let sum = world.rows.sum(&scope.rows, total.measure);
    let trace = world.trace(index);
    let stated = total.amount.map(|amount| {
        let stated = Stated::new(amount, total.measure);
        // A formula adds the cells of its table: its result is as fine as they are.
        if trace.is_some() && total.measure == Measure::TotalInvestment {
            stated.computed(amount.factor, world.rows.finest(place(total), amount.factor))
        } else {
            stated
        }
    });
    let mut judged = stated.map_or(Judgement { verdict: Verdict::NotComparable, difference: 0, tolerance: 0 }, |s| {
        s.judge(sum, world.rows.half(&scope.rows, total.measure))
    });
    let decision = stated.zip(trace.as_ref()).and_then(|(s, t)| world.decides(index, t, &s, judged.difference));
    if let Some(stated) = stated {
        let slack = stated.half + world.slack(&scope.rows);
        let something = stated.value != 0;
        judged.verdict = match judged.verdict {
            // Nothing is rounded when the formula adds the very cells that were read.
            Verdict::WithinRounding if decision.is_some() && judged.difference.abs() > slack => Verdict::Mismatch,
            Verdict::Mismatch if scope.unknown || scope.lost => Verdict::NotComparable,
            Verdict::Mismatch if something && scope.rows.is_empty() && total.scope == TotalScope::Cover => {
                Verdict::Missing
            }
            other => other,
        };
    }
    Some(Entry { index, total, stated, sum, judged, trace, decision, explanation: None, note: None })
}

/// The entries explained so far whose rows all belong to entry `at`: those that come nearest to its difference.
fn broken_within<'e, 'a>(
    world: World<'a>,
    entries: &'e [Entry<'a>],
    at: usize,
) -> Vec<(&'e Entry<'a>, &'e Explanation)> {
    let scope = |e: &Entry<'_>| world.scopes.get(e.index).map_or(&[][..], |s| s.rows.as_slice());
    let own = &entries[at];
    let inside = |e: &&Entry<'a>| {
        e.index != own.index
            && e.explanation.is_some()
            && e.total.measure == own.total.measure
            && e.total.unit_code == own.total.unit_code
            && !scope(e).is_empty()
            && is_within(scope(e), scope(own))
    };
    let mut found: Vec<_> = entries.iter().filter(inside).filter_map(|e| Some((e, e.explanation.as_ref()?))).collect();
    found.sort_by_key(|(e, _)| (e.judged.difference - own.judged.difference).abs());
    found.truncate(MAX_BROKEN);
    found
}

fn explain_investment(world: World<'_>, entries: &[Entry<'_>], at: usize) -> Explanation {
    let entry = &entries[at];
    let (Some(stated), Some(scope)) = (entry.stated, world.scopes.get(entry.index)) else { return Explanation::none() };
    let broken = broken_within(world, entries, at).into_iter().map(|(e, explanation)| Broken {
        total: e.index,
        difference: e.judged.difference,
        half: e.stated.map_or(0, |s| s.half),
        cause: explanation.cause(),
        text: teller(world, e).tell(explanation),
        rows: explanation.stories.first().map_or_else(Vec::new, Story::rows),
    });
    let count = entries.iter().find(|e| e.total.measure == Measure::Count && beside(e.total, entry.total));
    let case = Case {
        world,
        scope: &scope.rows,
        stated,
        difference: entry.judged.difference,
        tolerance: entry.judged.tolerance,
        trace: entry.trace.as_ref(),
        decision: entry.decision,
        computed: entry.total.formula.is_some(),
        groups: world.groups_of(entry.index),
        broken: broken.collect(),
        count_gap: count.filter(|c| c.stated.is_some()).map(|c| c.judged.difference),
    };
    search::explain(&case)
}

fn explain_count(world: World<'_>, entries: &[Entry<'_>], at: usize) -> Explanation {
    let entry = &entries[at];
    let (Some(stated), Some(scope)) = (entry.stated, world.scopes.get(entry.index)) else { return Explanation::none() };
    let investment =
        entries.iter().find(|e| e.total.measure == Measure::TotalInvestment && beside(e.total, entry.total));
    let broken = broken_within(world, entries, at).into_iter().map(|(e, explanation)| {
        let story = Story::Inherited {
            total: e.index,
            cause: explanation.cause(),
            text: teller(world, e).tell(explanation),
            rows: explanation.stories.first().map_or_else(Vec::new, Story::rows),
        };
        (e.judged.difference, story)
    });
    counts::explain(&CountCase {
        world,
        scope: &scope.rows,
        stated: stated.value,
        difference: entry.judged.difference,
        trace: entry.trace.as_ref(),
        decision: entry.decision,
        beside: investment.and_then(|e| e.explanation.as_ref()),
        broken: broken.collect(),
        groups: world.groups_of(entry.index).into_iter().map(|g| g.0).collect(),
    })
}

/// Count and investment of one line.
fn beside(a: &DeclaredTotal, b: &DeclaredTotal) -> bool {
    place(a) == place(b) && a.cell.row == b.cell.row && a.scope == b.scope && a.stage == b.stage && a.group == b.group
}

fn teller<'a>(world: World<'a>, entry: &Entry<'a>) -> Teller<'a> {
    Teller { world, total: entry.total, factor: entry.stated.map_or(1, |s| s.factor) }
}

fn note(world: World<'_>, entry: &Entry<'_>, roster: &Roster) -> Option<String> {
    let total = entry.total;
    let noun = words::noun(total.scope);
    let Some(stated) = entry.stated else {
        return Some(format!("{noun}“{}”没有读出数字", total.value));
    };
    let scope = world.scopes.get(entry.index)?;
    match entry.judged.verdict {
        Verdict::NotComparable if scope.lost => Some(format!("{noun}还包括已被更新版本替换的行")),
        Verdict::NotComparable => Some(format!("分不清这个{noun}指哪些行")),
        Verdict::Missing => {
            let figure = words::value(stated.value, total.measure, stated.factor);
            let stage = words::stage_name(total.stage);
            Some(format!("{} {stage}：汇总表写 {figure}，没有报送相应的明细", roster.name_of(&total.unit_code)))
        }
        Verdict::Mismatch => {
            let sides = Sides {
                unit: &total.unit_code,
                stage: total.stage,
                group: total.group.as_ref().map(|g| g.label.as_str()),
                measure: total.measure,
                names: ("明细", noun),
                values: (entry.sum, stated.value),
                factor: stated.factor,
            };
            let why = entry.explanation.as_ref().map_or_else(String::new, |e| teller(world, entry).tell(e));
            Some(format!("{}{why}", words::head(&sides, roster)))
        }
        Verdict::Match | Verdict::WithinRounding => None,
    }
}

impl Entry<'_> {
    /// The row of the `reconciliation` dataset.
    pub(super) fn comparison(&self, world: World<'_>) -> Comparison {
        let total = self.total;
        let rows = world.scopes.get(self.index).map_or(&[][..], |s| s.rows.as_slice());
        let fixed = |v: i128| fixed4(v, total.measure);
        let has_left = self.judged.verdict != Verdict::Missing;
        let judged = self.stated.filter(|_| has_left && self.judged.verdict != Verdict::NotComparable);
        Comparison {
            batch: total.batch.clone(),
            unit_code: total.unit_code.clone(),
            stage: total.stage,
            group: total.group.as_ref().map(|g| g.label.clone()),
            measure: total.measure,
            left: "detail",
            right: match total.scope {
                TotalScope::Sheet => "sheet_total",
                TotalScope::Group => "group_total",
                TotalScope::Cover => "cover",
            },
            left_value: has_left.then(|| fixed(self.sum)),
            right_value: self.stated.map(|s| fixed(s.value)),
            difference: judged.map(|_| fixed(self.judged.difference)),
            tolerance: judged.map(|_| fixed(self.judged.tolerance)),
            half_widths: (judged.map(|s| fixed(self.judged.tolerance - s.half)), self.stated.map(|s| fixed(s.half))),
            right_unit: self.stated.map(|s| words::unit(total.measure, s.factor)),
            verdict: self.judged.verdict,
            cause: self.explanation.as_ref().map(|e| e.cause().as_str()),
            note: self.note.clone(),
            left_at: words::range(world.rows.at(rows), total.measure),
            right_at: Some(words::place_of(total)),
        }
    }
}
