//! F115: title or file name says another batch than the folder.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F115",
    slug: "batch-conflict",
    title: "期次前后矛盾",
    severity: Severity::Error,
    what: "表的标题或者文件名写的是另外一期，与所在的文件夹不一致。以文件夹为准继续读。",
    why: "可能是把上一期的旧表又报了一次，也可能是新表沿用了旧标题。前者会造成整表重复。",
    fix: "核对内容：旧表请换成本期的；内容正确的，改正标题和文件名里的期次。",
    basis: "收件与发布的约定：文件夹的期次优先。“2026 年第一批”不是期次，不参加比较。",
    example: "第 21 期文件夹里的表，标题写着“第二十期三个一批项目”：报 F115，按第 21 期读。",
    help: "核对内容是不是本期的，改正标题或换成本期的表",
    thresholds: &[],
    needs: &[],
    check: None,
};
