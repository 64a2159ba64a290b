//! One worksheet part: cells with their facts, merges, hidden rows and columns, filter.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::records::{Records, f64_at, text};
use crate::model::{Cell, CellKind, CellRef, ReadIssue, Region, Sheet};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::formula::{Dialect, Names, decode};
use crate::reader::ole::{u16_at, u32_at};
use crate::reader::tidy::{self, Hidden};
use crate::reader::value::{Style, error_text, looks_numeric, number_kind, rk, text_kind};

const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What the cells of a workbook refer to.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Shared strings.
    pub(super) strings: Vec<Rich>,
    /// Cell formats.
    pub(super) styles: Vec<Style>,
    /// Which fonts are struck through.
    pub(super) struck_fonts: Vec<bool>,
    /// Dates count from 1904.
    pub(super) date1904: bool,
    /// What formulas refer to.
    pub(super) names: Names,
}

/// A text with its fonts: from which UTF-16 unit on which font applies.
#[derive(Debug, Clone, Default)]
pub(super) struct Rich {
    value: String,
    runs: Vec<(u16, u16)>,
}

impl Rich {
    /// A text with flags before it at `at`.
    pub(super) fn read(data: &[u8], at: usize) -> Option<Self> {
        let flags = *data.get(at)?;
        let (value, end) = text(data, at + 1)?;
        let runs = if flags & 1 == 0 { &[][..] } else { data.get(end + 4..).unwrap_or_default() };
        let count = if flags & 1 == 0 { 0 } else { u32_at(data, end)? as usize };
        let runs = runs.chunks_exact(4).take(count).filter_map(|r| Some((u16_at(r, 0)?, u16_at(r, 2)?))).collect();
        Some(Self { value, runs })
    }

    fn struck(&self, own: bool, fonts: &[bool]) -> bool {
        let Some((first, _)) = self.runs.first() else { return own };
        let end = self.value.encode_utf16().count();
        let inside = self.runs.iter().filter(|(at, _)| usize::from(*at) < end);
        (own || *first == 0)
            && inside.into_iter().all(|(_, font)| fonts.get(usize::from(*font)).copied().unwrap_or(false))
    }
}

/// Reads the part into `sheet`; what is lost goes to `issues`. `room` is how many cells the workbook may still have.
pub(super) fn read(
    source: &mut dyn BufRead,
    context: &Context,
    sheet: &mut Sheet,
    issues: &mut Vec<ReadIssue>,
    room: u64,
) -> Result<(), Fault> {
    let mut records = Records::new(source);
    let mut pass = Pass::new(context, &sheet.name);
    let mut ended = false;
    while let Some((id, data)) = records.next()? {
        ended |= id == 130;
        pass.take(id, data);
        if pass.cells.len() as u64 > room {
            return Err(Fault::limit("单元格过多"));
        }
    }
    if !ended {
        return Err(Fault::damaged("工作表的内容不完整，文件可能没有传完"));
    }
    pass.finish(sheet, issues);
    Ok(())
}

struct Pass<'c> {
    context: &'c Context,
    name: String,
    cells: Vec<Cell>,
    issues: Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    filter: Option<Region>,
    row: u32,
    /// Next column, for cells that do not say theirs.
    next: u32,
    /// Formulas that stand elsewhere: place in `cells` and the cell that names them.
    borrowed: Vec<(usize, CellRef)>,
    lenders: BTreeMap<CellRef, Vec<u8>>,
}

impl<'c> Pass<'c> {
    fn new(context: &'c Context, name: &str) -> Self {
        Self {
            context,
            name: name.to_owned(),
            cells: Vec::new(),
            issues: Vec::new(),
            merges: Vec::new(),
            hidden: Hidden::default(),
            filter: None,
            row: 0,
            next: 0,
            borrowed: Vec::new(),
            lenders: BTreeMap::new(),
        }
    }

    fn take(&mut self, id: u16, data: &[u8]) {
        match id {
            0 => self.row_header(data),
            1 | 12 => {
                self.place(id, data);
            }
            2..=11 | 13..=18 | 62 => self.cell(id, data),
            60 => self.columns(data),
            161 => self.filter = region(data),
            176 => self.merges.extend(region(data)),
            426 => self.lend(data, 17),
            427 => self.lend(data, 16),
            _ => {}
        }
    }

    fn row_header(&mut self, data: &[u8]) {
        let Some(row) = u32_at(data, 0).filter(|r| *r < ROWS) else {
            self.issues.push(cell_lost(&self.name, "?", "行号超出工作表范围", ""));
            return;
        };
        (self.row, self.next) = (row, 0);
        if data.get(11).is_some_and(|flags| flags & 0x10 != 0) || u16_at(data, 8) == Some(0) {
            self.hidden.rows.push((row, row));
        }
    }

