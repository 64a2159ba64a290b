//! Project cards as a table: labels become columns, each project a row; places are those of the card again afterwards.

use std::collections::BTreeMap;

use super::context::{Context, SheetPlace};
use super::table::{TableYield, map_columns, read_table};
use crate::locate::{Column, Forms, Grid, Table};
use crate::model::{Cell, CellRef, Finding, RowBook, Sheet};

/// Where the cells and rows of the made-up table really are.
struct Places {
    cells: BTreeMap<CellRef, CellRef>,
    rows: BTreeMap<u32, u32>,
}

impl Places {
    fn cell(&self, at: CellRef) -> CellRef {
        self.cells.get(&at).copied().unwrap_or_else(|| CellRef::new(self.row(at.row), at.col))
    }

    fn row(&self, row: u32) -> u32 {
        self.rows.get(&row).copied().unwrap_or(row)
    }

    /// Excel's row.
    fn number(&self, row: u32) -> u32 {
        row.checked_sub(1).map_or(0, |r| self.row(r) + 1)
    }

    /// `B2` or `2:2`.
    fn text(&self, cell: &str) -> String {
        if let Some(at) = CellRef::parse(cell) {
            return self.cell(at).to_string();
        }
        let number = |text: &str| text.parse().ok().map(|n| self.number(n));
        match cell.split_once(':').map(|(a, b)| (number(a), number(b))) {
            Some((Some(a), Some(b))) => format!("{a}:{b}"),
            _ => cell.to_owned(),
        }
    }

    fn finding(&self, finding: &mut Finding) {
        finding.cell = finding.cell.take().map(|c| self.text(&c));
        finding.row = finding.row.map(|r| self.number(r));
    }
}

/// Reads the forms of a sheet.
pub(super) fn read_forms(
    context: &Context,
    place: &SheetPlace,
    grid: &Grid,
    forms: &Forms,
) -> (TableYield, Vec<String>) {
    let (sheet, table, places) = as_table(grid, forms);
    let made_up = Grid::new(&sheet);
    let (map, sample) = map_columns(&made_up, &table, context);
    let mut read = read_table(context, place, &made_up, &table, &map, &sample, &[]);
    for record in &mut read.records {
        record.origin.row = places.number(record.origin.row);
        for value in record.values.values_mut() {
            value.cell = places.cell(value.cell);
        }
    }
    for trace in &mut read.traces {
        trace.at = places.cell(trace.at);
    }
    for column in &mut read.headers {
        column.cell = places.cell(column.cell);
    }
    for finding in &mut read.findings {
        places.finding(finding);
    }
    read.book = book(grid, read.book);
    (read, table.columns.iter().map(Column::name).collect())
}

/// All rows of the sheet belong to the forms; each project counts as one of them.
fn book(grid: &Grid, made_up: RowBook) -> RowBook {
    let rows = u32::try_from(grid.rows().count()).unwrap_or(u32::MAX);
    let rest = rows.saturating_sub(made_up.project);
    RowBook { non_empty: rest + made_up.project, header: rest, project: made_up.project, ..RowBook::default() }
}

fn as_table(grid: &Grid, forms: &Forms) -> (Sheet, Table, Places) {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut places = Places { cells: BTreeMap::new(), rows: BTreeMap::new() };
    let mut sheet = Sheet {
        name: grid.sheet().name.clone(),
        index: grid.sheet().index,
        visibility: grid.sheet().visibility,
        ..Sheet::default()
    };
    let mut columns = Vec::new();
    for (i, label) in forms.labels.iter().enumerate() {
        let at = CellRef::new(0, number(i));
        places.cells.insert(at, label.at);
        columns.push(Column { col: number(i), path: label.path.clone(), cell: at });
    }
    for (p, (name_row, values)) in forms.projects.iter().enumerate() {
        let row = number(p) + 1;
        places.rows.insert(row, *name_row);
        if grid.sheet().hidden_rows.binary_search(name_row).is_ok() {
            sheet.hidden_rows.push(row);
        }
        for (i, value) in values.iter().enumerate() {
            let Some(cell) = value.and_then(|at| grid.sheet().get(at)) else { continue };
            let at = CellRef::new(row, number(i));
            places.cells.insert(at, cell.at);
            sheet.cells.push(Cell { at, ..cell.clone() });
        }
    }
    let last = number(forms.projects.len());
    let table = Table {
        cols: (0, number(forms.labels.len()).saturating_sub(1)),
        columns,
        header: (0, 0),
        repeats: Vec::new(),
        lines: forms.lines.clone(),
        line_rows: Vec::new(),
        body: (1, last),
        panel: 0,
    };
    (sheet, table, places)
}
