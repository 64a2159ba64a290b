//! What stands where in a worksheet part, as far as the marks need it.

use std::collections::BTreeMap;

use super::xml::{Kind, Tag, Tags};
use crate::model::{CellRef, Region};
use crate::workbook::Fault;
use crate::workbook::place::Filled;

/// A cell of a row of interest.
#[derive(Debug, Clone)]
pub(super) struct Cell<'t> {
    pub(super) col: u32,
    pub(super) tag: Tag<'t>,
    /// It holds a value or a formula.
    pub(super) filled: bool,
}

/// A row of interest.
#[derive(Debug, Clone)]
pub(super) struct Row<'t> {
    pub(super) tag: Tag<'t>,
    /// Where its end tag stands.
    pub(super) end: usize,
    pub(super) cells: Vec<Cell<'t>>,
}

/// A worksheet part.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    /// The tag that begins the part.
    pub(super) root: Tag<'t>,
    /// The tag that begins the rows, and where their end tag stands.
    pub(super) data: (Tag<'t>, usize),
    /// Rows of interest by number from 0.
    pub(super) rows: BTreeMap<u32, Row<'t>>,
    /// Number and place of the rows of no interest, as far as rows may have to stand before them.
    starts: Vec<(u32, usize)>,
    merges: Vec<Region>,
    /// First and last column, format and width in characters.
    columns: Vec<(u32, u32, usize, Option<f64>)>,
    heights: BTreeMap<u32, f64>,
    default_width: f64,
    default_height: f64,
    /// Relation of the drawing that holds its notes.
    pub(super) legacy: Option<String>,
    /// Where that element belongs when it is not there.
    pub(super) legacy_at: usize,
}

/// Elements that follow `legacyDrawing` in a worksheet part.
const AFTER_LEGACY: [&str; 10] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
    "worksheet",
];
/// Width of a column that says nothing, in characters.
const WIDTH: f64 = 8.43;
/// Height of a row that says nothing, in points.
const HEIGHT: f64 = 15.0;

impl<'t> Scan<'t> {
    /// Reads a part; cells are kept of the rows that `wanted` accepts (from 0).
    pub(super) fn of(text: &'t str, wanted: &dyn Fn(u32) -> bool) -> Result<Self, Fault> {
        let incomplete = || Fault::new("工作表部件不完整");
        let mut tags = Tags::new(text);
        let root = tags.next()?.filter(|t| t.local() == "worksheet").ok_or_else(incomplete)?;
        let mut scan = Self {
            data: (root.clone(), usize::MAX),
            root,
            rows: BTreeMap::new(),
            starts: Vec::new(),
            merges: Vec::new(),
            columns: Vec::new(),
            heights: BTreeMap::new(),
            default_width: WIDTH,
            default_height: HEIGHT,
            legacy: None,
            legacy_at: usize::MAX,
        };
        while let Some(tag) = tags.next()? {
            match (tag.local(), tag.kind) {
                ("sheetFormatPr", Kind::Open | Kind::Empty) => {
                    scan.default_width = tag.number("defaultColWidth").unwrap_or(WIDTH);
                    scan.default_height = tag.number("defaultRowHeight").unwrap_or(HEIGHT);
                }
                ("col", Kind::Open | Kind::Empty) => scan.column(&tag),
                ("sheetData", Kind::Open) => {
                    scan.data.0 = tag;
                    scan.data.1 = scan.rows(&mut tags, wanted)?;
                }
                ("sheetData", Kind::Empty) => scan.data = (tag.clone(), tag.range.end),
                ("mergeCell", Kind::Open | Kind::Empty) => {
                    scan.merges.extend(tag.attr("ref").and_then(|r| region(&r)));
                }
                ("legacyDrawing", Kind::Open | Kind::Empty) => {
                    scan.legacy = tag.local_attr("id").map(std::borrow::Cow::into_owned);
                }
                (name, kind) if scan.data.1 != usize::MAX && AFTER_LEGACY.contains(&name) => {
                    scan.legacy_at = scan.legacy_at.min(tag.range.start);
                    if kind == Kind::Open {
                        tags.close(&tag)?;
                    }
                }
                (_, Kind::Open) if scan.data.1 != usize::MAX && tag.local() != "mergeCells" => {
                    tags.close(&tag)?;
                }
                _ => {}
            }
        }
        if scan.data.1 == usize::MAX || scan.legacy_at == usize::MAX { Err(incomplete()) } else { Ok(scan) }
    }

    fn rows(&mut self, tags: &mut Tags<'t>, wanted: &dyn Fn(u32) -> bool) -> Result<usize, Fault> {
        let mut next = 0u32;
        while let Some(tag) = tags.next()? {
            if tag.kind == Kind::Close {
                return Ok(tag.range.start);
            }
            let number = tag.number::<u32>("r").map_or(next, |r| r.saturating_sub(1));
            next = number.saturating_add(1);
            if let Some(height) = tag.number::<f64>("ht") {
                self.heights.insert(number, height);
            }
            if tag.flag("hidden") {
                self.heights.insert(number, 0.0);
            }
            if tag.local() != "row" || !wanted(number) || self.rows.contains_key(&number) {
                self.starts.push((number, tag.range.start));
                tags.close(&tag)?;
                continue;
            }
            let row = row(tag, tags)?;
            self.rows.insert(number, row);
        }
        Err(Fault::new("工作表部件不完整"))
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let (Some(min), Some(max)) = (tag.number::<u32>("min"), tag.number::<u32>("max")) else { return };
        let width = if tag.flag("hidden") { Some(0.0) } else { tag.number("width") };
        let format = tag.number("style").unwrap_or(0);
        self.columns.push((min.saturating_sub(1), max.saturating_sub(1), format, width));
    }

