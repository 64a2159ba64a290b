//! A new workbook with the cells of one that cannot be patched: values as they were read, at the same addresses.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Url, Workbook as Book,
    Worksheet, XlsxError,
};

use super::fault::Fault;
use super::index::{self, COLUMNS, HEADING_ROW, Job, LINK_COLUMN, Spot, free_name};
use super::place::{Filled, LAST, Marks};
use super::remark::{Remark, Tone};
use crate::model::{Cell, CellKind, CellRef, Region, Sheet, Visibility, Workbook};

/// Days between the two epochs of dates.
const EPOCHS: f64 = 1_462.0;
/// Format of a date whose own format is not known.
const DATE: &str = "yyyy-mm-dd";
/// Narrowest and widest column, in characters.
const WIDTHS: (u32, u32) = (8, 46);
/// Height of a line, in points, and most lines that a row is given.
const LINE: f64 = 15.0;
const MOST_LINES: u32 = 8;
/// Cells from which a row belongs to a list.
const LIST_CELLS: usize = 3;
/// Most cells of all merged ranges of a sheet.
const MOST_MERGED: u64 = 200_000;
/// Most characters of a cell.
const MOST_TEXT: usize = 32_767;
/// Functions that a formula is kept with. Others could ask for something outside of the workbook, or be unknown to Excel.
const FUNCTIONS: [&str; 15] = [
    "SUM",
    "SUBTOTAL",
    "ROUND",
    "ROUNDUP",
    "ROUNDDOWN",
    "INT",
    "ABS",
    "COUNT",
    "COUNTA",
    "COUNTIF",
    "SUMIF",
    "MAX",
    "MIN",
    "ROW",
    "ROWS",
];
/// Size of a note, in pixels.
const NOTE: (u32, u32) = (340, 190);

/// A new xlsx with the sheets of `workbook`, their marks and the sheet 问题清单.
///
/// # Errors
/// When something in it cannot be written as xlsx.
pub fn rebuild(workbook: &Workbook, job: &Job<'_>) -> Result<Vec<u8>, Fault> {
    let names = sheet_names(workbook);
    let mut by_sheet: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, remark) in job.remarks.iter().enumerate() {
        if let Some(position) = sheet_of(workbook, remark).filter(|_| remark.cell.is_some()) {
            by_sheet.entry(position).or_default().push(i);
        }
    }
    let mut book = Book::new();
    book.set_zip_compression_level(1); // as of the parts that are patched
    // A fixed moment: equal inputs give equal bytes.
    let created = ExcelDateTime::from_ymd(2021, 1, 1).map_err(failed)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created).set_author(super::AUTHOR));
    let mut spots: Vec<Option<Spot>> = vec![None; job.remarks.len()];
    for (position, (sheet, name)) in workbook.sheets.iter().zip(&names).enumerate() {
        let chosen = by_sheet.get(&position).map(Vec::as_slice).unwrap_or_default();
        let marks = Marks::place(job.remarks, chosen, &Read(sheet));
        for (i, at) in marks.of_remarks() {
            if let Some(spot) = spots.get_mut(i) {
                *spot = Some((name.clone(), at));
            }
        }
        let target = book.add_worksheet();
        target.set_name(name).map_err(failed)?;
        write_sheet(target, sheet, &marks, job.remarks).map_err(failed)?;
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let list = book.add_worksheet();
    list.set_name(free_name(&all)).map_err(failed)?;
    write_list(list, job, &spots).map_err(failed)?;
    book.save_to_buffer().map_err(failed)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn failed(error: XlsxError) -> Fault {
    Fault::new(format!("新工作簿无法写出：{error}"))
}

/// Position of the sheet that a remark is about. Text tables have one sheet without a name.
fn sheet_of(workbook: &Workbook, remark: &Remark) -> Option<usize> {
    let named = |s: &Sheet| s.name == remark.sheet.as_deref().unwrap_or_default();
    let counted = workbook.sheets.iter().position(|s| Some(s.index) == remark.sheet_index && named(s));
    counted.or_else(|| workbook.sheets.iter().position(named))
}

/// Names that Excel takes, each once.
fn sheet_names(workbook: &Workbook) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names = Vec::new();
    for sheet in &workbook.sheets {
        let plain: String = sheet.name.chars().filter(|c| !c.is_control() && !r"[]:*?/\".contains(*c)).collect();
        let plain = plain.trim_matches('\'').trim();
        let base = if plain.is_empty() { "表" } else { plain };
        let cut = |n: usize| {
            base.chars()
                .scan(0, |w, c| {
                    *w += c.len_utf16();
                    (*w <= n).then_some(c)
                })
                .collect::<String>()
        };
        let candidate = |n: usize| if n == 0 { cut(31) } else { format!("{}({n})", cut(25)) };
        let free = (0..=taken.len()).map(candidate).find(|name| !taken.contains(&name.to_lowercase()));
        let name = free.unwrap_or_default();
        taken.insert(name.to_lowercase());
        names.push(name);
    }
    names
}

/// A sheet as it was read.
struct Read<'a>(&'a Sheet);

