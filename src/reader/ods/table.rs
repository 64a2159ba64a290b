//! The tables of a document: cells with their facts, merges, hidden rows and columns.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::formula::plain;
use super::styles::Styles;
use crate::model::{Cell, CellKind, CellRef, ReadIssue, Region, Sheet, Visibility};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::tidy::{self, Hidden};
use crate::reader::value::{Strikes, Style, iso_date, looks_numeric, text_kind};
use crate::reader::xml::{attr, push_text, qualified};

const ROWS: u64 = 1_048_576;
const COLUMNS: u64 = 16_384;
/// Spaces that one element may stand for.
const SPACES: usize = 256;

/// Reads one table: events are handed in until its end.
pub(super) struct Table<'s> {
    styles: &'s Styles,
    looks: BTreeMap<String, Style>,
    sheet: Sheet,
    issues: Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    /// Last column and default style of the columns so far, ascending.
    column_styles: Vec<(u64, String)>,
    columns: u64,
    room: u64,
    row: u64,
    current: Option<Row>,
    cell: Option<Open>,
    /// Depth inside an element whose content is not part of the table.
    skipped: u32,
}

/// A row that is being read.
#[derive(Default)]
struct Row {
    repeated: u64,
    style: Option<String>,
    col: u64,
    cells: Vec<Cell>,
    lost: Vec<(u64, String)>,
}

/// A cell that is being read.
struct Open {
    repeated: u64,
    style: Option<String>,
    span: (u64, u64),
    kind: Option<String>,
    value: Option<String>,
    formula: Option<String>,
    text: String,
    paragraphs: u32,
    struck_spans: u32,
    spans: Vec<bool>,
    strikes: Strikes,
    broken: bool,
}

impl<'s> Table<'s> {
    /// Begins a table at its start element.
    pub(super) fn new(e: &BytesStart<'_>, index: u32, styles: &'s Styles, room: u64) -> Self {
        let hidden = attr(e, "style-name").is_some_and(|name| styles.table_hidden(&name));
        let sheet = Sheet {
            name: attr(e, "name").unwrap_or_default(),
            index,
            visibility: if hidden { Visibility::Hidden } else { Visibility::Visible },
            ..Sheet::default()
        };
        Self {
            styles,
            looks: BTreeMap::new(),
            sheet,
            issues: Vec::new(),
            merges: Vec::new(),
            hidden: Hidden::default(),
            column_styles: Vec::new(),
            columns: 0,
            room,
            row: 0,
            current: None,
            cell: None,
            skipped: 0,
        }
    }

