//! V505: a project under the entry threshold of its sector.

use crate::model::{FACTOR_WAN, Field, Finding, Record, Severity, Stage, name_key};
use crate::rules::context::Context;
use crate::rules::wording::{amount, money};
use crate::rules::{Need, Rule, Threshold};
use crate::spec::Spec;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V505",
    slug: "below-threshold",
    title: "总投资低于入库门槛",
    severity: Severity::Warning,
    what: "按“行业领域”对应的门槛核对总投资：制造业 3 亿元，其中招商引资或战略性新兴产业 1 亿元；基础设施 10 亿元；现代服务业 5 亿元；社会民生 2 亿元。只判能判的：行业领域对不上这几类的不判；制造业项目看不出是不是招商引资的，按 1 亿元判（签约清单、填了合同引资、备注或其他列写明招商引资的都算）；属于“两新一重”、数字经济、创新研发平台的不判。一张表里大半项目都低的，合并为一条。",
    why: "低于门槛的项目一般不纳入“三个一批”，报上来会被核减。早发现可以在报送之前与上级沟通。",
    fix: "核对总投资和行业领域有没有填错。属于“两新一重”、数字经济、创新研发平台等可以放宽的，请在备注中说明。",
    basis: "《河南省重大项目建设“三个一批”活动评价办法（试行）》的入库标准，转引自周口市 2022 年 3 月 10 日印发的实施办法（zhoukou.gov.cn）；省文件原文没有掌握，所以只作警告，数值在 rules.toml 里。",
    example: "\
| 单位 | 批次 | 项目名称 | 行业领域 | 备注 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 周口市 | 开工 | 甲项目 | 先进制造业 | 非招商引资项目 | 3亿元 | |
| 周口市 | 开工 | 乙项目 | 先进制造业 | 非招商引资项目 | 29000 | V505 |
| 周口市 | 开工 | 丙项目 | 先进制造业 | 招商引资项目 | 12000 | |
| 周口市 | 开工 | 子项目 | 先进制造业 | | 12000 | |
| 周口市 | 签约 | 壬项目 | 先进制造业 | | 9900 | V505 |
| 周口市 | 开工 | 丁项目 | 战略性新兴产业 | | 9000 | V505 |
| 周口市 | 开工 | 戊项目 | 重大基础设施 | | 90000 | V505 |
| 周口市 | 开工 | 己项目 | 新型基础设施 | | 9000 | |
| 周口市 | 开工 | 庚项目 | 社会民生 | 属于两新一重 | 9000 | |
| 周口市 | 开工 | 丑大数据中心 | 现代服务业 | | 9000 | |
| 周口市 | 开工 | 寅项目 | 制造业、现代服务业 | | 9000 | |
| 周口市 | 开工 | 辛项目 | | | 9000 | |",
    help: "核对总投资和行业领域；属于可以放宽的类型请在备注中说明",
    thresholds: &[MANUFACTURING, STRATEGIC, INFRASTRUCTURE, SERVICES, LIVELIHOOD],
    needs: &[Need::all(&[Field::Sector]), Need::all(&[Field::TotalInvestment])],
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

/// Classes of the published rule: whole names, endings of names, threshold.
const CLASSES: [(&[&str], &[&str], Threshold); 5] = [
    (&["战略性新兴产业", "战略性新兴", "战新产业", "战新"], &[], STRATEGIC),
    (&["工业", "制造"], &["制造业"], MANUFACTURING),
    (&["基础设施建设", "重大基础设施建设"], &["基础设施"], INFRASTRUCTURE),
    (&[], &["服务业"], SERVICES),
    (
        &["民生", "社会民生", "社会民生事业", "社会事业", "民生事业", "民生和社会事业", "民生社会事业改善"],
        &["民生和社会事业改善"],
        LIVELIHOOD,
    ),
];
/// Sectors and remarks for which the threshold may be lower.
const EXEMPT: [&str; 6] = ["新型基础设施", "新基建", "数字经济", "创新", "研发平台", "两新一重"];
/// Projects that may be of these kinds, by their own name or content.
const EXEMPT_KINDS: [&str; 10] =
    ["数字经济", "数据中心", "大数据", "云计算", "5G", "研发平台", "研发中心", "创新中心", "实验室", "新型城镇化"];