impl Filled for Read<'_> {
    fn filled(&self, row: u32) -> Vec<u32> {
        let from = self.0.cells.partition_point(|c| c.at.row < row);
        let rest = self.0.cells.get(from..).unwrap_or_default();
        rest.iter().take_while(|c| c.at.row == row).filter(|c| !c.is_blank()).map(|c| c.at.col).collect()
    }

    fn merges(&self) -> &[Region] {
        &self.0.merges
    }

    fn rows_between(&self, first: u32, last: u32) -> Vec<u32> {
        let from = self.0.cells.partition_point(|c| c.at.row < first);
        let rest = self.0.cells.get(from..).unwrap_or_default();
        let mut rows: Vec<u32> = rest.iter().map(|c| c.at.row).take_while(|r| *r <= last).collect();
        rows.dedup();
        rows
    }
}

fn write_sheet(out: &mut Worksheet, sheet: &Sheet, marks: &Marks, remarks: &[Remark]) -> Result<(), XlsxError> {
    let col = |c: u32| u16::try_from(c).unwrap_or(u16::MAX);
    let inside = |at: CellRef| at.row <= LAST.row && at.col <= LAST.col;
    let mut room = MOST_MERGED;
    for merge in sheet.merges.iter().filter(|m| inside(m.start) && inside(m.end)) {
        let rows = u64::from(merge.end.row.saturating_sub(merge.start.row)) + 1;
        let size = rows * (u64::from(merge.end.col.saturating_sub(merge.start.col)) + 1);
        // Each of its cells is written: one over everything would be a workbook of its own.
        let Some(left) = room.checked_sub(size) else { continue };
        room = left;
        let format = Format::new().set_align(FormatAlign::VerticalCenter).set_text_wrap();
        let _ = out.merge_range(merge.start.row, col(merge.start.col), merge.end.row, col(merge.end.col), "", &format);
    }
    let listed = rows_of_lists(sheet);
    let mut formats: BTreeMap<Look<'_>, Format> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|c| inside(c.at)) {
        let look = Look::of(cell, marks.fills.get(&cell.at).copied(), sheet, &listed);
        let format = formats.entry(look).or_insert_with_key(Look::format);
        write_cell(out, cell, col(cell.at.col), format)?;
    }
    let there: BTreeSet<CellRef> = sheet.cells.iter().map(|c| c.at).collect();
    for (at, tone) in marks.fills.iter().filter(|(at, _)| !there.contains(*at)) {
        out.write_blank(at.row, col(at.col), &tinted(Format::new(), *tone))?;
    }
    for (at, of) in &marks.notes {
        let name = at.to_string();
        let texts: Vec<String> =
            of.iter().filter_map(|i| remarks.get(*i)).map(|r| format!("{}\n{}", r.heading(), r.body(&name))).collect();
        let note = Note::new(texts.join("\n\n")).set_author(super::AUTHOR).add_author_prefix(false);
        out.insert_note(at.row, col(at.col), &note.set_width(NOTE.0).set_height(NOTE.1))?;
    }
    let widths = widths(sheet, &listed);
    for (row, lines) in lines(sheet, &listed, &widths) {
        out.set_row_height(row, LINE * f64::from(lines))?;
    }
    for (column, width) in widths {
        out.set_column_width(col(column), f64::from(width))?;
    }
    for row in sheet.hidden_rows.iter().filter(|r| **r <= LAST.row) {
        out.set_row_hidden(*row)?;
    }
    for column in sheet.hidden_columns.iter().filter(|c| **c <= LAST.col) {
        out.set_column_hidden(col(*column))?;
    }
    out.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    if sheet.visibility != Visibility::Visible && sheet.index > 0 {
        out.set_hidden(true);
    }
    Ok(())
}

