//! L209: two sheets hold the same rows.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L209",
    slug: "duplicate-sheet",
    title: "两张表内容相同",
    severity: Severity::Warning,
    what: "同一个单位的两张工作表里，项目行完全相同。",
    why: "多半是复制工作表做备份或者改版，忘了删。两张都计入就会重复，所以后一张的项目另报 X601。",
    fix: "删去多余的一张；如果一张应当是另一批的，请换成正确的内容。",
    basis: "收件与发布的约定：同一单位同一批的相同项目，靠后的退回（X601）。",
    example: "“开工”和“开工 (2)”两张表的 25 行完全相同：报 L209。",
    help: "删去内容重复的一张工作表",
    thresholds: &[],
    needs: &[],
    check: None,
};
