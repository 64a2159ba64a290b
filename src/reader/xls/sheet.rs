//! One worksheet substream: cells with their facts, merges, hidden rows and columns, filter.

use std::collections::{BTreeMap, BTreeSet};

use super::biff::{BOF, EOF, Records};
use super::globals::Globals;
use super::strings::Rich;
use crate::model::{Cell, CellKind, CellRef, ReadIssue, Region, Sheet};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::formula::decode;
use crate::reader::ole::{u16_at, u32_at};
use crate::reader::tidy::{self, Hidden};
use crate::reader::value::{Style, error_text, looks_numeric, number_kind, rk, text_kind};

/// Columns of a sheet in these formats.
const COLUMNS: u16 = 256;

/// Reads the substream at `at` into `sheet`; what is lost goes to `issues`. `room` is how many cells the workbook may
/// still have.
pub(super) fn read(
    stream: &[u8],
    at: usize,
    globals: &Globals,
    filter: Option<Region>,
    sheet: &mut Sheet,
    issues: &mut Vec<ReadIssue>,
    room: u64,
) -> Result<(), Fault> {
    let mut records = Records::new(stream, at);
    if records.next().transpose()?.is_none_or(|r| r.id != BOF) {
        return Err(Fault::damaged("工作表的内容不在目录所指的位置"));
    }
    let mut pass = Pass::new(globals, &sheet.name);
    let mut depth = 0u32; // charts lie inside a sheet as substreams of their own
    loop {
        let record = records.next().ok_or_else(|| Fault::damaged("工作表的内容不完整，文件可能没有传完"))??;
        match record.id {
            BOF => depth += 1,
            EOF if depth == 0 => break,
            EOF => depth -= 1,
            _ if depth > 0 => {}
            0x0204 | 0x00D6 | 0x0207 => {
                let segments = records.continued(record.data);
                pass.take_text(record.id, &segments);
            }
            _ => pass.take(record.id, record.data),
        }
        if pass.cells.len() as u64 > room {
            return Err(Fault::limit("单元格过多"));
        }
    }
    pass.finish(sheet, issues, filter);
    Ok(())
}

struct Pass<'a> {
    globals: &'a Globals,
    name: String,
    cells: Vec<Cell>,
    issues: Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    filtered: bool,
    /// The formula whose text result comes in a record of its own, by place in `cells`.
    awaited: Option<usize>,
    /// Formulas that stand elsewhere: place in `cells` and the cell that names them.
    borrowed: Vec<(usize, CellRef)>,
    lenders: BTreeMap<CellRef, &'a [u8]>,
    /// Formulas with an empty text as result, and whether such a result is impossible for it.
    empty_results: BTreeSet<usize>,
    impossible: bool,
}

impl<'a> Pass<'a> {
    fn new(globals: &'a Globals, name: &str) -> Self {
        Self {
            globals,
            name: name.to_owned(),
            cells: Vec::new(),
            issues: Vec::new(),
            merges: Vec::new(),
            hidden: Hidden::default(),
            filtered: false,
            awaited: None,
            borrowed: Vec::new(),
            lenders: BTreeMap::new(),
            empty_results: BTreeSet::new(),
            impossible: false,
        }
    }

    fn take(&mut self, id: u16, data: &'a [u8]) {
        match id {
            0x0006 | 0x0206 | 0x0406 => self.formula(data),
            0x00FD => self.shared_text(data),
            0x0203 | 0x027E | 0x0205 => self.number_or_flag(id, data),
            0x00BD => self.many_numbers(data),
            0x04BC | 0x00BC => self.lend(data, 8),
            0x0221 => self.lend(data, 12),
            0x00E5 => self.merge(data),
            0x0208 => self.row(data),
            0x007D => self.columns(data),
            0x009B => self.filtered = true,
            _ => {}
        }
    }

