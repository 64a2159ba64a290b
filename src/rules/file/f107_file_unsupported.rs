//! F107: not a table format.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F107",
    slug: "file-unsupported",
    title: "不是表格文件",
    severity: Severity::Error,
    what: "文件的内容不是能读的表格格式（能读 xlsx、xlsm、xlsb、xls、et、ods、csv、txt、html 表格）。Word、PDF、图片属于附件，报 F113。",
    why: "不是表格就没有可以读取的项目。",
    fix: "把项目清单存成 xlsx 再报；数据库、压缩包里的表请先导出来。",
    basis: "收件与发布的约定：格式看内容，不看扩展名。",
    example: "把“项目清单.rar”放进了收件夹：报 F107，请解压后放入。",
    help: "把项目清单存成 xlsx 后重新报送",
    thresholds: &[],
    needs: &[],
    check: None,
};
