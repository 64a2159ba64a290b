//! R703: against the published figure.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "R703",
    slug: "published-mismatch",
    title: "与公布数不符",
    severity: Severity::Error,
    what: "全省（或者某个单位）的明细相加，与本期公布的个数、总投资比较，差额超出公布数的精度就报。口径不同、不能比较的只列出，不报。",
    why: "公布数是对外的数，台账与它不一致必须说得清差在哪里。",
    fix: "先看本期其他差错（缺报、重复、退回的项目）能否解释差额；都解释不了的，核对公布数的口径。",
    basis: "公布数及其来源在 pipelines/batches/ 的本期文件里，例如第二期：签约 340 个 2844 亿元，开工 519 个 4647 亿元，投产 524 个 3559 亿元。",
    example: "第 02 期开工公布 519 个，明细 517 个：报 R703，差 2 个，与两个缺报的项目相符。",
    help: "先更正本期其他差错，再核对公布数的口径",
    thresholds: &[],
    needs: &[],
    check: None,
};
