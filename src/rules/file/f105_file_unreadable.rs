//! F105: damaged content.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F105",
    slug: "file-unreadable",
    title: "文件损坏",
    severity: Severity::Error,
    what: "文件是表格格式，但内容损坏：打不开、压缩包校验不对、部件缺失或重名、文件为空。只有一张表坏了的，这条报在那张表上，其余的表照读。",
    why: "读不出来的项目不会计入，合计会缺一块；强行猜测又可能读错。",
    fix: "用 Excel 或 WPS 打开另存一份再报；打不开的，请报送单位重新导出。不要用修复工具修过的文件。",
    basis: "收件与发布的约定：文件坏了不中断整批处理，只报这一个文件。ZIP 校验按 PKWARE 的 ZIP 格式说明。",
    example: "某市的 .xlsx 传输时少了后半截：报 F105，该市其他文件照常读。",
    help: "用 Excel 或 WPS 打开另存后重新报送",
    thresholds: &[],
    needs: &[],
    check: None,
};
