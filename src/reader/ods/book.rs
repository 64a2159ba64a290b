//! The document: its styles, then its tables in file order.

use std::io::BufRead;

use quick_xml::events::Event;

use super::styles::Styles;
use super::table::Table;
use crate::model::{Format, ReadIssue, ReadOutcome, Sheet, Workbook};
use crate::reader::fault::Fault;
use crate::reader::package::Package;
use crate::reader::xml::Pull;
use crate::spec::Limits;

/// Whether the package is an `OpenDocument` file, and then whether it is a spreadsheet.
pub(in crate::reader) fn is_ods(package: &mut Package<'_>) -> Option<bool> {
    if !package.has("content.xml") {
        return None;
    }
    let kind = package.bytes("mimetype").unwrap_or_default();
    let kind = String::from_utf8_lossy(&kind).trim().to_owned();
    // Without the part that says it, the content decides.
    Some(kind.is_empty() || kind.contains("opendocument.spreadsheet"))
}

/// Reads the document.
pub(in crate::reader) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<ReadOutcome, Fault> {
    let manifest = package.bytes("META-INF/manifest.xml").unwrap_or_default();
    if manifest.windows(16).any(|w| w == b":encryption-data") {
        return Err(Fault::encrypted());
    }
    let mut styles = Styles::default();
    if package.has("styles.xml") {
        package.part("styles.xml", |source| shared_styles(source, &mut styles))?;
    }
    let mut outcome = ReadOutcome::default();
    let sheets = package.part("content.xml", |source| content(source, &mut styles, limits, &mut outcome.issues))?;
    if sheets.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    outcome.workbook = Some(Workbook { format: Format::Ods, sheets });
    Ok(outcome)
}

fn shared_styles(source: &mut dyn BufRead, styles: &mut Styles) -> Result<(), Fault> {
    let mut pull = Pull::new(source);
    loop {
        match pull.next()? {
            Event::Eof => return Ok(()),
            event => styles.take(&event),
        }
    }
}

fn content(
    source: &mut dyn BufRead,
    styles: &mut Styles,
    limits: &Limits,
    issues: &mut Vec<ReadIssue>,
) -> Result<Vec<Sheet>, Fault> {
    let mut pull = Pull::new(source);
    let mut in_styles = false;
    loop {
        let event = pull.next()?;
        match &event {
            Event::Start(e) if e.local_name().as_ref() == "automatic-styles" => in_styles = true,
            Event::End(e) if e.local_name().as_ref() == "automatic-styles" => in_styles = false,
            Event::Start(e) if e.local_name().as_ref() == "spreadsheet" => {
                return tables(&mut pull, styles, limits, issues);
            }
            Event::Eof => return Err(Fault::unsupported("OpenDocument 文件，不是电子表格")),
            event if in_styles => styles.take(event),
            _ => {}
        }
    }
}

