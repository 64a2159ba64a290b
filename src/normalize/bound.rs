//! Words around a figure: 约, 左右, 以上 make it a bound, 总投资 and 人民币 say nothing new.

use crate::model::Bound;

/// Words before a figure, longest first where one begins another.
const BEFORE: &[(&str, Bound)] = &[
    ("不低于", Bound::AtLeast),
    ("不少于", Bound::AtLeast),
    ("不小于", Bound::AtLeast),
    ("大于等于", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("大于", Bound::AtLeast),
    ("高于", Bound::AtLeast),
    ("多于", Bound::AtLeast),
    ("超过", Bound::AtLeast),
    ("突破", Bound::AtLeast),
    ("超", Bound::AtLeast),
    ("逾", Bound::AtLeast),
    (">=", Bound::AtLeast),
    (">", Bound::AtLeast),
    ("≥", Bound::AtLeast),
    ("≧", Bound::AtLeast),
    ("不超过", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不大于", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("小于等于", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("最多", Bound::AtMost),
    ("最高", Bound::AtMost),
    ("小于", Bound::AtMost),
    ("低于", Bound::AtMost),
    ("少于", Bound::AtMost),
    ("不足", Bound::AtMost),
    ("不到", Bound::AtMost),
    ("<=", Bound::AtMost),
    ("<", Bound::AtMost),
    ("≤", Bound::AtMost),
    ("≦", Bound::AtMost),
    ("约为", Bound::About),
    ("约", Bound::About),
    ("大约", Bound::About),
    ("大概", Bound::About),
    ("将近", Bound::About),
    ("接近", Bound::About),
    ("近", Bound::About),
    ("预计", Bound::About),
    ("预估", Bound::About),
    ("估计", Bound::About),
    ("估算", Bound::About),
    ("暂估", Bound::About),
    ("暂定", Bound::About),
    ("暂按", Bound::About),
    ("初步", Bound::About),
    ("~", Bound::About),
    ("≈", Bound::About),
    ("计划总投资", Bound::Exact),
    ("项目总投资", Bound::Exact),
    ("总投资额", Bound::Exact),
    ("总投资", Bound::Exact),
    ("计划投资", Bound::Exact),
    ("投资额", Bound::Exact),
    ("投资", Bound::Exact),
    ("总额", Bound::Exact),
    ("金额", Bound::Exact),
    ("合计", Bound::Exact),
    ("共计", Bound::Exact),
    ("共", Bound::Exact),
    ("拟", Bound::Exact),
    ("计划", Bound::Exact),
    ("人民币", Bound::Exact),
    ("RMB", Bound::Exact),
    ("CNY", Bound::Exact),
    ("¥", Bound::Exact),
    ("为", Bound::Exact),
    (":", Bound::Exact),
    ("'", Bound::Exact),
];

/// Words behind a figure.
const AFTER: &[(&str, Bound)] = &[
    ("左右", Bound::About),
    ("上下", Bound::About),
    ("及以上", Bound::AtLeast),
    ("以上", Bound::AtLeast),
    ("+", Bound::AtLeast),
    ("起", Bound::AtLeast),
    ("及以下", Bound::AtMost),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("人民币", Bound::Exact),
    ("RMB", Bound::Exact),
    ("CNY", Bound::Exact),
    ("的", Bound::Exact),
    ("。", Bound::Exact),
    (";", Bound::Exact),
    (",", Bound::Exact),
    ("、", Bound::Exact),
];

/// The text without such words, and what they make of the figure. A firm bound (以上) outweighs 约.
pub(super) fn strip(text: &str) -> (&str, Bound) {
    let mut rest = text;
    let mut bound = Bound::Exact;
    loop {
        let before = BEFORE.iter().filter(|(w, _)| rest.starts_with(w)).max_by_key(|(w, _)| w.len());
        let after = AFTER.iter().filter(|(w, _)| rest.ends_with(w)).max_by_key(|(w, _)| w.len());
        let word = match (before, after) {
            (Some((w, b)), _) => {
                rest = &rest[w.len()..];
                *b
            }
            (None, Some((w, b))) => {
                rest = &rest[..rest.len() - w.len()];
                *b
            }
            (None, None) => return (rest, bound),
        };
        bound = stronger(bound, word);
    }
}

fn stronger(a: Bound, b: Bound) -> Bound {
    match (a, b) {
        (Bound::Exact, _) | (Bound::About, Bound::AtLeast | Bound::AtMost) => b,
        _ => a,
    }
}

/// The bound as a word of a message.
pub(super) fn word(bound: Bound) -> &'static str {
    match bound {
        Bound::Exact => "确数",
        Bound::About => "约数",
        Bound::AtLeast => "下限",
        Bound::AtMost => "上限",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_a_figure() {
        for (text, figure, bound) in [
            ("3.2亿", "3.2亿", Bound::Exact),
            ("约3.2", "3.2", Bound::About),
            ("约22亿元", "22亿元", Bound::About),
            ("23亿元左右", "23亿元", Bound::About),
            ("3亿元以上", "3亿元", Bound::AtLeast),
            ("超10亿", "10亿", Bound::AtLeast),
            ("不低于5亿元", "5亿元", Bound::AtLeast),
            ("总投资约3亿元以上", "3亿元", Bound::AtLeast),
            ("不超过2亿元", "2亿元", Bound::AtMost),
            ("不足1亿元", "1亿元", Bound::AtMost),
            ("近3亿", "3亿", Bound::About),
            ("预计投资5000万", "5000万", Bound::About),
            ("≥3亿", "3亿", Bound::AtLeast),
            ("10亿+", "10亿", Bound::AtLeast),
            ("人民币5000万元", "5000万元", Bound::Exact),
            ("5000万元人民币", "5000万元", Bound::Exact),
            ("¥3500", "3500", Bound::Exact),
            ("计划总投资:3亿元。", "3亿元", Bound::Exact),
            ("约", "", Bound::About),
        ] {
            assert_eq!(strip(text), (figure, bound), "{text}");
        }
    }
}
