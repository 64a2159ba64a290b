//! L203: a value nobody sees under a merged range.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L203",
    slug: "merged-under-value",
    title: "合并单元格下压着数据",
    severity: Severity::Warning,
    what: "合并单元格除了左上角以外，下面还存着看不见的值。没有使用这些值。",
    why: "Excel 和 WPS 里看不到它，多半是合并之前留下的旧数据；但也可能是合并时误盖住了另一个项目的内容。",
    fix: "取消合并看一下：旧数据删去，盖住的内容补回到自己的格子里。",
    basis: "收件与发布的约定：没有人看得到的值不采用，但要说明。",
    example: "B19:B20 合并显示“宝丰县”，B20 里其实还存着“郏县”：报 L203，两行都按宝丰县。",
    help: "取消合并核对；旧数据删去，误盖的补回",
    thresholds: &[],
    needs: &[],
    check: None,
};
