//! F110: the reading process ended abnormally.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F110",
    slug: "reader-died",
    title: "读取时异常中止",
    severity: Severity::Error,
    what: "读取这个文件的子进程异常退出（崩溃、内存超限被终止），没有给出结果。其他文件不受影响。",
    why: "文件的某处结构让读取程序出错，里面的项目都没有读到。",
    fix: "用 Excel 或 WPS 打开另存一份再报。如果另存之后仍然出现，请把文件交给管理员查程序。",
    basis: "收件与发布的约定：每个文件在单独的进程里读取，任何文件都不能中断整批处理。",
    example: "一个 .xls 的内部目录成环，读取程序中止：报 F110，其余文件照常。",
    help: "用 Excel 或 WPS 另存后重新报送；仍出现的交管理员",
    thresholds: &[],
    needs: &[],
    check: None,
};
