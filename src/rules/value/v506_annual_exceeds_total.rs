//! V506: 年度计划投资 above 总投资.

use crate::model::{Field, Finding, Severity};
use crate::rules::context::{Context, exceeds_total};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V506",
    slug: "annual-exceeds-total",
    title: "年度计划投资大于总投资",
    severity: Severity::Warning,
    what: "同一行的“年度计划投资”比“总投资”大，且差额超出两个数四舍五入的范围。",
    why: "一年的计划是总投资的一部分，不会超过总额。两个数有一个填错了行、填错了列，或者单位不一致。",
    fix: "对照备案文件和年度投资计划核对两个数。总投资调增过的，请把总投资改成调整后的数。",
    basis: "年度计划投资按定义包含在总投资之内（见年度投资计划的编制口径）。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 年度计划投资 | 结果 |
|---|---|---|---|---|---|
| 许昌市 | 签约 | 甲项目 | 26939 | 26939 | |
| 许昌市 | 签约 | 乙项目 | 26939 | 36906 | V506 |
| 许昌市 | 签约 | 丙项目 | 2.7亿元 | 27300 | |
| 许昌市 | 签约 | 丁项目 | 3.15 | 7500 | V504 |",
    help: "核对总投资与年度计划投资，改正其中填错的一个",
    thresholds: &[],
    needs: &[Need::all(&[Field::AnnualPlannedInvestment]), Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    exceeds_total(context, "V506", Field::AnnualPlannedInvestment)
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
