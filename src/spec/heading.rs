//! A header text taken apart: what it names, and the facts that were written along with it.

use std::borrow::Cow;

use super::Measures;
use crate::model::squeeze;

/// A header text without what varies from form to form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// What it names: no brackets, no years, no numbering, no money unit: `年度计划投资` of `2.2026年度计划投资（万元）*`.
    pub key: String,
    /// As `key`, with the text in brackets: `市(区)`.
    pub full: String,
    /// Texts in brackets, and a money unit written without them, in order.
    pub notes: Vec<String>,
    /// A year in it.
    pub year: Option<u16>,
}

/// Takes header texts apart; knows the money units, prepared for comparing.
#[derive(Debug, Clone)]
pub struct Headings {
    units: Vec<String>,
}

impl Headings {
    /// With the money units of `measures`.
    #[must_use]
    pub fn new(measures: &Measures) -> Self {
        let spellings = measures.measure.iter().flat_map(|m| std::iter::once(&m.name).chain(&m.aliases));
        Self { units: spellings.map(|s| squeeze(s)).filter(|s| s.chars().count() >= 2).collect() }
    }

    /// Takes a header text apart.
    #[must_use]
    pub fn parse(&self, text: &str) -> Heading {
        // NFKC would make ① a digit of the name.
        let text = squeeze(text.trim_start().trim_start_matches(|c: char| ('①'..='⑳').contains(&c)));
        let (bare, mut notes) = without_brackets(&text);
        let (bare, year) = without_year(&bare);
        let (full, _) = without_year(&text);
        let trim = |s: &str| {
            let s = without_numbering(s);
            s.trim_matches(|c: char| {
                matches!(c, '*' | ':' | '-' | '/' | ',' | '、' | '.' | '。' | ';' | '"' | '\'' | '#' | '·')
            })
            .to_owned()
        };
        let mut key = trim(&bare);
        if let Some((rest, unit)) = trailing_unit(&key, &self.units) {
            key = trim(rest);
            notes.push(unit);
        }
        Heading { key, full: trim(&full), notes, year }
    }

    /// What tells a header from another: its name with the texts in brackets, but without money units and without the
    /// digits of years, months and numberings, which change from batch to batch. Levels of a path are joined by `/`.
    #[must_use]
    pub fn signature(&self, path: &str) -> String {
        let level = |text: &str| {
            let heading = self.parse(text);
            let notes = heading.notes.iter().filter(|n| **n != heading.key && !self.is_unit(n));
            let mut said = notes.fold(heading.key.clone(), |said, note| format!("{said}({note})"));
            said.retain(|c| !c.is_ascii_digit());
            said
        };
        if path.contains('/') { path.split('/').map(level).collect::<Vec<_>>().join("/") } else { level(path) }
    }

    /// Whether a text in brackets is a money unit: `万元`, `单位:亿元`.
    fn is_unit(&self, note: &str) -> bool {
        let unit = note.strip_prefix("单位").map_or(note, |rest| rest.trim_start_matches(':'));
        self.units.iter().any(|u| u == unit) || unit == "元"
    }
}

/// The text outside of round brackets, and the texts inside. A bracket that is never closed reaches to the end.
fn without_brackets(text: &str) -> (String, Vec<String>) {
    let (mut bare, mut notes, mut depth) = (String::with_capacity(text.len()), Vec::new(), 0usize);
    for c in text.chars() {
        match c {
            '(' => {
                if depth == 0 {
                    notes.push(String::new());
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => notes.last_mut().map_or((), |n| n.push(c)),
            _ => bare.push(c),
        }
    }
    // A header that is nothing but a bracket names what stands inside.
    if bare.is_empty() { (notes.join(""), notes) } else { (bare, notes) }
}

/// Four digits of a plausible year become nothing: `2026年度计划` → `年度计划`.
fn without_year(text: &str) -> (Cow<'_, str>, Option<u16>) {
    let (mut out, mut year, mut kept, mut at) = (String::new(), None, 0, 0);
    while let Some(from) = text[at..].find(|c: char| c.is_ascii_digit()).map(|place| at + place) {
        let end = text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |place| from + place);
        let number = text[from..end].parse().ok().filter(|n| end - from == 4 && (1990..2100).contains(n));
        if number.is_some() {
            year = year.or(number);
            out.push_str(&text[kept..from]);
            kept = end;
        }
        at = end;
    }
    if kept == 0 {
        return (Cow::Borrowed(text), year);
    }
    out.push_str(&text[kept..]);
    if out.is_empty() { (Cow::Borrowed(text), year) } else { (Cow::Owned(out), year) }
}

/// Without `1.`, `2、`, `一、` in front.
fn without_numbering(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    match rest.strip_prefix(['.', '、']) {
        Some(named) if rest.len() < text.len() && !named.is_empty() => named,
        _ => text,
    }
}

/// A money unit at the end of a header that names something before it: `总投资万元`, `总投资:亿元`.
fn trailing_unit<'a>(key: &'a str, units: &[String]) -> Option<(&'a str, String)> {
    let stripped =
        units.iter().filter_map(|u| Some((key.strip_suffix(u.as_str()).filter(|r| !r.is_empty())?, u.clone())));
    stripped.min_by_key(|(rest, _)| rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::MeasureSpec;

    fn key(text: &str) -> (String, Vec<String>, Option<u16>) {
        let unit = |name: &str| MeasureSpec { name: name.to_owned(), aliases: Vec::new(), yuan: Some(1) };
        let heading = Headings::new(&Measures { measure: vec![unit("万元"), unit("亿元")] }).parse(text);
        (heading.key, heading.notes, heading.year)
    }

    #[test]
    fn what_varies_is_taken_out() {
        let plain = |k: &str| (k.to_owned(), Vec::new(), None);
        assert_eq!(key("项 目\n名 称"), plain("项目名称"));
        assert_eq!(key("2026年度计划投资（万元）"), ("年度计划投资".to_owned(), vec!["万元".to_owned()], Some(2026)));
        assert_eq!(key("总投资：亿元").0, "总投资");
        assert_eq!(key("总投资：亿元").1, ["亿元"]);
        assert_eq!(key("3.项目（法人）单位*").0, "项目单位");
        assert_eq!(key("①建设地点").0, "建设地点");
        assert_eq!(key("至2025年底累计完成投资").0, "至年底累计完成投资");
        assert_eq!(key("万元").0, "万元");
    }

    #[test]
    fn a_signature_is_blind_to_years_and_units_only() {
        let unit = |name: &str| MeasureSpec { name: name.to_owned(), aliases: Vec::new(), yuan: Some(1) };
        let headings = Headings::new(&Measures { measure: vec![unit("万元"), unit("亿元")] });
        let same = |a: &str, b: &str| headings.signature(a) == headings.signature(b);
        for (a, b) in [
            ("2025年度计划投资（万元）", "2026年度计划投资\n（亿元）"),
            ("总投资（单位：万元）", "总投资万元"),
            ("投资情况/截至2025年6月底累计完成", "投资情况/截至2026年12月底累计完成"),
            ("3.项目名称*", "4.项目 名称"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("总投资", "项目总投资"),
            ("项目（法人）单位", "项目单位"),
            ("开工时间/计划", "开工时间/实际"),
            ("计划/开工时间", "开工时间"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
