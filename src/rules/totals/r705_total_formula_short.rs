//! R705: the total's own formula leaves rows out.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "R705",
    slug: "total-formula-short",
    title: "合计公式漏了行",
    severity: Severity::Warning,
    what: "合计（小计）一格的公式，引用的范围没有包括全部项目行。即使结果碰巧对得上也报。",
    why: "插入新行时公式没有跟着扩大，是合计差错最常见的来源；这次没错，下次也会错。",
    fix: "把公式的范围改成全部项目行，例如 =SUM(H5:H40)。",
    basis: "合计应当覆盖全部明细；公式原文取自文件。",
    example: "项目在第 5 到 30 行，合计公式是 =SUM(I5:I28)：报 R705，漏了第 29、30 行。",
    help: "把合计公式的范围改成全部项目行",
    thresholds: &[],
    needs: &[],
    check: None,
};
