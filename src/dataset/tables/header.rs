//! `headers`: how each unit laid out its tables.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, text, unit_code, unit_name};
use crate::model::{Field, HeaderColumn, Stage, TableHeaders, column_letters};

/// A column of a table of projects.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct HeaderRow<'r> {
    /// The table.
    pub(in super::super) table: &'r TableHeaders,
    /// The column.
    pub(in super::super) column: &'r HeaderColumn,
}

/// The columns of these tables.
pub(in super::super) fn header_rows(tables: &[TableHeaders]) -> impl Iterator<Item = HeaderRow<'_>> {
    tables.iter().flat_map(|table| table.columns.iter().map(move |column| HeaderRow { table, column }))
}

/// Columns of tables of projects.
pub(in super::super) fn headers<'r>() -> Table<HeaderRow<'r>> {
    let columns = vec![
        batch(|r: &HeaderRow<'r>| r.table.batch.as_str()),
        unit_code(|r: &HeaderRow<'r>| Some(&r.table.unit_code)),
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &HeaderRow<'r>| {
            Datum::text(&*r.table.file)
        }),
        text("source_sheet", ("来源工作表", "工作表名称；文本表没有。"), |r: &HeaderRow<'r>| {
            Datum::maybe(r.table.sheet.as_deref())
        }),
        Column::new(
            "table_number",
            Kind::Count,
            ("第几张表", "文件里的第几张项目表，从 1 起；一个工作表可以有几张。"),
            |r: &HeaderRow<'r>, _| Datum::Count(i64::from(r.table.table)),
        ),
        text(
            "column_letter",
            ("列", "工作表的列，例如 E；项目卡片是栏目名称所在的列。"),
            |r: &HeaderRow<'r>| Datum::text(column_letters(r.column.cell.col)),
        ),
        text(
            "header",
            ("表头", "按原文，多级表头从上级到本级用 / 连接；没有表头的为空。电话和证件号码已遮盖。"),
            |r: &HeaderRow<'r>| Datum::filled(&r.column.header),
        ),
        text(
            "field",
            ("栏目", "读作哪个栏目（英文名）；为空表示不在要求的栏目里。"),
            |r: &HeaderRow<'r>| Datum::maybe(r.column.field.map(Field::key)),
        ),
        text("cell", ("单元格", "本列表头的单元格，例如 E4。"), |r: &HeaderRow<'r>| {
            Datum::text(r.column.cell.to_string())
        }),
        Column::new(
            "stages",
            Kind::List,
            ("批次类别", "这张表里有哪些清单：签约、开工、投产。"),
            |r: &HeaderRow<'r>, _| Datum::List(r.table.stages.iter().map(|s| Stage::as_str(*s)).collect()),
        ),
        unit_name(|r: &HeaderRow<'r>| Some(&r.table.unit_code)),
    ];
    Table {
        name: "headers",
        title: "表头",
        one_row_per: "项目表的一列",
        columns,
        place: |r| format!("{} › {}", r.table.file, r.column.cell),
    }
}
