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

    /// What a row is for the table.
    fn on(&self, row: u32) -> Option<OnRow<'_>> {
        let role = if self.lines.contains(&row) { Claim::Line } else { Claim::Row(*self.rows.get(&row)?) };
        Some(OnRow { area: self, claim: role })
    }
}

/// What a table claims of a row.
#[derive(Debug, Clone, Copy)]
enum Claim {
    /// All of it: a line above the table.
    Line,
    /// What lies in its columns.
    Row(Role),
}

struct OnRow<'a> {
    area: &'a Area,
    claim: Claim,
}

impl OnRow<'_> {
    fn role(&self, col: u32) -> Option<Role> {
        let inside = || self.area.columns.contains(&col);
        let between = || (self.area.span.0..=self.area.span.1).contains(&col);
        match self.claim {
            Claim::Line => Some(Role::Header),
            // A place without a column of its own belongs to no project.
            Claim::Row(Role::Project) => inside().then_some(Role::Project),
            Claim::Row(role) => (between() || inside()).then_some(role),
        }
    }
}

/// The books of a sheet with tables. A cell of a project row counts as read only when there is a trace of it.
pub(super) fn of_tables(grid: &Grid, areas: &[Area], traces: &[CellTrace]) -> CellBook {
    let mut mapped = mapped_cells(traces);
    // A sheet may have any number of tables: only those that touch a row are asked about its cells.
    let mut by_row: Vec<(u32, usize)> =
        areas.iter().enumerate().flat_map(|(i, area)| area.touched().map(move |row| (row, i))).collect();
    by_row.sort_unstable();
    by_row.dedup();
    let mut here: (Option<u32>, Vec<OnRow>) = (None, Vec::new());
    count(grid, |book, at| {
        if here.0 != Some(at.row) {
            let from = by_row.partition_point(|(row, _)| *row < at.row);
            let near = by_row[from..].iter().take_while(|(row, _)| *row == at.row);
            here = (Some(at.row), near.filter_map(|(_, i)| areas[*i].on(at.row)).collect());
        }
        let (mut first, mut project) = (None, false);
        for role in here.1.iter().filter_map(|claim| claim.role(at.col)) {
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
    let mut mapped = mapped_cells(traces);
    count(grid, |book, at| match mapped.get(at) {
        Some(true) => book.mapped += 1,
        Some(false) => book.unmapped += 1,
        None => book.header += 1,
    })
}

/// Places that left a trace, ascending, and whether a field took them.
struct Mapped {
    places: Vec<(CellRef, bool)>,
    /// Places before this one are done: cells are asked for in their order.
    next: usize,
}

impl Mapped {
    /// Whether a place left a trace; places are asked for from the first of the sheet to the last.
    fn get(&mut self, at: CellRef) -> Option<bool> {
        self.next += self.places[self.next..].iter().take_while(|(place, _)| *place < at).count();
        let here = self.places[self.next..].iter().take_while(|(place, _)| *place == at);
        here.map(|(_, taken)| *taken).reduce(|a, b| a | b)
    }
}

fn mapped_cells(traces: &[CellTrace]) -> Mapped {
    let mut places: Vec<(CellRef, bool)> = traces.iter().map(|t| (t.at, t.field.is_some())).collect();
    places.sort_unstable();
    Mapped { places, next: 0 }
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
