//! V511: a unified social credit code that cannot be one.

use crate::model::{CreditCodeFault, Field, Finding, Severity, check_credit_code, code_text, without_hyphens};
use crate::rules::context::{Context, is_blank};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V511",
    slug: "credit-code-invalid",
    title: "统一社会信用代码有误",
    severity: Severity::Warning,
    what: "统一社会信用代码应为 18 位，由数字和大写字母组成，不用 I、O、S、V、Z，最后一位是校验码。位数不对、用了不该有的字母、校验码对不上的，报一条。一格里写了几个代码的，逐个检查。",
    why: "信用代码用来认定是不是同一家单位。错一位就查不到这家单位，也会漏掉重复申报。",
    fix: "照营业执照重新录入。常见的是把数字 0 写成字母 O、1 写成 I、2 写成 Z、5 写成 S，或者漏了一位。",
    basis: "GB 32100-2015《法人和其他组织统一社会信用代码编码规则》：代码字符集与校验码算法。",
    example: "\
| 单位 | 批次 | 项目名称 | 统一社会信用代码 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 新乡市 | 开工 | 甲项目 | 91330100799655058B | 30000 | |
| 新乡市 | 开工 | 乙项目 | 91330100799655058C | 30000 | V511 |
| 新乡市 | 开工 | 丙项目 | 913301OO799655058B | 30000 | V511 |
| 新乡市 | 开工 | 丁项目 | 9133010079965505 | 30000 | V511 |
| 新乡市 | 开工 | 戊项目 | 待办理 | 30000 | |
| 新乡市 | 开工 | 己项目 | 91330100799655058b | 30000 | |",
    help: "照营业执照重新录入 18 位代码（没有字母 I、O、S、V、Z）",
    thresholds: &[],
    needs: &[Need::all(&[Field::OwnerCreditCode])],
    check: Some(check),
};

/// Separators between several codes in one cell.
const SEPARATORS: [char; 8] = ['、', ',', '，', ';', '；', '/', '\n', '|'];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        let Some(text) = record.text(Field::OwnerCreditCode) else { continue };
        let faults = text.split(SEPARATORS).filter_map(|part| {
            let code = without_hyphens(code_text(part));
            let fault = if is_code(&code) { check_credit_code(&code).err() } else { None };
            Some((code, fault?))
        });
        if let Some((code, fault)) = faults.into_iter().next() {
            let why = match fault {
                CreditCodeFault::Length(length) => format!("有 {length} 位，应为 18 位"),
                CreditCodeFault::Character(c) => format!("第 {} 位的“{c}”不是代码里使用的字符", position(&code, c)),
                CreditCodeFault::Check(_) => "校验码不符，至少有一位写错".to_owned(),
            };
            let message = format!("统一社会信用代码 {code} {why}");
            findings.push(Finding::new("V511", message).on(record, Some(Field::OwnerCreditCode)));
        }
    }
    findings
}

/// A text that is meant as a code, and not a remark in its place.
fn is_code(code: &str) -> bool {
    !is_blank(code) && code.chars().filter(char::is_ascii_alphanumeric).count() * 2 > code.chars().count()
}

fn position(code: &str, c: char) -> usize {
    code.chars().position(|x| x == c).map_or(0, |p| p + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
