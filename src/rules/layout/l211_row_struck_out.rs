//! L211: the row is struck through.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L211",
    slug: "row-struck-out",
    title: "整行画了删除线",
    severity: Severity::Warning,
    what: "项目行的文字整行画着删除线。这一行照样读取、照样计入。",
    why: "画删除线多半表示“这个项目不要了”，但格式不是数据，程序不能替单位删。",
    fix: "不报的项目请把整行删掉；还要报的，去掉删除线。",
    basis: "收件与发布的约定：画删除线的行也是项目，计入并说明。",
    example: "第 37 行整行画了删除线：项目入库，报 L211。",
    help: "不报的整行删掉；要报的去掉删除线",
    thresholds: &[],
    needs: &[],
    check: None,
};
