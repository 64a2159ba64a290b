//! X601: one project twice in one list of one unit.

use crate::model::{Finding, Severity};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::likeness::agreement;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::{name, place};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X601",
    slug: "duplicate-in-unit",
    title: "本单位重复申报",
    severity: Severity::Error,
    what: "同一个单位、同一期、同一批里，一个项目出现两次：项目代码相同，或者名称与项目单位（信用代码）相同，或者没有写单位而名称与县区相同。报在靠后的那一行。签约和开工各报一次是项目的进展，不算重复；一期、二期是两个项目。",
    why: "重复的项目会把个数和总投资各多算一次，与合计行、公布数也对不上。靠后的一行退回，不计入项目库。",
    fix: "删去重复的一行。确实是两个项目的，用名称区分开（如一期、二期，或写明地点），并核对项目代码。",
    basis: "三个一批按项目个数和总投资统计，一个项目一期一批只报一次；GB/T 40058-2021 规定一个项目一个代码。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 项目代码 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 商丘市 | 投产 | 超硬刀具产业园项目 | 甲公司 | | 20000 | |
| 商丘市 | 开工 | 超硬刀具产业园项目 | 甲公司 | | 20000 | |
| 商丘市 | 投产 | 超硬刀具 产业园项目 | 甲公司 | | 20000 | X601 |
| 商丘市 | 投产 | 光伏支架项目（一期） | 乙公司 | | 30000 | |
| 商丘市 | 投产 | 光伏支架项目（二期） | 乙公司 | | 30000 | |
| 商丘市 | 开工 | 减速机扩能改造项目 | 丙公司 | 2511-411402-04-01-986123 | 40000 | |
| 商丘市 | 开工 | 减速机扩能技改 | 丙公司 | 2511-411402-04-01-986123 | 40000 | X601 |",
    help: "删去重复的一行；确实是两个项目的，请用名称区分并核对项目代码",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, record) in context.iter() {
        let Some(first) = context.first_of(i).filter(|first| *first < i) else { continue };
        let other = context.records[first];
        let at = place(other, record);
        let same = agreement(other, record);
        let named = if same == "项目代码相同" && other.name() != record.name() {
            format!("，那一行的名称是{}", name(other))
        } else {
            String::new()
        };
        let message = format!("项目{}与{at}是同一个项目（{same}{named}）", name(record));
        findings.push(Finding::new("X601", message).on(record, None));
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{findings, judge};

    #[test]
    fn example() {
        judge(super::RULE.example);
        assert_eq!(
            findings(super::RULE.example)[1].message,
            "项目“超硬刀具 产业园项目”与第3行是同一个项目（项目名称和项目单位相同）"
        );
    }
}
