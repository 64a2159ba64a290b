//! V502: a project without 总投资.

use crate::model::{Field, Finding, Severity};
use crate::rules::context::{Context, Presence, presence};
use crate::rules::wording::name;
use crate::rules::{Need, Rule};

/// Rows of a table from which a column that nobody filled is a missing column (C302) and not so many missing values.
const COLUMN_ROWS: usize = 3;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V502",
    slug: "total-investment-missing",
    title: "总投资为空",
    severity: Severity::Error,
    what: "项目行的“总投资”是空的，或者只写了“/”“—”“无”。写了但读不出来的（文字、错误值、外币）由 N401、L204、L205、N410 说明，这里不重复。",
    why: "全省按总投资汇总，缺一个数，本单位的合计就少一块，也无法与合计行、汇总表核对。空着不能当作 0。",
    fix: "按备案（核准、批复）文件或者签约协议补上总投资，单位与表头一致。金额确实还没有定的，请在备注里说明，等确定后再报。",
    basis: "公布数按项目个数和总投资两项统计（如第二期签约 340 个、2844 亿元），总投资是必填项。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 年度计划投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | 51000 | 8600 | |
| 郑州市 | 签约 | 乙项目 | | 6000 | V502 |
| 郑州市 | 签约 | 丙项目 | / | 6000 | V502 |
| 郑州市 | 签约 | 丁项目 | ？#REF! | 6000 | |",
    help: "补上总投资，单位与表头一致；还没有确定的请在备注中说明",
    thresholds: &[],
    needs: &[Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        if presence(record, Field::TotalInvestment) != Presence::Empty {
            continue;
        }
        let cell = context.empty_cell(record, Field::TotalInvestment);
        if cell.is_none() && context.table_of(record).len() >= COLUMN_ROWS {
            continue;
        }
        let mut finding = Finding::new("V502", format!("项目{}没有填总投资", name(record)));
        if let Some(cell) = cell {
            finding = finding.at(cell);
        }
        findings.push(finding.on(record, Some(Field::TotalInvestment)));
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
    fn a_column_that_does_not_exist_is_not_missed_in_every_row() {
        judge(
            "\
| 单位 | 批次 | 项目名称 | 总投资 | 结果 |
|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | | |
| 郑州市 | 签约 | 乙项目 | | |
| 郑州市 | 签约 | 丙项目 | | |",
        );
        judge(
            "\
| 单位 | 批次 | 项目名称 | 总投资 | 结果 |
|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | | V502 |",
        );
    }
}
