//! A total's own formula against the rows that it should add: which it leaves out, adds twice or passes over.

use std::collections::BTreeMap;

use super::formula::{By, Formula, Term, parse};
use super::rows::{Place, Row, Rows};
use super::scope::{Scope, is_within, place};
use super::stated::Stated;
use crate::model::{DeclaredTotal, Measure, Region, TotalScope};

/// What the formula does with the rows of the total.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Trace {
    /// Rows that it does not reach.
    pub(super) left_out: Vec<usize>,
    /// Rows that it adds more than once by itself.
    pub(super) twice: Vec<usize>,
    /// Other totals whose rows it adds besides those rows themselves.
    pub(super) subtotals: Vec<usize>,
    /// Rows of other tables that it adds.
    pub(super) outside: Vec<usize>,
    /// Rows that it reaches, but whose amount is text.
    pub(super) skipped: Vec<usize>,
    /// Hidden rows that SUBTOTAL leaves out.
    pub(super) hidden: Vec<usize>,
    /// Other totals that it adds instead of their rows.
    pub(super) through: Vec<usize>,
    /// Details − what the formula gives for the cells as they are; `None` when that cannot be told.
    pub(super) expected_gap: Option<i128>,
}

/// How a formula gives the stated figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// From all cells that it reaches.
    AllRows,
    /// From those that are not hidden.
    VisibleRows,
}

/// Everything that a formula can refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'a> {
    /// Rows.
    pub(super) rows: &'a Rows<'a>,
    /// Totals.
    pub(super) totals: &'a [&'a DeclaredTotal],
    /// Their rows.
    pub(super) scopes: &'a [Scope],
}

/// How often the formula adds a row: directly, and through other totals.
#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    direct: i32,
    through: i32,
    as_text: bool,
    hidden: bool,
}

impl<'a> World<'a> {
    /// Traces the formula of a total. `None` when it has none, or one that says nothing about its rows.
    pub(super) fn trace(&self, index: usize) -> Option<Trace> {
        let total = *self.totals.get(index)?;
        let scope = self.scopes.get(index)?;
        let formula = parse(total.formula.as_deref()?, total.cell)?;
        let reached = self.reach(index, &formula)?;
        let touches = scope.rows.iter().any(|r| reached.rows.contains_key(r));
        touches.then(|| self.compare(index, &formula, &reached))
    }

    fn reach(&self, index: usize, formula: &Formula) -> Option<Reach> {
        let mut reach = Reach::default();
        for term in &formula.terms {
            if term.by == By::Some {
                reach.partial = true;
            }
            self.reach_term(index, term, &mut reach)?;
        }
        Some(reach)
    }

    fn reach_term(&self, index: usize, term: &Term, reach: &mut Reach) -> Option<()> {
        let total = *self.totals.get(index)?;
        let home = match &term.sheet {
            None => place(total),
            Some(name) => self.sheet(total, name)?,
        };
        let step = if term.negative { -1 } else { 1 };
        let (first, last) = (term.area.start.row + 1, term.area.end.row + 1);
        for i in self.rows.between(home, first, last) {
            let row = self.rows.all.get(i)?;
            if in_columns(row, total, term.area) {
                let entry = reach.rows.entry(i).or_default();
                entry.direct += step;
                let passed_over =
                    matches!(term.by, By::Sum | By::Subtotal) && total.measure == Measure::TotalInvestment;
                entry.as_text |= row.as_text && passed_over;
                entry.hidden |= row.record.hidden && term.by == By::Subtotal;
            }
        }
        for (i, other) in self.totals.iter().enumerate().filter(|&(i, t)| i != index && place(t) == home) {
            let same = other.measure == total.measure && term.area.contains(other.cell) && other.cell != total.cell;
            let skipped = term.by == By::Subtotal && is_subtotal(other);
            let counted = matches!(term.by, By::Count | By::CountAll);
            if same && !skipped && !counted && term.by != By::Some {
                reach.totals.push((i, step));
                for &r in &self.scopes.get(i)?.rows {
                    reach.rows.entry(r).or_default().through += step;
                }
            }
        }
        Some(())
    }

