//! L207: project rows below the total row.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L207",
    slug: "rows-after-total",
    title: "合计行下面还有项目",
    severity: Severity::Warning,
    what: "表的合计行下面还有项目行。这些项目照样读取、照样计入。",
    why: "多半是做完合计以后又追加的，合计没有跟着改，与明细就对不上。",
    fix: "把这些项目移到合计行上面，并重算合计；不该报的删去。",
    basis: "收件与发布的约定：合计以下的项目行也是项目，计入并说明。",
    example: "第 17 行是合计，第 18、19 行又写了两个项目：各报一条 L207。",
    help: "把项目移到合计行上面并重算合计",
    thresholds: &[],
    needs: &[],
    check: None,
};
