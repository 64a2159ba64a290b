//! `reconciliation`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, stage, text, unit_code};
use crate::model::{Comparison, mask_numbers};

/// Comparisons of totals.
pub(in super::super) fn reconciliation<'r>() -> Table<&'r Comparison> {
    let sides = "detail 明细、accepted 采用、sheet_total 表内合计、group_total 小计、cover 汇总表、published 公布数。";
    let mut columns = vec![
        batch(|r: &&'r Comparison| r.batch.as_str()),
        unit_code(|r: &&'r Comparison| Some(&r.unit_code)),
        stage(|r: &&'r Comparison| r.stage),
        text(
            "group",
            ("分组", "小计所属的分组，公布数的分项（领域：先进制造业），或只含其中两批的公布数（签约+开工）。"),
            |r: &&'r Comparison| Datum::maybe(r.group.as_deref()),
        ),
        text("measure", ("指标", "count 项目个数、total_investment 总投资。"), |r: &&'r Comparison| {
            Datum::text(r.measure.as_str())
        }),
        text("left", ("左方", sides), |r: &&'r Comparison| Datum::text(r.left)),
        text("right", ("右方", sides), |r: &&'r Comparison| Datum::text(r.right)),
        figure("left_value", "左方数值", "总投资为万元，个数为项。", |r| r.left_value),
        figure("right_value", "右方数值", "总投资为万元，个数为项。", |r| r.right_value),
        figure("difference", "差额", "左方减右方。", |r| r.difference),
        figure("tolerance", "允许差额", "两方写出的位数所允许的最大差额。", |r| r.tolerance),
    ];
    columns.extend(outcome());
    columns.extend([
        figure("left_half_width", "左方允许误差", "左方各数写出的位数所允许的误差之和。", |r| r.half_widths.0),
        figure("right_half_width", "右方允许误差", "右方末位的一半：该数代表数值加减它的范围。", |r| r.half_widths.1),
        text(
            "right_unit",
            ("右方单位", "右方的数所写的单位：亿元、万元、项等。"),
            |r: &&'r Comparison| Datum::maybe(r.right_unit),
        ),
    ]);
    Table {
        name: "reconciliation",
        title: "对账",
        one_row_per: "一次对账",
        columns,
        place: |r| r.right_at.clone().unwrap_or_default(),
    }
}

fn outcome<'r>() -> Vec<Column<&'r Comparison>> {
    let verdicts = "match 一致、within_rounding 舍入内一致、mismatch 不一致、missing 缺失、not_comparable 不可比。";
    vec![
        text("verdict", ("结论", verdicts), |r: &&'r Comparison| Datum::text(r.verdict.as_str())),
        text(
            "cause",
            ("可能原因", "不一致的最可能原因，例如 unit_slip、row_missing。"),
            |r: &&'r Comparison| Datum::maybe(r.cause),
        ),
        text(
            "left_at",
            ("左方位置", "文件 › 工作表 › 单元格，或公布数的出处。"),
            |r: &&'r Comparison| Datum::maybe(r.left_at.as_deref()),
        ),
        text(
            "right_at",
            ("右方位置", "文件 › 工作表 › 单元格，或公布数的出处。"),
            |r: &&'r Comparison| Datum::maybe(r.right_at.as_deref()),
        ),
        text(
            "note",
            ("原因说明", "原因和要看的单元格，或不可比的理由。"),
            |r: &&'r Comparison| Datum::maybe(r.note.as_deref().map(mask_numbers)),
        ),
    ]
}

/// A figure × 10⁴.
fn figure<'r>(
    name: &str,
    title: &str,
    description: &str,
    get: impl Fn(&Comparison) -> Option<i64> + 'static,
) -> Column<&'r Comparison> {
    Column::new(name, Kind::Money, (title, description), move |r: &&'r Comparison, _| Datum::bounded(get(r)))
}
