//! `indicators` and `laggards`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, stage, text, unit_code, unit_name};
use crate::model::{BatchId, Indicator, Laggard};

type Row<'r> = &'r Indicator;
/// How an indicator gives a figure.
type Get = fn(&Indicator) -> Option<i64>;

/// Counts, amounts and rates.
pub(in super::super) fn indicators<'r>() -> Table<Row<'r>> {
    let measures = "count 项目数、total_investment 总投资、performance_rate 签约履约率、start_rate 签约项目开工率、\
                    production_rate 开工项目投产率、capacity_rate 投产项目达效率、annual_plan_rate 年度计划完成率；\
                    口径和依据见 pipelines/indicators.toml。";
    let mut columns = vec![
        batch(|r: &Row<'r>| r.batch.as_str()),
        unit_code(|r: &Row<'r>| Some(&r.unit_code)),
        unit_name(|r: &Row<'r>| Some(&r.unit_code)),
        stage(|r: &Row<'r>| r.stage),
        text("sector", ("行业领域", "按领域分的指标；为空是全部领域合计。"), |r: &Row<'r>| {
            Datum::maybe(r.sector.as_deref())
        }),
        text("measure", ("指标", measures), |r: &Row<'r>| Datum::text(r.kind.as_str())),
    ];
    let figures: [(&str, &str, &str, Get); 5] = [
        ("numerator", "分子", "率的分子：项或万元。", |r| r.numerator),
        ("denominator", "分母", "率的分母：项或万元。", |r| r.denominator),
        (
            "value",
            "数值",
            "项、万元，或率（0.7143 即 71.43%）。为空表示不知道：本期没有采用的项目，分母为 0，或清单没有写。",
            |r| r.value,
        ),
        ("previous", "上期", "前一期的数值。", |r| r.previous),
        ("change", "变化", "数值减上期。", |r| r.change),
    ];
    for (name, title, description, get) in figures {
        columns
            .push(Column::new(name, Kind::Money, (title, description), move |r: &Row<'r>, _| Datum::bounded(get(r))));
    }
    columns.push(Column::new(
        "rank",
        Kind::Count,
        ("名次", "在各单位中的名次，数值大的在前，相同的并列；全省没有名次。"),
        |r: &Row<'r>, _| r.rank.map_or(Datum::Null, |n| Datum::Count(i64::from(n))),
    ));
    Table {
        name: "indicators",
        title: "指标",
        one_row_per: "一期中一个单位（或全省）、一个批次类别、一个领域的一个指标",
        columns,
        place: |r| format!("期 {} {} {}", r.batch, r.unit_code, r.kind.as_str()),
    }
}

/// A project that lags on a batch's day.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct LaggardRow<'r> {
    /// The batch.
    pub(in super::super) batch: &'r BatchId,
    /// The project.
    pub(in super::super) row: &'r Laggard,
}

/// 提醒预警.
pub(in super::super) fn laggards<'r>() -> Table<LaggardRow<'r>> {
    let columns = vec![
        batch(|r: &LaggardRow<'r>| r.batch.as_str()),
        unit_code(|r: &LaggardRow<'r>| Some(&r.row.unit_code)),
        unit_name(|r: &LaggardRow<'r>| Some(&r.row.unit_code)),
        text(
            "lag",
            ("类型", "signed_not_started 签约未开工、started_not_in_production 开工未投产。"),
            |r: &LaggardRow<'r>| Datum::text(r.row.lag.as_str()),
        ),
        text("project_id", ("项目标识", "同 lifecycle。"), |r: &LaggardRow<'r>| {
            Datum::text(r.row.project_id.as_str())
        }),
        text("project_name", ("项目名称", "最近一次清单中的名称。"), |r: &LaggardRow<'r>| {
            Datum::text(r.row.project_name.as_str())
        }),
        text("since_batch", ("停在的期", "进入现阶段清单的期。"), |r: &LaggardRow<'r>| {
            Datum::text(r.row.since_batch.as_str())
        }),
        Column::new(
            "since",
            Kind::Date,
            ("起算日", "清单写的签约（开工）时间；没有写或晚于活动日的，用当期活动日。"),
            |r: &LaggardRow<'r>, _| Datum::Date(r.row.since),
        ),
        count("months", "已过月数", "从起算日到本期活动日的整月数。", |r| r.months),
        count("allowed_months", "期限", "允许的月数，见 pipelines/indicators.toml。", |r| r.allowed_months),
        Column::new(
            "total_investment_wan",
            Kind::Money,
            ("总投资", "最近一次写出的总投资，万元。"),
            |r: &LaggardRow<'r>, _| r.row.total_yuan.map_or(Datum::Null, Datum::Money),
        ),
    ];
    Table {
        name: "laggards",
        title: "提醒预警",
        one_row_per: "截至一期活动日超过期限没有进入下一阶段的一个项目",
        columns,
        place: |r| r.row.project_name.clone(),
    }
}

fn count<'r>(
    name: &str,
    title: &str,
    description: &str,
    get: impl Fn(&Laggard) -> u32 + 'static,
) -> Column<LaggardRow<'r>> {
    Column::new(name, Kind::Count, (title, description), move |r: &LaggardRow<'r>, _| {
        Datum::Count(i64::from(get(r.row)))
    })
}
