//! Findings about what nobody sees, about columns, and about whole sheets.

use super::context::{Context, SheetPlace};
use super::record::TableView;
use super::table::column_range;
use crate::locate::{Column, Grid};
use crate::model::{Cell, CellRef, Field, Finding, Record, Stage, Visibility, Written};
use crate::spec::Columns;

/// Equal rows from which two sheets are called duplicates.
const MIN_DUPLICATE_ROWS: usize = 3;

/// C301, C302, C303 of a table, without their place.
pub(super) fn column_findings(view: &TableView) -> Vec<Finding> {
    let mut findings = Vec::new();
    for column in &view.map.columns {
        let header = view.table.column(column.col);
        let Some(header) = header.filter(|_| column.field.is_none() && !column.personal) else { continue };
        let name = header.name();
        let at = header.cell;
        if view.context.spec.columns.explanation.explains(&name) {
            continue; // read with the findings of its rows
        }
        match &column.rival {
            Some(rival) if rival.tie => {
                let winner = view.table.column(rival.winner).map(Column::name).unwrap_or_default();
                let message = format!("“{winner}”和“{name}”两列都像{}，用了前一列", rival.field.title());
                findings.push(Finding::new("C303", message).at(at).field(rival.field).seen(name).read_as(winner));
            }
            _ => {
                let message = format!("“{name}”不是台账字段，作为“其他列”原样保留");
                findings.push(Finding::new("C301", message).at(at).seen(name));
            }
        }
    }
    findings.extend(missing(view));
    findings
}

/// Required fields without a column, once per table.
fn missing(view: &TableView) -> Vec<Finding> {
    let columns: &Columns = &view.context.spec.columns;
    let has = |field| view.map.column_of(field).is_some();
    let required = columns.column.iter().filter(|c| c.required.len() == Stage::ALL.len() && !has(c.field));
    let title_row = CellRef::new(view.table.header.0, view.table.cols.0);
    let finding = |field: Field| {
        let message = format!("表中没有“{}”列", field.title());
        Finding::new("C302", message).at(title_row).field(field)
    };
    required.map(|c| finding(c.field)).collect()
}

/// L203 and L211 of a project row.
pub(super) fn row_findings(view: &TableView, row: u32, record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Only under a merged range can a value be hidden.
    let merged = view.grid.merges_on(row).next().is_some();
    let hidden = |c: &&Cell| merged && view.table.has_column(c.at.col) && view.grid.is_covered(c.at);
    for cell in view.grid.stored(row).filter(hidden) {
        let Some(merge) = view.grid.merge_at(cell.at) else { continue };
        let field = view.map.at(cell.at.col).and_then(|c| c.field);
        let personal = view.map.at(cell.at.col).is_some_and(|c| c.personal);
        let seen = if personal { Written::Stored(super::record::MASK) } else { cell.text() };
        let finding = Finding::new("L203", format!("合并单元格 {merge} 下面还藏着一个值，没有采用"));
        findings.push(finding.at(cell.at).seen(&*seen).on(record, field));
    }
    if !view.struck {
        return findings;
    }
    let struck = view.table.cells(view.grid, row).filter(|c| c.struck).count();
    let name_struck = view
        .map
        .column_of(Field::ProjectName)
        .and_then(|col| view.grid.own(CellRef::new(row, col)))
        .is_some_and(|c| c.struck);
    if name_struck || (struck > 0 && struck * 2 > view.table.cells(view.grid, row).count()) {
        let finding = Finding::new("L211", "这一行画了删除线，仍按项目读取").on(record, None);
        findings.push(finding.help("不报送的项目请删除整行；要报送的请去掉删除线。"));
    }
    findings
}

/// L202 for hidden rows, columns and sheets that hold data; one per contiguous range.
pub(super) fn hidden(context: &Context, place: &SheetPlace, grid: &Grid) -> Vec<Finding> {
    let sheet = grid.sheet();
    let mut findings = Vec::new();
    if sheet.visibility != Visibility::Visible {
        findings.push(Finding::new("L202", format!("{}是隐藏的，其中的数据照常读取", place.title())));
    }
    let filled_rows: Vec<u32> =
        sheet.hidden_rows.iter().copied().filter(|&r| grid.visible(r).next().is_some()).collect();
    for (first, last) in ranges(&filled_rows) {
        let filtered = (first..=last).all(|r| sheet.filtered_rows.binary_search(&r).is_ok());
        let how = if filtered { "被筛选隐藏" } else { "被隐藏" };
        let message = format!("第 {} 行{how}，照常读取", numbers(first + 1, last + 1));
        findings.push(Finding::new("L202", message).at_range(format!("{}:{}", first + 1, last + 1)));
    }
    let filled = |col: u32| grid.rows().any(|r| grid.own(CellRef::new(r, col)).is_some());
    let filled_columns: Vec<u32> = sheet.hidden_columns.iter().copied().take(1000).filter(|&c| filled(c)).collect();
    for (first, last) in ranges(&filled_columns) {
        let range = column_range(first, last);
        findings.push(Finding::new("L202", format!("{range} 列被隐藏，照常读取")).at_range(range));
    }
    findings.into_iter().map(|f| place.place(f, context.source)).collect()
}

fn numbers(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first} 至 {last}") }
}

/// Ascending numbers as contiguous ranges.
fn ranges(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => ranges.push((n, n)),
        }
    }
    ranges
}

/// L209: sheets that hold the same rows.
pub(super) fn duplicate_sheets(context: &Context, sheets: &[(SheetPlace, &[Record])]) -> Vec<Finding> {
    let key = |r: &Record| (r.name().map(str::to_owned), r.text(Field::Owner).map(str::to_owned), r.total_yuan());
    let same = |a: &[Record], b: &[Record]| a.len() == b.len() && a.iter().map(key).eq(b.iter().map(key));
    let mut findings = Vec::new();
    for (i, (place, records)) in sheets.iter().enumerate() {
        if records.len() < MIN_DUPLICATE_ROWS {
            continue;
        }
        let twin = sheets[..i].iter().find(|(_, other)| same(other, records));
        if let Some((other, _)) = twin {
            let message = format!("{}与{}的项目完全相同", place.title(), other.title());
            findings.push(place.place(Finding::new("L209", message), context.source));
        }
    }
    findings
}
