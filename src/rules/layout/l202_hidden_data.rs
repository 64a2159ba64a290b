//! L202: data in hidden or filtered rows, columns, sheets.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L202",
    slug: "hidden-data",
    title: "隐藏的行、列或表里有数据",
    severity: Severity::Warning,
    what: "隐藏或者被筛选掉的行、列、工作表里有项目数据。这些数据照样读取、照样计入。",
    why: "打印出来看不到、程序却读到了，个数和金额就会与报送单位自己看到的不一样。常见的是筛选以后忘了取消。",
    fix: "取消筛选、取消隐藏，核对这些项目该不该报：该报的显示出来，不该报的删去。",
    basis: "收件与发布的约定：隐藏、筛选掉的行也是项目，计入并说明。",
    example: "第 59 行被筛选隐藏，里面有一个 2 亿元的项目：项目入库，报 L202。",
    help: "取消筛选和隐藏，核对这些项目该不该报",
    thresholds: &[],
    needs: &[],
    check: None,
};
