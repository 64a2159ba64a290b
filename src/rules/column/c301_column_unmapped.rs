//! C301: kept in extras.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C301",
    slug: "column-unmapped",
    title: "没有对应字段的列",
    severity: Severity::Info,
    what: "这一列的表头不在字段清单里。原文保留在数据集的 extras 里，不参加核对。",
    why: "让人知道这一列没有用上。如果它其实是总投资、开工时间这样的字段，说明表头的写法认不出来。",
    fix: "自己加的列不用处理；应当认出来的，改用常用的表头，或者请管理员把这个写法加到 columns.toml。",
    basis: "收件与发布的约定：认不出的列不丢弃。表头的写法见 pipelines/columns.toml。",
    example: "表里有一列“联审联批事项”：内容保留在 extras，提示 C301。",
    help: "自己加的列不用处理；该认出的请改用常用表头",
    thresholds: &[],
    needs: &[],
    check: None,
};
