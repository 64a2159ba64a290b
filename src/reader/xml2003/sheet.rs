//! One worksheet: cells with their facts, merges, hidden rows and columns.

use quick_xml::events::{BytesStart, Event};

use super::book::Styles;
use super::formula::to_a1;
use crate::model::{Cell, CellKind, CellRef, ReadIssue, Region, Sheet, Visibility};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::tidy::{self, Hidden};
use crate::reader::value::{Style, iso_date, looks_numeric, number_kind, text_kind};
use crate::reader::xml::{attr, flag, push_text};

const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// Reads one worksheet: events are handed in until its end.
pub(super) struct Worksheet {
    sheet: Sheet,
    issues: Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    filter: Option<Region>,
    date1904: bool,
    room: u64,
    next: CellRef,
    next_column: u32,
    row_style: Option<String>,
    cell: Option<Open>,
    /// Depth inside a comment, whose data is not the cell's.
    comment: u32,
    visible: Option<String>,
}

/// A cell that is being read.
#[derive(Default)]
struct Open {
    style: Option<String>,
    formula: Option<String>,
    kind: Option<String>,
    text: String,
    in_data: bool,
    broken: bool,
    ticked: bool,
}

impl Worksheet {
    /// Begins a worksheet.
    pub(super) fn new(name: String, index: u32, date1904: bool, room: u64) -> Self {
        Self {
            sheet: Sheet { name, index, ..Sheet::default() },
            issues: Vec::new(),
            merges: Vec::new(),
            hidden: Hidden::default(),
            filter: None,
            date1904,
            room,
            next: CellRef::new(0, 0),
            next_column: 0,
            row_style: None,
            cell: None,
            comment: 0,
            visible: None,
        }
    }

