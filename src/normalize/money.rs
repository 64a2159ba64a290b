//! Money units as they are stated in headers, titles, unit lines and number formats.

use crate::spec::{MeasureSpec, Measures};

use super::fold::fold_tight;

/// A money unit as stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyUnit {
    /// Name as in `measures.toml`.
    pub name: String,
    /// 元 in one unit; `None` for a foreign currency.
    pub yuan: Option<i64>,
}

/// What makes 亿元 a threshold and no unit when it follows: 亿元以上项目个数.
const THRESHOLD_AFTER: &[&str] =
    &["以上", "以下", "及以上", "级", "项目", "企业", "工程", "产业", "产值", "大关", "俱乐部", "规模", "单体"];
/// What does so before it: 10亿元, 超亿元.
const THRESHOLD_BEFORE: &[char] = &[
    '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '数', '几', '超', '过', '上', '每',
    '近', '约', '余', '多', '双',
];
/// What makes it a rate: 万元/亩.
const RATE_AFTER: &[&str] = &["/亩", "/平方", "/㎡", "/M2", "/人", "/户", "/吨", "/公里", "/年", "/月", "/天"];
/// Words that may stand right before a short spelling (元, 万) that otherwise must stand alone.
const LABELS: &[&str] = &["单位", "人民币", "RMB", "CNY", "金额", "投资", "投资额", "币种"];
/// Words that may stand right after it.
const SUFFIXES: &[&str] = &["人民币", "RMB", "CNY", "计", "为单位"];
/// How far behind 单位： a unit is looked for first.
const LABEL_REACH: usize = 12;

/// The money unit that a header, title, unit line or number format states: `单位：万元`, `总投资（亿元）`, `0.00"万元"`.
///
/// Quantities (万平方米), thresholds (亿元以上项目个数) and rates (万元/亩) are none.
#[must_use]
pub fn money_unit(text: &str, measures: &Measures) -> Option<MoneyUnit> {
    let tight = fold_tight(&unescaped(text)).to_uppercase();
    let labelled = tight.match_indices("单位:").find_map(|(at, label)| {
        let rest: String = tight[at + label.len()..].chars().take(LABEL_REACH).collect();
        first_unit(&rest, measures)
    });
    labelled.or_else(|| first_unit(&tight, measures))
}

/// The foreign currency that a figure names, wherever it stands: `4900万美元`, `USD 500`. The text is folded and upper case.
pub(super) fn foreign_currency<'m>(text: &str, measures: &'m Measures) -> Option<&'m str> {
    text.char_indices().find_map(|(at, _)| {
        let (spelling, measure) = longest_at(&text[at..], measures)?;
        (measure.yuan.is_none() && in_words(text, at, spelling)).then_some(measure.name.as_str())
    })
}

fn first_unit(text: &str, measures: &Measures) -> Option<MoneyUnit> {
    text.char_indices().find_map(|(at, _)| {
        let (spelling, measure) = longest_at(&text[at..], measures)?;
        stands(text, at, spelling).then(|| MoneyUnit { name: measure.name.clone(), yuan: measure.yuan })
    })
}

fn longest_at<'m>(text: &str, measures: &'m Measures) -> Option<(&'m str, &'m MeasureSpec)> {
    let spellings = |m: &'m MeasureSpec| std::iter::once(&m.name).chain(&m.aliases).map(move |s| (s.as_str(), m));
    measures.measure.iter().flat_map(spellings).filter(|(s, _)| text.starts_with(s)).max_by_key(|(s, _)| s.len())
}

/// Whether the spelling at `at` speaks of the unit of figures.
fn stands(text: &str, at: usize, spelling: &str) -> bool {
    let (before, after) = (&text[..at], &text[at + spelling.len()..]);
    if THRESHOLD_AFTER.iter().chain(RATE_AFTER).any(|w| after.starts_with(w)) || !in_words(text, at, spelling) {
        return false;
    }
    let previous = before.chars().next_back();
    if !is_short(spelling) {
        return previous.is_none_or(|c| !c.is_ascii_digit() && !THRESHOLD_BEFORE.contains(&c));
    }
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let left = apart(previous) || LABELS.iter().any(|w| before.ends_with(w));
    let right = apart(after.chars().next()) || SUFFIXES.iter().any(|w| after.starts_with(w));
    left && right
}

/// Spellings that are parts of other words and of figures: 元, 万, 千元.
fn is_short(spelling: &str) -> bool {
    let all = spelling.chars().all(|c| "十百千万亿元圆萬億".contains(c));
    all && (spelling.chars().count() == 1 || !spelling.starts_with(['万', '亿', '萬', '億']))
}

