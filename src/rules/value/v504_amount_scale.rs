//! V504: an amount that is ten thousand times off.

use crate::model::{FACTOR_WAN, Field, Finding, Record, Severity};
use crate::rules::context::Context;
use crate::rules::scale::{EVIDENCE, MIN_PEERS, Slip};
use crate::rules::stated::stated_total;
use crate::rules::wording::{amount, earlier, money};
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V504",
    slug: "amount-scale",
    title: "金额疑似差一万倍（万元、亿元混用）",
    severity: Severity::Warning,
    what: "总投资、年度计划投资、累计完成投资、合同引资之间，或者与同表其他项目、正文里写的总投资、以前各期的同一项目相比，差大约一万倍（或一亿倍）。整列都差一万倍的，只报一次。",
    why: "最常见的差错：表头是“万元”，填的却是亿元数；或者反过来。一个项目错了，本单位的合计就会差出几百上千亿元。",
    fix: "对照备案文件核对这个数和表头的单位，改成一致。金额本身确实特别大或特别小的，请在备注中说明。金额在更正之前按原文发布。",
    basis: "三个一批项目一般在 1 亿元以上、百亿元以下（第十五期开工项目中 100 亿元以上的只有 1 个）；判断方法是各项金额的数量级互相印证，阈值见 rules.toml。",
    example: "\
| 单位 | 批次 | 项目名称 | 总投资 | 年度计划投资 | 建设规模及主要内容 | 结果 |
|---|---|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | 51000 | 8600 | | |
| 郑州市 | 签约 | 乙项目 | 3.15 | 7500 | | V504 |
| 郑州市 | 签约 | 丙项目 | 5000 | 0.26 | | V504 |
| 郑州市 | 签约 | 丁项目 | 346000000 | | | V504 |
| 郑州市 | 签约 | 戊项目 | 600 | 500 | 总投资600万元 | |
| 郑州市 | 签约 | 己项目 | 2500000 | 400000 | 总投资250亿元 | |",
    help: "核对这个数与表头的单位（万元还是亿元），改成一致；金额无误的请在备注中说明",
    thresholds: &[EVIDENCE, MIN_PEERS],
    needs: &[Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let slips = context.slips.0.iter().filter(|(_, slip)| !slip.told);
    slips.filter_map(|(&i, slip)| finding(context, i, slip)).collect()
}

fn finding(context: &Context<'_>, position: usize, slip: &Slip) -> Option<Finding> {
    let record = context.records[position];
    let title = slip.field.title();
    let written = record.amount(slip.field)?;
    let (yuan, unit) = (written.yuan, written.factor);
    let times = if slip.exponent.abs() == 4 { "一万倍" } else { "一亿倍" };
    let direction = if slip.exponent > 0 { "偏小" } else { "偏大" };
    let message = match slip.column {
        Some(rows) => format!("“{title}”整列（{rows} 行）疑似{direction}约{times}，单位可能与表头不符"),
        None => {
            format!(
                "{title} {} 疑似{direction}约{times}（{}）",
                amount(written),
                grounds(context, position, slip).join("；")
            )
        }
    };
    let likely = i128::from(yuan) * 10i128.pow(slip.exponent.max(0).unsigned_abs())
        / 10i128.pow(slip.exponent.min(0).unsigned_abs());
    let mut finding = Finding::new("V504", message).read_as(amount(written)).on(record, Some(slip.field));
    if let Ok(likely) = i64::try_from(likely) {
        let advice = format!("如果应为 {}，请改正数字或表头的单位；金额无误的请在备注中说明", money(likely, unit));
        finding = finding.help(advice);
    }
    Some(finding)
}

/// What the amount disagrees with.
fn grounds(context: &Context<'_>, position: usize, slip: &Slip) -> Vec<String> {
    let record: &Record = context.records[position];
    let mut grounds = Vec::new();
    let unit = record.amount(slip.field).map_or(FACTOR_WAN, |a| a.factor);
    let others =
        [Field::TotalInvestment, Field::AnnualPlannedInvestment, Field::CompletedInvestment, Field::ContractedCapital];
    for field in others.into_iter().filter(|f| *f != slip.field) {
        if let Some(other) = record.amount(field).filter(|a| a.yuan > 0) {
            grounds.push(format!("本行{} {}", field.title(), amount(other)));
        }
    }
    if slip.field == Field::TotalInvestment {
        grounds.extend(stated_total(record).map(|yuan| format!("正文写明总投资 {}", money(yuan, unit))));
        let past = context.past(position).iter().rev().find(|p| p.total_yuan.is_some());
        grounds.extend(past.and_then(|p| Some(format!("{}时为 {}", earlier(p), money(p.total_yuan?, unit)))));
        grounds.extend(slip.peers.map(|yuan| format!("同表项目的中位数 {}", money(yuan, unit))));
    }
    if grounds.is_empty() {
        grounds.push("与三个一批项目的一般规模相差太远".to_owned());
    }
    grounds.truncate(3);
    grounds
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{findings, judge};

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    const WHOLE_COLUMN: &str = "\
| 单位 | 批次 | 项目名称 | 总投资 | 年度计划投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 签约 | 甲项目 | 5.1 | 8600 | V504 |
| 郑州市 | 签约 | 乙项目 | 2 | 7500 | |
| 郑州市 | 签约 | 丙项目 | 3.3 | 2600 | |
| 郑州市 | 签约 | 丁项目 | 12 | 20000 | |
| 郑州市 | 签约 | 戊项目 | 0.9 | 4000 | |";

    #[test]
    fn one_wrong_header_is_one_finding() {
        judge(WHOLE_COLUMN);
        assert_eq!(findings(WHOLE_COLUMN)[0].message, "“总投资”整列（5 行）疑似偏小约一万倍，单位可能与表头不符");
    }

    #[test]
    fn an_earlier_record_is_a_witness() {
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 02 | 郑州市 | 签约 | 甲项目 | 5500 | |
| 03 | 郑州市 | 开工 | 甲项目 | 0.55 | V504 |",
        );
    }
}
