//! From pages to sheets.

use super::archive;
use super::builder::Builder;
use super::grid::Grid;
use super::page;
use super::tokens::{Token, Tokens, attribute};
use crate::model::{Cell, CellRef, Format, ReadIssue, ReadOutcome, Region, Sheet, Workbook};
use crate::reader::fault::{Fault, cell_lost};
use crate::reader::tidy::{self, Hidden};
use crate::spec::Limits;

/// Reads a page.
pub(in crate::reader) fn read_page(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    read(&[page::text(bytes, None)], limits)
}

/// Reads a web archive.
pub(in crate::reader) fn read_archive(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    read(&archive::pages(bytes), limits)
}

fn read(pages: &[String], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let mut builders = Vec::new();
    let mut room = limits.cells;
    for page in pages {
        let builder = Builder::read(page, room)?;
        room = builder.room;
        builders.push(builder);
    }
    let names: Vec<String> = builders.iter().flat_map(|b| b.names.clone()).collect();
    builders.retain(|b| b.tables > 0);
    if builders.is_empty() {
        return Err(without_table(pages));
    }
    let mut issues = Vec::new();
    let sheets = match builders.as_slice() {
        // Scripts put each of several named sheets into a table of its own.
        [only] if names.len() > 1 && only.tables == names.len() => one_sheet_per_table(only, &names, &mut issues),
        several => {
            let fitting = several.len() == names.len();
            let name = |i: usize| names.get(i).filter(|_| fitting).cloned().unwrap_or_default();
            several.iter().enumerate().map(|(i, b)| sheet(&name(i), i, &b.grids, b.cut, &mut issues)).collect()
        }
    };
    if sheets.len() as u64 > u64::from(limits.sheets) {
        return Err(Fault::limit(&format!("有 {} 张工作表，上限 {}", sheets.len(), limits.sheets)));
    }
    Ok(ReadOutcome { workbook: Some(Workbook { format: Format::Html, sheets }), issues })
}

/// A workbook saved as a web page keeps its sheets in a folder of their own.
fn without_table(pages: &[String]) -> Fault {
    let frames = |p: &&String| p.contains("Excel Workbook Frameset") || p.to_ascii_lowercase().contains("<frameset");
    let Some(page) = pages.iter().find(frames) else {
        return Fault::unsupported("网页，里面没有表格");
    };
    let links = Tokens::new(page).filter_map(|token| match token {
        Token::Start(name, attributes) if name == "link" => attribute(attributes, "href"),
        Token::Start(name, attributes) if name == "frame" => attribute(attributes, "src"),
        _ => None,
    });
    let folder =
        links.filter_map(|l| l.split_once('/').map(|(folder, _)| folder.to_owned())).find(|f| f.contains(".files"));
    let folder = folder.map_or_else(|| "同名的 .files 文件夹".to_owned(), |f| format!("文件夹“{f}”"));
    Fault::unsupported(&format!("另存为网页的工作簿，表格在{folder}里，没有一起报送"))
}

/// Grids below each other as one sheet.
fn sheet(name: &str, index: usize, grids: &[Grid], cut: bool, issues: &mut Vec<ReadIssue>) -> Sheet {
    let mut sheet =
        Sheet { name: name.to_owned(), index: u32::try_from(index).unwrap_or(u32::MAX), ..Sheet::default() };
    let (mut merges, mut hidden) = (Vec::new(), Hidden::default());
    let mut top = 0u32;
    for grid in grids.iter().filter(|g| !g.cells.is_empty()) {
        let moved = |at: CellRef| CellRef::new(at.row.saturating_add(top), at.col);
        sheet.cells.extend(grid.cells.iter().map(|c| Cell { at: moved(c.at), ..c.clone() }));
        merges.extend(grid.merges.iter().map(|m| Region { start: moved(m.start), end: moved(m.end) }));
        hidden.rows.extend(grid.hidden_rows.iter().map(|r| (r + top, r + top)));
        hidden.columns.extend(grid.hidden_columns.iter().copied());
        top = top.saturating_add(grid.rows);
    }
    let last = sheet.cells.last().map(|c| (c.at.to_string(), c.raw()));
    if let Some((at, seen)) = last.filter(|_| cut) {
        issues.push(cell_lost(name, &at, "网页在这里中断，后面的内容没有传完", &seen));
    }
    tidy::finish(&mut sheet, issues, merges, hidden, None);
    sheet
}

