//! `projects` and `rejected`: the columns of both come from the field list.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, stage, text, unit_code, unit_name};
use crate::model::{Field, FieldKind, Record, Value, shown};
use crate::spec::Spec;

/// A project row with what was decided about it.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct ProjectRow<'r> {
    /// The record.
    pub(in super::super) record: &'r Record,
    /// Project id; `None` where ids are not assigned yet (one file by itself).
    pub(in super::super) id: Option<&'r str>,
    /// Codes of the errors on it.
    pub(in super::super) reasons: &'r [&'static str],
}

/// Accepted projects.
pub(in super::super) fn projects<'r>() -> Table<ProjectRow<'r>> {
    let mut columns = fixed();
    columns.extend(additional());
    Table { name: "projects", title: "项目", one_row_per: "一期一批中采用的一个项目", columns, place }
}

/// Rejected rows.
pub(in super::super) fn rejected<'r>() -> Table<ProjectRow<'r>> {
    let mut columns = fixed();
    let about = ("退回原因", "这一行上的错误代码，说明见 sanpi explain。");
    columns.push(Column::new("reasons", Kind::List, about, |r: &ProjectRow<'_>, _| Datum::List(r.reasons.to_vec())));
    columns.extend(additional());
    Table {
        name: "rejected", title: "退回", one_row_per: "有错误而没有采用的一个项目行", columns, place
    }
}

fn place(row: &ProjectRow<'_>) -> String {
    let origin = &row.record.origin;
    format!("{} › {} › 第 {} 行", origin.source.file, origin.sheet.as_deref().unwrap_or("（无表名）"), origin.row)
}

/// The columns of the contract, in its order.
fn fixed<'r>() -> Vec<Column<ProjectRow<'r>>> {
    let mut columns = vec![
        batch(|r: &ProjectRow<'r>| r.record.batch.as_str()),
        stage(|r: &ProjectRow<'r>| r.record.stage),
        unit_code(|r: &ProjectRow<'r>| Some(&r.record.unit_code)),
        unit_name(|r: &ProjectRow<'r>| Some(&r.record.unit_code)),
        text(
            "county_code",
            ("县区代码", "县（市、区）或功能区的代码，按名录；没有代码的为空。"),
            |r: &ProjectRow<'r>| Datum::maybe(county_code(r.record)),
        ),
        text("county_name", (Field::County.title(), Field::County.description()), |r: &ProjectRow<'r>| {
            Datum::maybe(r.record.text(Field::County))
        }),
        text(
            "project_id",
            ("项目标识", "同一项目在各期、各批、各次重跑中标识相同。"),
            |r: &ProjectRow<'r>| Datum::maybe(r.id),
        ),
    ];
    for field in Field::ALL.iter().copied().filter(|f| *f != Field::County) {
        columns.extend(of_field(field));
    }
    columns.push(text(
        "extras",
        ("其他栏目", "不在上面各栏的列，JSON 对象文本：表头到原文，按表中的列序；没有时为空。电话和证件号码已遮盖。"),
        |r: &ProjectRow<'r>| Datum::maybe(extras(&r.record.extras)),
    ));
    columns.extend(provenance());
    columns
}

/// The columns of one field; none for fields that are not written as they are.
fn of_field<'r>(field: Field) -> Vec<Column<ProjectRow<'r>>> {
    let key = field.key();
    let about = (field.title(), field.description());
    match field.kind() {
        FieldKind::Text | FieldKind::Choice => {
            vec![text(key, about, move |r: &ProjectRow<'r>| Datum::maybe(r.record.text(field).map(masked)))]
        }
        FieldKind::Code => vec![text(key, about, move |r: &ProjectRow<'r>| Datum::maybe(r.record.text(field)))],
        FieldKind::Flag => vec![Column::new(key, Kind::Flag, about, move |r: &ProjectRow<'r>, _: &Spec| {
            r.record.flag(field).map_or(Datum::Null, Datum::Flag)
        })],
        FieldKind::Amount => {
            vec![Column::new(format!("{key}_wan"), Kind::Money, about, move |r: &ProjectRow<'r>, _| {
                r.record.amount(field).map_or(Datum::Null, |a| Datum::Money(a.yuan))
            })]
        }
        FieldKind::Date => {
            let precision = (
                format!("{}精度", field.title()),
                "日期写到哪一级：day 日、month 月、quarter 季、half 半年、year 年；日期是所写时段的第一天。",
            );
            vec![
                Column::new(key, Kind::Date, about, move |r: &ProjectRow<'r>, _| {
                    r.record.date(field).map_or(Datum::Null, |d| Datum::Date(d.first))
                }),
                Column::texts(format!("{key}_precision"), precision, move |r: &ProjectRow<'r>, _| {
                    Datum::maybe(r.record.date(field).map(|d| d.precision.as_str()))
                }),
            ]
        }
        FieldKind::County
        | FieldKind::Person
        | FieldKind::Sequence
        | FieldKind::StageName
        | FieldKind::UnitName
        | FieldKind::Period => Vec::new(),
    }
}

fn provenance<'r>() -> Vec<Column<ProjectRow<'r>>> {
    vec![
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &ProjectRow<'r>| {
            Datum::text(&*r.record.origin.source.file)
        }),
        text("source_sha256", ("来源文件校验值", "来源文件的 SHA-256。"), |r: &ProjectRow<'r>| {
            Datum::filled(&r.record.origin.source.sha256)
        }),
        text("source_sheet", ("来源工作表", "工作表名称；文本表没有。"), |r: &ProjectRow<'r>| {
            Datum::maybe(r.record.origin.sheet.as_deref())
        }),
        Column::new(
            "source_row",
            Kind::Count,
            ("来源行", "工作表的行号，从 1 起。"),
            |r: &ProjectRow<'r>, _| Datum::Count(i64::from(r.record.origin.row)),
        ),
    ]
}

/// Columns beyond the contract's.
fn additional<'r>() -> Vec<Column<ProjectRow<'r>>> {
    vec![
        text(
            "list_group",
            ("所在分组", "表中的分组（县区行、小节标题），小计按它核对。"),
            |r: &ProjectRow<'r>| Datum::maybe(r.record.group.as_deref()),
        ),
        Column::new(
            "is_hidden",
            Kind::Flag,
            ("在隐藏处", "行或工作表被隐藏或筛选掉。"),
            |r: &ProjectRow<'r>, _| Datum::Flag(r.record.hidden),
        ),
        Column::new(
            "is_below_total",
            Kind::Flag,
            ("在合计之下", "行在合计行的下面。"),
            |r: &ProjectRow<'r>, _| Datum::Flag(r.record.after_total),
        ),
    ]
}

fn county_code(record: &Record) -> Option<&str> {
    match record.values.get(&Field::County)?.value.as_ref()? {
        Value::County { code, .. } => code.as_deref(),
        _ => None,
    }
}

/// Free text without telephone and identity numbers.
fn masked(text: &str) -> Cow<'_, str> {
    shown(text, None)
}

