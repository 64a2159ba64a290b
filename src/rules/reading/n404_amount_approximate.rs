//! N404: 约, 左右, 以上.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N404",
    slug: "amount-approximate",
    title: "金额是约数",
    severity: Severity::Warning,
    what: "金额写着约、左右、以上、超、不低于、不足等字样。按写出的数入库。",
    why: "约数不能用来精确核对，与合计、公布数比较时只能当作范围。",
    fix: "改成备案文件或者协议上的确切数；还没有确定的，在备注里说明。",
    basis: "收件与发布的约定：约、左右、以上按写出的数读，并说明。",
    example: "总投资写着“约5亿元”：按 5 亿元读，报 N404。",
    help: "改成备案文件或协议上的确切数",
    thresholds: &[],
    needs: &[],
    check: None,
};
