//! C303: several columns fit one field.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C303",
    slug: "column-ambiguous",
    title: "几列都像同一个字段",
    severity: Severity::Warning,
    what: "有两列以上的表头都对得上同一个字段，例如有两个“完成投资”。采用了其中一列，并说明另外的是哪几列。",
    why: "采用错了，整列的数就都错。",
    fix: "把表头写全，例如“本年完成投资”“累计完成投资”；重复的列删去。",
    basis: "表头的写法见 pipelines/columns.toml；多级表头中下级名称重复是实际存在的情况。",
    example: "“总投资（万元）”和“项目总投资”两列：采用前者，报 C303。",
    help: "把表头写全，或删去重复的列",
    thresholds: &[],
    needs: &[],
    check: None,
};