/// Whether a spelling in Latin letters is a word of its own: USD, but not in USDA.
fn in_words(text: &str, at: usize, spelling: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let joins_left = letter(spelling.chars().next()) && letter(text[..at].chars().next_back());
    let joins_right = letter(spelling.chars().next_back()) && letter(text[at + spelling.len()..].chars().next());
    !joins_left && !joins_right
}

/// A number format as words: `[$¥-804]` is `¥`, `\万\元` is `"万元`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[$") {
        out.push_str(before);
        let (inside, tail) = after.split_once(']').unwrap_or((after, ""));
        out.push_str(inside.split('-').next().unwrap_or_default());
        rest = tail;
    }
    out.push_str(rest);
    if out.contains('\\') {
        out = out.replacen('\\', "\"", 1).replace('\\', "");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures() -> Measures {
        toml::from_str(include_str!("../../pipelines/measures.toml")).unwrap()
    }

    #[test]
    fn units_as_stated() {
        let measures = measures();
        for (text, name) in [
            ("单位：万元", "万元"),
            ("单位:  亿 元", "亿元"),
            ("单位：个、万元", "万元"),
            ("单位：元", "元"),
            ("单位：万", "万元"),
            ("（单位：人民币亿元）", "亿元"),
            ("金额单位：人民币亿元", "亿元"),
            ("金额单位：人民币元", "元"),
            ("计量单位：千元", "千元"),
            ("单位：百万元", "百万元"),
            ("总投资（亿元）", "亿元"),
            ("总投资(万元)", "万元"),
            ("总投资\n（万元）", "万元"),
            ("总投资万元", "万元"),
            ("总 投 资 （ 万 元 ）", "万元"),
            ("总投资（万）", "万元"),
            ("总投资【亿】", "亿元"),
            ("总投资（元）", "元"),
            ("总投资额(元)", "元"),
            ("投资总额（人民币元）", "元"),
            ("总投资（萬元）", "万元"),
            ("项目总投资，亿元", "亿元"),
            ("计划总投资（内资+外资）（万元）", "万元"),
            ("2026年计划投资（亿元）", "亿元"),
            ("投资情况（万元）-总投资", "万元"),
            ("合同外资（万美元）", "万美元"),
            ("总投资（亿美元）", "亿美元"),
            ("外资（美元）", "美元"),
            ("总投资（USD）", "美元"),
            ("总投资（万欧元）", "万欧元"),
            ("总投资（亿元人民币）", "亿元"),
            ("总投资（亿人民币）", "亿元"),
            ("总投资（万RMB）", "万元"),
            ("亿元以上重大项目清单（单位：万元）", "万元"),
            ("2亿元以上重大项目清单（单位：亿元）", "亿元"),
            ("建设单位：某公司　单位：万元", "万元"),
            ("0.00\"万元\"", "万元"),
            ("#,##0.00\"亿元\"", "亿元"),
            ("0\\万\\元", "万元"),
            ("0.00_ \"亿\"", "亿元"),
            ("0!.0,\"万\"", "万元"),
            ("General\"万元\"", "万元"),
            ("[$$-409]#,##0.00", "美元"),
            ("$#,##0.00", "美元"),
            ("[$€-2] #,##0.00", "欧元"),
        ] {
            assert_eq!(money_unit(text, &measures).map(|u| u.name).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn what_states_no_unit() {
        let measures = measures();
        for text in [
            "",
            "总投资",
            "总建筑面积（万平方米）",
            "年产能（万吨）",
            "产量（亿件）",
            "亿元以上项目个数",
            "10亿元以上项目",
            "是否亿元以上",
            "投资亿元级项目",
            "超亿元项目",
            "百亿元企业",
            "单元数",
            "多元化经营",
            "2026年元旦前",
            "亩均投资（万元/亩）",
            "投资强度（万元／亩）",
            "千亿级产业",
            "项目单位",
            "单位：个",
            "单位：亩、吨",
            "上亿元",
            "三个一批",
            "0.00_ ",
            "#,##0.00",
            "[$-804]yyyy\"年\"m\"月\"",
            "[$¥-804]#,##0.00",
            "¥#,##0.00",
            "USDA",
        ] {
            assert_eq!(money_unit(text, &measures), None, "{text}");
        }
    }

    #[test]
    fn currencies_in_figures() {
        let measures = measures();
        for (text, name) in [
            ("4900万美元", Some("万美元")),
            ("USD500", Some("美元")),
            ("$1,000", Some("美元")),
            ("2亿港币", Some("亿港元")),
            ("3.5亿元", None),
            ("1200万元", None),
            ("¥300", None),
        ] {
            assert_eq!(foreign_currency(text, &measures), name, "{text}");
        }
    }
}
