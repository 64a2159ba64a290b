//! The cells of a sheet by what became of them, counted from the sheet and not from what was read of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::locate::{Grid, RowKind, Table};
use crate::model::{Cell, CellBook, CellKind, CellRef, CellTrace};

/// What a row of a table is, for the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Header,
    Section,
    Total,
    Note,
    Project,
}

impl Role {
    pub(super) fn of(kind: &RowKind) -> Self {
        match kind {
            RowKind::Header => Self::Header,
            RowKind::Section(_) => Self::Section,
            RowKind::Total(_) | RowKind::Part => Self::Total,
            RowKind::Note => Self::Note,
            RowKind::Project => Self::Project,
        }
    }
}

/// What a table claims of its sheet.
pub(super) struct Area {
    lines: BTreeSet<u32>,
    span: (u32, u32),
    columns: BTreeSet<u32>,
    rows: BTreeMap<u32, Role>,
}

impl Area {
    /// Lines and header of a table, and the rows of its body with their roles.
    pub(super) fn new(table: &Table, body: impl IntoIterator<Item = (u32, Role)>) -> Self {
        let header = (table.header.0..=table.header.1).map(|row| (row, Role::Header));
        Self {
            lines: table.line_rows.iter().copied().collect(),
            span: table.cols,
            columns: table.columns.iter().map(|c| c.col).collect(),
            rows: header.chain(body).collect(),
        }
    }

    /// Rows in which it may claim something.
    fn touched(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().chain(self.rows.keys()).copied()
    }

    fn role(&self, at: CellRef) -> Option<Role> {
        if self.lines.contains(&at.row) {
            return Some(Role::Header);
        }
        let inside = self.columns.contains(&at.col);
        let between = (self.span.0..=self.span.1).contains(&at.col);
        match self.rows.get(&at.row) {
            // A place without a column of its own belongs to no project.
            Some(Role::Project) if !inside => None,
            role if inside || between => role.copied(),
            _ => None,
        }
    }
}

/// The books of a sheet with tables. A cell of a project row counts as read only when there is a trace of it.
pub(super) fn of_tables(grid: &Grid, areas: &[Area], traces: &[CellTrace]) -> CellBook {
    let mapped = mapped_cells(traces);
    // A sheet may have any number of tables: only those that touch a row are asked about its cells.
    let mut by_row: Vec<(u32, usize)> =
        areas.iter().enumerate().flat_map(|(i, area)| area.touched().map(move |row| (row, i))).collect();
    by_row.sort_unstable();
    by_row.dedup();
    count(grid, |book, at| {
        let from = by_row.partition_point(|(row, _)| *row < at.row);
        let near = by_row[from..].iter().take_while(|(row, _)| *row == at.row);
        let (mut first, mut project) = (None, false);
        for role in near.filter_map(|(_, i)| areas[*i].role(at)) {
            first = first.or(Some(role));
            project |= role == Role::Project;
        }
        let role = if project { Some(Role::Project) } else { first };
        match role {
            Some(Role::Header) => book.header += 1,
            Some(Role::Section) => book.section += 1,
            Some(Role::Total) => book.total += 1,
            Some(Role::Note) | None => book.note += 1,
            Some(Role::Project) => match mapped.get(at) {
                Some(true) => book.mapped += 1,
                Some(false) => book.unmapped += 1,
                None => {}
            },
        }
    })
}

/// The books of a sheet of project cards: what is no value of a card is a label or a line.
pub(super) fn of_forms(grid: &Grid, traces: &[CellTrace]) -> CellBook {
    let mapped = mapped_cells(traces);
    count(grid, |book, at| match mapped.get(at) {
        Some(true) => book.mapped += 1,
        Some(false) => book.unmapped += 1,
        None => book.header += 1,
    })
}

/// Places that left a trace, ascending, and whether a field took them.
struct Mapped(Vec<(CellRef, bool)>);

impl Mapped {
    fn get(&self, at: CellRef) -> Option<bool> {
        let from = self.0.partition_point(|(place, _)| *place < at);
        let here = self.0[from..].iter().take_while(|(place, _)| *place == at);
        here.map(|(_, taken)| *taken).reduce(|a, b| a | b)
    }
}

fn mapped_cells(traces: &[CellTrace]) -> Mapped {
    let mut places: Vec<(CellRef, bool)> = traces.iter().map(|t| (t.at, t.field.is_some())).collect();
    places.sort_unstable();
    Mapped(places)
}

fn count(grid: &Grid, mut place: impl FnMut(&mut CellBook, CellRef)) -> CellBook {
    let cells = &grid.sheet().cells;
    let mut book = CellBook { read: u32::try_from(cells.len()).unwrap_or(u32::MAX), ..CellBook::default() };
    for cell in cells {
        if is_lost(cell) {
            book.lost += 1;
        } else if cell.is_blank() {
            book.blank += 1;
        } else if grid.is_covered(cell.at) {
            book.covered += 1;
        } else {
            place(&mut book, cell.at);
        }
    }
    book
}

fn is_lost(cell: &Cell) -> bool {
    cell.kind == CellKind::Empty && !cell.uncached
}