/// Each table with the texts before it as a sheet of its own.
fn one_sheet_per_table(page: &Builder, names: &[String], issues: &mut Vec<ReadIssue>) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let mut start = 0;
    for (i, name) in names.iter().enumerate() {
        // The texts before a table belong to it, those after the last one too.
        let own = page.grids[start..]
            .iter()
            .position(|g| g.is_table && !g.cells.is_empty())
            .map_or(page.grids.len(), |n| start + n + 1);
        let end = if i + 1 == names.len() { page.grids.len() } else { own };
        sheets.push(sheet(name, i, &page.grids[start..end], page.cut && end == page.grids.len(), issues));
        start = end;
    }
    sheets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str) -> ReadOutcome {
        read_page(page.as_bytes(), &Limits::default()).unwrap()
    }

    fn shown(sheet: &Sheet) -> Vec<String> {
        sheet.cells.iter().map(|c| format!("{} {}", c.at, c.raw())).collect()
    }

    #[test]
    fn a_table_as_web_systems_write_it() {
        let outcome = check(
            r#"<html><head><title>导出</title><style>.n{mso-number-format:"0\.00"} .t{mso-number-format:"\@"}</style>
            <!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>签约&amp;开工</x:Name></x:ExcelWorksheet></xml><![endif]--></head>
            <body><h2>签约项目表</h2><p>单位：万元</p><table><col><col style="display:none"><thead><tr><th rowspan=2>序号<th colspan=2>投&nbsp;资</thead>
            <tr><td>总投<br>资<td>年度</tr><tr style='display:none'><td>1<td class=n x:num="51000.5">51,000.50<td class=t>&nbsp;12&nbsp;</tr>
            <tr><td><s>2</s></td><td x:num x:fmla="=SUM(B5:B5)">7</td></tr></table>填报人：甲</body></html>"#,
        );
        let sheet = &outcome.workbook.as_ref().unwrap().sheets[0];
        assert_eq!((sheet.name.as_str(), outcome.issues.len()), ("签约&开工", 0));
        let expected = [
            "A1 签约项目表",
            "A2 单位：万元",
            "A3 序号",
            "B3 投\u{a0}资",
            "B4 总投\n资",
            "C4 年度",
            "A5 1",
            "B5 51000.5",
            "C5 12",
            "A6 2",
            "B6 7",
            "A7 填报人：甲",
        ];
        assert_eq!(shown(sheet), expected);
        assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A3:A4", "B3:C3"]);
        assert_eq!((&sheet.hidden_rows[..], &sheet.hidden_columns[..]), (&[4][..], &[1][..]));
        let at = |place: &str| sheet.get(CellRef::parse(place).unwrap()).unwrap();
        assert_eq!(at("B5").format.as_deref(), Some("0.00"));
        assert!(at("C5").number_as_text && at("A6").struck && !at("A5").struck);
        assert_eq!(at("B6").formula.as_deref(), Some("SUM(B5:B5)"));
    }

    #[test]
    fn several_and_nested_tables() {
        let two = "<table><tr><td>甲</table><div>说明</div><table><caption>表二</caption><tr><td>乙<table><tr><td>丙</table></table>";
        let outcome = check(two);
        assert_eq!(shown(&outcome.workbook.unwrap().sheets[0]), ["A1 甲", "A2 说明", "A3 表二", "A4 乙", "A5 丙"]);
        let layout = "<table><tr><td>题<tr><td><table><tr><td>1<td>2</table><tr><td>注</table>";
        assert_eq!(shown(&check(layout).workbook.unwrap().sheets[0]), ["A1 题", "A2 1", "B2 2", "A3 注"]);
        let named = format!(
            "<!-- <x:Name>一</x:Name><x:Name>二</x:Name> -->{}",
            "<table><tr><td>甲</td></tr></table>".repeat(2)
        );
        let sheets = check(&named).workbook.unwrap().sheets;
        assert_eq!(sheets.iter().map(|s| (s.name.as_str(), s.cells.len())).collect::<Vec<_>>(), [("一", 1), ("二", 1)]);
    }

    #[test]
    fn pages_without_table_and_cut_pages() {
        let frames = r#"<meta name="Excel Workbook Frameset"><link id="shLink" href="数据.files/sheet001.htm">"#;
        let fault = read_page(frames.as_bytes(), &Limits::default()).unwrap_err();
        assert!(fault.code == "F107" && fault.message.contains("数据.files"), "{}", fault.message);
        assert_eq!(read_page(b"<html><p>x", &Limits::default()).unwrap_err().code, "F107");
        let cut = check("<table><tr><td>1</td><td>甲项");
        assert_eq!((cut.issues[0].code.as_str(), cut.issues[0].cell.as_deref()), ("L210", Some("B1")));
    }
}