/// Remarks that make a manufacturing project one of 招商引资.
const ATTRACTED: [&str; 5] = ["招商", "省外资金", "外资", "战新", "战略性新兴"];
/// … and that make it none.
const LOCAL: [&str; 4] = ["非招商", "不是招商", "不属于招商", "非战新"];

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
    let (sector, total) = (record.text(Field::Sector)?, record.amount(Field::TotalInvestment)?);
    let class = class(sector)?;
    let limit = |threshold: Threshold| yuan(threshold, record, context.spec);
    let below = |limit: i64| total.yuan > 0 && total.yuan.saturating_add(total.half_width()) < limit;
    let highest = if class == MANUFACTURING { limit(class).max(limit(STRATEGIC)) } else { limit(class) };
    if !below(highest) || context.slips.concern(position, &[Field::TotalInvestment]) {
        return None;
    }
    // What the texts say is asked last: few projects come so far.
    let limit = limit(if class == MANUFACTURING && attracted(record) != Some(false) { STRATEGIC } else { class });
    if !below(limit) || is_exempt(record, sector) {
        return None;
    }
    let message = format!("总投资 {} 低于“{sector}”的入库门槛 {}", amount(total), money(limit, total.factor));
    Some(Finding::new("V505", message).on(record, Some(Field::TotalInvestment)))
}

/// A threshold in 元, as it holds for the record.
fn yuan(threshold: Threshold, record: &Record, spec: &Spec) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "thresholds are whole 万元")]
    let wan = threshold.of("V505", spec, &record.batch, record.stage).round() as i64;
    wan.saturating_mul(FACTOR_WAN)
}

/// Whether the project may be one that need not meet the threshold.
fn is_exempt(record: &Record, sector: &str) -> bool {
    let says = |text: &str, words: &[&str]| words.iter().any(|w| text.contains(w));
    let any = |fields: &[Field], words: &[&str]| fields.iter().filter_map(|f| record.text(*f)).any(|t| says(t, words));
    says(sector, &EXEMPT)
        || any(&[Field::Remark, Field::Nature, Field::SixNew], &EXEMPT)
        || any(&[Field::ProjectName, Field::Content], &EXEMPT_KINDS)
}

/// The class that all parts of the sector name.
fn class(sector: &str) -> Option<Threshold> {
    let parts = sector.split(['、', '，', ',', '；', ';', '/', '-', '—', '>', ' ']).map(name_key);
    let mut classes = parts.filter(|p| !p.is_empty()).map(|part| {
        let named = CLASSES
            .iter()
            .find(|(names, endings, _)| names.contains(&part.as_str()) || endings.iter().any(|e| part.ends_with(e)));
        named.map(|(_, _, threshold)| *threshold)
    });
    let first = classes.next()??;
    classes.all(|c| c == Some(first)).then_some(first)
}

/// Whether the project is one of 招商引资; what is signed is by its nature. `None`: nothing says so.
fn attracted(record: &Record) -> Option<bool> {
    let remark = [Field::Remark, Field::Nature].iter().filter_map(|f| record.text(*f));
    let extras = record.extras.iter().map(|(_, text)| &**text);
    let texts: Vec<&str> = remark.chain(extras).collect();
    let says = |words: &[&str]| texts.iter().any(|t| words.iter().any(|w| t.contains(w)));
    let denied = record.extras.iter().any(|(header, text)| {
        ATTRACTED.iter().any(|w| header.contains(w)) && matches!(text.trim(), "否" | "不是" | "无" | "×")
    });
    let capital = record.amount(Field::ContractedCapital).is_some_and(|a| a.yuan > 0);
    if record.stage == Some(Stage::Signing) || capital {
        Some(true)
    } else if denied || says(&LOCAL) {
        Some(false)
    } else {
        says(&ATTRACTED).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
