//! R702: detail against the summary sheet.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "R702",
    slug: "cover-mismatch",
    title: "汇总表与明细不符",
    severity: Severity::Error,
    what: "汇总表（封面）上写的每批个数、总投资，与明细表的项目行相加的结果比较，差额超出四舍五入的范围就报。",
    why: "上级先看汇总表。汇总表与明细不一致，说明改了一边没有改另一边。",
    fix: "核对明细后重新生成汇总表；最好用公式引用明细表的合计。",
    basis: "汇总表与明细表应当一致；容差按写出的末位确定。",
    example: "汇总表写签约 38 个、295.6 亿元，明细相加 259.6 亿元：报 R702，原因“数字颠倒”。",
    help: "核对明细后重新生成汇总表",
    thresholds: &[],
    needs: &[],
    check: None,
};
