//! V509: reported as started or in production before it is.

use crate::model::{Field, Finding, Severity, Stage};
use crate::rules::context::Context;
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V509",
    slug: "date-after-batch",
    title: "开工、投产时间晚于本期活动",
    severity: Severity::Warning,
    what: "开工清单里的开工时间、投产清单里的投产时间，整个晚于本期活动举行的日子。只写到月的，活动当月不算晚。活动日期没有登记的期不判。例中第五期的活动在 2022 年 7 月 5 日。",
    why: "开工一批、投产一批报的是已经开工、已经投产的项目。计划在活动之后才开工的，属于提前报送，会被算作“应开工未开工”。",
    fix: "时间写错的改正；确实还没有开工（投产）的，从本期清单撤下，下一期再报。",
    basis: "活动日期在 pipelines/batches/ 的本期文件里；审计署 2015 年公开的跟踪审计把虚报开工量列为问题。",
    example: "\
| 期 | 单位 | 批次 | 项目名称 | 总投资 | 开工时间 | 竣工时间 | 投产时间 | 结果 |
|---|---|---|---|---|---|---|---|---|
| 05 | 郑州市 | 开工 | 甲项目 | 60000 | 2022-07 | 2024 | | |
| 05 | 郑州市 | 开工 | 乙项目 | 60000 | 2022-10 | 2024 | | V509 |
| 05 | 郑州市 | 投产 | 丙项目 | 60000 | 2020-05 | 2022-06 | 2022-06 | |
| 05 | 郑州市 | 投产 | 丁项目 | 60000 | 2020-05 | 2022-09 | 2022-09 | V509 |
| 05 | 郑州市 | 投产 | 己项目 | 60000 | 2020-05 | 2022-12 | | |
| 05 | 郑州市 | 签约 | 戊项目 | 60000 | 2022-10 | 2024 | | |",
    help: "核对时间；确实还没有开工（投产）的，请从本期清单撤下",
    thresholds: &[],
    needs: &[
        Need::in_list(Stage::Start, &[Field::StartDate]),
        Need::in_list(Stage::Production, &[Field::ProductionDate]),
    ],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(event) = context.spec.batches.get(context.batch).and_then(|b| b.date) else { return Vec::new() };
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        let field = match record.stage {
            Some(Stage::Start) => Field::StartDate,
            Some(Stage::Production) => Field::ProductionDate,
            _ => continue,
        };
        let Some(date) = record.date(field) else { continue };
        if date.first > event {
            let message = format!("{} {} 晚于本期活动（{event}）", field.title(), date.to_chinese());
            findings.push(Finding::new("V509", message).on(record, Some(field)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
