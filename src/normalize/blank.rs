//! What clerks write for "nothing".

use super::fold::fold_tight;
use crate::model::{Cell, CellKind, is_ideograph};

/// Words that say that there is nothing, after folding and in lower case.
const WORDS: &[&str] = &[
    "无",
    "没有",
    "暂无",
    "暂缺",
    "空",
    "空白",
    "缺",
    "无数据",
    "暂无数据",
    "不适用",
    "不涉及",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "nan",
];

/// Ideographs that such words begin with.
const FIRSTS: &[char] = &['无', '没', '暂', '空', '缺', '不'];

/// Whether a cell says that there is nothing; a number never does.
#[must_use]
pub fn says_nothing(cell: &Cell) -> bool {
    let figure = matches!(cell.kind, CellKind::Number(n) | CellKind::Date(n) if n.is_finite());
    !figure && is_blank_mark(&cell.text())
}

/// Whether a text says that there is nothing: only dashes, slashes or dots, 无, 暂无, N/A. "待定" is not such a mark:
/// it says that there will be something, and each kind decides what that means.
#[must_use]
pub fn is_blank_mark(text: &str) -> bool {
    // Most texts begin with a digit or an ideograph with which no such word begins: no form of writing changes these.
    let first = text.trim_start().chars().next();
    if first.is_some_and(|c| c.is_ascii_digit() || is_ideograph(c) && !FIRSTS.contains(&c)) {
        return false;
    }
    let tight = fold_tight(text).to_lowercase();
    let bare = tight.trim_matches(['(', ')', '。', '.', '"', '\'']);
    bare.chars().all(|c| matches!(c, '-' | '/' | '\\' | '_' | '.' | '。' | '…' | '*' | '~' | '·' | '、' | ',' | '|'))
        || WORDS.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let firsts = WORDS.iter().filter_map(|w| w.chars().next()).filter(|c| is_ideograph(*c));
        assert!(firsts.into_iter().all(|c| FIRSTS.contains(&c)));
        for mark in [
            "",
            " ",
            "\n",
            "-",
            "—",
            "——",
            "－",
            "－－",
            "/",
            "／",
            "\\",
            "//",
            "无",
            "（无）",
            "无。",
            "暂无",
            "N/A",
            "n/a",
            "…",
            "***",
            "　",
        ] {
            assert!(is_blank_mark(mark), "{mark:?}");
        }
        for text in ["0", "待定", "无锡", "否", "1", "暂定", "无人机", "-5", "A/B"] {
            assert!(!is_blank_mark(text), "{text:?}");
        }
    }
}
