//! Labels of section and total rows.

use super::Vocabulary;
use super::table::TotalLevel;
use crate::model::{Stage, squeeze};

/// Longest text before or after the word of a total row.
const MAX_AROUND: usize = 14;

/// Depth of a numbering and what follows it: `（一）中原区` is (2, 中原区). The text is squeezed.
pub(super) fn ordinal(text: &str) -> Option<(u8, &str)> {
    const DIGITS: &str = "零〇一二三四五六七八九十百";
    let chinese = |t: &str| t.char_indices().find(|(_, c)| !DIGITS.contains(*c)).map_or(t.len(), |(i, _)| i);
    if let Some(inner) = text.strip_prefix('(') {
        let end = chinese(inner);
        if end > 0 && inner[end..].starts_with(')') {
            return Some((2, inner[end + 1..].trim_start_matches(['、', '.', ':'])));
        }
        let digits = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
        if digits > 0 && digits < 3 && inner[digits..].starts_with(')') {
            return Some((4, &inner[digits + 1..]));
        }
        return None;
    }
    if let Some(rest) = text.strip_prefix('第') {
        let end = chinese(rest).max(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let tail = &rest[end..];
        return ["部分", "类", "批", "章"]
            .iter()
            .find_map(|w| tail.strip_prefix(w))
            .filter(|_| end > 0)
            .map(|r| (1, r.trim_start_matches(['、', '.', ':', ','])));
    }
    let end = chinese(text);
    if end > 0 {
        let rest = &text[end..];
        if let Some(named) = rest.strip_prefix(['、', '.', ',', ':']) {
            return Some((1, named));
        }
        return rest.is_empty().then_some((1, rest));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if (1..3).contains(&digits) {
        return text[digits..]
            .strip_prefix(['、', '.'])
            .filter(|r| !r.is_empty() && !r.starts_with(|c: char| c.is_ascii_digit()))
            .map(|r| (3, r));
    }
    None
}

/// A total row's label: level, and what stands before its word. The text is squeezed.
pub(super) fn total_label(words: &Vocabulary, text: &str) -> Option<(TotalLevel, String)> {
    if !words.may_be_total(text) {
        return None;
    }
    let bare = text.trim_matches(|c: char| matches!(c, ':' | '"' | '*' | '—' | '-' | '。' | ','));
    let mut best: Option<(usize, TotalLevel, String)> = None;
    for (word, level) in words.totals() {
        let Some(at) = bare.find(word) else { continue };
        let (before, after) = (&bare[..at], &bare[at + word.len()..]);
        let fits = is_scope(words, before) && is_figure_tail(after);
        if fits && best.as_ref().is_none_or(|(len, ..)| word.len() > *len) {
            best = Some((word.len(), level, before.trim_matches(['(', ')', '、', '"', ':']).to_owned()));
        }
    }
    best.map(|(_, level, scope)| (level, scope))
}

/// What may stand before 合计: nothing, a numbering, a place, a list.
fn is_scope(words: &Vocabulary, text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    if text.chars().count() > MAX_AROUND {
        return false;
    }
    let text = ordinal(text).map_or(text, |(_, rest)| rest).trim_matches(['"', '、', ':', '-']);
    let place = text.trim_end_matches("项目").trim_end_matches("类").trim_end_matches("一批");
    text.is_empty()
        || words.is_place(text)
        || words.is_place(place)
        || text.ends_with(['市', '县', '区'])
        || [
            "市直",
            "市本级",
            "本表",
            "本页",
            "三批",
            "三个一批",
            "以上",
            "全",
            "项目",
            "全部项目",
            "所有项目",
            "投资",
            "总投资",
            "金额",
            "领域",
            "产业",
            "类",
            "单位",
        ]
        .iter()
        .any(|w| text == *w || (w.chars().count() > 1 && text.ends_with(w) && text.chars().count() <= 8))
        || (words.stage(text).is_some() && text.chars().count() <= 8)
}

/// What may follow 合计: nothing, a count, figures in brackets.
fn is_figure_tail(text: &str) -> bool {
    let starts =
        text.is_empty() || text.starts_with(['(', ':', '共', ',']) || text.starts_with(|c: char| c.is_ascii_digit());
    starts && !text.ends_with("项目名称")
}

/// A label without numbering and figures: `（六）长葛市  10个  76.03亿元` is `长葛市`; `洛阳5号项目` stays as it is.
#[must_use]
pub fn bare_label(raw: &str) -> String {
    let text = squeeze(raw);
    let text = ordinal(&text).map_or(text.as_str(), |(_, rest)| rest);
    let (mut label, mut depth) = (String::new(), 0usize);
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if c.is_ascii_digit() && is_all_figures(&text[i..]) => break,
            _ => label.push(c),
        }
    }
    let label = label.trim_end_matches(['共', '计', ':', ',', '、', ';', '。', '-', '约']);
    if label.is_empty() { text.to_owned() } else { label.to_owned() }
}

