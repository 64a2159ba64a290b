//! C302: a required field has no column.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C302",
    slug: "column-missing",
    title: "缺少必填的列",
    severity: Severity::Error,
    what: "表里没有某个必填字段的列，例如没有“总投资”。每张表每个字段只报一次，不在每一行重复。",
    why: "缺了这一列，整张表的项目都缺这一项，无法汇总和查重。",
    fix: "按模板补上这一列；如果列在、但表头写法特殊，改用模板的写法。",
    basis: "必填字段见 pipelines/columns.toml 的 required；总投资、项目名称是统计的基础。",
    example: "投产清单里没有“总投资”一列：报 C302，不再逐行报 V502。",
    help: "按模板补上这一列，或改用模板的表头写法",
    thresholds: &[],
    needs: &[],
    check: None,
};
