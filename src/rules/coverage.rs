//! The third state: neither clean nor at fault, but not looked at, because a table lacks the columns that a rule needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RULES;
use super::registry::Need;
use crate::model::{Field, Finding, Record, Stage, TableHeaders};
use crate::spec::Spec;

/// One C308 for each table of projects on which rules could not be evaluated: the columns that it lacks, with the rules.
#[must_use]
pub fn not_evaluated(headers: &[TableHeaders], records: &[Record], spec: &Spec) -> Vec<Finding> {
    let mut filled: BTreeMap<(&str, u32), BTreeSet<Field>> = BTreeMap::new();
    for record in records {
        let table = (&*record.origin.source.file, record.origin.slot.table);
        filled.entry(table).or_default().extend(record.values.keys());
    }
    let of = |table: &TableHeaders| finding(table, filled.get(&(&*table.file, table.table))?, spec);
    headers.iter().filter_map(of).collect()
}

/// `filled`: fields that a row of the table has, from whatever place.
fn finding(table: &TableHeaders, filled: &BTreeSet<Field>, spec: &Spec) -> Option<Finding> {
    let columns: BTreeSet<Field> = table.columns.iter().filter_map(|c| c.field).collect();
    let period = columns.contains(&Field::Period);
    let has = |field: &Field| {
        let split = period && matches!(field, Field::StartDate | Field::CompletionDate);
        split || columns.contains(field) || filled.contains(field)
    };
    let lacks = |need: &Need| {
        let concerned = need.list.is_none_or(|list| table.stages.contains(&list));
        concerned && need.fields.iter().filter(|f| has(f)).count() < need.at_least
    };
    let stages: Vec<Option<Stage>> = table.stages.iter().copied().map(Some).chain([None]).collect();
    let mut missing: Vec<(String, Vec<&str>)> = Vec::new();
    for rule in RULES {
        let in_use = |stage: &Option<Stage>| spec.rules.in_force(rule.code, Some(&table.batch), *stage).enabled;
        for need in rule.needs.iter().filter(|n| lacks(n)).filter(|_| stages.iter().any(in_use)) {
            let columns = need.title();
            match missing.iter_mut().find(|(known, _)| *known == columns) {
                Some((_, rules)) => rules.push(rule.code),
                None => missing.push((columns, vec![rule.code])),
            }
        }
    }
    if missing.is_empty() {
        return None;
    }
    let parts: Vec<String> =
        missing.iter().map(|(columns, rules)| format!("“{columns}”（{}）", rules.join("、"))).collect();
    let mut finding = Finding::new("C308", format!("表中没有这些列，括号里的规则没有检查：{}", parts.join("，")));
    finding.batch = Some(table.batch.clone());
    finding.unit_code = Some(table.unit_code.clone()).filter(|u| !u.is_empty());
    finding.stage = table.stages.first().copied().filter(|_| table.stages.len() == 1);
    finding.file = Some(Arc::clone(&table.file));
    finding.sheet.clone_from(&table.sheet);
    finding.sheet_index = Some(table.sheet_index);
    finding.cell = table.columns.first().map(|c| c.cell.to_string());
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BatchId, CellRef, HeaderColumn};
    use crate::rules::fixture;

    fn told(fields: &[Field], stage: Stage) -> Option<String> {
        let records = fixture::records(
            "| 单位 | 批次 | 项目名称 | 县（市、区） | 总投资 | 结果 |\n|---|---|---|---|---|---|\n\
             | 郑州市 | 签约 | 甲项目 | 中原区 | 51000 | |",
        );
        let column = |(n, field): (u32, &Field)| HeaderColumn {
            cell: CellRef::new(2, n),
            header: field.title().to_owned(),
            field: Some(*field),
        };
        let table = TableHeaders {
            batch: BatchId::from_number(3),
            unit_code: "410100".to_owned(),
            stages: vec![stage],
            file: Arc::from("表.xlsx"),
            sheet: None,
            sheet_index: 0,
            table: 1,
            columns: (0..).zip(fields).map(column).collect(),
        };
        let found = not_evaluated(&[table], &records, &fixture::spec());
        assert!(found.len() < 2);
        found.into_iter().next().map(|f| f.message)
    }

    #[test]
    fn what_a_table_lacks_is_told_once() {
        let all: Vec<Field> = Field::ALL.to_vec();
        assert_eq!(told(&all, Stage::Signing), None);
        let without = |field: Field| all.iter().copied().filter(|f| *f != field).collect::<Vec<_>>();
        let message = told(&without(Field::ProjectCode), Stage::Signing).unwrap();
        assert!(message.ends_with("“项目代码”（V512、V513）"), "{message}");
        assert_eq!(told(&without(Field::County), Stage::Signing), None, "a section row gives the county");
        assert_eq!(told(&without(Field::ProductionDate), Stage::Start), None, "of no use in this list");
        let message = told(&without(Field::ProductionDate), Stage::Production).unwrap();
        assert!(message.ends_with("“投产时间”（V509）"), "{message}");
    }
}
