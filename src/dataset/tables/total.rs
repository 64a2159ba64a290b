//! `declared_totals`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, stage, text, unit_code};
use crate::model::{Amount, DeclaredTotal, Measure};

/// One project, in the fixed point of money columns.
const ONE: i64 = 10_000;

/// Totals that submissions state about themselves.
pub(in super::super) fn declared_totals<'r>() -> Table<&'r DeclaredTotal> {
    let columns = vec![
        batch(|r: &&'r DeclaredTotal| r.batch.as_str()),
        unit_code(|r: &&'r DeclaredTotal| Some(&r.unit_code)),
        stage(|r: &&'r DeclaredTotal| r.stage),
        text("scope", ("范围", "sheet 全表合计、group 小计、cover 汇总表。"), |r: &&'r DeclaredTotal| {
            Datum::text(r.scope.as_str())
        }),
        text("measure", ("指标", "count 项目个数、total_investment 总投资。"), |r: &&'r DeclaredTotal| {
            Datum::text(r.measure.as_str())
        }),
        text("value", ("所填数", "总投资按原文；个数只留数字。"), |r: &&'r DeclaredTotal| value(r)),
        Column::new(
            "value_wan",
            Kind::Money,
            ("折合万元", "总投资合计，万元；个数为空。"),
            |r: &&'r DeclaredTotal, _| {
                Datum::bounded(r.amount.filter(|_| r.measure == Measure::TotalInvestment).map(|a| a.yuan))
            },
        ),
        Column::new(
            "precision",
            Kind::Money,
            ("精度", "所填数末位的权，万元（个数为项）：写到亿元整数的是 10000。"),
            |r: &&'r DeclaredTotal, _| Datum::bounded(precision(r)),
        ),
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &&'r DeclaredTotal| {
            Datum::text(&*r.source.file)
        }),
        text("source_sheet", ("来源工作表", "工作表名称。"), |r: &&'r DeclaredTotal| {
            Datum::maybe(r.sheet.as_deref())
        }),
        text("cell", ("单元格", "例如 J86。"), |r: &&'r DeclaredTotal| Datum::text(r.cell.to_string())),
        text("formula", ("公式", "单元格里的公式，不带等号。"), |r: &&'r DeclaredTotal| {
            Datum::maybe(r.formula.as_deref())
        }),
        text("group", ("分组", "小计所属的分组。"), |r: &&'r DeclaredTotal| {
            Datum::maybe(r.group.as_ref().map(|g| g.label.as_str()))
        }),
        text("source_sha256", ("来源文件校验值", "来源文件的 SHA-256。"), |r: &&'r DeclaredTotal| {
            Datum::filled(&r.source.sha256)
        }),
    ];
    Table {
        name: "declared_totals",
        title: "报送合计",
        one_row_per: "报送材料自己写明的一个合计数",
        columns,
        place: |r| format!("{} › {}", r.source.file, r.cell),
    }
}

fn value(total: &DeclaredTotal) -> Datum<'_> {
    match (total.measure, total.amount) {
        (Measure::Count, Some(count)) => Datum::text(count.yuan.to_string()),
        _ => Datum::text(&*total.value),
    }
}

fn precision(total: &DeclaredTotal) -> Option<i64> {
    match total.measure {
        Measure::Count => Some(ONE),
        Measure::TotalInvestment => total.amount.map(|a| last_digit(&a)),
    }
}

/// Weight of the last written digit, in 元.
fn last_digit(amount: &Amount) -> i64 {
    (0..amount.decimals).fold(amount.factor, |weight, _| weight / 10).max(1)
}
