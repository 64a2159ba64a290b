//! Comma-, tab- or semicolon-separated text.

use super::decode::decode;
use super::fault::Fault;
use super::tidy::{self, Hidden};
use super::value::looks_numeric;
use crate::model::{Cell, CellKind, CellRef, Format, ReadIssue, ReadOutcome, Sheet, Workbook};
use crate::spec::Limits;

/// Reads a text table. Every value stays text: what a text means is for a later step to say.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let mut text = decode(bytes).ok_or_else(|| Fault::damaged("文字编码无法识别"))?;
    if !text.ends_with('\n') {
        text.push('\n'); // the last row, too, is counted by the end of its line
    }
    let separator = separator(&text).ok_or_else(|| Fault::unsupported("纯文本，没有分列"))?;
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut issues: Vec<ReadIssue> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = 0u32;
    loop {
        let before = rows.position().line();
        if !rows.read_record(&mut record).map_err(|_| Fault::damaged("文字编码无法识别"))? {
            break;
        }
        // Empty lines are passed over here, but a spreadsheet program shows them as rows.
        let inside: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        let lines = rows.position().line().saturating_sub(before).saturating_sub(inside as u64);
        row = row.saturating_add(u32::try_from(lines.saturating_sub(1)).unwrap_or(u32::MAX));
        for (col, value) in record.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
            let at = CellRef::new(row, u32::try_from(col).unwrap_or(u32::MAX));
            // Excel's own export guards long numbers as ="410105…".
            let plain = value.strip_prefix("=\"").and_then(|v| v.strip_suffix('"')).unwrap_or(value);
            let mut cell = Cell::new(at, CellKind::Text(plain.into()));
            cell.number_as_text = looks_numeric(plain) && plain.len() != value.len();
            sheet.cells.push(cell);
        }
        if sheet.cells.len() as u64 > limits.cells {
            return Err(Fault::limit("单元格过多"));
        }
        row = row.saturating_add(1);
    }
    tidy::finish(&mut sheet, &mut issues, Vec::new(), Hidden::default(), None);
    Ok(ReadOutcome { workbook: Some(Workbook { format: Format::Csv, sheets: vec![sheet] }), issues })
}

/// Whether the text looks like columns.
pub(super) fn has_columns(text: &str) -> bool {
    separator(text).is_some()
}

/// The separator that most lines share; `None` when no line has one, or only prose commas.
fn separator(text: &str) -> Option<u8> {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(200).collect();
    let best = [b'\t', b',', b';', b'|'].into_iter().max_by_key(|&s| {
        let with = lines.iter().filter(|l| l.bytes().any(|b| b == s)).count();
        let all: usize = lines.iter().map(|l| l.bytes().filter(|&b| b == s).count()).sum();
        // Of equals the first wins.
        (with, all, std::cmp::Reverse(s))
    })?;
    let with = lines.iter().filter(|l| l.bytes().any(|b| b == best)).count();
    (with >= 2 && with * 4 >= lines.len()).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_lines_and_long_numbers() {
        let text = "序号,项目名称,代码\r\n1,\"甲,\n乙\",=\"2026410105\"\r\n";
        let outcome = read(text.as_bytes(), &Limits::default()).unwrap();
        let sheet = &outcome.workbook.unwrap().sheets[0];
        let cells: Vec<_> = sheet.cells.iter().map(|c| (c.at.to_string(), c.raw())).collect();
        assert_eq!(cells[4], ("B2".into(), "甲,\n乙".into()));
        assert_eq!(cells[5], ("C2".into(), "2026410105".into()));
        let gaps = "标题,a\n\n\r\n1,\"x\ny\"\n\n2,z";
        let outcome = read(gaps.as_bytes(), &Limits::default()).unwrap();
        let places: Vec<_> = outcome.workbook.unwrap().sheets[0].cells.iter().map(|c| c.at.to_string()).collect();
        assert_eq!(places, ["A1", "B1", "A4", "B4", "A6", "B6"], "empty lines are rows");
        assert_eq!(read("一封信。\n没有表格。".as_bytes(), &Limits::default()).unwrap_err().code, "F107");
    }
}