/// Header and value as a JSON object in column order. A header that comes again gets a number, since names of an object
/// are unique.
fn extras(extras: &[(Arc<str>, Arc<str>)]) -> Option<String> {
    let most = extras.iter().map(|(header, value)| header.len() + value.len() + 6).sum::<usize>() + 2;
    let mut out = String::with_capacity(most);
    out.push('{');
    let mut names: Vec<Cow<'_, str>> = Vec::with_capacity(extras.len());
    for (header, value) in extras {
        let mut name = Cow::Borrowed(&**header);
        let mut times = 1;
        while names.contains(&name) {
            times += 1;
            name = Cow::Owned(format!("{header}#{times}"));
        }
        if !names.is_empty() {
            out.push(',');
        }
        push_json(&mut out, &name);
        out.push(':');
        push_json(&mut out, &masked(value));
        names.push(name);
    }
    out.push('}');
    (!names.is_empty()).then_some(out)
}

/// A text as JSON; hardly any has something to escape.
fn push_json(out: &mut String, text: &str) {
    if text.bytes().any(|b| b < b' ' || matches!(b, b'"' | b'\\')) {
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        out.extend(["\"", text, "\""]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_keep_their_order_and_lose_nothing() {
        let pairs = [("用地（亩）", "12"), ("备用", "联系13812345678"), ("备用", "\"b\"\n")];
        let pairs = pairs.map(|(a, b)| (Arc::from(a), Arc::from(b)));
        assert_eq!(
            extras(&pairs).as_deref(),
            Some(r#"{"用地（亩）":"12","备用":"联系138********","备用#2":"\"b\"\n"}"#)
        );
        assert_eq!(extras(&[]), None);
    }
}
