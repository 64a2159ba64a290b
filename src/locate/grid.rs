//! A sheet as a person sees it: a cell under a merged range shows what the range shows.

use crate::model::{Cell, CellKind, CellRef, Region, Sheet, squeeze};

/// Merged ranges are indexed by row; this many entries are kept, far above any real form.
const MAX_INDEXED: usize = 2_000_000;
/// Overlapping ranges that are looked at; a sound workbook has none.
const MAX_OVERLAP: usize = 8;

/// Random access to a sheet.
pub struct Grid<'a> {
    sheet: &'a Sheet,
    /// Rows that have a cell, ascending.
    rows: Vec<Row>,
    /// Merged ranges that touch a row, from the left; the rows name their part.
    merges: Vec<usize>,
}

/// A row of a sheet: parts of `sheet.cells` and of the grid's `merges`.
#[derive(Debug, Clone, Copy)]
struct Row {
    number: u32,
    cells: (usize, usize),
    merges: (usize, usize),
    /// Nothing on it is to be seen.
    blank: bool,
}

impl<'a> Grid<'a> {
    /// Indexes a sheet.
    #[must_use]
    pub fn new(sheet: &'a Sheet) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for (i, cell) in sheet.cells.iter().enumerate() {
            match rows.last_mut().filter(|r| r.number == cell.at.row) {
                Some(row) => row.cells.1 = i + 1,
                None => rows.push(Row { number: cell.at.row, cells: (i, i + 1), merges: (0, 0), blank: false }),
            }
        }
        let merges = index_merges(sheet, &mut rows);
        let mut grid = Self { sheet, rows, merges };
        let blank: Vec<bool> = grid.rows.iter().map(|row| grid.seen(row).next().is_none()).collect();
        grid.rows.iter_mut().zip(blank).for_each(|(row, blank)| row.blank = blank);
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
        self.rows.iter().filter(|r| !r.blank).map(|r| r.number)
    }

    /// Rows with something to see within bounds, both included.
    #[must_use]
    pub fn rows_in(&self, first: u32, last: u32) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let end = if last < first { first } else { last.saturating_add(1) };
        let from = self.rows.partition_point(|r| r.number < first);
        let to = self.rows.partition_point(|r| r.number < end);
        self.rows[from..to.max(from)].iter().filter(|r| !r.blank).map(|r| r.number)
    }

    /// The row of this number: rows of a list follow each other, so that it mostly lies where it is looked for first.
    fn row(&self, row: u32) -> Option<&Row> {
        let first = self.rows.first()?.number;
        let near = usize::try_from(row.checked_sub(first)?).ok().and_then(|i| self.rows.get(i));
        near.filter(|r| r.number == row)
            .or_else(|| self.rows.binary_search_by_key(&row, |r| r.number).ok().map(|i| &self.rows[i]))
    }

    fn filled(&self, row: u32) -> Option<&Row> {
        self.row(row).filter(|r| !r.blank)
    }

    fn cells(&self, row: &Row) -> &'a [Cell] {
        &self.sheet.cells[row.cells.0..row.cells.1]
    }

    /// The stored cell at a place.
    fn stored_at(&self, at: CellRef) -> Option<(&Row, &'a Cell)> {
        let row = self.row(at.row)?;
        let cells = self.cells(row);
        let first = cells.first()?.at.col;
        let near = usize::try_from(at.col.checked_sub(first)?).ok().and_then(|i| cells.get(i));
        let found = near.filter(|c| c.at.col == at.col);
        let cell =
            found.or_else(|| cells.binary_search_by_key(&at.col, |c| c.at.col).ok().and_then(|i| cells.get(i)))?;
        Some((row, cell))
    }

    /// The merged range over a place. Where ranges overlap, as they should not, a near one.
    #[must_use]
    pub fn merge_at(&self, at: CellRef) -> Option<&'a Region> {
        self.row(at.row).and_then(|row| self.merge_in(row, at))
    }

    fn merge_in(&self, row: &Row, at: CellRef) -> Option<&'a Region> {
        let on_row = &self.merges[row.merges.0..row.merges.1];
        let next = on_row.partition_point(|&i| self.sheet.merges[i].start.col <= at.col);
        let near = on_row[..next].iter().rev().take(MAX_OVERLAP);
        near.map(|&i| &self.sheet.merges[i]).find(|m| m.contains(at))
    }

    /// Merged ranges that touch a row with something to see.
    pub fn merges_on(&self, row: u32) -> impl Iterator<Item = &'a Region> + '_ {
        let (from, to) = self.row(row).map_or((0, 0), |r| r.merges);
        self.merges[from..to].iter().map(|&i| &self.sheet.merges[i])
    }

    /// Cells of a row that are not blank, wherever they are hidden.
    pub fn stored(&self, row: u32) -> impl Iterator<Item = &'a Cell> + '_ {
        self.filled(row).map_or(&[][..], |r| self.cells(r)).iter().filter(|c| !c.is_blank())
    }

    /// Cells of a row that a person sees: not blank and not under a merged range.
    pub fn visible(&self, row: u32) -> impl Iterator<Item = &'a Cell> + '_ {
        self.filled(row).into_iter().flat_map(|r| self.seen(r))
    }

    fn seen(&self, row: &Row) -> impl Iterator<Item = &'a Cell> + '_ {
        let row = *row;
        self.cells(&row).iter().filter(move |c| !c.is_blank() && !self.is_covered_in(&row, c.at))
    }

    /// Cells of a row that a person sees within columns, both included.
    pub fn visible_in(&self, row: u32, cols: (u32, u32)) -> impl Iterator<Item = &'a Cell> + '_ {
        let row = self.filled(row);
        let cells = row.map_or(&[][..], |r| self.cells(r));
        let start = cells.partition_point(|c| c.at.col < cols.0);
        let near = cells[start..].iter().take_while(move |c| c.at.col <= cols.1);
        near.filter(move |c| !c.is_blank() && row.is_some_and(|row| !self.is_covered_in(row, c.at)))
    }

    /// Whether a place lies under a merged range without being its upper left corner.
    #[must_use]
    pub fn is_covered(&self, at: CellRef) -> bool {
        self.merge_at(at).is_some_and(|m| m.start != at)
    }

    fn is_covered_in(&self, row: &Row, at: CellRef) -> bool {
        row.merges.0 < row.merges.1 && self.merge_in(row, at).is_some_and(|m| m.start != at)
    }

    /// The cell at a place, if a person sees something in it; nothing under a merged range.
    #[must_use]
    pub fn own(&self, at: CellRef) -> Option<&'a Cell> {
        let (row, cell) = self.stored_at(at)?;
        (!cell.is_blank() && !self.is_covered_in(row, at)).then_some(cell)
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
        self.shown(at).map(|c| squeeze(&c.text())).unwrap_or_default()
    }

    /// Last row with something to see.
    #[must_use]
    pub fn last_row(&self) -> u32 {
        self.rows().next_back().unwrap_or(0)
    }

    /// Columns in use on a row span, both included.
    #[must_use]
    pub fn columns_in(&self, first: u32, last: u32) -> Option<(u32, u32)> {
        let mut span: Option<(u32, u32)> = None;
        for cell in self.rows_in(first, last).flat_map(|r| self.visible(r)) {
            let (a, b) = span.unwrap_or((cell.at.col, cell.at.col));
            span = Some((a.min(cell.at.col), b.max(cell.at.col)));
        }
        span
    }
}

