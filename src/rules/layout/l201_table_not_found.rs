//! L201: a sheet with data holds no table.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L201",
    slug: "table-not-found",
    title: "没有找到项目表",
    severity: Severity::Error,
    what: "工作表里有内容，但找不到项目清单：没有能认出来的表头（项目名称、总投资等）。填表说明、数据字典、汇总表不在此列。",
    why: "这张表里如果有项目，就全部没有读到。",
    fix: "表头请用“项目名称”“总投资（万元）”等常用写法，放在数据的上面一行到三行；不是项目表的可以删去或者改名为“说明”。",
    basis: "收件与发布的约定：有数据而找不到表必须说明，不能悄悄跳过。表头的写法见 pipelines/columns.toml。",
    example: "“Sheet2”里有 30 行数据，第一行就是数据、没有表头：报 L201。",
    help: "补上表头（项目名称、总投资等）；不是项目表的删去",
    thresholds: &[],
    needs: &[],
    check: None,
};
