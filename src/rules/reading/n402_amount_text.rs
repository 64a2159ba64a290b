//! N402: a number stored as text.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N402",
    slug: "amount-text",
    title: "数字存成了文本",
    severity: Severity::Info,
    what: "金额一格里是文本格式的数字（Excel 里左上角有绿色三角），已经按数字读取。",
    why: "SUM 求和会跳过文本，单位自己的合计会少算这一格，与明细对不上。",
    fix: "选中这一列，用“转换为数字”改成数值格式，再检查合计。",
    basis: "Excel、WPS 的 SUM 函数不计文本；按数字读取是收件与发布的约定。",
    example: "总投资一格是文本“12,000”：按 12000 读，提示 N402。",
    help: "用“转换为数字”改成数值格式并检查合计",
    thresholds: &[],
    needs: &[],
    check: None,
};
