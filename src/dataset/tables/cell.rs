//! `cells`.

use super::super::column::Datum;
use super::table::{Table, batch, text};
use crate::model::{BatchId, CellTrace, Field, Source, shown};

/// A cell of a file.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct CellRow<'r> {
    /// The batch.
    pub(in super::super) batch: &'r BatchId,
    /// The file.
    pub(in super::super) source: &'r Source,
    /// The cell.
    pub(in super::super) cell: &'r CellTrace,
}

/// Cells of table bodies, texts without personal data.
pub(in super::super) fn cells<'r>() -> Table<CellRow<'r>> {
    let columns = vec![
        batch(|r: &CellRow<'r>| r.batch.as_str()),
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &CellRow<'r>| {
            Datum::text(&*r.source.file)
        }),
        text("source_sheet", ("来源工作表", "工作表名称。"), |r: &CellRow<'r>| {
            Datum::maybe(r.cell.sheet.as_deref())
        }),
        text("cell", ("单元格", "例如 J86。"), |r: &CellRow<'r>| Datum::Place(r.cell.at)),
        text("raw", ("原文", "存储的值。个人信息不显示。"), |r: &CellRow<'r>| {
            Datum::text(shown(&r.cell.raw, r.cell.field))
        }),
        text("raw_kind", ("存储类型", "text、number、date、bool、error、empty。"), |r: &CellRow<'r>| {
            Datum::text(r.cell.raw_kind)
        }),
        text(
            "field",
            ("栏目", "所属栏目的英文名；为空表示不在要求的栏目里。"),
            |r: &CellRow<'r>| Datum::maybe(r.cell.field.map(Field::key)),
        ),
        text("value", ("取值", "发布的值。个人信息不显示。"), |r: &CellRow<'r>| {
            Datum::maybe(r.cell.value.as_deref().map(|v| shown(v, r.cell.field)))
        }),
        text(
            "rule",
            ("读法", "怎样读出，例如 amount:万元；没有取值的，为什么没有。"),
            |r: &CellRow<'r>| Datum::text(&*r.cell.rule),
        ),
    ];
    Table {
        name: "cells",
        title: "单元格",
        one_row_per: "表体里的一个非空单元格",
        columns,
        place: |r| format!("{} › {}", r.source.file, r.cell.at),
    }
}