    /// Takes the next event inside the table.
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            _ if self.skipped > 0 => {}
            Event::Start(e) => self.start(e),
            Event::End(e) => match e.local_name().as_ref() {
                "table-cell" | "covered-table-cell" => self.end_cell()?,
                "table-row" => self.end_row()?,
                "span" => self.end_span(),
                _ => {}
            },
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => self.characters(event),
            _ => {}
        }
        Ok(())
    }

    /// The sheet, when its element has ended.
    pub(super) fn finish(mut self, issues: &mut Vec<ReadIssue>) -> Sheet {
        issues.append(&mut self.issues);
        tidy::finish(&mut self.sheet, issues, self.merges, self.hidden, None);
        self.sheet
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        match e.local_name().as_ref() {
            // Notes, drawings and tables inside cells are not the table's own cells.
            "annotation" | "shapes" | "forms" | "frame" | "tracked-changes" | "ruby-text" | "table"
            | "custom-shape" => {
                self.skipped = 1;
            }
            "table-column" => self.column(e),
            "table-row" => {
                let repeated = repeated(e, "number-rows-repeated");
                let last = self.row.saturating_add(repeated).saturating_sub(1).min(ROWS);
                let range = (narrow(self.row), narrow(last));
                match attr(e, "visibility").as_deref() {
                    Some("collapse") => self.hidden.rows.push(range),
                    Some("filter") => {
                        self.hidden.rows.push(range);
                        self.hidden.filtered.push(range);
                    }
                    _ => {}
                }
                self.current = Some(Row { repeated, style: attr(e, "default-cell-style-name"), ..Row::default() });
            }
            "table-cell" | "covered-table-cell" => self.cell = Some(open(e)),
            name => self.start_in_cell(name, e),
        }
    }

    fn start_in_cell(&mut self, name: &str, e: &BytesStart<'_>) {
        let Some(cell) = &mut self.cell else { return };
        match name {
            "p" => {
                if cell.paragraphs > 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs += 1;
            }
            "s" => {
                let count = attr(e, "c").and_then(|c| c.parse().ok()).unwrap_or(1);
                cell.text.extend(std::iter::repeat_n(' ', SPACES.min(count)));
            }
            "tab" => cell.text.push('\t'),
            "line-break" => cell.text.push('\n'),
            "span" => {
                let struck = attr(e, "style-name").is_some_and(|name| self.styles.text_struck(&name));
                cell.struck_spans += u32::from(struck);
                cell.spans.push(struck);
            }
            _ => {}
        }
    }

    fn end_span(&mut self) {
        if let Some(cell) = &mut self.cell {
            let struck = cell.spans.pop().unwrap_or(false);
            cell.struck_spans -= u32::from(struck);
        }
    }

    fn characters(&mut self, event: &Event<'_>) {
        let Some(cell) = self.cell.as_mut().filter(|c| c.paragraphs > 0) else { return };
        let before = cell.text.len();
        cell.broken |= !push_text(event, &mut cell.text);
        let struck = cell.struck_spans > 0;
        cell.strikes.add(cell.text.get(before..).unwrap_or_default(), struck);
    }

    fn column(&mut self, e: &BytesStart<'_>) {
        let first = self.columns;
        self.columns = self.columns.saturating_add(repeated(e, "number-columns-repeated")).min(COLUMNS);
        if matches!(attr(e, "visibility").as_deref(), Some("collapse" | "filter")) && self.columns > first {
            self.hidden.columns.push((narrow(first), narrow(self.columns - 1)));
        }
        let style = attr(e, "default-cell-style-name").unwrap_or_default();
        self.column_styles.push((self.columns, style));
    }

    fn look(&mut self, cell: &Open, row: &Row) -> Style {
        let by_column = || {
            let index = self.column_styles.partition_point(|(end, _)| *end <= row.col);
            self.column_styles.get(index).map(|(_, name)| name.clone())
        };
        let Some(name) = cell.style.clone().or_else(|| row.style.clone()).or_else(by_column) else {
            return Style::default();
        };
        if let Some(found) = self.looks.get(&name) {
            return found.clone();
        }
        let style = self.styles.cell(&name);
        self.looks.insert(name, style.clone());
        style
    }

    fn end_cell(&mut self) -> Result<(), Fault> {
        let (Some(cell), Some(mut row)) = (self.cell.take(), self.current.take()) else { return Ok(()) };
        let style = self.look(&cell, &row);
        let (first, count) = (row.col, cell.repeated);
        row.col = row.col.saturating_add(count);
        if cell.span != (1, 1) && first < COLUMNS && self.row < ROWS {
            let end = |at: u64, span: u64, most: u64| narrow(at.saturating_add(span - 1).min(most - 1));
            let start = CellRef::new(narrow(self.row), narrow(first));
            let end = CellRef::new(end(self.row, cell.span.1, ROWS), end(first, cell.span.0, COLUMNS));
            self.merges.push(Region { start, end });
        }
        match build(&cell, &style) {
            Ok(Some(found)) if first < COLUMNS && count > COLUMNS - first => {
                row.lost.push((first, format!("重复次数超出工作表范围\0{}", found.raw())));
                row.cells.push(Cell::new(CellRef::new(0, narrow(first)), CellKind::Empty));
            }
            Ok(Some(found)) if count > self.room => return Err(too_many(&found)),
            Ok(Some(found)) => {
                for col in first..first + count {
                    let at = CellRef::new(0, narrow(col));
                    row.cells.push(Cell { at, ..found.clone() });
                }
            }
            Ok(None) => {}
            Err((why, seen)) => {
                row.lost.push((first, format!("{why}\0{seen}")));
                row.cells.push(Cell::new(CellRef::new(0, narrow(first)), CellKind::Empty));
            }
        }
        self.current = Some(row);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Fault> {
        let Some(row) = self.current.take() else { return Ok(()) };
        let first = self.row;
        self.row = self.row.saturating_add(row.repeated);
        for (col, text) in &row.lost {
            let at = CellRef::new(narrow(first), narrow(*col)).to_string();
            let (why, seen) = text.split_once('\0').unwrap_or((text, ""));
            self.issues.push(cell_lost(&self.sheet.name, &at, why, seen));
        }
        let Some(sample) = row.cells.first() else { return Ok(()) };
        if (row.cells.len() as u64).saturating_mul(row.repeated)
            > self.room.saturating_sub(self.sheet.cells.len() as u64)
        {
            return Err(too_many(sample));
        }
        for r in first..first + row.repeated {
            for cell in &row.cells {
                if r < ROWS && u64::from(cell.at.col) < COLUMNS {
                    self.sheet.cells.push(Cell { at: CellRef::new(narrow(r), cell.at.col), ..cell.clone() });
                } else {
                    let at = CellRef::new(narrow(r), cell.at.col).to_string();
                    self.issues.push(cell_lost(&self.sheet.name, &at, "超出工作表范围", &cell.raw()));
                }
            }
        }
        Ok(())
    }
}

