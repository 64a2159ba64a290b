//! R701: detail against the sheet's 合计.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "R701",
    slug: "sheet-total-mismatch",
    title: "合计与明细不符",
    severity: Severity::Error,
    what: "把一张表（或者同一批的几张表）的项目行相加，与表里的合计行比较个数和总投资。差额超出四舍五入的范围就报，并写出最可能的原因和有关的单元格。",
    why: "合计是报送单位自己认的数，与明细不符，说明有一边是错的。",
    fix: "按提示的原因检查：漏加了行、文本数字没有算进去、公式范围短了、单位差一万倍、小计加了两遍等。改明细或者改合计。",
    basis: "合计与明细应当一致；容差按每个数写出的末位确定，万元明细与亿元合计也能公平比较。",
    example: "明细 25 项 56.3 亿元，合计行写 24 项 53.2 亿元：报 R701，原因“少加一行”，指出第 18 行。",
    help: "按提示的原因检查明细和合计，改正一边",
    thresholds: &[],
    needs: &[],
    check: None,
};
