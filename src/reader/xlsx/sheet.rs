//! One worksheet part in one pass: cells, merges, hidden rows and columns, filter.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::cell::{self, Context, RawCell, build};
use super::strings::TextBuilder;
use crate::model::{Cell, CellKind, CellRef, ReadIssue, Region, Sheet};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::quick::PlainCell;
use crate::reader::tidy::{self, Hidden};
use crate::reader::xml::{Pull, attr, attrs, flag, is_yes, push_text};

const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// Reads the part into `sheet`; what is lost goes to `issues`. `room` is how many cells the workbook may still have.
pub(super) fn read(
    mut pull: Pull<'_>,
    context: &Context,
    sheet: &mut Sheet,
    issues: &mut Vec<ReadIssue>,
    room: u64,
) -> Result<(), Fault> {
    let mut pass = Pass { context, name: sheet.name.clone(), room, ..Pass::new(context) };
    loop {
        while let Some(cell) = pull.cell().filter(|_| pass.raw.is_none()) {
            pass.plain(&cell)?;
        }
        let event = pull.next()?;
        if matches!(event, Event::Eof) {
            break;
        }
        pass.take(&event)?;
    }
    if !pass.is_sheet {
        return Err(Fault::damaged("工作表部件里没有工作表"));
    }
    issues.append(&mut pass.issues);
    sheet.cells = pass.cells;
    tidy::finish(sheet, issues, pass.merges, pass.hidden, pass.filter);
    Ok(())
}

#[derive(PartialEq)]
enum Inside {
    Value,
    Formula,
    Inline,
    Nothing,
}

/// Attribute `r` of a cell.
enum Reference {
    None,
    At(CellRef),
    Wrong(String),
}

impl Reference {
    fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::None };
        match CellRef::parse(text.trim()) {
            Some(at) if at.row < ROWS && at.col < COLUMNS => Self::At(at),
            _ => Self::Wrong(text.to_owned()),
        }
    }
}

struct Pass<'c> {
    context: &'c Context,
    name: String,
    room: u64,
    is_sheet: bool,
    next: CellRef,
    raw: Option<(RawCell, Reference)>,
    /// Room for the next value, so that not every cell asks for its own.
    spare: String,
    inside: Inside,
    inline: TextBuilder,
    shared: Option<(u64, bool)>,
    templates: BTreeMap<u64, (String, CellRef)>,
    cells: Vec<Cell>,
    issues: Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    filter: Option<Region>,
}