    /// Where a cell record stands and how it is formatted.
    fn place(&mut self, data: &[u8]) -> Option<(CellRef, &'a Style)> {
        let Some((row, col)) = u16_at(data, 0).zip(u16_at(data, 2)) else {
            self.issues.push(cell_lost(&self.name, "?", "记录不完整，位置不明", ""));
            return None;
        };
        self.place_at(row, col, u16_at(data, 4))
    }

    /// A cell beyond the sheet is named as lost.
    fn place_at(&mut self, row: u16, col: u16, format: Option<u16>) -> Option<(CellRef, &'a Style)> {
        let at = CellRef::new(u32::from(row), u32::from(col));
        if col >= COLUMNS {
            self.lose(at, "列号超出工作表范围");
            return None;
        }
        Some((at, self.globals.style(format)))
    }

    fn lose(&mut self, at: CellRef, why: &str) {
        self.issues.push(cell_lost(&self.name, &at.to_string(), why, ""));
    }

    /// Adds a cell with the facts of its style; `None` when its value cannot be read, which `why` explains.
    fn add(&mut self, at: CellRef, kind: Option<CellKind>, style: &Style, why: &str) {
        let Some(kind) = kind else {
            self.lose(at, why);
            self.cells.push(Cell::new(at, CellKind::Empty));
            return;
        };
        if kind != CellKind::Empty {
            self.cells.push(self.plain(at, kind, style));
        }
    }

    fn plain(&self, at: CellRef, kind: CellKind, style: &Style) -> Cell {
        Cell {
            at,
            kind,
            format: style.format.clone(),
            formula: None,
            uncached: false,
            struck: style.struck,
            number_as_text: false,
            date1904: self.globals.date1904,
        }
    }

    /// NUMBER, RK and BOOLERR.
    fn number_or_flag(&mut self, id: u16, data: &[u8]) {
        let Some((at, style)) = self.place(data) else { return };
        let kind = match (id, data.get(6..8)) {
            (0x0203, _) => f64_at(data, 6).map(|n| number(n, style)),
            (0x027E, _) => u32_at(data, 6).map(|raw| number(rk(raw), style)),
            (_, Some(&[value, 0])) => Some(CellKind::Bool(value != 0)),
            (_, Some(&[code, _])) => Some(CellKind::Error(error_text(code).to_owned())),
            _ => None,
        };
        self.add(at, kind, style, "记录不完整");
    }

    fn shared_text(&mut self, data: &[u8]) {
        let Some((at, style)) = self.place(data) else { return };
        let globals = self.globals;
        match u32_at(data, 6).and_then(|index| globals.strings.get(index as usize)) {
            Some(text) => self.add_text(at, text, style),
            None => self.add(at, None, style, "文本在文件中找不到"),
        }
    }

    fn add_text(&mut self, at: CellRef, text: &Rich, style: &Style) {
        if text.value.is_empty() {
            return;
        }
        let mut cell = self.plain(at, text_kind(&text.value), style);
        cell.struck = text.struck(style.struck, |font| self.globals.is_struck(font));
        cell.number_as_text = looks_numeric(&text.value);
        self.cells.push(cell);
    }

