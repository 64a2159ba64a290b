//! What a number format adds to the stored number: a unit, a power of ten, a percent sign, or how much of a date is shown.

use crate::model::Precision;
use crate::spec::Measures;

use super::money::{MoneyUnit, money_unit};

/// What a person sees around a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The unit that the format writes behind the figure.
    pub(super) unit: Option<MoneyUnit>,
    /// The figure shown is the stored one divided by `10^exponent` (`0!.0,` shows 万).
    pub(super) exponent: u32,
    /// Shown as percent.
    pub(super) percent: bool,
}

/// One `;` section of a format.
#[derive(Debug, Default)]
struct Section {
    /// `[>=10000]`, when the section has one.
    condition: Option<Condition>,
    /// Text that is shown, its pieces parted by `"`.
    literal: String,
    exponent: u32,
    percent: bool,
    has_digits: bool,
}

#[derive(Debug)]
struct Condition {
    operator: String,
    operand: f64,
}

impl Condition {
    fn parse(inside: &str) -> Option<Self> {
        let at = inside.find(|c: char| !matches!(c, '<' | '>' | '=')).filter(|&at| at > 0)?;
        Some(Self { operator: inside[..at].to_owned(), operand: inside[at..].trim().parse().ok()? })
    }

    fn equals(&self, value: f64) -> bool {
        (value - self.operand).abs() < f64::EPSILON
    }

    fn holds(&self, value: f64) -> bool {
        match self.operator.as_str() {
            "<" => value < self.operand,
            "<=" => value <= self.operand,
            ">" => value > self.operand,
            ">=" => value >= self.operand,
            "<>" => !self.equals(value),
            _ => self.equals(value),
        }
    }
}

/// Whether a format shows digits and nothing else, scaled by nothing, as nearly all do: `0.00`, `#,##0.00_ `, or no format at all.
fn is_plain(code: &str) -> bool {
    let code = code.strip_suffix("_ ").unwrap_or(code);
    let digits = |part: &str| part.bytes().all(|b| matches!(b, b'0' | b'#'));
    let (whole, fraction) = code.split_once('.').unwrap_or((code, ""));
    digits(fraction) && (digits(whole) || whole == "#,##0")
}

/// What `code` shows of `value`.
pub(super) fn shown(code: &str, value: f64, measures: &Measures) -> Shown {
    if is_plain(code) {
        return Shown::default();
    }
    let sections = sections(code);
    let Some(section) = choose(&sections, value) else { return Shown::default() };
    let unit = money_unit(&section.literal, measures);
    let mut shown = Shown { unit, exponent: section.exponent, percent: section.percent };
    if shown.unit.is_none() && shown.exponent == 0 {
        // [>=10000]0!.0,"万";0 shows small figures without a unit; the other section tells what the stored number counts.
        shown.unit = sections.iter().find_map(|s| stored_unit(s, measures));
    }
    shown
}

/// The unit of the stored number, by a section that scales it.
fn stored_unit(section: &Section, measures: &Measures) -> Option<MoneyUnit> {
    let scale = 10i64.checked_pow(section.exponent).filter(|s| *s > 1)?;
    let yuan = money_unit(&section.literal, measures)?.yuan.filter(|y| y % scale == 0)? / scale;
    let named = measures.measure.iter().find(|m| m.yuan == Some(yuan))?;
    Some(MoneyUnit { name: named.name.clone(), yuan: named.yuan })
}

fn choose(sections: &[Section], value: f64) -> Option<&Section> {
    let chosen = if sections.iter().any(|s| s.condition.is_some()) {
        sections.iter().find(|s| s.condition.as_ref().is_none_or(|c| c.holds(value))).or(sections.last())
    } else if value < 0.0 && sections.len() > 1 {
        sections.get(1)
    } else if value == 0.0 && sections.len() > 2 {
        sections.get(2)
    } else {
        sections.first()
    };
    // A section without digits, such as "-" for nought, says nothing about units.
    chosen.filter(|s| s.has_digits).or(sections.first())
}