/// Whether a text is nothing but numbers with their units: `10个76.03亿元`, `3个,总投资5亿元`.
fn is_all_figures(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "个项家万亿元共计约总投资额金.,:;、()项目".contains(c))
}

/// The figures that a line states in words: `共 10 个、76.03 亿元`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Number of projects, as written.
    pub count: Option<String>,
    /// Amount and its unit, as written.
    pub amount: Option<(String, String)>,
}

/// Reads the figures of a section line, a total's label or a title. `text` is as written.
#[must_use]
pub fn figures(words: &Vocabulary, text: &str) -> Figures {
    let text = squeeze(text);
    let mut found = Figures::default();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let before = &rest[..start];
        let number_end = rest[start..]
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
            .map_or(rest.len(), |i| start + i);
        let number = rest[start..number_end].trim_end_matches(['.', ',']);
        let tail = &rest[start + number.len()..];
        let ordinal = before.ends_with('第') || before.ends_with(['年', '月']);
        let counted = ["个", "项", "家"]
            .iter()
            .any(|w| tail.strip_prefix(w).is_some_and(|t| !t.starts_with(['月', '一', '亿', '工'])));
        let unit = words.spec.measures.measure.iter().flat_map(|m| std::iter::once(&m.name).chain(&m.aliases));
        let unit = unit.map(|u| squeeze(u)).filter(|u| tail.starts_with(u.as_str())).max_by_key(String::len);
        // 10亿元以上 is a threshold.
        let unit = unit.filter(|u| !["以上", "以下", "级", "/"].iter().any(|w| tail[u.len()..].starts_with(w)));
        if counted && !ordinal && !number.contains('.') {
            found.count.get_or_insert_with(|| number.to_owned());
        } else if let Some(unit) = unit {
            found.amount.get_or_insert_with(|| (number.to_owned(), unit));
        }
        rest = tail;
    }
    found
}

/// The list that a label opens.
pub(super) fn label_stage(words: &Vocabulary, label: &str) -> Option<Stage> {
    words.stage(label)
}

/// Level of a total row by its label; `None` when the squeezed text is no such label.
#[must_use]
pub fn label_level(words: &Vocabulary, text: &str) -> Option<TotalLevel> {
    total_label(words, text).map(|(level, _)| level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numberings_have_a_depth() {
        for (text, depth, rest) in [
            ("一、签约项目", 1, "签约项目"),
            ("十二、其他", 1, "其他"),
            ("第二部分开工项目", 1, "开工项目"),
            ("(三)中原区", 2, "中原区"),
            ("3.新郑市", 3, "新郑市"),
            ("(4)新郑市", 4, "新郑市"),
            ("一", 1, ""),
        ] {
            assert_eq!(ordinal(text), Some((depth, rest)), "{text}");
        }
        for text in ["5g智慧产业园", "2026年项目", "3.5", "第二十一期清单", "一期项目", "甲项目"]
        {
            assert_eq!(ordinal(text), None, "{text}");
        }
    }

    #[test]
    fn only_totals_are_totals() {
        let spec = crate::spec::pipelines();
        let words = Vocabulary::new(&spec);
        let level = |text: &str| total_label(&words, &squeeze(text));
        let told = |level, scope: &str| Some((level, scope.to_owned()));
        assert_eq!(level("合    计"), told(TotalLevel::Plain, ""));
        assert_eq!(level("合计（29个）"), told(TotalLevel::Plain, ""));
        assert_eq!(level("全市合计"), told(TotalLevel::Grand, ""));
        assert_eq!(level("中原区小计："), told(TotalLevel::Sub, "中原区"));
        assert_eq!(level("签约项目合计"), told(TotalLevel::Plain, "签约项目"));
        assert_eq!(level("总计：87个项目"), told(TotalLevel::Grand, ""));
        for text in [
            "总部合计中心项目",
            "开封卓泽总计控制仪表研发项目",
            "汇安小计量器具生产基地项目",
            "钧洋合计科技股份有限公司",
            "累计完成投资",
        ] {
            assert_eq!(level(text), None, "{text}");
        }
    }

    #[test]
    fn figures_in_words() {
        let spec = crate::spec::pipelines();
        let words = Vocabulary::new(&spec);
        let read = |text: &str| {
            let figures = figures(&words, text);
            (figures.count, figures.amount.map(|(n, u)| format!("{n}{u}")))
        };
        let some = |t: &str| Some(t.to_owned());
        assert_eq!(read("（六）长葛市  10个  76.03亿元"), (some("10"), some("76.03亿元")));
        assert_eq!(read("共29个项目，总投资 1,234.5 万元"), (some("29"), some("1,234.5万元")));
        assert_eq!(read("一、签约项目（43个）"), (some("43"), None));
        assert_eq!(read("第3期10亿元以上项目，开工5个月"), (None, None));
        assert_eq!(bare_label("（六）长葛市  10个  76.03亿元"), "长葛市");
        assert_eq!(bare_label("洛阳5号总部合计中心项目"), "洛阳5号总部合计中心项目");
    }
}
