//! A sheet as a person sees it: a cell under a merged range shows what the range shows.

use std::collections::BTreeMap;

use crate::model::{Cell, CellKind, CellRef, Region, Sheet, squeeze};

/// Merged ranges are indexed by row; this many entries are kept, far above any real form.
const MAX_INDEXED: usize = 2_000_000;
/// Overlapping ranges that are looked at; a sound workbook has none.
const MAX_OVERLAP: usize = 8;

/// Random access to a sheet.
pub struct Grid<'a> {
    sheet: &'a Sheet,
    /// Range of `sheet.cells` per row that has a cell to see.
    rows: BTreeMap<u32, (usize, usize)>,
    /// Merged ranges per row of `rows`.
    merges: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Grid<'a> {
    /// Indexes a sheet.
    #[must_use]
    pub fn new(sheet: &'a Sheet) -> Self {
        let mut rows: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for (i, cell) in sheet.cells.iter().enumerate() {
            let range = rows.entry(cell.at.row).or_insert((i, i));
            range.1 = i + 1;
        }
        let mut merges: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut indexed = 0;
        for (i, region) in sheet.merges.iter().enumerate() {
            for (row, _) in rows.range(region.start.row..=region.end.row) {
                indexed += 1;
                if indexed > MAX_INDEXED {
                    break;
                }
                merges.entry(*row).or_default().push(i);
            }
        }
        for on_row in merges.values_mut() {
            on_row.sort_by_key(|&i| sheet.merges[i].start.col);
        }
        let mut grid = Self { sheet, rows, merges };
        let blank: Vec<u32> = grid.rows.keys().copied().filter(|&r| grid.visible(r).next().is_none()).collect();
        for row in blank {
            grid.rows.remove(&row);
        }
        grid
    }

    /// The sheet.
    #[must_use]
    pub fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    /// Rows with something to see, ascending.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        self.rows.keys().copied()
    }

    /// Rows with something to see within bounds, both included.
    #[must_use]
    pub fn rows_in(&self, first: u32, last: u32) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let last = last.max(first);
        self.rows.range(first..=last).map(|(r, _)| *r)
    }

    /// The merged range over a place. Where ranges overlap, as they should not, a near one.
    #[must_use]
    pub fn merge_at(&self, at: CellRef) -> Option<&'a Region> {
        let on_row = self.merges.get(&at.row)?;
        let next = on_row.partition_point(|&i| self.sheet.merges[i].start.col <= at.col);
        let near = on_row[..next].iter().rev().take(MAX_OVERLAP);
        near.map(|&i| &self.sheet.merges[i]).find(|m| m.contains(at))
    }

    /// Merged ranges that touch a row with something to see.
    pub fn merges_on(&self, row: u32) -> impl Iterator<Item = &'a Region> + '_ {
        self.merges.get(&row).into_iter().flatten().map(|&i| &self.sheet.merges[i])
    }

    /// Cells of a row that are not blank, wherever they are hidden.
    pub fn stored(&self, row: u32) -> impl Iterator<Item = &'a Cell> + '_ {
        let (from, to) = self.rows.get(&row).copied().unwrap_or((0, 0));
        self.sheet.cells[from..to].iter().filter(|c| !c.is_blank())
    }

    /// Cells of a row that a person sees: not blank and not under a merged range.
    pub fn visible(&self, row: u32) -> impl Iterator<Item = &'a Cell> + '_ {
        self.stored(row).filter(|c| !self.is_covered(c.at))
    }

    /// Cells of a row that a person sees within columns, both included.
    pub fn visible_in(&self, row: u32, cols: (u32, u32)) -> impl Iterator<Item = &'a Cell> + '_ {
        let (from, to) = self.rows.get(&row).copied().unwrap_or((0, 0));
        let cells = &self.sheet.cells[from..to];
        let start = cells.partition_point(|c| c.at.col < cols.0);
        let near = cells[start..].iter().take_while(move |c| c.at.col <= cols.1);
        near.filter(|c| !c.is_blank() && !self.is_covered(c.at))
    }

    /// Whether a place lies under a merged range without being its upper left corner.
    #[must_use]
    pub fn is_covered(&self, at: CellRef) -> bool {
        self.merge_at(at).is_some_and(|m| m.start != at)
    }

    /// The cell at a place, if a person sees something in it; nothing under a merged range.
    #[must_use]
    pub fn own(&self, at: CellRef) -> Option<&'a Cell> {
        self.sheet.get(at).filter(|c| !c.is_blank() && !self.is_covered(at))
    }

    /// The cell that shows at a place: its own, or that of the merged range over it.
    #[must_use]
    pub fn shown(&self, at: CellRef) -> Option<&'a Cell> {
        let at = self.merge_at(at).map_or(at, |m| m.start);
        self.sheet.get(at).filter(|c| !c.is_blank())
    }

    /// Text shown at a place, for comparing; empty when there is none.
    #[must_use]
    pub fn label(&self, at: CellRef) -> String {
        self.shown(at).map(|c| squeeze(&c.raw())).unwrap_or_default()
    }

    /// Last row with something to see.
    #[must_use]
    pub fn last_row(&self) -> u32 {
        self.rows.keys().next_back().copied().unwrap_or(0)
    }

    /// Columns in use on a row span, both included.
    #[must_use]
    pub fn columns_in(&self, first: u32, last: u32) -> Option<(u32, u32)> {
        let mut span: Option<(u32, u32)> = None;
        for cell in self.rows_in(first, last).flat_map(|r| self.visible(r).collect::<Vec<_>>()) {
            let (a, b) = span.unwrap_or((cell.at.col, cell.at.col));
            span = Some((a.min(cell.at.col), b.max(cell.at.col)));
        }
        span
    }
}

/// Whether a cell holds a number, a date, or text that is nothing but a number.
#[must_use]
pub fn is_numeric(cell: &Cell) -> bool {
    match &cell.kind {
        CellKind::Number(_) | CellKind::Date(_) => true,
        CellKind::Text(s) => looks_numeric(&squeeze(s)),
        _ => cell.uncached,
    }
}

/// Whether a squeezed text is a plain number: `51,000.5`, `-3`, `12%`.
#[must_use]
pub(super) fn looks_numeric(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '%'))
}
