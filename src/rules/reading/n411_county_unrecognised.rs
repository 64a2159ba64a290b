//! N411: no county of the roster.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N411",
    slug: "county-unrecognised",
    title: "县（市、区）认不出来",
    severity: Severity::Warning,
    what: "县（市、区）一格的写法，在本单位的县区、功能区名录里找不到，也不是外地的县区。按原文入库。",
    why: "认不出来就不能分县区汇总，也不能与项目代码的地区核对。",
    fix: "用全称，例如“固始县”“郑州高新技术产业开发区”；新设的园区请管理员加到名录里。",
    basis: "县级区划按 GB/T 2260，功能区按统计用区划代码和各地公开名称，见 pipelines/roster.toml。",
    example: "县（市、区）写着“市直”：报 N411，原文保留。",
    help: "用县区或功能区的全称；新园区请管理员加到名录",
    thresholds: &[],
    needs: &[],
    check: None,
};