/// Parts of a format code.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// Quoted or escaped text.
    Text(String),
    /// `[…]`.
    Bracket(String),
    /// Anything else.
    Plain(char),
}

fn pieces(code: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => pieces.push(Piece::Text(chars.by_ref().take_while(|&c| c != '"').collect())),
            '\\' | '!' => pieces.extend(chars.next().map(|c| Piece::Text(c.to_string()))),
            // Padding as wide as the next character, or filled with it.
            '_' | '*' => {
                chars.next();
            }
            '[' => pieces.push(Piece::Bracket(chars.by_ref().take_while(|&c| c != ']').collect())),
            _ => pieces.push(Piece::Plain(c)),
        }
    }
    pieces
}

fn sections(code: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut builder = Builder::default();
    for piece in pieces(code) {
        if piece == Piece::Plain(';') {
            sections.push(std::mem::take(&mut builder).finish());
        } else {
            builder.add(piece);
        }
    }
    sections.push(builder.finish());
    sections
}

#[derive(Default)]
struct Builder {
    section: Section,
    /// Commas since the last digit place: thousands separators, or scaling when no digit follows.
    commas: u32,
    /// Digit places behind a point that is only text.
    behind_dot: Option<u32>,
}

impl Builder {
    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) if self.section.has_digits && matches!(text.as_str(), "." | "．") => {
                self.behind_dot = Some(0);
            }
            Piece::Text(text) => self.text(&text),
            Piece::Bracket(inside) => match inside.strip_prefix('$') {
                Some(currency) => self.text(currency.split('-').next().unwrap_or_default()),
                None => self.section.condition = self.section.condition.take().or(Condition::parse(&inside)),
            },
            Piece::Plain('0' | '#' | '?') => {
                self.section.has_digits = true;
                self.commas = 0;
                if let Some(places) = &mut self.behind_dot {
                    *places += 1;
                }
                if !self.section.literal.ends_with('"') {
                    self.section.literal.push('"');
                }
            }
            Piece::Plain(',') if self.section.has_digits => self.commas += 1,
            Piece::Plain('.') => self.scale(),
            Piece::Plain('%') => self.section.percent = true,
            Piece::Plain(c) => self.section.literal.push(c),
        }
    }

    fn text(&mut self, text: &str) {
        self.section.literal.push_str(text);
    }

    fn scale(&mut self) {
        self.section.exponent = self.section.exponent.saturating_add(self.commas.saturating_mul(3)).min(30);
        self.commas = 0;
    }

    fn finish(mut self) -> Section {
        self.scale();
        self.section.exponent = self.section.exponent.saturating_add(self.behind_dot.unwrap_or(0)).min(30);
        // General shows digits too.
        self.section.has_digits |= self.section.literal.to_ascii_lowercase().contains("general");
        self.section
    }
}

/// Digits that a format shows behind the point; `None` when it is General or shows no fixed number.
pub(super) fn decimal_places(code: &str) -> Option<usize> {
    let first: Vec<Piece> = pieces(code).into_iter().take_while(|p| *p != Piece::Plain(';')).collect();
    let point = first.iter().position(|p| *p == Piece::Plain('.'))?;
    Some(first[point + 1..].iter().take_while(|p| **p == Piece::Plain('0')).count())
}

/// The letters of a format's first section that are no text, in lower case.
fn plain_text(code: &str) -> String {
    if !code.contains(['"', '\\', '!', '_', '*', '[']) {
        return code.split(';').next().unwrap_or_default().to_ascii_lowercase();
    }
    let mut plain = String::new();
    for piece in pieces(code) {
        match piece {
            Piece::Plain(';') => break,
            Piece::Plain(c) => plain.push(c.to_ascii_lowercase()),
            Piece::Text(_) | Piece::Bracket(_) => {}
        }
    }
    plain
}