/// The merged ranges of each row, from the left. At most [`MAX_INDEXED`] are kept, the first of the sheet first.
fn index_merges(sheet: &Sheet, rows: &mut [Row]) -> Vec<usize> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    'sheet: for (i, region) in sheet.merges.iter().enumerate() {
        let from = rows.partition_point(|r| r.number < region.start.row);
        let to = rows.partition_point(|r| r.number <= region.end.row);
        for row in from..to {
            if pairs.len() >= MAX_INDEXED {
                break 'sheet;
            }
            pairs.push((row, i));
        }
    }
    pairs.sort_by_key(|&(row, i)| (row, sheet.merges[i].start.col));
    for (at, (row, _)) in pairs.iter().enumerate() {
        let part = &mut rows[*row].merges;
        *part = if part.0 == part.1 { (at, at + 1) } else { (part.0, at + 1) };
    }
    pairs.into_iter().map(|(_, i)| i).collect()
}

/// Whether a cell holds a number, a date, or text that is nothing but a number.
#[must_use]
pub fn is_numeric(cell: &Cell) -> bool {
    match &cell.kind {
        CellKind::Number(_) | CellKind::Date(_) => true,
        CellKind::Text(s) => is_number(s),
        _ => cell.uncached,
    }
}

/// Whether a text is a plain number, as [`looks_numeric`] of it squeezed, which is not needed for common characters.
fn is_number(text: &str) -> bool {
    let mut digits = false;
    for c in text.chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\0'..=' ' | '\u{7f}' => continue,
            _ => c,
        };
        match c {
            '0'..='9' => digits = true,
            '.' | ',' | '-' | '+' | '%' => {}
            '!'..='~' | '\u{4e00}'..='\u{9fff}' => return false,
            _ => return looks_numeric(&squeeze(text)),
        }
    }
    digits
}

/// Whether a squeezed text is a plain number: `51,000.5`, `-3`, `12%`.
#[must_use]
pub(super) fn looks_numeric(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_without_squeezing() {
        for text in [
            "51000",
            "51,000.5",
            "-3",
            "12%",
            "１２．５",
            " 1 000\n",
            "",
            "-",
            "\u{7f}7",
            "3.5亿",
            "5a",
            "①",
            "１２①",
            "3\u{20e3}",
            "=\u{338}",
            "1\u{a0}2",
            "　9　",
            "(3)",
            "【3】",
            "½",
            "٣",
            "1e5",
            "\u{feff}12",
            "一",
        ] {
            assert_eq!(is_number(text), looks_numeric(&squeeze(text)), "{text:?}");
        }
    }
}
