//! V514: a county of another unit.

use crate::model::{Field, Finding, Record, Severity, Value};
use crate::rules::context::Context;
use crate::rules::{Need, Rule};
use crate::spec::{Area, Roster, Unit};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V514",
    slug: "county-outside-unit",
    title: "县（市、区）不属于本单位",
    severity: Severity::Warning,
    what: "“县（市、区）”写的是省内另一个报送单位的县（市、区）。认不出来的写法由 N411 说明，这里只报认得出、但不归本单位的。",
    why: "项目按属地统计。县区写错，县级汇总就会错；如果项目真在外地，则可能与当地重复申报。",
    fix: "核对项目所在地，改正县（市、区）；项目在外地的，由当地报送。",
    basis: "GB/T 2260 区划代码，名录见 pipelines/roster.toml；统计上实行项目在地原则。",
    example: "\
| 单位 | 批次 | 项目名称 | 县（市、区） | 总投资 | 结果 |
|---|---|---|---|---|---|
| 安阳市 | 开工 | 甲项目 | 滑县 | 37000 | |
| 安阳市 | 开工 | 乙项目 | 长葛市 | 37000 | V514 |
| 安阳市 | 开工 | 丙项目 | 高新区 | 37000 | |
| 郑州市 | 开工 | 丁项目 | 济源市 | 37000 | V514 |
| 安阳市 | 开工 | 戊项目 | 某某园区 | 37000 | |",
    help: "核对项目所在地；在外地的项目由当地报送",
    thresholds: &[],
    needs: &[Need::all(&[Field::County])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let roster = &context.spec.roster;
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        let Some(unit) = context.unit(record) else { continue };
        let Some(home) = foreign_home(record, unit, roster) else { continue };
        if home.since_batch.is_some_and(|first| context.batch.number() < first) {
            continue; // until then its projects were reported by a neighbour
        }
        let county = record.text(Field::County).unwrap_or_default();
        let message = if home.aliases.iter().chain([&home.name]).any(|n| n == county) {
            format!("“{county}”是单独的报送单位，不属于{}", unit.name)
        } else {
            format!("“{county}”属于{}，不属于{}", home.name, unit.name)
        };
        let overlap = roster.overlap_of(&home.code, &unit.code);
        let message = overlap.map_or(message.clone(), |o| format!("{message}（{}）", o.note));
        let finding = Finding::new("V514", message).on(record, Some(Field::County));
        findings.push(match overlap {
            Some(overlap) => finding.help(overlap.advice_in(context.batch.number(), roster)),
            None => finding,
        });
    }
    findings
}

/// The other unit that the record's county belongs to.
fn foreign_home<'a>(record: &Record, unit: &Unit, roster: &'a Roster) -> Option<&'a Unit> {
    let value = record.values.get(&Field::County)?;
    let (name, code) = match value.value.as_ref()? {
        Value::County { name, code } => (name.trim(), code.as_deref()),
        Value::Text(text) => (text.trim(), None),
        _ => return None,
    };
    // 航空港区 reaches into the counties around it.
    let shared = |a: &Area| a.code.as_ref().is_some_and(|c| unit.region_prefixes.contains(c));
    let mut neighbours = roster.unit.iter().flat_map(|u| &u.area).filter(|a| shared(a));
    if is_of(unit, name, code) || neighbours.any(|a| a.name == name || a.code.as_deref() == code && code.is_some()) {
        return None;
    }
    let homes: Vec<&Unit> =
        roster.unit.iter().filter(|u| u.code != unit.code && is_clearly_of(u, name, code)).collect();
    // 高新区 and 鼓楼区 are everywhere: only a name that leads to one unit says something.
    match homes.as_slice() {
        [home] => Some(home),
        _ => None,
    }
}

/// Whether the unit has an area of this name, under any of its names, or is itself meant.
fn is_of(unit: &Unit, name: &str, code: Option<&str>) -> bool {
    let area = |a: &Area| {
        (code.is_some() && a.code.as_deref() == code) || a.name == name || a.aliases.iter().any(|n| n == name)
    };
    unit.area.iter().any(area) || unit.name == name || unit.aliases.iter().any(|n| n == name)
}

/// As [`is_of`], but by code or full name only: nicknames hold within their unit.
fn is_clearly_of(unit: &Unit, name: &str, code: Option<&str>) -> bool {
    let by_code =
        code.is_some() && (unit.area.iter().any(|a| a.code.as_deref() == code) || code == Some(unit.code.as_str()));
    let county = |a: &Area| a.name == name || (!a.zone && a.aliases.iter().any(|n| n == name && n.chars().count() > 2));
    // A unit without counties is a county of another unit's list.
    let whole = unit.area.len() <= 1 && (unit.name == name || unit.aliases.iter().any(|n| n == name));
    by_code || unit.area.iter().any(county) || whole
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }

    #[test]
    fn a_zone_that_reports_by_itself() {
        crate::rules::fixture::judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 县（市、区） | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 开工 | 甲项目 | 航空港区 | 37000 | V514 |
| 21 | 郑州航空港区 | 开工 | 乙项目 | 中牟县 | 37000 | |",
        );
        crate::rules::fixture::judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 县（市、区） | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 02 | 郑州市 | 开工 | 甲项目 | 航空港区 | 37000 | |",
        );
    }
}
