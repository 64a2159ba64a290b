//! N407: a value outside the vocabulary.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N407",
    slug: "choice-unknown",
    title: "不在规定的选项里",
    severity: Severity::Warning,
    what: "建设性质、行业领域等有固定选项的字段，填了选项以外的内容。按原文入库。",
    why: "分领域、分性质汇总时，这个项目会落到“其他”里。",
    fix: "从本期规定的选项里选一个；选项不够用的，向上级反映。",
    basis: "选项见 columns.toml 的 choices 和本期文件的 sectors；各期的领域清单不同（例如第八期、第十五期开工项目都是六个领域，名称不一样）。",
    example: "建设性质写着“新建及扩建”：报 N407，原文保留。",
    help: "从本期规定的选项里选一个",
    thresholds: &[],
    needs: &[],
    check: None,
};
