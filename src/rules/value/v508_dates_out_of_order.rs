//! V508: dates of a project in an order that cannot be.

use crate::model::{Field, Finding, PartialDate, Record, Severity, Stage};
use crate::rules::context::Context;
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V508",
    slug: "dates-out-of-order",
    title: "时间先后颠倒",
    severity: Severity::Warning,
    what: "开工时间应不晚于竣工时间，竣工时间应不晚于投产时间；签约项目的签约时间应不晚于开工时间。只写到月、季、年的，按“有没有可能成立”判断：同一个月不算颠倒。",
    why: "时间颠倒多半是两列填反、年份写错，会影响开工率、投产率的统计和到期提醒。",
    fix: "核对这几个时间，改正写错的年份或者填反的列。开工、投产清单里的签约时间可能是后来补签的，不参加比较。",
    basis: "项目按签约、开工、竣工、投产的顺序推进；各地项目填报模板都规定建设起止年限“起不晚于止”。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 签约时间 | 开工时间 | 竣工时间 | 投产时间 | 结果 |
|---|---|---|---|---|---|---|---|---|
| 濮阳市 | 开工 | 甲项目 | 60000 | | 2026-03 | 2026-03 | | |
| 濮阳市 | 开工 | 乙项目 | 60000 | | 2026-03 | 2025-03 | | V508 |
| 濮阳市 | 开工 | 丙项目 | 60000 | 2026-05 | 2026-03 | 2027 | | |
| 濮阳市 | 签约 | 丁项目 | 60000 | 2026-05 | 2026-03 | | | V508 |
| 濮阳市 | 投产 | 戊项目 | 60000 | | 2026-08-01 | 2026 | 2026-06 | V508 |
| 濮阳市 | 投产 | 己项目 | 60000 | | 2026-08-01 | 2026 | 2026-12-30 | |",
    help: "核对这两个时间，改正写错的年份或填反的列",
    thresholds: &[],
    needs: &[Need::some(2, &[Field::SigningDate, Field::StartDate, Field::CompletionDate, Field::ProductionDate])],
    check: Some(check),
};

/// Steps of a project in order.
const STEPS: [Field; 4] = [Field::SigningDate, Field::StartDate, Field::CompletionDate, Field::ProductionDate];

fn check(context: &Context<'_>) -> Vec<Finding> {
    context.iter().filter_map(|(_, record)| judge(record)).collect()
}

/// The first pair of steps that contradicts the order. Neighbours come first: they say best which date is wrong.
fn judge(record: &Record) -> Option<Finding> {
    // A list of started or finished projects may carry a later contract.
    let from = usize::from(record.stage != Some(Stage::Signing));
    let dates: Vec<(Field, PartialDate)> =
        STEPS.iter().skip(from).filter_map(|f| Some((*f, record.date(*f)?))).collect();
    let pairs = (1..dates.len()).flat_map(|gap| (0..dates.len() - gap).map(move |i| (i, i + gap)));
    let (early, late) =
        pairs.map(|(i, j)| (dates[i], dates[j])).find(|((_, early), (_, late))| early.first > late.last())?;
    let message =
        format!("{} {} 晚于{} {}", early.0.title(), early.1.to_chinese(), late.0.title(), late.1.to_chinese());
    let other = record.values.get(&early.0).map(|v| format!("{}在 {}", early.0.title(), v.cell));
    let finding = Finding::new("V508", message).on(record, Some(late.0));
    Some(match other {
        Some(place) => finding.help(format!("核对这两个时间（{place}），改正写错的年份或填反的列")),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
