//! Which project rows a stated total speaks of.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{Place, Rows};
use super::stated::Stated;
use crate::model::{DeclaredTotal, Field, Stage, TotalScope, Verdict};

/// The rows of a total.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scope {
    /// Positions, ascending.
    pub(super) rows: Vec<usize>,
    /// Some of its rows no longer count, because a later version replaced their list.
    pub(super) lost: bool,
    /// It could not be told which rows it means.
    pub(super) unknown: bool,
}

/// The sheet of a total.
pub(super) fn place(total: &DeclaredTotal) -> Place<'_> {
    (&total.source.file, total.sheet_index)
}

/// Whether all of `inner` is in `outer`; both ascending.
pub(super) fn is_within(inner: &[usize], outer: &[usize]) -> bool {
    if inner.len() >= outer.len() {
        return inner == outer;
    }
    let mut rest = outer.iter();
    inner.iter().all(|i| rest.by_ref().any(|o| o == i))
}

/// The scope of each total, in their order.
pub(super) fn scopes<'a>(totals: &[&'a DeclaredTotal], rows: &Rows<'a>) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = totals
        .iter()
        .map(|total| match total.scope {
            TotalScope::Sheet => of_sheet(total, rows),
            TotalScope::Group => of_group(total, rows),
            TotalScope::Cover => Scope::default(),
        })
        .collect();
    add_rows_below(totals, rows, &mut scopes);
    for (i, scope) in covers(totals, rows) {
        if let Some(slot) = scopes.get_mut(i) {
            *slot = scope;
        }
    }
    scopes
}

fn of_stage(rows: &Rows<'_>, positions: &[usize], stage: Option<Stage>) -> Vec<usize> {
    rows.pick(positions, |r| stage.is_none() || r.record.stage == stage)
}

/// The rows that the total lists. Two tables side by side share row numbers; the stage tells them apart.
fn listed<'a>(total: &'a DeclaredTotal, rows: &Rows<'a>) -> Scope {
    let wanted: BTreeSet<u32> = total.rows.iter().copied().collect();
    let found = rows.pick(rows.on_sheet(place(total)), |r| wanted.contains(&r.number()));
    let numbers: BTreeSet<u32> = rows.at(&found).map(super::rows::Row::number).collect();
    let staged = of_stage(rows, &found, total.stage);
    let rows = if staged.is_empty() { found } else { staged };
    Scope { rows, lost: numbers.len() < wanted.len(), unknown: false }
}

fn of_sheet<'a>(total: &'a DeclaredTotal, rows: &Rows<'a>) -> Scope {
    if total.rows.is_empty() {
        return Scope { rows: of_stage(rows, rows.on_sheet(place(total)), total.stage), ..Scope::default() };
    }
    listed(total, rows)
}

fn of_group<'a>(total: &'a DeclaredTotal, rows: &Rows<'a>) -> Scope {
    if !total.rows.is_empty() {
        return listed(total, rows);
    }
    let label = total.group.as_ref().map_or("", |g| g.label.as_str());
    let own = rows.on_sheet(place(total));
    let whole_file: Vec<usize>;
    let reach = if own.is_empty() {
        // A table of sums by county, on a sheet of its own.
        let all: Vec<usize> = (0..rows.all.len()).collect();
        whole_file = rows.pick(&all, |r| r.place().0 == &*total.source.file);
        &whole_file
    } else {
        own
    };
    let staged = of_stage(rows, reach, total.stage);
    let named = rows.pick(&staged, |r| {
        let county = r.record.text(Field::County);
        r.record.group.as_deref() == Some(label) || (own.is_empty() && county == Some(label))
    });
    let of_a_stage = total.stage.is_some_and(|s| label.contains(s.as_str()));
    let found = if named.is_empty() && of_a_stage { staged } else { named };
    Scope { unknown: found.is_empty(), rows: found, lost: false }
}

