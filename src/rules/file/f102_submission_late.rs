//! F102: a file received after the deadline.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F102",
    slug: "submission-late",
    title: "迟报",
    severity: Severity::Warning,
    what: "文件的收件时间（修改时间）晚于本期登记的报送截止日。没有登记截止日的期不判。修订版按它自己的时间判断，另有一份按时报送的不免除。",
    why: "迟报影响汇总和核对的时间，也是通报考核的内容之一。",
    fix: "今后按时报送。确因退回修改而晚到的，可以在豁免表里登记原因。",
    basis: "截止日在 pipelines/batches/ 的本期文件里，由省级主管部门确定；迟报、漏报是各地通报的常见内容。",
    example: "截止日 2021-09-30，某市的文件 2021-10-02 放入收件夹：报 F102。",
    help: "今后请按时报送；因退回修改晚到的可以登记豁免",
    thresholds: &[],
    needs: &[],
    check: None,
};