fn tables(
    pull: &mut Pull<'_>,
    styles: &Styles,
    limits: &Limits,
    issues: &mut Vec<ReadIssue>,
) -> Result<Vec<Sheet>, Fault> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut room = limits.cells;
    let mut table: Option<(Table<'_>, u32)> = None;
    // Deleted content kept for review has tables of its own.
    let mut review = false;
    loop {
        let event = pull.next()?;
        match (&mut table, &event) {
            (_, Event::Eof) => return Ok(sheets),
            (Some((_, 0)), Event::End(e)) if e.local_name().as_ref() == "table" => {
                if let Some((done, _)) = table.take() {
                    let sheet = done.finish(issues);
                    room = room.saturating_sub(sheet.cells.len() as u64);
                    sheets.push(sheet);
                }
            }
            (Some((open, depth)), event) => {
                match event {
                    Event::Start(_) => *depth += 1,
                    Event::End(_) => *depth -= 1,
                    _ => {}
                }
                open.take(event)?;
            }
            (None, Event::Start(e)) => match e.local_name().as_ref() {
                "table" if !review => {
                    if sheets.len() as u64 >= u64::from(limits.sheets) {
                        return Err(Fault::limit(&format!("工作表超过 {} 张", limits.sheets)));
                    }
                    let index = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
                    table = Some((Table::new(e, index, styles, room), 0));
                }
                "tracked-changes" => review = true,
                _ => {}
            },
            (None, Event::End(e)) if e.local_name().as_ref() == "tracked-changes" => review = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellKind;

    fn check(styles: &str, tables: &str) -> Result<(Vec<Sheet>, Vec<ReadIssue>), Fault> {
        let xml = format!(
            r#"<o:doc xmlns:o="o" xmlns:table="t" xmlns:text="x" xmlns:office="f" xmlns:style="s" xmlns:number="n" xmlns:calcext="c">
            <o:automatic-styles>{styles}</o:automatic-styles><o:body><o:spreadsheet>{tables}</o:spreadsheet></o:body></o:doc>"#
        );
        let mut issues = Vec::new();
        let limits = Limits { cells: 1000, ..Limits::default() };
        let sheets = content(&mut xml.as_bytes(), &mut Styles::default(), &limits, &mut issues)?;
        Ok((sheets, issues))
    }

    #[test]
    fn cells_and_facts() {
        let styles = r#"
            <number:date-style style:name="N1"><number:year number:style="long"/><number:text>年</number:text><number:month/></number:date-style>
            <number:number-style style:name="N2"><number:number number:decimal-places="2"/><number:text>万元</number:text></number:number-style>
            <style:style style:name="d" style:family="table-cell" style:data-style-name="N1"/>
            <style:style style:name="w" style:family="table-cell" style:data-style-name="N2"/>
            <style:style style:name="s" style:family="table-cell" style:parent-style-name="w"><style:text-properties style:text-line-through-style="solid"/></style:style>
            <style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>"#;
        let tables = r#"<table:table table:name="签约" table:style-name="h">
            <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse" table:default-cell-style-name="w"/>
            <table:table-row><table:table-cell table:number-columns-spanned="3" office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation><text:p>一<text:s text:c="2"/>览</text:p><text:p>表</text:p></table:table-cell><table:covered-table-cell office:value-type="float" office:value="7"/></table:table-row>
            <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell table:style-name="d" office:value-type="date" office:date-value="2026-09-15"/><table:table-cell table:style-name="s" table:formula="of:=SUM([.A1:.A2])"/><table:table-cell office:value-type="float" office:value="3.5"/></table:table-row>
            <table:table-row><table:table-cell office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="x"/></table:table-row>
            </table:table>"#;
        let (sheets, issues) = check(styles, tables).unwrap();
        let sheet = &sheets[0];
        assert_eq!(sheet.visibility, crate::model::Visibility::Hidden);
        assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:C1"]);
        assert_eq!(
            (&sheet.filtered_rows[..], &sheet.hidden_rows[..], &sheet.hidden_columns[..]),
            (&[1_048_001][..], &[1_048_001][..], &[2][..])
        );
        let shown: Vec<_> = sheet.cells.iter().map(|c| format!("{} {:?} {:?}", c.at, c.kind, c.format)).collect();
        let expected = [
            r#"A1 Text("一  览\n表") None"#,
            "B1 Number(7.0) None",
            r#"A1048002 Date(46280.0) Some("yyyy\"年\"m")"#,
            r#"B1048002 Empty Some("0.00\"万元\"")"#,
            r#"C1048002 Number(3.5) Some("0.00\"万元\"")"#,
            r##"A1048003 Error("#DIV/0!") None"##,
            "B1048003 Empty None",
        ];
        assert_eq!(shown, expected);
        assert!(sheet.cells[3].uncached && sheet.cells[3].struck && !sheet.cells[5].uncached);
        assert_eq!(sheet.cells[3].formula.as_deref(), Some("SUM(A1:A2)"));
        assert_eq!(issues.iter().map(|i| i.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["B1048003"]);
    }

    #[test]
    fn repetitions_are_counted_before_they_are_laid_out() {
        let cell =
            r#"<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>"#;
        let many = format!(
            r#"<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>"#
        );
        assert_eq!(check("", &many).unwrap_err().code, "F109");
        let rows = r#"<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="2"/></table:table-row><table:table-row table:number-rows-repeated="-1"><table:table-cell table:number-columns-repeated="18446744073709551615"/></table:table-row></table:table>"#;
        let (sheets, _) = check("", rows).unwrap();
        assert!(sheets[0].cells.iter().all(|c| c.kind == CellKind::Number(2.0)) && sheets[0].cells.len() == 3);
    }
}
