//! L210: a cell the reader could not read.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L210",
    slug: "cell-lost",
    title: "有单元格读不出来",
    severity: Severity::Error,
    what: "文件里某个单元格的内容无法读取，例如共享字符串的编号不存在，或者同一个单元格出现两次。",
    why: "这一格原来写的是什么不知道，所在的项目可能缺项。程序宁可说明，也不悄悄当作空格。",
    fix: "用 Excel 或 WPS 打开另存一份再报，并核对这一格的内容。",
    basis: "收件与发布的约定：不能有悄悄丢掉的单元格。",
    example: "F12 指向不存在的第 900 号字符串：报 L210。",
    help: "用 Excel 或 WPS 另存后重报，并核对这一格",
    thresholds: &[],
    needs: &[],
    check: None,
};
