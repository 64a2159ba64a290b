//! V512: a project code that is not built like one.

use crate::model::{Field, Finding, Severity, code_text};
use crate::rules::context::{Context, is_blank};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V512",
    slug: "project-code-malformed",
    title: "项目代码格式不对",
    severity: Severity::Warning,
    what: "项目代码应为 24 位，五段用“-”连接：4 位时间、6 位地区、2 位、2 位、6 位数字，例如 2511-410102-04-01-986123。段数、位数不对，时间段既不是年份也不是“年月”的，报一条。校验码的算法没有公布，不检查。",
    why: "项目代码是项目的身份证号，一个项目一个代码，签约、开工、投产都靠它对上。",
    fix: "从投资项目在线审批监管平台重新复制代码。还没有赋码的留空，不要填备案文号或自编的号。",
    basis: "GB/T 40058-2021《全国固定资产投资项目代码编码规范》（24 位，4-6-2-2-6 五段）；旧版代码的段长相同，第一段为年份。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目代码 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 开工 | 甲项目 | 2511-410102-04-01-986123 | 30000 | |
| 郑州市 | 开工 | 乙项目 | 2020-410102-47-03-012345 | 30000 | |
| 郑州市 | 开工 | 丙项目 | 410102-04-01-986123 | 30000 | V512 |
| 郑州市 | 开工 | 丁项目 | 2511-410102-04-01-98612 | 30000 | V512 |
| 郑州市 | 开工 | 戊项目 | 2517-410102-04-01-986123 | 30000 | V512 |
| 郑州市 | 开工 | 己项目 | ２５１１－410102－04－01－986124 | 30000 | |
| 郑州市 | 开工 | 庚项目 | 正在办理 | 30000 | |",
    help: "从投资项目在线审批监管平台复制 24 位项目代码；没有赋码的留空",
    thresholds: &[],
    needs: &[Need::all(&[Field::ProjectCode])],
    check: Some(check),
};

const SEPARATORS: [char; 7] = ['、', ',', '，', ';', '；', '/', '\n'];
const SEGMENTS: [usize; 5] = [4, 6, 2, 2, 6];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        let Some(text) = record.text(Field::ProjectCode) else { continue };
        let codes = text.split(SEPARATORS).map(code_text).filter(|code| is_meant_as_code(code));
        if let Some((code, why)) = codes.into_iter().find_map(|code| fault(&code).map(|why| (code, why))) {
            let message = format!("项目代码 {code} {why}");
            findings.push(Finding::new("V512", message).on(record, Some(Field::ProjectCode)));
        }
    }
    findings
}

fn is_meant_as_code(code: &str) -> bool {
    !is_blank(code) && code.chars().any(|c| c.is_ascii_digit())
}

fn fault(code: &str) -> Option<String> {
    let segments = || code.split('-');
    let count = segments().count();
    if count != SEGMENTS.len() {
        return Some(format!("有 {count} 段，应为 5 段（4-6-2-2-6 位）"));
    }
    for (n, (segment, length)) in segments().zip(SEGMENTS).enumerate() {
        if segment.chars().count() != length {
            return Some(format!("第 {} 段“{segment}”应为 {length} 位", n + 1));
        }
        if let Some(c) = segment.chars().find(|c| !c.is_ascii_digit()) {
            return Some(format!("第 {} 段的“{c}”不是数字", n + 1));
        }
    }
    let first = segments().next()?;
    let time: u32 = first.parse().ok()?;
    let year = (2000..2050).contains(&time);
    let year_and_month = (15..50).contains(&(time / 100)) && (1..=12).contains(&(time % 100));
    (!year && !year_and_month).then(|| format!("第 1 段“{first}”既不是年份也不是年月"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