impl<'c> Pass<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            context,
            name: String::new(),
            room: 0,
            is_sheet: false,
            next: CellRef::new(0, 0),
            raw: None,
            spare: String::new(),
            inside: Inside::Nothing,
            inline: TextBuilder::default(),
            shared: None,
            templates: BTreeMap::new(),
            cells: Vec::new(),
            issues: Vec::new(),
            merges: Vec::new(),
            hidden: Hidden::default(),
            filter: None,
        }
    }

    fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(e) if self.raw.is_some() => self.start_in_cell(e, event),
            Event::Start(e) => self.start(e),
            Event::End(e) if self.raw.is_some() => {
                let name = e.local_name();
                match (name.as_ref(), &self.inside) {
                    ("c", _) => self.end_cell()?,
                    ("v", Inside::Value) | ("f", Inside::Formula) => self.inside = Inside::Nothing,
                    ("is", Inside::Inline) => {
                        self.inside = Inside::Nothing;
                        let text = std::mem::take(&mut self.inline).finish();
                        if let Some((raw, _)) = &mut self.raw {
                            raw.inline = Some(text);
                        }
                    }
                    (_, Inside::Inline) => self.inline.take(event),
                    _ => {}
                }
            }
            Event::End(e) if e.local_name().as_ref() == "row" => {
                self.next = CellRef::new(self.next.row.saturating_add(1), 0);
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => self.characters(event),
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        match e.local_name().as_ref() {
            "sheetData" => self.is_sheet = true,
            "row" => {
                let [number, height, hidden] = attrs(e, ["r", "ht", "hidden"]);
                let given: Option<u32> = number.and_then(|r| r.trim().parse().ok());
                if let Some(row) = given.filter(|r| (1..=ROWS).contains(r)) {
                    self.next = CellRef::new(row - 1, 0);
                }
                let flat = height.and_then(|h| h.parse::<f64>().ok()).is_some_and(|h| h <= 0.0);
                if hidden.is_some_and(|h| is_yes(&h)) || flat {
                    self.hidden.rows.push((self.next.row, self.next.row));
                }
            }
            "col" => {
                let number = |name| attr(e, name).and_then(|v| v.parse::<u32>().ok());
                let flat = attr(e, "width").and_then(|w| w.parse::<f64>().ok()).is_some_and(|w| w <= 0.0);
                if let (Some(min @ 1..), Some(max), true) = (number("min"), number("max"), flag(e, "hidden") || flat) {
                    self.hidden.columns.push((min - 1, max.min(COLUMNS).saturating_sub(1)));
                }
            }
            "c" => {
                let [style, kind, reference] = attrs(e, ["s", "t", "r"]);
                let style = style.and_then(|s| s.trim().parse().ok());
                let raw = RawCell { kind: kind.map(|k| cell::kind(&k)), style, ..RawCell::default() };
                self.raw = Some((raw, Reference::read(reference.as_deref())));
            }
            "mergeCell" => self.merges.extend(attr(e, "ref").and_then(|r| tidy::region(&r))),
            "autoFilter" => self.filter = attr(e, "ref").and_then(|r| tidy::region(&r)),
            _ => {}
        }
    }

    fn start_in_cell(&mut self, e: &BytesStart<'_>, event: &Event<'_>) {
        let Some((raw, _)) = &mut self.raw else { return };
        match e.local_name().as_ref() {
            _ if self.inside == Inside::Inline => self.inline.take(event),
            "v" => {
                self.inside = Inside::Value;
                raw.value.get_or_insert_with(|| std::mem::take(&mut self.spare));
            }
            "f" => {
                self.inside = Inside::Formula;
                raw.formula.get_or_insert_default();
                let index = attr(e, "si").and_then(|s| s.parse().ok());
                self.shared =
                    index.filter(|_| attr(e, "t").as_deref() == Some("shared")).map(|i| (i, attr(e, "ref").is_some()));
            }
            "is" => self.inside = Inside::Inline,
            _ => {}
        }
    }

    fn characters(&mut self, event: &Event<'_>) {
        let Some((raw, _)) = &mut self.raw else { return };
        match self.inside {
            Inside::Value => raw.broken |= !push_text(event, raw.value.get_or_insert_default()),
            Inside::Formula => {
                push_text(event, raw.formula.get_or_insert_default());
            }
            Inside::Inline => self.inline.take(event),
            Inside::Nothing => {}
        }
    }

    /// A cell with nothing but a value, as its events would give it.
    fn plain(&mut self, cell: &PlainCell<'_>) -> Result<(), Fault> {
        let value = cell.value.map(|text| {
            let mut value = std::mem::take(&mut self.spare);
            value.push_str(text);
            value
        });
        let style = cell.style.and_then(|s| s.trim().parse().ok());
        let raw = RawCell { kind: cell.kind.map(cell::kind), style, value, ..RawCell::default() };
        self.raw = Some((raw, Reference::read(cell.reference)));
        self.end_cell()
    }

    fn end_cell(&mut self) -> Result<(), Fault> {
        self.inside = Inside::Nothing;
        let Some((mut raw, reference)) = self.raw.take() else { return Ok(()) };
        let at = match reference {
            Reference::None => self.next,
            Reference::At(at) => at,
            Reference::Wrong(text) => {
                self.shared = None;
                let seen = raw.value.unwrap_or_default();
                let shown: String = text.chars().take(20).collect();
                self.issues.push(cell_lost(&self.name, &shown, "单元格编号无效", &seen));
                return Ok(());
            }
        };
        self.next = CellRef::new(at.row, at.col + 1);
        if let Some(shared) = self.shared.take() {
            self.expand(shared, at, &mut raw);
        }
        let built = build(&mut raw, at, self.context);
        let seen = raw.value.unwrap_or_default();
        match built {
            Ok(cell) => self.cells.extend(cell),
            Err(why) => {
                self.issues.push(cell_lost(&self.name, &at.to_string(), &why, &seen));
                self.cells.push(Cell::new(at, CellKind::Empty));
            }
        }
        self.spare = seen;
        self.spare.clear();
        if self.cells.len() as u64 > self.room {
            return Err(Fault::limit("单元格过多"));
        }
        Ok(())
    }

    /// Gives a cell of a shared formula its own text. Templates are kept by number, never in a table of that size.
    fn expand(&mut self, (index, is_template): (u64, bool), at: CellRef, raw: &mut RawCell) {
        let text = raw.formula.clone().unwrap_or_default();
        if is_template && !text.is_empty() {
            self.templates.insert(index, (text, at));
        } else if let Some((template, start)) = self.templates.get(&index).filter(|_| text.is_empty()) {
            raw.formula = calamine::expand_shared_formula(template, (start.row, start.col), (at.row, at.col)).ok();
            raw.formula.get_or_insert_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> (Sheet, Vec<ReadIssue>) {
        let xml = format!("<worksheet>{body}</worksheet>");
        let read_from = |pull| {
            let mut sheet = Sheet { name: "签约".into(), ..Sheet::default() };
            let mut issues = Vec::new();
            read(pull, &Context::default(), &mut sheet, &mut issues, 100).unwrap();
            (sheet, issues)
        };
        let mut source = xml.as_bytes();
        let plain = read_from(Pull::new(&mut source));
        assert_eq!(read_from(Pull::quick(&xml).unwrap()), plain);
        plain
    }

    #[test]
    fn cells_and_facts_in_one_pass() {
        let (sheet, issues) = check(
            r#"<cols><col min="2" max="16384" hidden="1"/></cols><sheetData>
            <row r="1"><c r="A1" t="inlineStr"><is><t>总投资</t></is></c></row>
            <row r="2" hidden="1"><c r="A2"><f t="shared" si="4294967295" ref="A2:A3">B2*2</f><v>4</v></c><c><v>2</v></c></row>
            <row r="3" ht="0"><c r="A3"><f t="shared" si="4294967295"/></c></row>
            </sheetData><autoFilter ref="A1:B2"/><mergeCells count="999"><mergeCell ref="B2:A1"/><mergeCell ref="XX"/></mergeCells>"#,
        );
        assert_eq!(issues, []);
        assert_eq!((sheet.hidden_rows, sheet.filtered_rows, sheet.hidden_columns), (vec![1, 2], vec![1], vec![1]));
        assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:B2"]);
        let shown: Vec<_> =
            sheet.cells.iter().map(|c| (c.at.to_string(), c.raw(), c.formula.clone(), c.uncached)).collect();
        let expected = [
            ("A1", "总投资", None, false),
            ("A2", "4", Some("B2*2"), false),
            ("B2", "2", None, false),
            ("A3", "", Some("B3*2"), true),
        ];
        assert_eq!(shown, expected.map(|(a, r, f, u)| (a.to_owned(), r.into(), f.map(str::to_owned), u)));
    }

    #[test]
    fn bad_cells_are_named_and_the_rest_is_read() {
        let (sheet, issues) = check(
            r#"<sheetData><row r="1"><c r="A1" t="s"><v>9</v></c><c r="1B"><v>7</v></c><c r="$c$1"><v>3</v></c>
            <c r="D1"><v>1</v></c><c r="D1"><v>2</v></c></row></sheetData>"#,
        );
        let lost: Vec<_> = issues.iter().map(|i| (i.code.as_str(), i.cell.as_deref().unwrap())).collect();
        assert_eq!(lost, [("L210", "A1"), ("L210", "1B"), ("L210", "D1")]);
        let kinds: Vec<_> = sheet.cells.iter().map(|c| (c.at.to_string(), c.kind.clone())).collect();
        assert_eq!(kinds[0], ("A1".into(), CellKind::Empty));
        assert_eq!(kinds[1], ("C1".into(), CellKind::Number(3.0)));
        assert_eq!(kinds[2], ("D1".into(), CellKind::Empty), "neither of two values wins");
    }
}