fn too_many(cell: &Cell) -> Fault {
    Fault::limit(&format!("单元格过多（“{}”重复了很多次）", cell.raw().chars().take(20).collect::<String>()))
}

/// How often a row, column or cell stands; what is no number above 0 counts once.
fn repeated(e: &BytesStart<'_>, name: &str) -> u64 {
    attr(e, name).and_then(|n| n.trim().parse().ok()).filter(|&n| n > 0).unwrap_or(1)
}

fn narrow(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn open(e: &BytesStart<'_>) -> Open {
    let kind = attr(e, "value-type");
    let value = match kind.as_deref() {
        Some("date") => attr(e, "date-value"),
        Some("time") => attr(e, "time-value"),
        Some("boolean") => attr(e, "boolean-value"),
        Some("string") => attr(e, "string-value"),
        _ => attr(e, "value"),
    };
    let is_error = qualified(e, "calcext:value-type").as_deref() == Some("error");
    Open {
        repeated: repeated(e, "number-columns-repeated"),
        style: attr(e, "style-name"),
        span: (repeated(e, "number-columns-spanned"), repeated(e, "number-rows-spanned")),
        formula: attr(e, "formula"),
        kind: if is_error { Some("error".to_owned()) } else { kind },
        value,
        text: String::new(),
        paragraphs: 0,
        struck_spans: 0,
        spans: Vec::new(),
        strikes: Strikes::default(),
        broken: false,
    }
}

/// The cell, `None` when it is empty, or why its value cannot be read and what stands there.
fn build(open: &Open, style: &Style) -> Result<Option<Cell>, (&'static str, String)> {
    let shown = open.text.clone();
    if open.broken {
        return Err(("含有无法识别的字符", shown));
    }
    let kind = value(open).map_err(|why| (why, open.value.clone().unwrap_or(shown)))?;
    if kind == CellKind::Empty && open.formula.is_none() {
        return Ok(None);
    }
    Ok(Some(Cell {
        format: style.format.clone(),
        number_as_text: open.formula.is_none() && matches!(&kind, CellKind::Text(t) if looks_numeric(t)),
        uncached: open.formula.is_some() && open.kind.is_none() && open.text.is_empty(),
        formula: open.formula.as_deref().map(plain),
        struck: style.struck || open.strikes.all(),
        ..Cell::new(CellRef::new(0, 0), kind)
    }))
}

fn value(open: &Open) -> Result<CellKind, &'static str> {
    let value = open.value.as_deref().map(str::trim);
    Ok(match open.kind.as_deref() {
        None => text_kind(&open.text),
        Some("error") => CellKind::Error(open.text.trim().to_owned()),
        Some("string") => text_kind(open.value.as_deref().unwrap_or(&open.text)),
        Some("date") => {
            let text = value.unwrap_or_default();
            iso_date(text, false).unwrap_or_else(|| text_kind(if open.text.is_empty() { text } else { &open.text }))
        }
        Some("time") => value.and_then(duration).map_or_else(|| text_kind(&open.text), CellKind::Number),
        Some("boolean") => match value {
            Some("true") => CellKind::Bool(true),
            Some("false") => CellKind::Bool(false),
            _ => return Err("不是逻辑值"),
        },
        Some("float" | "currency" | "percentage") => {
            let number = value.and_then(|v| v.parse::<f64>().ok()).filter(|n| n.is_finite());
            CellKind::Number(number.ok_or("不是数字")?)
        }
        Some(_) => return Err("值的类型不存在"),
    })
}

/// `PT10H30M00S` as a fraction of a day.
fn duration(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut digits = String::new();
    for c in text.strip_prefix("PT")?.chars() {
        if c.is_ascii_digit() || c == '.' {
            digits.push(c);
            continue;
        }
        let number: f64 = std::mem::take(&mut digits).parse().ok()?;
        seconds += number
            * match c {
                'H' => 3600.0,
                'M' => 60.0,
                'S' => 1.0,
                _ => return None,
            };
    }
    Some(seconds / 86_400.0)
}