    /// The sheet of this name in the total's file.
    fn sheet(&self, total: &'a DeclaredTotal, name: &str) -> Option<Place<'a>> {
        let own =
            |file: &str, sheet: Option<&str>| file == &*total.source.file && sheet.map(str::trim) == Some(name.trim());
        let of_rows = self.rows.sheets().find(|(p, r)| own(p.0, r.record.origin.sheet.as_deref())).map(|(p, _)| p);
        let of_totals = || self.totals.iter().find(|t| own(&t.source.file, t.sheet.as_deref())).map(|t| place(t));
        of_rows.or_else(of_totals)
    }

    fn compare(&self, index: usize, formula: &Formula, reach: &Reach) -> Trace {
        let (Some(total), Some(scope)) = (self.totals.get(index), self.scopes.get(index)) else {
            return Trace::default();
        };
        let measure = total.measure;
        let value = |i: usize| self.rows.all.get(i).map_or(0, |r| r.value(measure));
        let mut trace = Trace::default();
        let mut gap = 0;
        for &i in &scope.rows {
            let Reached { direct, through, as_text, hidden } = reach.rows.get(&i).copied().unwrap_or_default();
            let added = if as_text { through } else { direct + through };
            gap += i128::from(1 - added) * value(i);
            let same_file = self.rows.all.get(i).is_some_and(|r| r.place().0 == &*total.source.file);
            match (direct, through) {
                // No formula reaches the unit's other files.
                (0, 0) if same_file => trace.left_out.push(i),
                (1, 0) if as_text => trace.skipped.push(i),
                (2.., 0) => trace.twice.push(i),
                _ => {}
            }
            if hidden {
                trace.hidden.push(i);
            }
        }
        for (&i, reached) in reach.rows.iter().filter(|(i, _)| scope.rows.binary_search(i).is_err()) {
            gap -= i128::from(reached.direct + reached.through) * value(i);
            if reached.direct > 0 {
                trace.outside.push(i);
            }
        }
        let mut wrong = 0;
        for &(i, step) in &reach.totals {
            let (Some(other), Some(own)) = (self.totals.get(i), self.scopes.get(i)) else { continue };
            let doubled = own.rows.iter().any(|r| reach.rows.get(r).is_some_and(|x| x.direct > 0 || x.through > 1));
            let list = if doubled { &mut trace.subtotals } else { &mut trace.through };
            list.push(i);
            let stated = other.amount.map_or(0, |a| i128::from(a.yuan));
            wrong += i128::from(step) * (stated - self.rows.sum(&own.rows, measure));
        }
        let unread = reach.rows.keys().any(|&i| self.rows.all.get(i).is_some_and(may_add));
        let known = !formula.constant && !reach.partial && (measure == Measure::Count || !unread);
        trace.expected_gap = known.then_some(gap - wrong);
        trace
    }

    /// Whether the stated figure is what the formula gives for the cells as they are; then the formula explains every
    /// difference.
    pub(super) fn decides(&self, index: usize, trace: &Trace, stated: &Stated, difference: i128) -> Option<Decision> {
        let (total, scope) = (self.totals.get(index)?, self.scopes.get(index)?);
        let slack = self.slack(&scope.rows) + stated.half;
        let near = |gap: i128| (difference - gap).abs() <= slack;
        let gap = trace.expected_gap?;
        if near(gap) {
            return Some(Decision::AllRows);
        }
        let hidden = self.rows.sum(&trace.hidden, total.measure);
        near(gap + hidden).then_some(Decision::VisibleRows)
    }

    /// What rounding to whole 元 may cost over these rows.
    pub(super) fn slack(&self, positions: &[usize]) -> i128 {
        let below_yuan = |r: &&Row<'_>| r.money.is_some_and(|a| super::stated::below_yuan(a.factor, a.decimals));
        i128::try_from(self.rows.at(positions).filter(below_yuan).count()).unwrap_or(0)
    }

    /// Group totals of the same sheet that lie within the rows of a total, with what they state.
    pub(super) fn groups_of(&self, index: usize) -> Vec<(usize, i128)> {
        let (Some(total), Some(scope)) = (self.totals.get(index), self.scopes.get(index)) else { return Vec::new() };
        let within = |i: usize| {
            let own = self.scopes.get(i).map_or(&[][..], |s| &s.rows);
            !own.is_empty() && is_within(own, &scope.rows)
        };
        let stated = |(i, t): (usize, &&DeclaredTotal)| t.amount.map(|a| (i, i128::from(a.yuan)));
        let of_sheet = |&(i, t): &(usize, &&DeclaredTotal)| {
            i != index
                && t.scope == TotalScope::Group
                && t.measure == total.measure
                && place(t) == place(total)
                && within(i)
        };
        self.totals.iter().enumerate().filter(of_sheet).filter_map(stated).collect()
    }
}

/// What a formula reaches.
#[derive(Debug, Default)]
struct Reach {
    rows: BTreeMap<usize, Reached>,
    totals: Vec<(usize, i32)>,
    /// Only some of the cells, by a condition.
    partial: bool,
}

/// Money is only where amounts stand; rows may be counted in any column.
fn in_columns(row: &Row<'_>, total: &DeclaredTotal, area: Region) -> bool {
    let own = row.cell().map_or(total.cell.col, |c| c.col);
    total.measure == Measure::Count || (area.start.col..=area.end.col).contains(&own)
}

fn is_subtotal(total: &DeclaredTotal) -> bool {
    total.formula.as_deref().is_some_and(|f| f.to_ascii_uppercase().contains("SUBTOTAL"))
}

/// A cell that could not be read as an amount of this table, but that SUM may add all the same (a foreign currency).
fn may_add(row: &Row<'_>) -> bool {
    row.money.is_none() && row.raw().is_some_and(|raw| raw.parse::<f64>().is_ok())
}
