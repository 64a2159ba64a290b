//! V505: a project under the entry threshold of its sector.

use crate::model::{FACTOR_WAN, Field, Finding, Record, Severity, Stage};
use crate::rules::context::Context;
use crate::rules::wording::{amount, money};
use crate::rules::{Rule, Threshold};
use crate::spec::Spec;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V505",
    slug: "below-threshold",
    title: "总投资低于入库门槛",
    severity: Severity::Warning,
    what: "按“行业领域”对应的门槛核对总投资：制造业 3 亿元（签约项目、招商引资或战略性新兴产业 1 亿元），基础设施 10 亿元，现代服务业 5 亿元，社会民生 2 亿元。没有填行业领域或者对不上的，不判。一张表里大半项目都低的，合并为一条。",
    why: "低于门槛的项目一般不纳入“三个一批”，报上来会被核减。早发现可以在报送之前与上级沟通。",
    fix: "核对总投资和行业领域有没有填错。属于“两新一重”、数字经济、创新研发平台等可以放宽的，请在备注中说明。",
    basis: "《河南省重大项目建设“三个一批”活动评价办法（试行）》的入库标准，转引自周口市 2022 年 3 月 10 日印发的实施办法（zhoukou.gov.cn）；省文件原文没有掌握，所以只作警告，数值在 rules.toml 里。",
    example: "\
| 单位 | 批次 | 项目名称 | 行业领域 | 备注 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 周口市 | 开工 | 甲项目 | 先进制造业 | | 3亿元 | |
| 周口市 | 开工 | 乙项目 | 先进制造业 | | 29000 | V505 |
| 周口市 | 开工 | 丙项目 | 先进制造业 | 招商引资项目 | 12000 | |
| 周口市 | 签约 | 壬项目 | 先进制造业 | | 12000 | |
| 周口市 | 开工 | 丁项目 | 战略性新兴产业 | | 9000 | V505 |
| 周口市 | 开工 | 戊项目 | 重大基础设施 | | 90000 | V505 |
| 周口市 | 开工 | 己项目 | 新型基础设施 | | 9000 | |
| 周口市 | 开工 | 庚项目 | 社会民生 | 属于两新一重 | 9000 | |
| 周口市 | 开工 | 辛项目 | | | 9000 | |",
    help: "核对总投资和行业领域；属于可以放宽的类型请在备注中说明",
    thresholds: &[MANUFACTURING, STRATEGIC, INFRASTRUCTURE, SERVICES, LIVELIHOOD],
    check: Some(check),
};

const STRATEGIC: Threshold =
    Threshold {
        name: "strategic", default: 10_000.0, meaning: "战略性新兴产业、招商引资的制造业项目，万元"
    };
const MANUFACTURING: Threshold = Threshold { name: "manufacturing", default: 30_000.0, meaning: "制造业，万元" };
const INFRASTRUCTURE: Threshold =
    Threshold { name: "infrastructure", default: 100_000.0, meaning: "基础设施，万元" };
const SERVICES: Threshold = Threshold { name: "services", default: 50_000.0, meaning: "现代服务业，万元" };
const LIVELIHOOD: Threshold = Threshold { name: "livelihood", default: 20_000.0, meaning: "社会民生，万元" };

/// From so many low projects in one table on, if they are more than half of it, one finding speaks for all.
const MANY: usize = 10;

/// Words of a sector and its threshold; the first that fits holds.
const SECTORS: [(&[&str], Threshold); 5] = [
    (&["战略性新兴", "战新"], STRATEGIC),
    (&["制造", "工业"], MANUFACTURING),
    (&["基础设施"], INFRASTRUCTURE),
    (&["服务业"], SERVICES),
    (&["民生", "社会事业"], LIVELIHOOD),
];
/// Sectors and remarks for which the threshold may be lower.
const EXEMPT: [&str; 6] = ["新型基础设施", "新基建", "数字经济", "创新", "研发平台", "两新一重"];
/// Remarks that make a manufacturing project one of 招商引资.
const ATTRACTED: [&str; 5] = ["招商", "省外资金", "外资", "战新", "战略性新兴"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for rows in context.tables.values() {
        let mut low: Vec<(usize, Finding)> = rows.iter().filter_map(|&i| Some((i, judge(context, i)?))).collect();
        if low.len() >= MANY && low.len() * 2 > rows.len() {
            let message = format!("有 {} 个项目的总投资低于所属领域的入库门槛（共 {} 个）", low.len(), rows.len());
            low.truncate(1);
            for (_, finding) in &mut low {
                finding.message.clone_from(&message);
            }
        }
        findings.append(&mut low);
    }
    findings.sort_by_key(|(i, _)| *i);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

fn judge(context: &Context<'_>, position: usize) -> Option<Finding> {
    let record = context.records[position];
    let (sector, limit) = limit(record, context.spec)?;
    let total = record.amount(Field::TotalInvestment)?;
    let below = total.yuan > 0 && total.yuan.saturating_add(total.half_width()) < limit;
    if !below || context.slips.concern(position, &[Field::TotalInvestment]) {
        return None;
    }
    let message = format!("总投资 {} 低于“{sector}”的入库门槛 {}", amount(total), money(limit, total.factor));
    Some(Finding::new("V505", message).on(record, Some(Field::TotalInvestment)))
}

/// The sector as written and its threshold in 元.
fn limit<'a>(record: &'a Record, spec: &Spec) -> Option<(&'a str, i64)> {
    let sector = record.text(Field::Sector)?;
    let remark = [Field::Remark, Field::Nature].iter().filter_map(|f| record.text(*f)).collect::<Vec<_>>().join(" ");
    let says = |text: &str, words: &[&str]| words.iter().any(|w| text.contains(w));
    if says(sector, &EXEMPT) || says(&remark, &EXEMPT) {
        return None;
    }
    let (_, threshold) = SECTORS.iter().find(|(words, _)| says(sector, words))?;
    // What is signed is 招商引资 by its nature.
    let attracted = record.stage == Some(Stage::Signing) || says(&remark, &ATTRACTED);
    let attracted = attracted && *threshold == MANUFACTURING;
    let threshold = if attracted { STRATEGIC } else { *threshold };
    #[allow(clippy::cast_possible_truncation, reason = "thresholds are whole 万元")]
    let wan = threshold.of("V505", spec, &record.batch, record.stage).round() as i64;
    Some((sector, wan.saturating_mul(FACTOR_WAN)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
