//! `contacts`: personal data, apart from everything else.

use super::super::column::Datum;
use super::project::ProjectRow;
use super::table::{Table, batch, stage, text, unit_code};
use crate::model::{Field, FieldKind, FieldValue, Record, Value};

/// A person or telephone of a project.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct ContactRow<'r> {
    record: &'r Record,
    id: Option<&'r str>,
    field: Field,
    value: &'r FieldValue,
}

/// The contacts of a project row.
pub(in super::super) fn contact_rows<'r>(row: &ProjectRow<'r>) -> impl Iterator<Item = ContactRow<'r>> + use<'r> {
    let ProjectRow { record, id, .. } = *row;
    let personal = record.values.iter().filter(|(field, _)| field.kind() == FieldKind::Person);
    personal.map(move |(&field, value)| ContactRow { record, id, field, value })
}

/// Persons and telephones.
pub(in super::super) fn contacts<'r>() -> Table<ContactRow<'r>> {
    let columns = vec![
        batch(|r: &ContactRow<'r>| r.record.batch.as_str()),
        stage(|r: &ContactRow<'r>| r.record.stage),
        unit_code(|r: &ContactRow<'r>| Some(&r.record.unit_code)),
        text("project_id", ("项目标识", "与 projects 相同。"), |r: &ContactRow<'r>| Datum::maybe(r.id)),
        text("kind", ("种类", "contact 联系人、telephone 电话。"), |r: &ContactRow<'r>| {
            Datum::text(r.field.key())
        }),
        text("value", ("内容", "按原文。"), |r: &ContactRow<'r>| match &r.value.value {
            Some(Value::Text(text)) => Datum::text(&**text),
            _ => Datum::text(&*r.value.raw),
        }),
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &ContactRow<'r>| {
            Datum::text(&*r.record.origin.source.file)
        }),
        text("source_sha256", ("来源文件校验值", "来源文件的 SHA-256。"), |r: &ContactRow<'r>| {
            Datum::filled(&r.record.origin.source.sha256)
        }),
        text("source_sheet", ("来源工作表", "工作表名称。"), |r: &ContactRow<'r>| {
            Datum::maybe(r.record.origin.sheet.as_deref())
        }),
        text("cell", ("单元格", "例如 J86。"), |r: &ContactRow<'r>| Datum::text(r.value.cell.to_string())),
    ];
    Table {
        name: "contacts",
        title: "联系人",
        one_row_per: "项目的一个联系人或电话（个人信息，只有发布账号可读）",
        columns,
        place: |r| r.record.origin.source.file.to_string(),
    }
}
