//! Where a mark goes: the places that findings name, and the cells that are there.

use std::collections::BTreeMap;

use super::remark::{Remark, Tone};
use crate::model::{CellRef, Region};

/// Most cells that one range colours.
const MOST_COLOURED: usize = 2_000;
/// Last row that is searched for the first cell of a column.
const COLUMN_DEPTH: u32 = 60;
/// Last row and column of a sheet, from 0.
pub(super) const LAST: CellRef = CellRef { row: 1_048_575, col: 16_383 };

/// A place as a finding names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// `H17`.
    Cell(CellRef),
    /// `B5:D5`.
    Range(Region),
    /// `6:8`, from 0.
    Rows(u32, u32),
    /// `C:D`, from 0.
    Columns(u32, u32),
}

impl Target {
    /// Reads a place; `None` for what is none on a sheet.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inside = |at: CellRef| (at.row <= LAST.row && at.col <= LAST.col).then_some(at);
        let cell = |t: &str| CellRef::parse(t).and_then(inside);
        let row = |t: &str| t.parse::<u32>().ok().filter(|r| (1..=LAST.row + 1).contains(r)).map(|r| r - 1);
        let column = |t: &str| {
            let letters = !t.is_empty() && t.chars().all(|c| c.is_ascii_alphabetic());
            letters.then(|| cell(&format!("{t}1")).map(|at| at.col)).flatten()
        };
        let (a, b) = text.split_once(':').unwrap_or((text, text));
        if let (Some(a), Some(b)) = (cell(a), cell(b)) {
            let start = CellRef::new(a.row.min(b.row), a.col.min(b.col));
            let end = CellRef::new(a.row.max(b.row), a.col.max(b.col));
            return Some(if start == end { Self::Cell(start) } else { Self::Range(Region { start, end }) });
        }
        if let (Some(a), Some(b)) = (row(a), row(b)) {
            return text.contains(':').then(|| Self::Rows(a.min(b), a.max(b)));
        }
        match (column(a), column(b)) {
            (Some(a), Some(b)) => Some(Self::Columns(a.min(b), a.max(b))),
            _ => None,
        }
    }

    /// Rows whose cells must be known to place the mark, both included.
    pub(super) fn rows(&self) -> (u32, u32) {
        match *self {
            Self::Cell(at) => (at.row, at.row),
            Self::Range(region) => (region.start.row, region.end.row),
            Self::Rows(a, b) => (a, b),
            Self::Columns(..) => (0, COLUMN_DEPTH),
        }
    }
}

/// What the placing needs to know of a sheet.
pub(super) trait Filled {
    /// Columns, ascending, of the cells of a row that hold something.
    fn filled(&self, row: u32) -> Vec<u32>;
    /// The merged ranges.
    fn merges(&self) -> &[Region];
    /// Rows with cells between two rows, ascending, both included.
    fn rows_between(&self, first: u32, last: u32) -> Vec<u32>;
}

/// The marks of one sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Colour of each coloured cell; the stronger one wins.
    pub(super) fills: BTreeMap<CellRef, Tone>,
    /// Positions of the remarks whose note hangs on each cell.
    pub(super) notes: BTreeMap<CellRef, Vec<usize>>,
}

impl Marks {
    /// Places the remarks at these positions of `remarks`.
    pub(super) fn place(remarks: &[Remark], chosen: &[usize], sheet: &dyn Filled) -> Self {
        let mut marks = Self::default();
        for &i in chosen {
            let Some(remark) = remarks.get(i) else { continue };
            let Some(target) = remark.cell.as_deref().and_then(Target::parse) else { continue };
            let cells = cells(&target, sheet);
            for (n, cell) in cells.into_iter().enumerate() {
                let at = anchor(cell, sheet.merges());
                let tone = marks.fills.entry(at).or_insert(remark.tone());
                *tone = (*tone).max(remark.tone());
                if n == 0 {
                    marks.notes.entry(at).or_default().push(i);
                }
            }
        }
        marks
    }

    /// The cell that each placed remark's note hangs on.
    pub(super) fn of_remarks(&self) -> BTreeMap<usize, CellRef> {
        self.notes.iter().flat_map(|(at, of)| of.iter().map(|i| (*i, *at))).collect()
    }
}

/// The cells that a target colours; the first of them carries the note.
fn cells(target: &Target, sheet: &dyn Filled) -> Vec<CellRef> {
    let first_of = |row: u32| sheet.filled(row).first().map(|&col| CellRef::new(row, col));
    match *target {
        Target::Cell(at) => vec![at],
        Target::Range(region) => {
            let rows = sheet.rows_between(region.start.row, region.end.row);
            let in_row = |row: u32| sheet.filled(row).into_iter().map(move |col| CellRef::new(row, col));
            let inside = rows.into_iter().flat_map(in_row).filter(|at| region.contains(*at));
            let found: Vec<CellRef> = inside.take(MOST_COLOURED).collect();
            if found.is_empty() { vec![region.start] } else { found }
        }
        Target::Rows(a, b) => {
            let rows = sheet.rows_between(a, b).into_iter().filter_map(first_of);
            let found: Vec<CellRef> = rows.take(MOST_COLOURED).collect();
            if found.is_empty() { vec![CellRef::new(a, 0)] } else { found }
        }
        Target::Columns(a, b) => {
            let rows = sheet.rows_between(0, COLUMN_DEPTH);
            let in_row = |row: u32| sheet.filled(row).into_iter().map(move |col| CellRef::new(row, col));
            rows.into_iter().flat_map(in_row).find(|at| (a..=b).contains(&at.col)).into_iter().collect()
        }
    }
}

/// The cell that is seen where a cell lies: under a merge its first one.
fn anchor(at: CellRef, merges: &[Region]) -> CellRef {
    merges.iter().find(|m| m.contains(at)).map_or(at, |m| m.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_findings() {
        let at = |row, col| CellRef::new(row, col);
        assert_eq!(Target::parse("H17"), Some(Target::Cell(at(16, 7))));
        assert_eq!(Target::parse("B5:D5"), Some(Target::Range(Region { start: at(4, 1), end: at(4, 3) })));
        assert_eq!(Target::parse("6:8"), Some(Target::Rows(5, 7)));
        assert_eq!(Target::parse("C:D"), Some(Target::Columns(2, 3)));
        assert_eq!(Target::parse("C"), Some(Target::Columns(2, 2)));
        for text in ["", "6", "0:3", "H17、H18", "XFE1", "A9999999"] {
            assert_eq!(Target::parse(text), None, "{text}");
        }
    }
}
