//! X602: one project from two units.

use std::collections::BTreeMap;

use crate::model::{Finding, Record, Severity};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::likeness::agreement;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::{name, place};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X602",
    slug: "duplicate-across-units",
    title: "两个单位重复申报",
    severity: Severity::Error,
    what: "同一期、同一批里，两个单位报了同一个项目：项目代码相同，或者名称与项目单位（信用代码）相同且总投资相近。两边都报，两边都退回。",
    why: "一个项目只能在一个地方统计，否则全省的个数和总投资会多算。哪一家应当报，程序不替单位决定。",
    fix: "两家协商，由项目所在地的单位报送，另一家删去。郑州市与航空港区之间：航空港区单独报送以后，区内的项目由航空港区报。",
    basis: "统计上实行项目在地原则；航空港区自第四期（2022-04-06）起单独报送。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 鹤壁市 | 签约 | 智能农机装备生产基地项目 | 甲公司 | 8891 | X602 |
| 三门峡市 | 签约 | 智能农机装备生产基地项目 | 甲公司 | 8891 | X602 |
| 安阳市 | 开工 | 智能农机装备生产基地项目 | 乙公司 | 12000 | |",
    help: "与对方单位核对，由项目所在地报送，另一家删去",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: BTreeMap<usize, Finding> = BTreeMap::new();
    for positions in context.projects.values().filter(|p| p.len() > 1) {
        // The first row of each unit stands for the project; its repetitions have their own finding.
        let firsts: Vec<usize> = positions.iter().copied().filter(|&i| context.first_of(i) == Some(i)).collect();
        for &i in &firsts {
            let record = context.records[i];
            let rival = |&&j: &&usize| j != i && context.records[j].stage == record.stage;
            if let Some(&other) = firsts.iter().find(rival) {
                findings.insert(i, finding(context, record, context.records[other]));
            }
        }
    }
    findings.into_values().collect()
}

fn finding(context: &Context<'_>, record: &Record, other: &Record) -> Finding {
    let rival = context.spec.roster.name_of(&other.unit_code);
    let known = context.spec.roster.overlap_of(&record.unit_code, &other.unit_code);
    let note = known.map(|o| format!("；{}", o.note)).unwrap_or_default();
    let (same, at) = (agreement(record, other), place(other, record));
    let message = format!("项目{}与{rival}的申报重复（{same}；{at}{note}）", name(record));
    let advice = known.map(|o| o.advice_in(context.batch.number(), &context.spec.roster).to_owned());
    let advice = advice.unwrap_or_else(|| format!("与{rival}核对，由项目所在地报送，另一家删去"));
    Finding::new("X602", message).on(record, None).help(advice)
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{findings, judge};

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    #[test]
    fn neighbours_get_their_own_advice() {
        let table = "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 21 | 郑州市 | 签约 | 智能终端生产基地项目 | 甲公司 | 8891 | X602 |
| 21 | 郑州航空港区 | 签约 | 智能终端生产基地项目 | 甲公司 | 8891 | X602 |";
        judge(table);
        assert!(findings(table)[0].message.ends_with("航空港区第四期（2022-04-06）起单独报送，之前由郑州市报送）"));
        let advice = |table: &str| findings(table)[0].help.clone().unwrap();
        assert!(advice(table).starts_with("项目在航空港区范围内的由航空港区报送"));
        assert!(advice(&table.replace("21", "02")).starts_with("航空港区本期还没有单独报送"));
    }
}