    /// Takes the next event inside the worksheet; `name` is that of its element.
    pub(super) fn take(&mut self, event: &Event<'_>, name: &str, styles: &Styles) -> Result<(), Fault> {
        match event {
            Event::Start(_) if self.comment > 0 => self.comment += 1,
            Event::End(_) if self.comment > 0 => self.comment -= 1,
            _ if self.comment > 0 => {}
            Event::Start(e) => self.start(e, name),
            Event::End(_) => self.end(name, styles)?,
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                if let Some(cell) = self.cell.as_mut().filter(|c| c.in_data) {
                    cell.broken |= !push_text(event, &mut cell.text);
                } else if let Some(visible) = &mut self.visible {
                    push_text(event, visible);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The sheet, when its element has ended.
    pub(super) fn finish(mut self, issues: &mut Vec<ReadIssue>) -> Sheet {
        issues.append(&mut self.issues);
        tidy::finish(&mut self.sheet, issues, self.merges, self.hidden, self.filter);
        self.sheet
    }

    fn start(&mut self, e: &BytesStart<'_>, name: &str) {
        let number = |name| attr(e, name).and_then(|v| v.trim().parse::<u32>().ok());
        let flat = |name| attr(e, name).and_then(|v| v.parse::<f64>().ok()).is_some_and(|v| v <= 0.0);
        match name {
            "Column" => {
                let first = number("Index").filter(|&i| i > 0).map_or(self.next_column, |i| i - 1);
                let last = first.saturating_add(number("Span").unwrap_or(0)).min(COLUMNS);
                if flag(e, "Hidden") || flat("Width") {
                    self.hidden.columns.push((first, last));
                }
                self.next_column = last.saturating_add(1);
            }
            "Row" => {
                let row = number("Index").filter(|&i| i > 0).map_or(self.next.row, |i| i - 1);
                let last = row.saturating_add(number("Span").unwrap_or(0)).min(ROWS);
                if flag(e, "Hidden") || flat("Height") {
                    self.hidden.rows.push((row, last));
                }
                self.next = CellRef::new(row, 0);
                self.row_style = attr(e, "StyleID");
            }
            "Cell" => {
                if let Some(index) = number("Index").filter(|&i| i > 0) {
                    self.next.col = index - 1;
                }
                let (across, down) = (number("MergeAcross").unwrap_or(0), number("MergeDown").unwrap_or(0));
                let at = self.next;
                if across > 0 || down > 0 {
                    let end = CellRef::new(
                        at.row.saturating_add(down).min(ROWS - 1),
                        at.col.saturating_add(across).min(COLUMNS - 1),
                    );
                    self.merges.push(Region { start: at, end });
                }
                self.cell = Some(Open { style: attr(e, "StyleID"), formula: attr(e, "Formula"), ..Open::default() });
            }
            "Data" => {
                if let Some(cell) = &mut self.cell {
                    cell.kind = attr(e, "Type");
                    cell.ticked = flag(e, "Ticked");
                    cell.in_data = true;
                }
            }
            "Comment" | "PhoneticText" => self.comment = 1,
            "AutoFilter" => self.filter = attr(e, "Range").and_then(|r| tidy::region(&to_a1(&r, CellRef::new(0, 0)))),
            "Visible" => self.visible = Some(String::new()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, styles: &Styles) -> Result<(), Fault> {
        match name {
            "Data" => {
                if let Some(cell) = &mut self.cell {
                    cell.in_data = false;
                }
            }
            "Cell" => self.end_cell(styles)?,
            "Row" => self.next = CellRef::new(self.next.row.saturating_add(1), 0),
            "Visible" => {
                self.sheet.visibility = match self.visible.take().as_deref().map(str::trim) {
                    Some("SheetHidden") => Visibility::Hidden,
                    Some("SheetVeryHidden") => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
            }
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self, styles: &Styles) -> Result<(), Fault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let at = self.next;
        // A merge takes the columns it covers.
        let covered = self.merges.last().filter(|m| m.start == at).map_or(at.col, |m| m.end.col);
        self.next.col = covered.saturating_add(1);
        let style =
            cell.style.as_ref().or(self.row_style.as_ref()).and_then(|s| styles.get(s)).cloned().unwrap_or_default();
        let seen = cell.text.clone();
        match build(cell, at, &style, self.date1904) {
            Ok(None) => return Ok(()),
            Ok(Some(_)) if at.row >= ROWS || at.col >= COLUMNS => {
                self.issues.push(cell_lost(&self.sheet.name, &at.to_string(), "超出工作表范围", &seen));
                return Ok(());
            }
            Ok(Some(cell)) => self.sheet.cells.push(cell),
            Err(why) => {
                self.issues.push(cell_lost(&self.sheet.name, &at.to_string(), why, &seen));
                self.sheet.cells.push(Cell::new(at, CellKind::Empty));
            }
        }
        if self.sheet.cells.len() as u64 > self.room {
            return Err(Fault::limit("单元格过多"));
        }
        Ok(())
    }
}

/// The cell, `None` when it is empty, or why its value cannot be read.
fn build(open: Open, at: CellRef, style: &Style, date1904: bool) -> Result<Option<Cell>, &'static str> {
    if open.broken {
        return Err("含有无法识别的字符");
    }
    let text = open.text.as_str();
    let kind = match open.kind.as_deref() {
        Some("Number") => {
            let number = text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
            number_kind(number.ok_or("不是数字")?, style.is_date)
        }
        Some("DateTime") => iso_date(text.trim(), date1904).unwrap_or_else(|| text_kind(text)),
        Some("Boolean") => match text.trim() {
            "1" | "true" => CellKind::Bool(true),
            "0" | "false" => CellKind::Bool(false),
            _ => return Err("不是逻辑值"),
        },
        Some("Error") => CellKind::Error(text.trim().to_owned()),
        _ => text_kind(text),
    };
    if kind == CellKind::Empty && open.formula.is_none() {
        return Ok(None);
    }
    Ok(Some(Cell {
        number_as_text: (open.ticked || open.formula.is_none())
            && matches!(&kind, CellKind::Text(t) if looks_numeric(t)),
        uncached: open.formula.is_some() && open.kind.is_none(),
        formula: open.formula.map(|f| to_a1(&f, at)),
        format: style.format.clone(),
        struck: style.struck,
        date1904,
        ..Cell::new(at, kind)
    }))
}
