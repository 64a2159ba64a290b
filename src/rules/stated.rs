//! The 总投资 that a row's own text states: “总投资约5.2亿元”.

use super::folded::{folded, may_hold};
use crate::model::{FACTOR_WAN, FACTOR_YI, Field, Record};

/// Words that a total follows.
const KEYWORDS: [&str; 2] = ["总投资", "投资总额"];
/// A character of each of them.
const SIGN: [char; 1] = ['总'];
/// What may stand between the word and its figure.
const FILLERS: [&str; 14] =
    ["额", "约为", "约", "大约", "为", "是", "达", "到", "共", "计", "预计", "人民币", ":", "近"];
/// Fields that are read, most telling first.
const TEXTS: [Field; 3] = [Field::Content, Field::Remark, Field::ProjectName];

/// The total that the record's text states, in 元: the first one that is not about a single phase.
pub(super) fn stated_total(record: &Record) -> Option<i64> {
    TEXTS.iter().filter_map(|f| record.text(*f)).find_map(total_in)
}

fn total_in(text: &str) -> Option<i64> {
    if !may_hold(text, &SIGN) {
        return None;
    }
    let text = folded(text);
    KEYWORDS.iter().find_map(|keyword| {
        text.match_indices(keyword).find_map(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + keyword.len()..]);
            let of_a_part = before.chars().rev().take(6).any(|c| "期段年其".contains(c));
            if of_a_part { None } else { amount_at_start(after) }
        })
    })
}

/// `约5.2亿元…` → 520 000 000.
fn amount_at_start(mut text: &str) -> Option<i64> {
    while let Some(rest) = FILLERS.iter().find_map(|f| text.strip_prefix(f)) {
        text = rest;
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (figure, unit) = text.split_at(end);
    let factor =
        [("亿元", FACTOR_YI), ("亿人民币", FACTOR_YI), ("万元", FACTOR_WAN), ("万人民币", FACTOR_WAN), ("元", 1)]
            .into_iter()
            .find_map(|(word, factor)| unit.starts_with(word).then_some(factor))?;
    let figure = figure.replace(',', "");
    let (whole, fraction) = figure.split_once('.').unwrap_or((&figure, ""));
    let fraction = fraction.get(..fraction.len().min(8))?;
    let scale = 10i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
    Some(i64::try_from(i128::from(digits) * i128::from(factor) / i128::from(scale)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keyword_has_its_sign() {
        assert!(KEYWORDS.iter().all(|k| k.contains(SIGN)));
    }

    #[test]
    fn totals_in_texts() {
        for (text, expected) in [
            ("占地约83亩，计划总投资约 5.2 亿元，年产桥式起重机100万台", Some(520_000_000)),
            ("项目总投资额：12,000万元。", Some(120_000_000)),
            ("投资总额为３亿元", Some(300_000_000)),
            ("一期总投资2亿元，总投资5亿元", Some(500_000_000)),
            ("其中：二期计划总投资2亿元", None),
            ("总投资5亿美元", None),
            ("总投资待定", None),
            ("年产值10亿元，年产5亿颗", None),
        ] {
            assert_eq!(total_in(text), expected, "{text}");
        }
    }
}
