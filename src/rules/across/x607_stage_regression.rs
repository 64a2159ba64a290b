//! X607: a project goes backwards.

use crate::model::{Finding, Severity};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::name;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X607",
    slug: "stage-regression",
    title: "项目阶段倒退",
    severity: Severity::Warning,
    what: "以前的期已经开工的项目，本期又报签约；以前已经投产的，本期又报签约或开工。同一批以前就报过的，由 X603 说明。",
    why: "项目只会向前走。阶段倒退说明有一期报错了批次，或者是用旧项目顶新项目。",
    fix: "核对项目现在的阶段，从本期清单删去或者改到对的批次；如果是二期或改扩建的新项目，请在名称中写明。",
    basis: "三个一批的顺序：签约、开工、投产；以前各期以已发布的项目库为准。",
    example: "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 02 | 郑州市 | 开工 | 甲项目生产线 | 甲公司 | 30000 | |
| 02 | 郑州市 | 投产 | 乙项目生产线 | 乙公司 | 30000 | |
| 03 | 郑州市 | 签约 | 甲项目生产线 | 甲公司 | 30000 | X607 |
| 03 | 郑州市 | 开工 | 乙项目生产线 | 乙公司 | 30000 | X607 |",
    help: "核对项目阶段，删去或改到对的批次；新项目请在名称中写明",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, record, stage) in context.iter_firsts() {
        let past = context.past(i);
        if past.iter().any(|p| p.stage == stage) {
            continue;
        }
        if let Some(ahead) = past.iter().find(|p| p.stage > stage) {
            let message = format!("项目{}在第{}期已经{}，本期又报{stage}", name(record), ahead.batch, ahead.stage);
            findings.push(Finding::new("X607", message).on(record, None));
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
