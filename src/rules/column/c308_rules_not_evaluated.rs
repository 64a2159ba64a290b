//! C308: rules that could say nothing about a table.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C308",
    slug: "rules-not-evaluated",
    title: "缺少列，有的规则没有检查",
    severity: Severity::Info,
    what: "表里没有某些列，要用到这些列的规则在这张表上没有检查。每张表只提示一次，列出缺的列和没有检查的规则。列不在、但每行的值可以从分组行、标题得到的（如县区），不算缺。",
    why: "没有报出问题，不等于检查过没有问题。没有检查的要让人知道，也免得逐行报同一个缺列的问题。",
    fix: "这一批不要求这些列的，可以不理；要求的，请按模板补上这些列。必填的列没有，另由 C302 提出。",
    basis: "本库约定，没有文件依据；哪条规则需要哪些列，见各条规则的“需要的列”。",
    example: "签约清单里没有“统一社会信用代码”“项目代码”两列：报一条 C308，写明 V511、V512、V513 没有检查。",
    help: "需要检查的请按模板补上这些列；不要求这些列的可以不理",
    thresholds: &[],
    needs: &[],
    check: None,
};
