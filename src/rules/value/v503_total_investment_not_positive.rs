//! V503: 总投资 of zero or less.

use crate::model::{Field, Finding, Record, Severity};
use crate::rules::context::Context;
use crate::rules::wording::{amount, name};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V503",
    slug: "total-investment-not-positive",
    title: "总投资为零或负数",
    severity: Severity::Error,
    what: "“总投资”读出来是 0 或者负数。",
    why: "项目不可能没有投资。0 多半是公式没有算出来或者用 0 占位，负数多半是录入或者冲减时的笔误；计入汇总会让合计失真。",
    fix: "改成项目的实际总投资。要冲减以前多报的数，请更正原来的那一行，不要另报一行负数。",
    basis: "总投资是项目计划投资的总额，按定义大于零；本库约定读不出的数一律为空，不写成 0。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 结果 |
|---|---|---|---|---|
| 开封市 | 开工 | 甲项目 | 20000 | |
| 开封市 | 开工 | 乙项目 | 0 | V503 |
| 开封市 | 开工 | 丙项目 | -3000 | V503 |",
    help: "改成项目的实际总投资；不要用 0 占位，也不要用负数冲减",
    thresholds: &[],
    needs: &[Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let total = |r: &Record| r.amount(Field::TotalInvestment).filter(|a| a.yuan <= 0);
    let rows = context.iter().filter_map(|(_, record)| Some((record, total(record)?)));
    let findings = rows.map(|(record, total)| {
        Finding::new("V503", format!("项目{}的总投资是 {}，应大于零", name(record), amount(total)))
            .read_as(amount(total))
            .on(record, Some(Field::TotalInvestment))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
