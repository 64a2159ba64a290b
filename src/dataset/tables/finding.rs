//! `findings`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, stage, text, unit_code, unit_name};
use crate::model::{Field, Reported, mask_numbers, shown_text, shown_value};

/// Findings, texts without personal data.
pub(in super::super) fn findings<'r>() -> Table<&'r Reported> {
    let mut columns = what();
    columns.extend(place_and_values());
    columns.extend(additional());
    Table {
        name: "findings",
        title: "问题",
        one_row_per: "一个问题",
        columns,
        place: |r| r.finding.file.as_deref().unwrap_or_default().to_owned(),
    }
}

fn what<'r>() -> Vec<Column<&'r Reported>> {
    vec![
        batch(|r: &&'r Reported| r.finding.batch.as_ref().map_or("", |b| b.as_str())),
        unit_code(|r: &&'r Reported| r.finding.unit_code.as_deref()),
        unit_name(|r: &&'r Reported| r.finding.unit_code.as_deref()),
        text("code", ("规则代码", "例如 V502，说明见 sanpi explain。"), |r: &&'r Reported| {
            Datum::text(r.finding.code)
        }),
        text("rule", ("规则", "规则的英文名，例如 total-investment-missing。"), |r: &&'r Reported| {
            Datum::text(r.rule)
        }),
        text(
            "severity",
            ("级别", "error 错误（所在项目行退回）、warning 警告、info 提示。"),
            |r: &&'r Reported| Datum::text(r.severity.as_str()),
        ),
        text("message", ("说明", "一句话说清是什么问题。"), |r: &&'r Reported| {
            Datum::text(shown_text(&r.finding.message, r.finding.field))
        }),
    ]
}

fn place_and_values<'r>() -> Vec<Column<&'r Reported>> {
    vec![
        text(
            "source_file",
            ("来源文件", "收件夹下的路径；为空表示针对整个单位或全省。"),
            |r: &&'r Reported| Datum::maybe(r.finding.file.as_deref()),
        ),
        text("source_sheet", ("来源工作表", "工作表名称。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.sheet.as_deref())
        }),
        text("cell", ("单元格", "单元格或区域，例如 J86、6:6（整行）。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.cell.as_deref())
        }),
        text("field", ("栏目", "有关栏目的英文名。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.field.map(Field::key))
        }),
        text("seen", ("原文", "单元格里写的内容。个人信息不显示。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.seen.as_deref().map(|s| shown_value(s, r.finding.field)))
        }),
        text("read_as", ("读作", "程序怎样理解。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.read_as.as_deref().map(|s| shown_value(s, r.finding.field)))
        }),
        text("help", ("怎么改", "改正的办法。"), |r: &&'r Reported| {
            Datum::text(mask_numbers(r.finding.help.as_deref().unwrap_or(&r.help)))
        }),
        text("project_name", ("项目名称", "有关项目。"), |r: &&'r Reported| {
            Datum::maybe(r.finding.project_name.as_deref().map(mask_numbers))
        }),
        stage(|r: &&'r Reported| r.finding.stage),
    ]
}

fn additional<'r>() -> Vec<Column<&'r Reported>> {
    vec![
        Column::new(
            "waived",
            Kind::Flag,
            ("已豁免", "已书面认可，不再要求改正。"),
            |r: &&'r Reported, _| Datum::Flag(r.waived),
        ),
        Column::new(
            "trial",
            Kind::Flag,
            ("试行", "规则在试行：只报告，不退回。"),
            |r: &&'r Reported, _| Datum::Flag(r.trial),
        ),
        text(
            "waiver",
            ("豁免", "为什么认可、谁认可、到哪一天（waivers.toml）；没有豁免的为空。"),
            |r: &&'r Reported| Datum::maybe(r.waiver.as_deref().map(mask_numbers)),
        ),
        text(
            "explanation",
            ("单位说明", "报送单位自己对这个问题的说明（说明列或说明表）；只供参考，不改变级别。"),
            |r: &&'r Reported| Datum::maybe(r.explanation.as_deref().map(mask_numbers)),
        ),
        text("title", ("规则名称", "规则的中文名。"), |r: &&'r Reported| Datum::text(r.title)),
        Column::new(
            "source_row",
            Kind::Count,
            ("来源行", "有关项目行的行号，从 1 起。"),
            |r: &&'r Reported, _| r.finding.row.map_or(Datum::Null, |row| Datum::Count(i64::from(row))),
        ),
    ]
}
