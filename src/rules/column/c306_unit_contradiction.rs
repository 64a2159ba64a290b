//! C306: title and header state different units.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C306",
    slug: "unit-contradiction",
    title: "金额单位前后矛盾",
    severity: Severity::Error,
    what: "标题或者“单位：”一行写的是一种单位，表头写的是另一种，而且从数的大小也判断不了哪个对。",
    why: "读哪个都可能差一万倍，不能替单位决定。",
    fix: "把标题、单位行、表头的单位改成一致。",
    basis: "收件与发布的约定：能从数值判断的按判断读，判断不了的报错。",
    example: "上面写“单位：亿元”，表头写“总投资（万元）”，数都在 20 到 60 之间：报 C306。",
    help: "把标题、单位行和表头的单位改成一致",
    thresholds: &[],
    needs: &[],
    check: None,
};
