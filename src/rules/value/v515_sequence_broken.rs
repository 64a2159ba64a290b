//! V515: numbers of a list repeated or skipped.

use crate::model::{Field, Finding, Record, Severity, Value};
use crate::rules::context::Context;
use crate::rules::{Need, Rule};

/// From so many breaks on, if they are more than a third of the rows, the column does not number the rows at all.
const NOT_A_NUMBERING: usize = 6;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V515",
    slug: "sequence-broken",
    title: "序号重复或者跳号",
    severity: Severity::Info,
    what: "同一张表、同一批里，“序号”应逐行加一；按县区或小组重新从 1 开始编号的不算错。重复、跳过或倒退的，在断开的那一行提示。",
    why: "跳号常常说明删了一行或者漏粘了一行，重复则可能是同一个项目粘了两次。只作提示，不影响项目入库。",
    fix: "核对这一行前后有没有漏掉、删错或者重复的项目，然后重新编号。",
    basis: "清单编制的一般要求；个数以项目行为准，不以序号为准。",
    example: "\
| 单位 | 批次 | 序号 | 项目名称 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 签约 | 1 | 甲项目 | 51000 | |
| 郑州市 | 签约 | 2 | 乙项目 | 42000 | |
| 郑州市 | 签约 | 4 | 丙项目 | 33000 | V515 |
| 郑州市 | 签约 | 4 | 丁项目 | 24000 | V515 |
| 郑州市 | 签约 | 1 | 戊项目 | 25000 | |
| 郑州市 | 签约 | | 己项目 | 26000 | |
| 郑州市 | 签约 | 3 | 庚项目 | 27000 | |",
    help: "核对前后有没有漏掉或重复的项目，然后重新编号",
    thresholds: &[],
    needs: &[Need::all(&[Field::Sequence])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for rows in context.tables.values() {
        let breaks = breaks(rows, context);
        let erratic = breaks.len() >= NOT_A_NUMBERING && breaks.len() * 3 > rows.len();
        if !erratic {
            findings.extend(
                breaks.into_iter().map(|(i, message)| {
                    (i, Finding::new("V515", message).on(context.records[i], Some(Field::Sequence)))
                }),
            );
        }
    }
    findings.sort_by_key(|(i, _)| *i);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The rows of one table where the numbering breaks, and how.
fn breaks(rows: &[usize], context: &Context<'_>) -> Vec<(usize, String)> {
    let mut breaks = Vec::new();
    let (mut last, mut unnumbered): (Option<u32>, u32) = (None, 0);
    for &i in rows {
        let Some(number) = number(context.records[i]) else {
            unnumbered += 1;
            continue;
        };
        if let Some(last) = last {
            let message = if number == 1 || (last + 1..=last + 1 + unnumbered).contains(&number) {
                None
            } else if number == last {
                Some(format!("序号 {number} 重复"))
            } else if number > last {
                Some(format!("序号从 {last} 跳到 {number}"))
            } else {
                Some(format!("序号从 {last} 退到 {number}"))
            };
            breaks.extend(message.map(|m| (i, m)));
        }
        (last, unnumbered) = (Some(number), 0);
    }
    breaks
}

/// The row's number, when it is a plain one: `12`, `12.0`.
fn number(record: &Record) -> Option<u32> {
    let value = record.values.get(&Field::Sequence)?;
    let text = match &value.value {
        Some(Value::Text(text)) => text,
        _ => &value.raw,
    };
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
