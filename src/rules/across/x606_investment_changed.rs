//! X606: 总投资 is another one than before.

use crate::model::{Amount, Field, Finding, Record, Severity};
use crate::rules::context::Context;
use crate::rules::wording::{amount, earlier, money, place};
use crate::rules::{Need, Rule, Threshold};

/// Changes up to so many percent are not worth a question.
const MIN_PERCENT: Threshold =
    Threshold { name: "min_percent", default: 0.5, meaning: "差额不超过总投资的百分之几，不报" };
/// The roundest figure that is taken for a rounded one: 0.1 亿元, in 元.
const ROUNDEST: i64 = 10_000_000;
/// Beyond so many times it is a slip of the unit, which has its own rule.
const SLIP: i64 = 2_000;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X606",
    slug: "investment-changed",
    title: "总投资与以前不一致",
    severity: Severity::Warning,
    what: "同一个项目，本期的总投资与以前入库的（或者本期签约、开工清单里的）不同，差额超出四舍五入的范围，并且超过 0.5%。差一万倍的由 V504 说明；同一批重复申报的由 X603 说明。",
    why: "从签约到投产，同一个项目的总投资应当前后一致；变了要有依据，否则各期的数字不能比较。",
    fix: "填错的改正；经批准调整过总投资的，请在备注中写明调整的文件和时间。",
    basis: "以前的数以已发布的项目库为准；容差按两边写出的位数确定（亿元保留一位小数时为 500 万元），比例见 rules.toml。",
    example: "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 02 | 信阳市 | 签约 | 甲项目生产线 | 甲公司 | 40000 | |
| 02 | 信阳市 | 签约 | 乙项目生产线 | 乙公司 | 39313.57 | |
| 02 | 信阳市 | 签约 | 丙项目生产线 | 丙公司 | 5.1亿元 | |
| 03 | 信阳市 | 开工 | 甲项目生产线 | 甲公司 | 64000 | X606 |
| 03 | 信阳市 | 开工 | 乙项目生产线 | 乙公司 | 39314 | |
| 03 | 信阳市 | 开工 | 丙项目生产线 | 丙公司 | 50800 | |",
    help: "填错的改正；经批准调整过的请在备注中写明依据",
    thresholds: &[MIN_PERCENT],
    needs: &[Need::all(&[Field::TotalInvestment])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, record, stage) in context.iter_firsts() {
        let repeated = context.past(i).iter().any(|p| p.stage == stage);
        let slipped = context.slips.concern(i, &[Field::TotalInvestment]);
        if repeated || slipped {
            continue;
        }
        let Some(now) = record.amount(Field::TotalInvestment).filter(|a| a.yuan > 0) else { continue };
        let Some((before, whence)) = reference(context, i, record) else { continue };
        let percent = MIN_PERCENT.of("X606", context.spec, context.batch, record.stage);
        if changed(&before, &now, percent) {
            let message = format!("总投资 {} 与{whence}的 {} 不一致", amount(now), money(before.yuan, now.factor));
            findings.push(Finding::new("X606", message).on(record, Some(Field::TotalInvestment)));
        }
    }
    findings
}

/// The project's latest amount in an earlier batch, else in an earlier list of this batch.
fn reference(context: &Context<'_>, position: usize, record: &Record) -> Option<(Amount, String)> {
    let mut past = context.past(position).iter().rev().filter_map(|p| Some((p, p.total_yuan.filter(|y| *y > 0)?)));
    if let Some((past, yuan)) = past.next() {
        return Some((as_rounded(yuan), earlier(past)));
    }
    let same_batch = context.projects.get(context.ids[position])?;
    let sooner = same_batch.iter().filter(|&&j| {
        let other = context.records[j];
        other.stage.is_some() && other.stage < record.stage && !context.slips.concern(j, &[Field::TotalInvestment])
    });
    let (other, amount) = sooner
        .filter_map(|&j| Some((context.records[j], context.records[j].amount(Field::TotalInvestment)?)))
        .rfind(|(_, amount)| amount.yuan > 0)?;
    let stage = other.stage.map_or("", |s| s.as_str());
    Some((amount, format!("本期{stage}清单（{}）", place(other, record))))
}

/// An amount of which only the value is known: its trailing zeros tell how it may have been rounded.
fn as_rounded(yuan: i64) -> Amount {
    let mut unit = 1;
    while unit < ROUNDEST && yuan % (unit * 10) == 0 {
        unit *= 10;
    }
    Amount::new(yuan, unit, 0)
}

fn changed(before: &Amount, now: &Amount, percent: f64) -> bool {
    let difference = (before.yuan - now.yuan).abs();
    let larger = before.yuan.max(now.yuan);
    #[allow(clippy::cast_possible_truncation, reason = "a percentage in hundredths")]
    let hundredths = (percent * 100.0).round() as i64;
    let small = i128::from(difference) * 10_000 <= i128::from(larger) * i128::from(hundredths);
    let slip = larger / before.yuan.min(now.yuan) >= SLIP;
    difference > before.half_width().saturating_add(now.half_width()) && !small && !slip
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::judge;

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    #[test]
    fn lists_of_one_batch_are_compared_and_slips_are_not() {
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 年度计划投资 | 结果 |
|---|---|---|---|---|---|---|---|
| 02 | 信阳市 | 签约 | 乙项目生产线 | 乙公司 | 350000000 | | |
| 03 | 信阳市 | 签约 | 甲项目生产线 | 甲公司 | 40000 | 9000 | |
| 03 | 信阳市 | 开工 | 甲项目生产线 | 甲公司 | 46000 | 9000 | X606 |
| 03 | 信阳市 | 开工 | 乙项目生产线 | 乙公司 | 35000 | 9000 | |",
        );
    }
}
