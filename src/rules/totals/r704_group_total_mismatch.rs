//! R704: against 小计.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "R704",
    slug: "group-total-mismatch",
    title: "小计与明细不符",
    severity: Severity::Error,
    what: "一个分组（县区、批次、领域）的项目行相加，与该组的小计行比较个数和总投资，差额超出四舍五入的范围就报。",
    why: "小计错了，合计往往跟着错；从小计能更快找到是哪几行。",
    fix: "核对这一组的项目和小计公式的范围，改正后再看合计。",
    basis: "小计与组内明细应当一致；容差按写出的末位确定。",
    example: "“中原区 小计”写 12 项，组内有 13 行：报 R704。",
    help: "核对这一组的项目和小计公式的范围",
    thresholds: &[],
    needs: &[],
    check: None,
};