    fn columns(&mut self, data: &[u8]) {
        let hidden = u32_at(data, 8) == Some(0) || data.get(16).is_some_and(|flags| flags & 1 != 0);
        if let (Some(first), Some(last), true) = (u32_at(data, 0), u32_at(data, 4), hidden) {
            self.hidden.columns.push((first, last.min(COLUMNS - 1)));
        }
    }

    /// Where a cell stands, its style, and where its content begins.
    fn place(&mut self, id: u16, data: &[u8]) -> Option<(CellRef, Style, usize)> {
        let short = (12..=18).contains(&id);
        let (col, at) = if short { (Some(self.next), 0) } else { (u32_at(data, 0), 4) };
        let (Some(col), Some(style)) = (col.filter(|c| *c < COLUMNS), u32_at(data, at)) else {
            self.issues.push(cell_lost(&self.name, "?", "单元格位置无效", ""));
            return None;
        };
        self.next = col + 1;
        let style = self.context.styles.get((style & 0x00FF_FFFF) as usize).cloned().unwrap_or_default();
        Some((CellRef::new(self.row, col), style, at + 4))
    }

    fn cell(&mut self, id: u16, data: &[u8]) {
        let Some((at, style, start)) = self.place(id, data) else { return };
        let mut cell = Cell {
            format: style.format.clone(),
            struck: style.struck,
            date1904: self.context.date1904,
            ..Cell::new(at, CellKind::Empty)
        };
        let Some((kind, end)) = self.value(id, data, start, &style, &mut cell) else {
            self.issues.push(cell_lost(&self.name, &at.to_string(), "记录不完整，或文本在文件中找不到", ""));
            self.cells.push(Cell::new(at, CellKind::Empty));
            return;
        };
        cell.kind = kind;
        if matches!(id, 8..=11) {
            cell.formula = Some(self.formula(data, end).unwrap_or_default());
        } else if let CellKind::Text(text) = &cell.kind {
            cell.number_as_text = looks_numeric(text);
        }
        if cell.kind != CellKind::Empty || cell.formula.is_some() {
            self.cells.push(cell);
        }
    }

    /// The value and where it ends.
    fn value(&self, id: u16, data: &[u8], at: usize, style: &Style, cell: &mut Cell) -> Option<(CellKind, usize)> {
        let number =
            |n: f64| if n.is_finite() { number_kind(n, style.is_date) } else { CellKind::Error("#NUM!".to_owned()) };
        Some(match id {
            2 | 13 => (number(rk(u32_at(data, at)?)), at + 4),
            3 | 11 | 14 => (CellKind::Error(error_text(*data.get(at)?).to_owned()), at + 1),
            4 | 10 | 15 => (CellKind::Bool(*data.get(at)? != 0), at + 1),
            5 | 9 | 16 => (number(f64_at(data, at)?), at + 8),
            6 | 8 | 17 => {
                let (text, end) = text(data, at)?;
                (text_kind(&text), end)
            }
            _ => {
                let own;
                let text = if id == 62 {
                    own = Rich::read(data, at)?;
                    &own
                } else {
                    self.context.strings.get(u32_at(data, at)? as usize)?
                };
                cell.struck = text.struck(style.struck, &self.context.struck_fonts);
                (text_kind(&text.value), at + 4)
            }
        })
    }

    /// The formula behind a value that ends at `end`.
    fn formula(&mut self, data: &[u8], end: usize) -> Option<String> {
        let size = u32_at(data, end + 2)? as usize;
        let start = end + 6;
        let tokens = data.get(start..start.checked_add(size)?)?;
        if let [0x01, place @ ..] = tokens {
            // The column stands behind the tokens, after their size.
            let place = CellRef::new(u32_at(place, 0)?, u32_at(data, start + size + 4)?);
            self.borrowed.push((self.cells.len(), place));
            return None;
        }
        decode(tokens, Dialect::Biff12, None, &self.context.names).map(|f| f.text)
    }

    /// A formula for several cells; it belongs to the place that the cell before it names.
    fn lend(&mut self, data: &[u8], header: usize) {
        let tokens =
            u32_at(data, header).and_then(|size| data.get(header + 4..(header + 4).checked_add(size as usize)?));
        let last = self.borrowed.last().filter(|(i, _)| i + 1 == self.cells.len()).map(|(_, place)| *place);
        let corner = region(data).map(|r| r.start);
        if let (Some(tokens), Some(place)) = (tokens, last.or(corner)) {
            self.lenders.insert(place, tokens.to_vec());
        }
    }

