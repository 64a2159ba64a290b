//! X605: in production without ever having started.

use std::collections::BTreeSet;

use crate::model::{Finding, Severity, Stage};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::name;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X605",
    slug: "production-without-start",
    title: "投产项目没有开工记录",
    severity: Severity::Warning,
    what: "投产清单里的项目，在以前各期和本期的开工清单里都找不到；当时报过但被退回的也算报过。从第六期起检查（rules.toml 里的 [[X605.when]]）。库里一个以前的开工项目都没有的（例如刚开始用本程序的头一期），无从比较，不判。",
    why: "从第六期起，投产一批由以前的开工一批转化而来。没有开工记录的投产项目，不能计入投产率。",
    fix: "核对项目名称、单位、代码是否与开工时一致；改过名称的，请在备注中写明原名。确实没有报过开工的，请说明。",
    basis: "公开报道：第六期投产项目来自第五期开工项目，第八期来自第七期，第十五期为“转化生成”。",
    example: "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | 30000 | |
| 22 | 郑州市 | 投产 | 甲项目生产线 | 甲公司 | 30000 | |
| 22 | 郑州市 | 投产 | 乙项目生产线 | 乙公司 | 40000 | X605 |
| 22 | 郑州市 | 开工 | 丙项目生产线 | 丙公司 | 50000 | |
| 22 | 郑州市 | 投产 | 丙项目生产线 | 丙公司 | 50000 | |",
    help: "核对名称、单位、代码是否与开工时一致；改过名称的请注明原名",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if !context.history.started_before(context.batch) {
        return Vec::new();
    }
    let starting: BTreeSet<&str> =
        context.iter().filter(|(_, r)| r.stage == Some(Stage::Start)).map(|(i, _)| context.ids[i]).collect();
    let mut findings = Vec::new();
    for (i, record, _) in context.iter_firsts().filter(|(_, _, stage)| *stage == Stage::Production) {
        let id = context.ids[i];
        if record.name().is_some() && !context.has_started(id) && !starting.contains(id) {
            let message = format!("投产项目{}在以前各期和本期的开工清单里都没有", name(record));
            findings.push(Finding::new("X605", message).on(record, None));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::judge;

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    #[test]
    fn neither_early_batches_nor_a_base_without_history_are_judged() {
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 04 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | 30000 | |
| 05 | 郑州市 | 投产 | 乙项目生产线 | 乙公司 | 40000 | |",
        );
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 签约 | 甲项目生产线 | 甲公司 | 30000 | |
| 22 | 郑州市 | 投产 | 乙项目生产线 | 乙公司 | 40000 | |",
        );
    }

    #[test]
    fn a_start_that_was_rejected_was_reported_all_the_same() {
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | | 退回 |
| 22 | 郑州市 | 投产 | 甲项目生产线 | 甲公司 | 30000 | |
| 22 | 郑州市 | 投产 | 乙项目生产线 | 乙公司 | 40000 | X605 |",
        );
        // To other rules a rejected row is no earlier record.
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | 9000 | 退回 |
| 22 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | 30000 | |",
        );
    }
}
