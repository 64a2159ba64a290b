//! V518: a signing that is no contract yet.

use crate::model::{Field, Finding, Record, Severity, Stage};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::folded::{folded, may_hold};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V518",
    slug: "framework-agreement",
    title: "签的是框架协议或意向",
    severity: Severity::Warning,
    what: "签约项目的备注、名称、内容或其他列里写着框架协议、战略合作协议、意向协议、备忘录等，且没有写明已经签了正式合同。",
    why: "框架协议和意向没有约束力，计入签约项目会虚增签约额，以后履约率、开工率都上不去。",
    fix: "已经签了正式合同的，请在备注中写明合同日期；还没有签的，从本期签约清单撤下，签了正式合同再报。",
    basis: "签约一批统计正式合同；各地通报把正式签约与框架协议分开统计（如开封市 2022 年上半年：正式签约 13 个、框架协议 10 个）。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 备注 | 结果 |
|---|---|---|---|---|---|
| 开封市 | 签约 | 甲项目 | 52000 | 已签订战略合作框架协议 | V518 |
| 开封市 | 签约 | 乙项目 | 52000 | 意向协议 | V518 |
| 开封市 | 签约 | 丙项目 | 52000 | 框架协议，正式合同待签 | V518 |
| 开封市 | 签约 | 丁项目 | 52000 | 外资项目，已签订正式合同 | |
| 开封市 | 签约 | 戊项目 | 52000 | 框架协议已转为正式合同 | |
| 开封市 | 签约 | 己框架结构厂房项目 | 52000 | 与高校战略合作建设 | |
| 开封市 | 开工 | 庚项目 | 52000 | 框架协议 | |",
    help: "已签正式合同的请写明合同日期；没有的请从签约清单撤下",
    thresholds: &[],
    needs: &[],
    check: Some(check),
};

/// What such papers are called.
const PAPERS: [&str; 13] = [
    "框架协议",
    "框架性协议",
    "框架合同",
    "框架合作",
    "战略协议",
    "战略合作协议",
    "战略合作框架",
    "意向协议",
    "意向书",
    "意向性",
    "合作意向",
    "投资意向",
    "备忘录",
];
/// A whole cell that is one of these words names the kind of agreement.
const KINDS: [&str; 4] = ["框架", "意向", "战略合作", "意向签约"];
/// Each of them has one of these characters.
const SIGNS: [char; 4] = ['框', '战', '意', '备'];
/// A contract that does exist.
const CONTRACTS: [&str; 3] = ["正式合同", "正式协议", "正式签约"];
/// … unless it is still to come.
const PENDING: [&str; 10] = ["待签", "未签", "拟签", "待定", "尚未", "近期", "即将", "洽谈", "预计", "计划"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let signed = context.iter().filter(|(_, r)| r.stage == Some(Stage::Signing));
    signed.filter_map(|(_, record)| judge(record)).collect()
}

fn judge(record: &Record) -> Option<Finding> {
    let fields = [Field::Remark, Field::Nature, Field::Content, Field::ProjectName];
    let texts = fields.iter().filter_map(|f| Some((Some(*f), record.text(*f)?)));
    let extras = record.extras.iter().map(|(_, text)| (None, &**text));
    let all: Vec<(Option<Field>, &str)> = texts.chain(extras).collect();
    if !all.iter().any(|(_, text)| may_hold(text, &SIGNS)) {
        return None;
    }
    let all: Vec<(Option<Field>, &str, String)> = all.into_iter().map(|(f, text)| (f, text, folded(text))).collect();
    if all.iter().any(|(.., folded)| is_contract(folded)) {
        return None;
    }
    let (field, text, paper) = all.iter().find_map(|(field, text, folded)| Some((*field, *text, paper(folded)?)))?;
    let message = format!("签约依据是“{paper}”，不是正式合同");
    let seen = field.and_then(|f| record.values.get(&f)).map_or(text, |v| &*v.raw);
    Some(Finding::new("V518", message).seen(seen).on(record, field))
}

fn paper(text: &str) -> Option<&'static str> {
    let negated = |at: usize| text[..at].ends_with(['非', '无', '免']);
    let named = PAPERS.iter().copied().find(|p| text.find(p).is_some_and(|at| !negated(at)));
    named.or_else(|| KINDS.iter().copied().find(|kind| text == *kind))
}

fn is_contract(text: &str) -> bool {
    CONTRACTS.iter().any(|c| text.contains(c)) && !PENDING.iter().any(|p| text.contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_paper_has_a_sign() {
        assert!(PAPERS.iter().chain(&KINDS).all(|p| p.contains(SIGNS)));
    }

    #[test]
    fn example() {
        crate::rules::fixture::judge(RULE.example);
    }
}
