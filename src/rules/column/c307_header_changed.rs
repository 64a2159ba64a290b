//! C307: a table is laid out otherwise than in the unit's earlier batch. Compared in `rules::headers`.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "C307",
    slug: "header-changed",
    title: "表头与以前的期不同",
    severity: Severity::Info,
    what: "与同一单位最近一期同一批的表相比，列有变化：新增、没有了、改了名称、前后换了位置、同一表头读作了别的栏目。每张表只报一次；相同的表头不到一半的，只说换了表式。年份、月份、编号的数字和金额单位不同不算变化，第一次报送的不比较。",
    why: "列变了，读数就可能跟着变：先看这一条，再看各行的问题。列少了或者改了名称，往往是后面一串问题的原因。",
    fix: "有意改动的不用处理；不是有意的，恢复以前的表头。改名后没有读作原来栏目的，改回常用的写法，或者请管理员把新的写法加到 columns.toml。",
    basis: "内部约定：每期的表头保存在数据集 headers，下一期与最近一期比较。没有文件依据。",
    example: "第二期的表有“完成投资”，第三期没有，又多了“联审联批事项”一列：第三期提示 C307。",
    help: "有意改动的不用处理；不是有意的，恢复以前的表头",
    thresholds: &[],
    needs: &[],
    check: None,
};
