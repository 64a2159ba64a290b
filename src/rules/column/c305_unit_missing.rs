//! C305: no money unit stated.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C305",
    slug: "unit-missing",
    title: "没有写金额单位",
    severity: Severity::Warning,
    what: "表头、“单位：”一行、标题、单元格里都没有写金额是万元还是亿元，只能按数的大小推断。每张表只报一次，并写明怎样推断的。",
    why: "推断可能错，错了就是一万倍。",
    fix: "在表头写明单位，例如“总投资（万元）”。",
    basis: "收件与发布的约定：先看单元格，再看表头、单位行、标题，最后按大小推断并说明。",
    example: "表头只写“总投资”，数在 3000 到 900000 之间：按万元读，报 C305。",
    help: "在表头写明单位，例如“总投资（万元）”",
    thresholds: &[],
    needs: &[],
    check: None,
};