    fn finish(mut self, sheet: &mut Sheet, issues: &mut Vec<ReadIssue>) {
        for (index, place) in &self.borrowed {
            if let (Some(cell), Some(tokens)) = (self.cells.get_mut(*index), self.lenders.get(place)) {
                let formula = decode(tokens, Dialect::Biff12, Some(cell.at), &self.context.names);
                cell.formula = Some(formula.map(|f| f.text).unwrap_or_default());
            }
        }
        sheet.cells = self.cells;
        issues.append(&mut self.issues);
        tidy::finish(sheet, issues, self.merges, self.hidden, self.filter);
    }
}

/// First and last row, first and last column.
fn region(data: &[u8]) -> Option<Region> {
    let number = |at| u32_at(data, at);
    let (r1, r2, c1, c2) = (number(0)?, number(4)?, number(8)?, number(12)?);
    let inside = r1.max(r2) < ROWS && c1.max(c2) < COLUMNS;
    let (start, end) = (CellRef::new(r1.min(r2), c1.min(c2)), CellRef::new(r1.max(r2), c1.max(c2)));
    inside.then_some(Region { start, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: u16, parts: &[&[u8]]) -> Vec<u8> {
        let data = parts.concat();
        let [low, high] = [id & 0x7F, id >> 7].map(|half| u8::try_from(half).unwrap());
        let id = if high == 0 { vec![low] } else { vec![low | 0x80, high] };
        [id, vec![u8::try_from(data.len()).unwrap()], data].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|w| w.to_le_bytes()).collect()
    }

    fn check(records: &[Vec<u8>]) -> Result<(Sheet, Vec<ReadIssue>), Fault> {
        let context = Context {
            strings: vec![Rich { value: "旧项目".into(), runs: vec![(0, 1)] }],
            styles: vec![Style::default(), Style::new(None, 14)],
            struck_fonts: vec![false, true],
            ..Context::default()
        };
        let mut sheet = Sheet::default();
        let mut issues = Vec::new();
        read(&mut records.concat().as_slice(), &context, &mut sheet, &mut issues, 100)?;
        Ok((sheet, issues))
    }

    #[test]
    fn cells_and_facts() {
        let row = |row: u32, hidden: u8| record(0, &[&words(&[row, 0]), &[0x2C, 1, 0, hidden, 0]]);
        let area = [0x25, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0xC0, 3, 0xC0, 0x19, 0x10, 0, 0];
        let size = |tokens: &[u8]| words(&[u32::try_from(tokens.len()).unwrap()]);
        let shared = [0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0x1E, 2, 0, 0x05]; // the cell to the left, doubled
        let exp = |at: u32| [&[0x01][..], &words(&[at])].concat();
        let records = [
            record(129, &[]),
            record(60, &[&words(&[1, 2, 2048, 0]), &[1, 0]]),
            row(0, 0),
            record(7, &[&words(&[0, 0, 0])]),
            record(7, &[&words(&[1, 0, 9])]),
            row(3, 0x10),
            record(2, &[&words(&[0, 1, 46280 << 2 | 2])]),
            record(6, &[&words(&[1, 0, 2]), &[b'1', 0, b'2', 0]]),
            record(9, &[&words(&[3, 0]), &7f64.to_le_bytes(), &[0, 0], &size(&area), &area, &words(&[0])]),
            record(9, &[&words(&[4, 0]), &14f64.to_le_bytes(), &[0, 0], &size(&exp(3)), &exp(3), &words(&[4, 4])]),
            record(427, &[&words(&[3, 3, 4, 4]), &size(&shared), &shared]),
            record(176, &[&words(&[0, 1, 0, 3])]),
            record(161, &[&words(&[2, 9, 0, 3])]),
        ];
        let (sheet, issues) = check(&[records.concat(), record(130, &[])]).unwrap();
        let shown: Vec<_> = sheet.cells.iter().map(|c| format!("{} {:?} {:?}", c.at, c.kind, c.formula)).collect();
        let expected = [
            r#"A1 Text("旧项目") None"#,
            "B1 Empty None",
            "A4 Date(46280.0) None",
            r#"B4 Text("12") None"#,
            r#"D4 Number(7.0) Some("SUM(D1:D3)")"#,
            r#"E4 Number(14.0) Some("D4*2")"#,
        ];
        assert_eq!(shown, expected);
        assert!(sheet.cells[0].struck && sheet.cells[3].number_as_text);
        assert_eq!(issues.iter().map(|i| i.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["B1"]);
        assert_eq!(sheet.merges[0].to_string(), "A1:D2");
        assert_eq!(
            (&sheet.hidden_rows[..], &sheet.filtered_rows[..], &sheet.hidden_columns[..]),
            (&[3][..], &[3][..], &[1, 2][..])
        );
        assert_eq!(check(&records).unwrap_err().code, "F105", "without its end the sheet is cut");
    }
}