    /// A text in the record itself, or the text result of the formula before.
    fn take_text(&mut self, id: u16, segments: &[&'a [u8]]) {
        let data = segments.first().copied().unwrap_or_default();
        if id == 0x0207 {
            let Some(index) = self.awaited.take() else { return };
            let Some(cell) = self.cells.get_mut(index) else { return };
            cell.uncached = false;
            match self.globals.texts.cell(segments, false) {
                Some(text) => cell.kind = text_kind(&text.value),
                None => self.issues.push(cell_lost(&self.name, &cell.at.to_string(), "文本不完整", "")),
            }
            return;
        }
        let Some((at, style)) = self.place(data) else { return };
        let rest: Vec<&[u8]> =
            std::iter::once(data.get(6..).unwrap_or_default()).chain(segments.iter().skip(1).copied()).collect();
        match self.globals.texts.cell(&rest, id == 0x00D6) {
            Some(text) => self.add_text(at, &text, style),
            None => self.add(at, None, style, "文本不完整"),
        }
    }

    /// Several numbers side by side.
    fn many_numbers(&mut self, data: &[u8]) {
        let (row, first) = (u16_at(data, 0).unwrap_or(0), u16_at(data, 2).unwrap_or(0));
        for (i, item) in (0u16..).zip(data.get(4..).unwrap_or_default().chunks_exact(6)) {
            if let Some((at, style)) = self.place_at(row, first.saturating_add(i), u16_at(item, 0)) {
                let kind = u32_at(item, 2).map(|raw| number(rk(raw), style));
                self.add(at, kind, style, "记录不完整");
            }
        }
    }

    fn formula(&mut self, data: &'a [u8]) {
        self.awaited = None;
        let Some((at, style)) = self.place(data) else { return };
        let (Some(result), Some(flags)) = (data.get(6..14), u16_at(data, 14)) else {
            return self.add(at, None, style, "公式记录不完整");
        };
        let size = u16_at(data, 20).map_or(0, usize::from);
        let tokens = data.get(22..22 + size).unwrap_or_default();
        let formula = decode(tokens, self.globals.dialect(), None, &self.globals.names);
        let index = self.cells.len();
        let mut uncached = false;
        let kind = match result {
            [0, .., 0xFF, 0xFF] => {
                (self.awaited, uncached) = (Some(index), true);
                CellKind::Empty
            }
            [1, _, b, .., 0xFF, 0xFF] => CellKind::Bool(*b != 0),
            [2, _, code, .., 0xFF, 0xFF] => CellKind::Error(error_text(*code).to_owned()),
            [.., 0xFF, 0xFF] => {
                self.empty_results.insert(index);
                self.impossible |= formula.as_ref().is_some_and(|f| f.numeric);
                CellKind::Empty
            }
            _ => {
                let value = f64_at(result, 0).unwrap_or(0.0);
                // "Calculate on load" with a zero: the writing program leaves the result to Excel.
                uncached = flags & 2 != 0 && value == 0.0;
                if uncached { CellKind::Empty } else { number(value, style) }
            }
        };
        if let [0x01, place @ ..] = tokens {
            let row = u16_at(place, 0).map_or(0, u32::from);
            self.borrowed.push((index, CellRef::new(row, u16_at(place, 2).map_or(0, |c| u32::from(c & 0xFF)))));
        }
        let formula = Some(formula.map(|f| f.text).unwrap_or_default());
        self.cells.push(Cell { formula, uncached, ..self.plain(at, kind, style) });
    }

    /// A formula for several cells; it belongs to the place that the formula record before it names.
    fn lend(&mut self, data: &'a [u8], header: usize) {
        let size = u16_at(data, header).map_or(0, usize::from);
        let tokens = data.get(header + 2..header + 2 + size);
        let corner = u16_at(data, 0).zip(data.get(4)).map(|(r, &c)| CellRef::new(u32::from(r), u32::from(c)));
        let last = self.borrowed.last().filter(|(i, _)| i + 1 == self.cells.len()).map(|(_, place)| *place);
        if let (Some(tokens), Some(place)) = (tokens, last.or(corner)) {
            self.lenders.insert(place, tokens);
        }
    }

    fn merge(&mut self, data: &[u8]) {
        let cell = |row, col| CellRef::new(u32::from(row), u32::from(col));
        for range in data.get(2..).unwrap_or_default().chunks_exact(8) {
            let corner = |at| u16_at(range, at).unwrap_or(0);
            let (r1, r2, c1, c2) = (corner(0), corner(2), corner(4), corner(6));
            let (start, end) = (cell(r1.min(r2), c1.min(c2)), cell(r1.max(r2), c1.max(c2)));
            self.merges.push(Region { start, end });
        }
    }

    fn row(&mut self, data: &[u8]) {
        let (Some(row), Some(height)) = (u16_at(data, 0), u16_at(data, 6)) else { return };
        let flags = u16_at(data, 12).unwrap_or(0);
        if flags & 0x20 != 0 || height == 0 {
            self.hidden.rows.push((u32::from(row), u32::from(row)));
        }
    }

    fn columns(&mut self, data: &[u8]) {
        let (Some(first), Some(last), Some(width)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4)) else {
            return;
        };
        if width == 0 || u16_at(data, 8).unwrap_or(0) & 1 != 0 {
            self.hidden.columns.push((u32::from(first), u32::from(last.min(COLUMNS - 1))));
        }
    }

