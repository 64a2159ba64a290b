//! N410: kept in its currency.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N410",
    slug: "foreign-currency",
    title: "外币金额",
    severity: Severity::Warning,
    what: "金额写的是美元、欧元等外币。不折算，万元一栏为空，原文保留在 extras。",
    why: "汇率每天不同，程序不替单位折算；不折算就不计入合计。",
    fix: "按签约日或者备案文件的口径折成人民币填写，外币金额写在备注里。",
    basis: "收件与发布的约定：外币不折算、不计入合计。",
    example: "总投资写着“8000万美元”：报 N410，不计入万元合计。",
    help: "折成人民币填写，外币金额写在备注里",
    thresholds: &[],
    needs: &[],
    check: None,
};
