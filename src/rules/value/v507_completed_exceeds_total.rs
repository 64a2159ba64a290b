//! V507: 累计完成投资 above 总投资.

use crate::model::{Field, Finding, Severity};
use crate::rules::context::{Context, exceeds_total};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V507",
    slug: "completed-exceeds-total",
    title: "累计完成投资大于总投资",
    severity: Severity::Warning,
    what: "同一行的“累计完成投资”比“总投资”大，且差额超出两个数四舍五入的范围。",
    why: "完成数超过总数，要么是超进度报送，要么是总投资没有随项目调整，要么是单位不一致。统计执法检查把超进度报送列为常见问题。",
    fix: "核对两个数。实际投资确已超过原计划的，请按规定调整总投资，并在备注中说明。",
    basis: "累计完成投资是总投资中已经完成的部分；“超进度报送投资”是地方统计自查公开列出的问题（如新疆博乐市统计自查，www.xjbl.gov.cn）。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 累计完成投资 | 结果 |
|---|---|---|---|---|---|
| 南阳市 | 投产 | 甲项目 | 6000 | 6000 | |
| 南阳市 | 投产 | 乙项目 | 6000 | 8220 | V507 |
| 南阳市 | 投产 | 丙项目 | 6000 | 60000000 | V504 |",
    help: "核对总投资与累计完成投资；确已超出的请调整总投资并说明",
    thresholds: &[],
    needs: &[Need::all(&[Field::CompletedInvestment]), Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    exceeds_total(context, "V507", Field::CompletedInvestment)
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
