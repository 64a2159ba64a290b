//! L205: #REF!, #DIV/0! … in a mapped cell.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L205",
    slug: "cell-error",
    title: "单元格是错误值",
    severity: Severity::Error,
    what: "单元格显示 #REF!、#DIV/0!、#VALUE!、#N/A 等错误值。",
    why: "公式引用的表被删、除数为零等，真正的数已经丢了。用到这一格的项目退回。",
    fix: "改正公式，或者直接填入数值。引用其他工作簿的公式，请先粘贴成数值再报。",
    basis: "收件与发布的约定：错误值读作空并说明，不当作 0。",
    example: "总投资一格显示 #REF!：报 L205，项目退回。",
    help: "改正公式或直接填入数值",
    thresholds: &[],
    needs: &[],
    check: None,
};
