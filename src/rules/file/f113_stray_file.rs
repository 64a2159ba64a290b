//! F113: lock file, note, picture.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F113",
    slug: "stray-file",
    title: "不是报送的表",
    severity: Severity::Info,
    what: "收件夹里的锁文件（~$ 开头）、说明、图片、Word、PDF、快捷方式等，不当作项目清单读取。",
    why: "列出来是为了让人知道这个文件没有被漏读，也便于发现把清单做成了图片或者扫描件的。",
    fix: "不用处理；如果清单就在这个 Word 或 PDF 里，请另报一份电子表格。",
    basis: "收件与发布的约定：图片、文档、锁文件不是报送的表。",
    example: "“现场照片.jpg”“~$漯河市台账.xlsx”：各提示一条 F113。",
    help: "不用处理；清单在其中的请另报电子表格",
    thresholds: &[],
    needs: &[],
    check: None,
};
