//! N401: an amount that is no number.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N401",
    slug: "amount-unreadable",
    title: "金额读不出来",
    severity: Severity::Error,
    what: "金额一格里写了内容，但读不出是多少：文字说明、两个数、范围、乱码等。",
    why: "读不出的金额不能当作 0，也不能猜。总投资读不出的项目退回。",
    fix: "改成一个数，只写数字；说明写到备注里。",
    basis: "收件与发布的约定：读不出的数为空并说明，不当作 0。",
    example: "总投资一格写着“详见附件”：报 N401。",
    help: "改成一个数，说明写到备注里",
    thresholds: &[],
    needs: &[],
    check: None,
};