    /// Where a row that is not there belongs: before the first row behind it.
    pub(super) fn place_of(&self, row: u32) -> usize {
        let known = self.rows.iter().map(|(n, r)| (*n, r.tag.range.start));
        let behind = known.chain(self.starts.iter().copied()).filter(|(n, _)| *n > row);
        behind.map(|(_, start)| start).min().unwrap_or(self.data.1)
    }

    /// Format of a cell that is not there.
    pub(super) fn format_of(&self, at: CellRef) -> usize {
        let row = self.rows.get(&at.row).filter(|r| r.tag.flag("customFormat")).and_then(|r| r.tag.number("s"));
        let column = || self.columns.iter().find(|c| (c.0..=c.1).contains(&at.col)).map(|c| c.2);
        row.or_else(column).unwrap_or(0)
    }

    /// Width of a column in pixels.
    pub(super) fn width(&self, col: u32) -> f64 {
        let own = self.columns.iter().find(|c| (c.0..=c.1).contains(&col)).and_then(|c| c.3);
        match own.unwrap_or(self.default_width) {
            w if w <= 0.0 => 0.0,
            w => w * 7.0 + 5.0,
        }
    }

    /// Height of a row in pixels.
    pub(super) fn height(&self, row: u32) -> f64 {
        self.heights.get(&row).copied().unwrap_or(self.default_height).max(0.0) * 4.0 / 3.0
    }
}

/// Reads a row to its end.
fn row<'t>(tag: Tag<'t>, tags: &mut Tags<'t>) -> Result<Row<'t>, Fault> {
    let mut row = Row { end: tag.range.end, cells: Vec::new(), tag };
    let mut next = 0;
    while row.tag.kind == Kind::Open {
        let cell = tags.next()?.ok_or_else(|| Fault::new("工作表部件不完整"))?;
        if cell.kind == Kind::Close {
            row.end = cell.range.start;
            break;
        }
        let at = cell.attr("r").and_then(|r| CellRef::parse(&r));
        let col = at.map_or(next, |at| at.col);
        next = col.saturating_add(1);
        let filled = cell.kind == Kind::Open && holds_something(&cell, tags)?;
        if cell.local() == "c" {
            row.cells.push(Cell { col, tag: cell, filled });
        }
    }
    Ok(row)
}

/// Passes over a cell; whether it has a value, a text or a formula.
fn holds_something<'t>(cell: &Tag<'t>, tags: &mut Tags<'t>) -> Result<bool, Fault> {
    let (mut depth, mut found) = (1usize, false);
    while let Some(tag) = tags.next()? {
        match tag.kind {
            Kind::Open => {
                depth += 1;
                found |= matches!(tag.local(), "v" | "f" | "is");
            }
            Kind::Empty => found |= tag.local() == "f",
            Kind::Close => depth -= 1,
        }
        if depth == 0 {
            return Ok(found);
        }
    }
    Err(Fault::new(format!("单元格 {} 没有结束", cell.attr("r").unwrap_or_default())))
}

/// Reads `A1:B2`.
fn region(text: &str) -> Option<Region> {
    let (a, b) = text.split_once(':')?;
    Some(Region { start: CellRef::parse(a)?, end: CellRef::parse(b)? })
}

impl Filled for Scan<'_> {
    fn filled(&self, row: u32) -> Vec<u32> {
        let cells = self.rows.get(&row).map(|r| &r.cells[..]).unwrap_or_default();
        let mut columns: Vec<u32> = cells.iter().filter(|c| c.filled).map(|c| c.col).collect();
        columns.sort_unstable();
        columns
    }

    fn merges(&self) -> &[Region] {
        &self.merges
    }

    fn rows_between(&self, first: u32, last: u32) -> Vec<u32> {
        self.rows.range(first..=last).map(|(n, _)| *n).collect()
    }
}

/// The merged ranges of a part, read from its end alone: which rows are of interest may depend on them.
pub(super) fn merges(text: &str) -> Result<Vec<Region>, Fault> {
    let tail = text.rfind("sheetData").and_then(|at| text.get(at..)).unwrap_or_default();
    let tail = tail.find('>').and_then(|at| tail.get(at + 1..)).unwrap_or_default();
    let mut tags = Tags::of_tail(tail);
    let mut merges = Vec::new();
    while let Some(tag) = tags.next()? {
        if tag.local() == "mergeCell" {
            merges.extend(tag.attr("ref").and_then(|r| region(&r)));
        }
    }
    Ok(merges)
}
