//! F108: content of another format than the name says.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F108",
    slug: "extension-mismatch",
    title: "扩展名与内容不符",
    severity: Severity::Info,
    what: "文件名的扩展名是一种格式，内容其实是另一种，例如扩展名 .xls、内容是网页表格。已经按真实内容读取。",
    why: "不影响读取，但在 Excel 里打开会弹出警告，转发时也容易被当成损坏。",
    fix: "不用专门处理；下次导出时选择“另存为 xlsx”即可。",
    basis: "收件与发布的约定：按内容读取，扩展名不符只作提示。",
    example: "“周口市签约导出.xls”的内容是 HTML 表格：读出 40 个项目，提示 F108。",
    help: "不影响读取；下次请另存为 xlsx",
    thresholds: &[],
    needs: &[],
    check: None,
};
