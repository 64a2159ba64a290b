//! Places the cells of one table on a grid, as browsers do.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Cell, CellKind, CellRef, Region};

const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// A table, or the texts around tables, with rows counted from 0.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Non-empty cells.
    pub(super) cells: Vec<Cell>,
    /// Cells that span others.
    pub(super) merges: Vec<Region>,
    /// Rows that are not shown.
    pub(super) hidden_rows: Vec<u32>,
    /// Columns declared as not shown: first and last.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// A table, not the texts around one.
    pub(super) is_table: bool,
    /// Rows so far.
    pub(super) rows: u32,
    /// Next free column of the current row; `None` outside a row.
    col: Option<u32>,
    declared: u32,
    /// Columns that cells of earlier rows reach into: start to (end, last row).
    spans: BTreeMap<u32, (u32, u32)>,
    shown: BTreeSet<u32>,
    veiled: BTreeSet<u32>,
}

impl Grid {
    /// An empty table.
    pub(super) fn table() -> Self {
        Self { is_table: true, ..Self::default() }
    }

    /// Begins a row.
    pub(super) fn begin_row(&mut self, hidden: bool) {
        self.end_row();
        self.col = Some(0);
        if hidden {
            self.hidden_rows.push(self.rows);
        }
    }

    /// Ends the row, when there is one.
    pub(super) fn end_row(&mut self) {
        if self.col.take().is_some() {
            self.rows = (self.rows + 1).min(ROWS - 1);
        }
    }

    /// Whether a row has begun.
    pub(super) fn in_row(&self) -> bool {
        self.col.is_some()
    }

    /// Declares columns, from left to right.
    pub(super) fn columns(&mut self, count: u32, hidden: bool) {
        let first = self.declared;
        self.declared = (first + count.clamp(1, COLUMNS)).min(COLUMNS);
        if hidden && self.declared > first {
            self.hidden_columns.push((first, self.declared - 1));
        }
    }

    /// Where the next cell of the row stands.
    pub(super) fn next_place(&mut self) -> CellRef {
        let row = self.rows;
        let mut col = self.col.unwrap_or(0);
        while let Some((&start, &(end, last))) = self.spans.range(..=col).next_back() {
            if last < row {
                self.spans.remove(&start);
            } else if end >= col {
                col = end + 1;
            } else {
                break;
            }
        }
        self.col = Some(col);
        CellRef::new(row, col)
    }

    /// Puts a cell at `at`, a place that [`Grid::next_place`] gave. `veiled`: it alone is not shown.
    pub(super) fn put(&mut self, at: CellRef, columns: u32, rows: u32, cell: Option<Cell>, veiled: bool) -> bool {
        if at.col >= COLUMNS {
            return cell.is_none();
        }
        let end = CellRef::new(
            at.row.saturating_add(rows.max(1) - 1).min(ROWS - 1),
            at.col.saturating_add(columns.max(1) - 1).min(COLUMNS - 1),
        );
        if end != at {
            self.merges.push(Region { start: at, end });
        }
        if end.row > at.row {
            self.spans.insert(at.col, (end.col, end.row));
        }
        if end.col == at.col {
            if veiled { &mut self.veiled } else { &mut self.shown }.insert(at.col);
        }
        self.col = Some(end.col + 1);
        if let Some(cell) = cell.filter(|c| c.kind != CellKind::Empty || c.formula.is_some()) {
            self.cells.push(Cell { at, ..cell });
        }
        true
    }

    /// Takes back a last row that holds nothing.
    pub(super) fn drop_empty_last_row(&mut self) {
        let last = self.rows.saturating_sub(1);
        if self.cells.last().is_none_or(|c| c.at.row < last) {
            self.rows = last;
        }
    }

    /// Ends the table.
    pub(super) fn finish(&mut self) {
        self.end_row();
        let alone = self.veiled.difference(&self.shown);
        self.hidden_columns.extend(alone.map(|&c| (c, c)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_push_later_cells_aside() {
        let mut grid = Grid::default();
        let mut places = Vec::new();
        for row in [&[(2, 2), (1, 3)][..], &[(1, 1)], &[(1, 1), (1, 1), (1, 1)]] {
            grid.begin_row(false);
            for (columns, rows) in row {
                let at = grid.next_place();
                places.push(at.to_string());
                assert!(grid.put(at, *columns, *rows, None, false));
            }
        }
        grid.finish();
        assert_eq!(places, ["A1", "C1", "D2", "A3", "B3", "D3"]);
        assert_eq!(grid.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:B2", "C1:C3"]);
        assert_eq!(grid.rows, 3);
    }
}
