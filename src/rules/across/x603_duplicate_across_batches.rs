//! X603: the same step of a project reported again.

use crate::model::{Field, Finding, Severity};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::{amount, money, name};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X603",
    slug: "duplicate-across-batches",
    title: "以前的期已经报过",
    severity: Severity::Warning,
    what: "同一个项目在以前某一期的同一批里已经入库：以前签约过的又报签约，以前开工过的又报开工，以前投产过的又报投产。",
    why: "各期数字要累计，同一步报两次会重复统计。审计署 2015 年公开的跟踪审计也指出过把往年完成的工作量再次计入的问题。",
    fix: "从本期清单删去；如果其实是二期或新的项目，请在名称中写明。以前那一期报错了的，更正那一期。",
    basis: "同一项目在签约、开工、投产三批中各统计一次；以前各期以已发布的项目库为准。",
    example: "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 02 | 安阳市 | 签约 | 甲项目生产线 | 甲公司 | 30000 | |
| 02 | 安阳市 | 开工 | 乙项目生产线 | 乙公司 | 30000 | |
| 03 | 安阳市 | 开工 | 甲项目生产线 | 甲公司 | 30000 | |
| 03 | 安阳市 | 开工 | 乙项目生产线 | 乙公司 | 30000 | X603 |",
    help: "从本期清单删去；如果是二期或新项目，请在名称中写明",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, record, stage) in context.iter_firsts() {
        let Some(past) = context.past(i).iter().find(|p| p.stage == stage) else { continue };
        let reporter = if past.unit_code == record.unit_code {
            String::new()
        } else {
            format!("由{}", context.spec.roster.name_of(past.unit_code))
        };
        let change = match (past.total_yuan, record.amount(Field::TotalInvestment)) {
            (Some(before), Some(now)) if before != now.yuan => {
                format!("，当时总投资 {}，现在 {}", money(before, now.factor), amount(now))
            }
            _ => String::new(),
        };
        let message = format!("项目{}在第{}期已{reporter}报过{stage}{change}", name(record), past.batch);
        let finding = Finding::new("X603", message).on(record, None);
        let overlap = context.spec.roster.overlap_of(past.unit_code, &record.unit_code);
        findings.push(match overlap {
            Some(overlap) => {
                let advice = overlap.advice_in(context.batch.number(), &context.spec.roster);
                finding.help(format!("{}。以前报过的不再报；{advice}", overlap.note))
            }
            None => finding,
        });
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
