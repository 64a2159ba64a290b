//! F101: a unit without a readable file.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F101",
    slug: "submission-missing",
    title: "未报送",
    severity: Severity::Error,
    what: "名录里应当报送的单位，本期收件夹里没有它的任何一个能读的文件。只有照片、函件、锁文件的，也算没有报送；文件都打不开的同样报这一条。",
    why: "缺一个单位，全省的个数和总投资就少一块，公布数对不上。迟报漏报要在活动之前催。",
    fix: "催该单位报送，放进本期文件夹（文件夹或文件名里写上单位名称）。该单位本期确实没有项目的，也请报一份空表并写明“无”。",
    basis: "报送单位名录见 pipelines/roster.toml（17 个省辖市、济源示范区、航空港区；航空港区第四期起单独报送）。",
    example: "第 22 期收件夹里有 18 个单位的文件，没有驻马店市的：报 F101，单位为驻马店市。",
    help: "请该单位补报；确实没有项目的报一份空表并写明",
    thresholds: &[],
    needs: &[],
    check: None,
};