/// How much of a date a format shows.
pub(super) fn date_precision(code: &str) -> Precision {
    let plain = plain_text(code);
    let year = plain.contains('y') || (plain.contains('e') && !plain.contains("general"));
    let month = plain.contains('m');
    let day = plain.contains('d') || plain.contains("aaa");
    match (year, month, day) {
        (true, true, false) => Precision::Month,
        (true, false, false) => Precision::Year,
        (false, true, false) if plain.contains("mmm") => Precision::Month,
        _ => Precision::Day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_scales() {
        let measures: Measures = toml::from_str(include_str!("../../pipelines/measures.toml")).unwrap();
        for (code, value, unit, exponent) in [
            ("0.00\"万元\"", 5.0, Some("万元"), 0),
            ("#,##0.00", 5.0, None, 0),
            ("#,##0", 5.0, None, 0),
            ("0!.0,", 123_456.0, None, 4),
            ("0!.0,\"万\"", 123_456.0, Some("万元"), 4),
            ("0\".\"0,\"万元\"", 123_456.0, Some("万元"), 4),
            ("0\\.00,,\"亿\"", 350_000_000.0, Some("亿元"), 8),
            ("0!.0000\"万元\"", 12_345.0, Some("万元"), 4),
            ("#,##0,", 5_000.0, None, 3),
            ("0.0,", 5_000.0, None, 3),
            ("#,##0.00_);(#,##0.00)", -5.0, None, 0),
            ("0.00\"亿元\";-0.00\"亿元\"", -5.0, Some("亿元"), 0),
            ("_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", 0.0, None, 0),
            ("[>=100000000]0!.00,,\"亿\";[>=10000]0!.0,\"万\";0", 350_000_000.0, Some("亿元"), 8),
            ("[>=100000000]0!.00,,\"亿\";[>=10000]0!.0,\"万\";0", 50_000.0, Some("万元"), 4),
            ("[>=100000000]0!.00,,\"亿\";[>=10000]0!.0,\"万\";0", 500.0, Some("元"), 0),
            ("[Red]0.00\"万元\"", 5.0, Some("万元"), 0),
            ("General\"万元\"", 5.0, Some("万元"), 0),
            ("[$$-409]#,##0.00", 5.0, Some("美元"), 0),
            ("[$¥-804]#,##0.00", 5.0, None, 0),
            ("", 5.0, None, 0),
        ] {
            let shown = shown(code, value, &measures);
            assert_eq!((shown.unit.map(|u| u.name).as_deref(), shown.exponent), (unit, exponent), "{code} {value}");
        }
        assert!(shown("0.00%", 0.5, &measures).percent);
    }

    #[test]
    fn dates_as_shown() {
        for (code, precision) in [
            ("yyyy\"年\"m\"月\"", Precision::Month),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\"", Precision::Month),
            ("yyyy年m月", Precision::Month),
            ("mmm-yy", Precision::Month),
            ("yyyy-mm;@", Precision::Month),
            ("e\"年\"m\"月\"", Precision::Month),
            ("yyyy\"年\"", Precision::Year),
            ("yyyy/m/d", Precision::Day),
            ("m\"月\"d\"日\"", Precision::Day),
            ("yyyy\"年\"m\"月\"d\"日\"", Precision::Day),
            ("d-mmm-yy", Precision::Day),
            ("yyyy-mm-dd hh:mm:ss", Precision::Day),
            ("General", Precision::Day),
        ] {
            assert_eq!(date_precision(code), precision, "{code}");
        }
        for (code, places) in
            [("0.00", Some(2)), ("0.00_ ", Some(2)), ("0", None), ("General", None), ("0.0;0.00", Some(1))]
        {
            assert_eq!(decimal_places(code), places, "{code}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_code_panics(code in "\\PC{0,40}", value: f64) {
            let measures = Measures { measure: Vec::new() };
            let _ = (shown(&code, value, &measures), date_precision(&code), decimal_places(&code));
        }
    }
}
