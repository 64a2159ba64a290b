//! V516: a required field left empty.

use std::collections::BTreeMap;

use crate::model::{Field, Finding, Severity};
use crate::rules::Rule;
use crate::rules::context::{Context, Presence, presence};
use crate::rules::wording::name;

/// From so many empty cells in one column on, if they are more than half of it, one finding speaks for all.
const MANY: usize = 10;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V516",
    slug: "field-missing",
    title: "必填项为空",
    severity: Severity::Warning,
    what: "表里有这一列，但这个项目没有填。哪些字段在哪一批必填，见 columns.toml 的 required。项目名称、总投资另有规则（V501、V502）；整列都没有的，由 C302 说明。一列里大半为空的，合并为一条。",
    why: "缺项的项目能进项目库，但后面查重、分县区汇总、跟踪开工投产都会受影响。",
    fix: "补填空着的格子。确实没有的写明原因，例如项目代码“正在办理”。",
    basis: "必填字段按本地填报模板配置（columns.toml）；可参照省发展改革部门项目填报模板的非空要求。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | 甲公司 | 51000 | |
| 郑州市 | 签约 | 乙项目 | | 42000 | V516 |
| 郑州市 | 签约 | 丙项目 | —— | 33000 | V516 |",
    help: "补填空着的格子；确实没有的请写明原因",
    thresholds: &[],
    needs: &[],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut empty: BTreeMap<usize, Vec<Field>> = BTreeMap::new();
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for ((_, _, _, stage), rows) in &context.tables {
        let Some(stage) = stage else { continue };
        for column in context.spec.columns.column.iter().filter(|c| c.required.contains(stage)) {
            let field = column.field;
            let exists = rows.iter().any(|&i| context.records[i].values.contains_key(&field));
            if !exists || matches!(field, Field::ProjectName | Field::TotalInvestment) {
                continue;
            }
            let missing: Vec<usize> =
                rows.iter().copied().filter(|&i| presence(context.records[i], field) == Presence::Empty).collect();
            if let Some(&first) = missing.first().filter(|_| missing.len() >= MANY && missing.len() * 2 > rows.len()) {
                let message =
                    format!("“{}”一列有 {} 个项目没有填（共 {} 个）", field.title(), missing.len(), rows.len());
                findings.push((first, at(context, first, field, message)));
            } else {
                for i in missing {
                    empty.entry(i).or_default().push(field);
                }
            }
        }
    }
    for (i, fields) in empty {
        let Some(&first) = fields.first() else { continue };
        let titles: Vec<&str> = fields.iter().map(|f| f.title()).collect();
        let message = format!("项目{}没有填{}", name(context.records[i]), titles.join("、"));
        findings.push((i, at(context, i, first, message)));
    }
    findings.sort_by_key(|(i, _)| *i);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

fn at(context: &Context<'_>, position: usize, field: Field, message: String) -> Finding {
    let record = context.records[position];
    let finding = Finding::new("V516", message);
    match context.empty_cell(record, field) {
        Some(cell) => finding.at(cell).on(record, Some(field)),
        None => finding.on(record, Some(field)),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{findings, judge};

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    #[test]
    fn a_column_that_is_mostly_empty_is_one_finding() {
        let mut lines = vec![
            "| 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |".to_owned(),
            "|---|---|---|---|---|---|".to_owned(),
            "| 郑州市 | 签约 | 甲项目 | 甲公司 | 51000 | |".to_owned(),
        ];
        let code = |n: usize| if n == 0 { "V516" } else { "" };
        lines.extend((0..10).map(|n| format!("| 郑州市 | 签约 | 第{n}号项目 | | 42000 | {} |", code(n))));
        let table = lines.join("\n");
        judge(&table);
        assert_eq!(findings(&table)[0].message, "“项目单位”一列有 10 个项目没有填（共 11 个）");
    }
}