fn write_cell(out: &mut Worksheet, cell: &Cell, col: u16, format: &Format) -> Result<(), XlsxError> {
    let row = cell.at.row;
    if let Some(formula) = cell.formula.as_deref().filter(|f| is_plain(f) && !cell.uncached) {
        out.write_formula_with_format(row, col, Formula::new(format!("={formula}")).set_result(&*cell.text()), format)?;
        return Ok(());
    }
    match &cell.kind {
        CellKind::Empty => out.write_blank(row, col, format)?,
        CellKind::Text(_) | CellKind::Error(_) => {
            let text = cell.text();
            let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
            if text.len() <= MOST_TEXT && text.chars().all(shown) {
                out.write_string_with_format(row, col, &*text, format)?
            } else {
                let text: String = text.chars().filter(|c| shown(*c)).take(MOST_TEXT).collect();
                out.write_string_with_format(row, col, text, format)?
            }
        }
        CellKind::Date(n) if cell.date1904 => out.write_number_with_format(row, col, *n + EPOCHS, format)?,
        CellKind::Number(n) | CellKind::Date(n) => out.write_number_with_format(row, col, *n, format)?,
        CellKind::Bool(b) => out.write_boolean_with_format(row, col, *b, format)?,
    };
    Ok(())
}

/// A formula of references, numbers, operators and harmless functions.
fn is_plain(formula: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "$:,()+-*/.!'_ \"<>=&".contains(c) || c.is_alphabetic();
    let words = formula.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let starts = formula.match_indices('(').map(|(at, _)| {
        let before = formula.get(..at).unwrap_or_default();
        before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).next().unwrap_or_default()
    });
    formula.len() < 2_000
        && formula.chars().all(allowed)
        && words.clone().count() > 0
        && starts.into_iter().all(|f| f.is_empty() || FUNCTIONS.contains(&f.to_ascii_uppercase().as_str()))
}

/// What the format of a cell follows from: most cells of a column share theirs, and making one takes longer than finding it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look<'a> {
    code: Option<&'a str>,
    struck: bool,
    quoted: bool,
    tone: Option<Tone>,
    frame: Frame,
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Frame {
    /// In a list.
    Listed,
    /// Outside, with nothing to its right.
    Open,
    /// Outside, beside another.
    Beside,
}

impl<'a> Look<'a> {
    fn of(cell: &'a Cell, tone: Option<Tone>, sheet: &Sheet, listed: &BTreeSet<u32>) -> Self {
        let code = cell.format.as_deref().filter(|c| !c.is_empty() && *c != "General");
        let frame = if listed.contains(&cell.at.row) {
            Frame::Listed
        } else if sheet.get(CellRef::new(cell.at.row, cell.at.col + 1)).is_none() {
            Frame::Open
        } else {
            Frame::Beside
        };
        Self {
            code: code.or_else(|| matches!(cell.kind, CellKind::Date(_)).then_some(DATE)),
            struck: cell.struck,
            quoted: matches!(&cell.kind, CellKind::Text(t) if t.starts_with(['=', '+', '-', '@', '\t'])),
            tone,
            frame,
        }
    }

    fn format(&self) -> Format {
        let mut format = Format::new().set_align(FormatAlign::VerticalCenter).set_text_wrap();
        if let Some(code) = self.code {
            format = format.set_num_format(code);
        }
        if self.struck {
            format = format.set_font_strikethrough();
        }
        if self.quoted {
            format = format.set_quote_prefix();
        }
        if let Some(tone) = self.tone {
            format = tinted(format, tone);
        }
        match self.frame {
            Frame::Listed => format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB8_C2_CE)),
            Frame::Open => format.unset_text_wrap(),
            Frame::Beside => format,
        }
    }
}

fn tinted(format: Format, tone: Tone) -> Format {
    format.set_background_color(Color::RGB(tone.rgb()))
}

/// Rows with so many cells that they belong to a list and not to a title.
fn rows_of_lists(sheet: &Sheet) -> BTreeSet<u32> {
    let mut filled: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|c| !c.is_blank()) {
        *filled.entry(cell.at.row).or_default() += 1;
    }
    filled.into_iter().filter(|(_, n)| *n >= LIST_CELLS).map(|(row, _)| row).collect()
}

