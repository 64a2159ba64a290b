//! Cover sheets: numbers and amounts per list, read as totals and never as projects.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::{Context, SheetPlace};
use super::money::{Stated, units};
use super::table::table_stage;
use crate::columns::ColumnMap;
use crate::locate::{Grid, Table, TotalLevel, is_numeric, label_level};
use crate::model::{Amount, Cell, CellRef, DeclaredTotal, Field, Measure, Stage, TotalScope, Value, squeeze};
use crate::normalize;

/// Whether a table summarizes lists: it counts projects or names lists where projects would stand.
pub(super) fn is_cover(context: &Context, grid: &Grid, table: &Table, map: &ColumnMap, rows: &[u32]) -> bool {
    let named = map.column_of(Field::ProjectName);
    let counts = count_columns(context, table);
    let money = map.column_of(Field::TotalInvestment).is_some();
    let detail = [Field::Owner, Field::Content, Field::ProjectCode, Field::OwnerCreditCode]
        .iter()
        .any(|f| map.column_of(*f).is_some());
    if detail || (counts.is_empty() && !money) || rows.is_empty() {
        return false;
    }
    let all: Vec<u32> = grid.rows_in(table.body.0, table.body.1).collect();
    // Where names would stand, stand lists, places or totals.
    let label = |row: u32| match named {
        Some(col) => grid.own(CellRef::new(row, col)),
        None => label(grid, table, row),
    };
    let labels: Vec<String> = all.iter().filter_map(|&r| label(r)).map(|c| squeeze(&c.text())).collect();
    let group = |t: &String| {
        context.words.stage(t).is_some_and(|_| t.chars().count() <= 12)
            || context.words.is_place(t)
            || label_level(context.words, t).is_some()
    };
    let groups = labels.iter().filter(|t| group(t)).count();
    groups > 0 && (named.is_none() && groups * 2 >= labels.len() || groups * 10 >= labels.len() * 8)
}

/// Columns that count projects.
fn count_columns(context: &Context, table: &Table) -> Vec<u32> {
    let counts = |text: &String| {
        let bare = squeeze(text);
        context.words.is_count(&context.words.key(text)) || bare.ends_with("(个)") || bare.ends_with("(项)")
    };
    table.columns.iter().filter(|c| c.path.last().is_some_and(counts)).map(|c| c.col).collect()
}

/// The label of a row: its first text.
fn label<'a>(grid: &Grid<'a>, table: &Table, row: u32) -> Option<&'a Cell> {
    table.columns.iter().filter_map(|c| grid.own(CellRef::new(row, c.col))).find(|c| !is_numeric(c))
}

/// The totals that a cover table states.
pub(super) fn totals(
    context: &Context,
    place: &SheetPlace,
    grid: &Grid,
    table: &Table,
    map: &ColumnMap,
    sample: &[u32],
) -> Vec<DeclaredTotal> {
    let around = Stated::around(grid, table, context);
    let units = units(grid, table, map, sample, &around, &context.spec.measures);
    let rows: Vec<u32> = grid.rows_in(table.body.0, table.body.1).filter(|&r| !table.is_repeat(r)).collect();
    let counts = count_columns(context, table);
    let is_total_column = |text: &String| {
        context.words.key(text).starts_with("总投资")
            || context.words.key(text).ends_with("投资额")
            || context.words.key(text) == "投资"
    };
    // (亿元) in a row of its own.
    let is_unit = |text: &&String| squeeze(text).starts_with('(');
    let money: Vec<u32> = table
        .columns
        .iter()
        .filter(|c| {
            map.at(c.col).is_some_and(|m| m.field == Some(Field::TotalInvestment))
                || c.path.len() > 1 && c.path.iter().rev().find(|t| !is_unit(t)).is_some_and(is_total_column)
        })
        .map(|c| c.col)
        .collect();
    let figures: BTreeSet<u32> = counts.iter().chain(&money).copied().collect();
    // A column of its own under 开工一批 is no field; what its header states counts all the same.
    let stated = |col: u32| {
        let unmapped = map.at(col).filter(|m| m.field.is_none())?;
        let mut notes = unmapped.path.iter().rev().flat_map(|h| h.notes.iter().rev());
        notes.find_map(|n| normalize::money_unit(n, &context.spec.measures)).or_else(|| around.line.clone())
    };
    let own_stage = table_stage(context, place, table);
    let mut totals = Vec::new();
    for row in rows {
        let Some(cell) = label(grid, table, row) else { continue };
        let text = squeeze(&cell.text());
        let row_stage = context.words.stage(&text);
        let whole = |u: &crate::spec::Unit| std::iter::once(&u.name).chain(&u.aliases).any(|n| *n == text);
        let is_total = label_level(context.words, &text).is_some_and(|l| l != TotalLevel::Sub)
            || text == "全市"
            || context.unit.is_some_and(whole);
        for col in &figures {
            let parents = table.column(*col);
            let column_stage = parents.and_then(|c| c.path.iter().rev().find_map(|t| context.words.stage(t)));
            // A row per county says nothing about a list as a whole.
            if row_stage.is_none() && !is_total {
                continue;
            }
            let stage = row_stage.or(column_stage).or(own_stage);
            let Some(cell) = grid.own(CellRef::new(row, *col)) else { continue };
            let measure = if counts.contains(col) { Measure::Count } else { Measure::TotalInvestment };
            let amount = match measure {
                Measure::Count => count(cell).map(|n| Amount::new(n, 1, 0)),
                Measure::TotalInvestment => {
                    let unit = stated(*col).unwrap_or_else(|| units.of_column(money_column(map, *col)).into_owned());
                    match normalize::amount(cell, &unit, &context.spec.measures).value {
                        Some(Value::Amount(a)) => Some(a),
                        _ => None,
                    }
                }
            };
            if amount.is_some() {
                let value = if measure == Measure::Count {
                    squeeze(&cell.text()).trim_end_matches(['个', '项']).to_owned()
                } else {
                    cell.text().trim().to_owned()
                };
                totals.push(declared(context, place, stage, measure, value, amount, cell));
            }
        }
    }
    totals
}

/// The column whose unit counts: its own when it is mapped, else that of 总投资.
fn money_column(map: &ColumnMap, col: u32) -> u32 {
    let mapped = map.at(col).is_some_and(|m| m.field.is_some());
    if mapped { col } else { map.column_of(Field::TotalInvestment).unwrap_or(col) }
}

fn count(cell: &Cell) -> Option<i64> {
    squeeze(&cell.text()).trim_end_matches(['个', '项']).parse().ok()
}

fn declared(
    context: &Context,
    place: &SheetPlace,
    stage: Option<Stage>,
    measure: Measure,
    value: String,
    amount: Option<Amount>,
    cell: &Cell,
) -> DeclaredTotal {
    DeclaredTotal {
        batch: context.batch.clone(),
        unit_code: context.unit_code(),
        stage,
        scope: TotalScope::Cover,
        group: None,
        measure,
        value,
        amount,
        source: Arc::clone(context.source),
        sheet: place.name.clone(),
        sheet_index: place.index,
        cell: cell.at,
        formula: cell.formula.clone(),
        rows: Vec::new(),
    }
}
