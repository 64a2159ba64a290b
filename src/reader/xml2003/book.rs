//! The workbook: its styles, then its worksheets in file order.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::sheet::Worksheet;
use crate::model::{Format, ReadOutcome, Workbook};
use crate::reader::fault::Fault;
use crate::reader::number_format::named;
use crate::reader::value::Style;
use crate::reader::xml::{Pull, attr, flag};
use crate::spec::Limits;

/// Styles by id.
pub(super) type Styles = BTreeMap<String, Style>;

/// Reads the file.
pub(in crate::reader) fn read(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let mut source = bytes;
    let mut pull = Pull::new(&mut source);
    let mut styles = Draft::default();
    let mut date1904 = false;
    let mut sheet: Option<Worksheet> = None;
    let mut outcome = ReadOutcome::default();
    let mut sheets = Vec::new();
    let mut room = limits.cells;
    // Styles come before the worksheets that use them.
    let mut finished = Styles::new();
    loop {
        let event = pull.next()?;
        let name = match &event {
            Event::Start(e) => e.local_name().as_ref().to_owned(),
            Event::End(e) => e.local_name().as_ref().to_owned(),
            Event::Eof => break,
            _ => String::new(),
        };
        match (&mut sheet, &event, name.as_str()) {
            (Some(_), Event::End(_), "Worksheet") => {
                if let Some(done) = sheet.take() {
                    let done = done.finish(&mut outcome.issues);
                    room = room.saturating_sub(done.cells.len() as u64);
                    sheets.push(done);
                }
            }
            (Some(open), event, name) => open.take(event, name, &finished)?,
            (None, Event::Start(e), "Worksheet") => {
                if sheets.len() as u64 >= u64::from(limits.sheets) {
                    return Err(Fault::limit(&format!("工作表超过 {} 张", limits.sheets)));
                }
                if sheets.is_empty() {
                    finished = styles.finish();
                }
                let index = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
                sheet = Some(Worksheet::new(attr(e, "Name").unwrap_or_default(), index, date1904, room));
            }
            (None, Event::Start(_), "Date1904") => date1904 = true,
            (None, Event::Start(e), name) => styles.take(e, name),
            _ => {}
        }
    }
    if sheets.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    outcome.workbook = Some(Workbook { format: Format::SpreadsheetMl, sheets });
    Ok(outcome)
}

/// Styles as they are declared; one can stand on another.
#[derive(Default)]
struct Draft {
    own: Vec<Declared>,
}

#[derive(Default)]
struct Declared {
    id: String,
    parent: Option<String>,
    format: Option<String>,
    struck: Option<bool>,
}

impl Draft {
    fn take(&mut self, e: &BytesStart<'_>, name: &str) {
        match name {
            "Style" => {
                let id = attr(e, "ID").unwrap_or_default();
                self.own.push(Declared { id, parent: attr(e, "Parent"), ..Declared::default() });
            }
            "NumberFormat" => {
                if let Some(style) = self.own.last_mut() {
                    style.format = attr(e, "Format");
                }
            }
            "Font" => {
                if let Some(style) = self.own.last_mut() {
                    style.struck = Some(flag(e, "StrikeThrough"));
                }
            }
            _ => {}
        }
    }

    fn finish(&self) -> Styles {
        let mut styles = Styles::new();
        for Declared { id, parent, format, struck } in &self.own {
            // A parent is declared before its children.
            let base = parent
                .as_ref()
                .or(Some(&"Default".to_owned()))
                .and_then(|p| styles.get(p))
                .cloned()
                .unwrap_or_default();
            let code = format.as_deref().map(|f| named(f).unwrap_or(f));
            let shown = code.map_or_else(|| base.clone(), |c| Style::new(Some(c), 0));
            styles.insert(id.clone(), Style { struck: struck.unwrap_or(base.struck), ..shown });
        }
        styles
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Sheet, Visibility};

    fn check(inside: &str) -> ReadOutcome {
        let xml = format!(
            r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
            <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{inside}</Workbook>"#
        );
        read(xml.as_bytes(), &Limits::default()).unwrap()
    }

    fn shown(sheet: &Sheet) -> Vec<String> {
        sheet.cells.iter().map(|c| format!("{} {:?} {}", c.at, c.kind, c.formula.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn cells_and_facts() {
        let outcome = check(
            r#"<Styles><Style ss:ID="Default"/><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style>
            <Style ss:ID="s" ss:Parent="d"><Font ss:StrikeThrough="1"/></Style></Styles>
            <Worksheet ss:Name="签约"><Table><Column ss:Index="2" ss:Span="1" ss:Hidden="1"/>
            <Row><Cell ss:MergeAcross="3"><Data ss:Type="String">一<B>览</B>&#10;表</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell></Row>
            <Row ss:Index="4" ss:Hidden="1"><Cell ss:StyleID="s"><Data ss:Type="DateTime">2026-09-15T00:00:00.000</Data></Cell>
            <Cell ss:Index="4"><Data ss:Type="Number">3.5</Data></Cell><Cell ss:Formula="=SUM(R[-3]C[-1]:R[-1]C[-1])"/></Row>
            <Row><Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell><Data ss:Type="Number">x</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
            </Table><WorksheetOptions><Visible>SheetVeryHidden</Visible></WorksheetOptions><AutoFilter x:Range="R1C1:R5C4"/></Worksheet>"#,
        );
        let sheet = &outcome.workbook.as_ref().unwrap().sheets[0];
        let expected = [
            "A1 Text(\"一览\\n表\") ",
            "A4 Date(46280.0) ",
            "D4 Number(3.5) ",
            "E4 Empty SUM(D1:D3)",
            "A5 Error(\"#DIV/0!\") 1/0",
            "B5 Empty ",
            "C5 Bool(true) ",
        ];
        assert_eq!(shown(sheet), expected);
        assert!(sheet.cells[1].struck && sheet.cells[3].uncached && !sheet.cells[4].uncached);
        assert_eq!(sheet.cells[1].format.as_deref(), Some("yyyy/m/d"));
        assert_eq!(sheet.merges[0].to_string(), "A1:D1");
        assert_eq!(
            (&sheet.hidden_rows[..], &sheet.filtered_rows[..], &sheet.hidden_columns[..]),
            (&[3][..], &[3][..], &[1, 2][..])
        );
        assert_eq!(sheet.visibility, Visibility::VeryHidden);
        assert_eq!(
            outcome.issues.iter().map(|i| (i.code.as_str(), i.cell.as_deref().unwrap())).collect::<Vec<_>>(),
            [("L210", "B5")]
        );
    }

    #[test]
    fn a_cut_file_is_damaged() {
        let cut =
            br#"<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>1"#;
        assert_eq!(read(cut, &Limits::default()).unwrap_err().code, "F105");
    }
}