/// A width for each column from what stands in its lists.
fn widths(sheet: &Sheet, listed: &BTreeSet<u32>) -> BTreeMap<u32, u32> {
    let mut widths: BTreeMap<u32, u32> = BTreeMap::new();
    let cells = sheet.cells.iter().filter(|c| c.at.col <= LAST.col && listed.contains(&c.at.row));
    for cell in cells.take(20_000) {
        let longest = cell.text().lines().map(columns).max().unwrap_or(0) + 2;
        let width = widths.entry(cell.at.col).or_insert(WIDTHS.0);
        *width = (*width).max(longest).min(WIDTHS.1);
    }
    widths
}

/// Lines that the longest text of a row of a list takes, where more than one.
fn lines(sheet: &Sheet, listed: &BTreeSet<u32>, widths: &BTreeMap<u32, u32>) -> BTreeMap<u32, u32> {
    let mut lines: BTreeMap<u32, u32> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|c| c.at.row <= LAST.row && listed.contains(&c.at.row)) {
        let (CellKind::Text(text), Some(width)) = (&cell.kind, widths.get(&cell.at.col)) else { continue };
        let taken = text.lines().map(|l| columns(l).div_ceil(*width).max(1)).sum::<u32>().min(MOST_LINES);
        if taken > 1 && !sheet.merges.iter().take(500).any(|m| m.contains(cell.at)) {
            let most = lines.entry(cell.at.row).or_default();
            *most = (*most).max(taken);
        }
    }
    lines
}

/// Half-width columns that a line of text takes, of as many characters as matter.
fn columns(line: &str) -> u32 {
    line.chars().take(1_000).map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn write_list(out: &mut Worksheet, job: &Job<'_>, spots: &[Option<Spot>]) -> Result<(), XlsxError> {
    let text = Format::new().set_font_size(10).set_align(FormatAlign::Top).set_text_wrap().set_quote_prefix();
    let heading =
        text.clone().set_bold().set_background_color(Color::RGB(0xE7_EB_F0)).set_border_bottom(FormatBorder::Thin);
    let [title, facts] = index::preface(job);
    out.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(14))?;
    out.write_string_with_format(1, 0, facts, &Format::new().set_font_size(10))?;
    for (col, (name, width)) in (0u16..).zip(COLUMNS) {
        out.write_string_with_format(HEADING_ROW, col, name, &heading)?;
        out.set_column_width(col, width)?;
    }
    for (row, line) in (HEADING_ROW + 1..).zip(index::lines(job, spots)) {
        for (col, value) in (0u16..).zip(&line.texts) {
            let link = line.location.as_deref().filter(|_| u32::from(col) == LINK_COLUMN);
            if let Some(location) = link {
                let format = text
                    .clone()
                    .set_font_color(Color::RGB(0x05_63_C1))
                    .set_underline(rust_xlsxwriter::FormatUnderline::Single);
                let url = Url::new(format!("internal:{location}")).set_text(value);
                out.write_url_with_options(row, col, &url, value, "", Some(&format))?;
            } else if col == 1 {
                out.write_string_with_format(row, col, value, &tinted(text.clone(), line.tone))?;
            } else {
                out.write_string_with_format(row, col, value, &text)?;
            }
        }
    }
    out.set_tab_color(Color::RGB(0xC0_00_00)).set_freeze_panes(HEADING_ROW + 1, 0)?;
    out.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_formulas_are_kept() {
        for formula in ["SUM(H6:H20)", "SUBTOTAL(9,H6:H20)", "H6+H7-H8", "ROUND(SUM(签约!H6:H9)/10000,2)", "(A1+B1)*2"]
        {
            assert!(is_plain(formula), "{formula}");
        }
        for formula in
            ["WEBSERVICE(\"http://x\")", "HYPERLINK(\"a\")", "[1]Sheet1!A1+SUM(A1)", "cmd|'/c calc'!A1", "{1,2}"]
        {
            assert!(!is_plain(formula), "{formula}");
        }
    }

    #[test]
    fn sheet_names_are_such_as_excel_takes() {
        let sheet = |name: &str| Sheet { name: name.into(), ..Sheet::default() };
        let long = "洛阳市第二期“三个一批”集中开工项目情况一览表（二〇二一年十月修订）";
        let workbook =
            Workbook { format: crate::model::Format::Csv, sheets: ["", "a/b", "AB", long, "'x'"].map(sheet).to_vec() };
        let names = sheet_names(&workbook);
        assert_eq!(names[..3], ["表", "ab", "AB(1)"]);
        assert_eq!((names[3].encode_utf16().count(), names[4].as_str()), (31, "x"));
    }
}