    fn finish(mut self, sheet: &mut Sheet, issues: &mut Vec<ReadIssue>, filter: Option<Region>) {
        for (index, place) in &self.borrowed {
            let tokens = self.lenders.get(place);
            if let (Some(cell), Some(tokens)) = (self.cells.get_mut(*index), tokens) {
                let formula = decode(tokens, self.globals.dialect(), Some(cell.at), &self.globals.names);
                self.impossible |= formula.as_ref().is_some_and(|f| f.numeric) && self.empty_results.contains(index);
                cell.formula = Some(formula.map(|f| f.text).unwrap_or_default());
            }
        }
        // A sum is never an empty text: the program that wrote it calculates nothing, here and in the other cells.
        if self.impossible {
            for index in &self.empty_results {
                if let Some(cell) = self.cells.get_mut(*index) {
                    cell.uncached = true;
                }
            }
        }
        sheet.cells = self.cells;
        issues.append(&mut self.issues);
        let filter = filter.filter(|_| self.filtered);
        tidy::finish(sheet, issues, self.merges, self.hidden, filter);
    }
}

/// A number under its format; what is not finite is no number.
fn number(value: f64, style: &Style) -> CellKind {
    if value.is_finite() { number_kind(value, style.is_date) } else { CellKind::Error("#NUM!".to_owned()) }
}

fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::read as read_book;
    use super::*;
    use crate::model::ReadOutcome;
    use crate::reader::fixture::{biff8, record, words};
    use crate::spec::Limits;

    fn check(globals: &[u8], records: &[Vec<u8>]) -> ReadOutcome {
        read_book(&biff8(globals, &records.concat()), &Limits::default()).unwrap()
    }

    fn only_sheet(outcome: &ReadOutcome) -> &Sheet {
        &outcome.workbook.as_ref().unwrap().sheets[0]
    }

    fn formula(row: u16, col: u16, result: [u8; 8], flags: u16, tokens: &[u8]) -> Vec<u8> {
        let size = u16::try_from(tokens.len()).unwrap();
        let data = [words(&[row, col, 0]), result.to_vec(), words(&[flags, 0, 0, size]), tokens.to_vec()];
        record(0x0006, &data.concat())
    }

    fn shown(sheet: &Sheet) -> Vec<String> {
        let formula = |c: &Cell| c.formula.clone().unwrap_or_default();
        sheet.cells.iter().map(|c| format!("{} {} ={} {}", c.at, c.raw(), formula(c), c.uncached)).collect()
    }

    #[test]
    fn values_and_facts() {
        let globals = [
            record(0x0022, &words(&[1])),
            record(0x0031, &words(&[0, 8, 0, 0, 0, 0, 0, 0])), // a struck font
            record(0x00E0, &words(&[0, 14, 0])),
        ];
        let records = [
            record(0x027E, &[words(&[0, 0, 0]), (44818u32 << 2 | 2).to_le_bytes().to_vec()].concat()),
            record(0x0204, &[words(&[1, 1, 9, 2]), vec![0, b'1', b'2']].concat()),
            record(0x0205, &[words(&[1, 2, 9]), vec![0x17, 1]].concat()),
            record(0x00FD, &words(&[2, 0, 9, 7, 0])),
            record(0x0203, &words(&[2, 300, 9, 0, 0, 0, 0])),
            record(0x00E5, &words(&[1, 0, 0, 0, 3])),
            record(0x0208, &words(&[1, 0, 9, 300, 0, 0, 0x20, 0])),
            record(0x0208, &words(&[2, 0, 9, 0, 0, 0, 0, 0])),
            record(0x007D, &words(&[2, 5, 2048, 0, 1, 0])),
        ];
        let outcome = check(&globals.concat(), &records);
        let sheet = only_sheet(&outcome);
        assert_eq!(sheet.cells[0].kind, CellKind::Date(44818.0));
        assert!(sheet.cells[0].date1904 && sheet.cells[0].struck);
        assert!(sheet.cells[1].number_as_text && sheet.cells[1].kind == CellKind::Text("12".into()));
        assert_eq!(sheet.cells[2].kind, CellKind::Error("#REF!".into()));
        assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:D1"]);
        assert_eq!(
            (&sheet.hidden_rows[..], &sheet.filtered_rows[..], &sheet.hidden_columns[..]),
            (&[1, 2][..], &[][..], &[2][..])
        );
        let lost: Vec<_> = outcome.issues.iter().map(|i| (i.code.as_str(), i.cell.as_deref().unwrap())).collect();
        assert_eq!(lost, [("L210", "A3"), ("L210", "KO3")], "the other cells are all there");
    }

    #[test]
    fn formulas_with_and_without_stored_value() {
        let sum = [0x25, 0, 0, 1, 0, 0, 0xC0, 0, 0xC0, 0x19, 0x10, 0, 0];
        let text = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        let records = [
            formula(2, 0, 5f64.to_le_bytes(), 0, &sum),
            formula(2, 1, text, 0, &[0x17, 1, 0, b'x']),
            record(0x0207, &[1, 0, 0, b'x']),
            formula(2, 2, 0f64.to_le_bytes(), 2, &sum),
            formula(3, 0, 4f64.to_le_bytes(), 8, &[0x01, 3, 0, 0, 0]),
            record(
                0x04BC,
                &[&[3, 0, 4, 0, 0, 0, 0, 2, 9, 0][..], &[0x2C, 0xFF, 0xFF, 0, 0xC0, 0x1E, 2, 0, 0x05]].concat(),
            ),
            formula(4, 0, 8f64.to_le_bytes(), 8, &[0x01, 3, 0, 0, 0]),
        ];
        let outcome = check(&[], &records);
        let expected = [
            "A3 5 =SUM(A1:A2) false",
            "B3 x =\"x\" false",
            "C3  =SUM(A1:A2) true",
            "A4 4 =A3*2 false",
            "A5 8 =A4*2 false",
        ];
        assert_eq!(shown(only_sheet(&outcome)), expected);
    }

    #[test]
    fn a_program_that_calculates_nothing_is_found_out_by_its_sums() {
        let empty = [3, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        let (sum, copy) = ([0x25, 0, 0, 1, 0, 0, 0xC0, 0, 0xC0, 0x19, 0x10, 0, 0], [0x24, 0, 0, 0, 0xC0]);
        let outcome = check(&[], &[formula(2, 0, empty, 0, &sum), formula(2, 1, empty, 0, &copy)]);
        assert!(only_sheet(&outcome).cells.iter().all(|c| c.uncached));
        let outcome = check(&[], &[formula(2, 1, empty, 0, &copy)]);
        assert!(only_sheet(&outcome).cells.iter().all(|c| !c.uncached), "an empty text is a value");
    }

    #[test]
    fn a_cut_sheet_is_said_and_not_shortened() {
        let stream = biff8(&[], &record(0x0203, &words(&[0, 0, 0, 0, 0, 0, 0x4014])));
        for cut in [stream.len() - 4, stream.len() - 9] {
            let outcome = read_book(&stream[..cut], &Limits::default()).unwrap();
            assert_eq!(outcome.issues[0].code, "F105");
            assert!(outcome.workbook.is_none());
        }
    }
}