/// Rows below a total row are projects of its table all the same: they belong to the nearest total above them that does
/// not list them.
fn add_rows_below(totals: &[&DeclaredTotal], rows: &Rows<'_>, scopes: &mut [Scope]) {
    for (position, row) in rows.all.iter().enumerate().filter(|(_, r)| r.record.after_total) {
        for measure in [crate::model::Measure::Count, crate::model::Measure::TotalInvestment] {
            let of_row = |t: &DeclaredTotal| {
                t.scope == TotalScope::Sheet
                    && t.measure == measure
                    && place(t) == row.place()
                    && (t.stage.is_none() || t.stage == row.record.stage)
            };
            let own: Vec<usize> = (0..totals.len()).filter(|&i| of_row(totals[i])).collect();
            if own.iter().any(|&i| scopes[i].rows.binary_search(&position).is_ok()) {
                continue;
            }
            let above = own.into_iter().filter(|&i| totals[i].cell.row + 1 < row.number());
            if let Some(nearest) = above.max_by_key(|&i| totals[i].cell.row) {
                let rows = &mut scopes[nearest].rows;
                let at = rows.partition_point(|&p| p < position);
                rows.insert(at, position);
            }
        }
    }
}

/// What a summary sheet may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The rows of its own file.
    File,
    /// The rows of all files of its unit.
    Unit,
}

/// Scopes of the lines of summary sheets. A summary speaks of its own file, unless it names stages whose lists came in
/// other files, or balances only with them.
fn covers(totals: &[&DeclaredTotal], rows: &Rows<'_>) -> Vec<(usize, Scope)> {
    let mut sheets: BTreeMap<Place<'_>, Vec<usize>> = BTreeMap::new();
    for (i, total) in totals.iter().enumerate().filter(|(_, t)| t.scope == TotalScope::Cover) {
        sheets.entry(place(total)).or_default().push(i);
    }
    let mut found = Vec::new();
    for lines in sheets.into_values() {
        let listed: BTreeSet<Stage> = lines.iter().filter_map(|&i| totals[i].stage).collect();
        let scopes_of =
            |reach| -> Vec<Scope> { lines.iter().map(|&i| cover(totals[i], &listed, reach, rows)).collect() };
        let (file, unit) = (scopes_of(Reach::File), scopes_of(Reach::Unit));
        let holding = |scopes: &[Scope]| lines.iter().zip(scopes).filter(|(i, s)| holds(totals[**i], s, rows)).count();
        let elsewhere = lines.iter().zip(&file).zip(&unit).any(|((&i, in_file), in_unit)| {
            let something = totals[i].amount.is_some_and(|a| a.yuan != 0);
            something && in_file.rows.is_empty() && !in_unit.rows.is_empty()
        });
        let whole_unit = match holding(&unit).cmp(&holding(&file)) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => elsewhere,
            std::cmp::Ordering::Less => false,
        };
        found.extend(lines.iter().copied().zip(if whole_unit { unit } else { file }));
    }
    found
}

/// Rows of one line. A line over all stages speaks of the stages that the summary lists, if it lists any.
fn cover(total: &DeclaredTotal, listed: &BTreeSet<Stage>, reach: Reach, rows: &Rows<'_>) -> Scope {
    let all: Vec<usize> = (0..rows.all.len()).collect();
    let found = rows.pick(&all, |r| {
        let here = match reach {
            Reach::File => r.place().0 == &*total.source.file,
            Reach::Unit => r.record.unit_code == total.unit_code && !total.unit_code.is_empty(),
        };
        let stage = match (total.stage, r.record.stage) {
            (Some(stage), own) => own == Some(stage),
            (None, Some(own)) => listed.is_empty() || listed.contains(&own),
            (None, None) => true,
        };
        here && stage
    });
    Scope { rows: found, ..Scope::default() }
}

fn holds(total: &DeclaredTotal, scope: &Scope, rows: &Rows<'_>) -> bool {
    total.amount.is_some_and(|amount| {
        let stated = Stated::new(amount, total.measure);
        let judged = stated.judge(rows.sum(&scope.rows, total.measure), rows.half(&scope.rows, total.measure));
        judged.verdict != Verdict::Mismatch
    })
}
