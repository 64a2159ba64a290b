//! What the binary and XML formats share: cell formats, and from stored values to kinds.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::number_format::{builtin, is_date};
use crate::model::CellKind;

/// What a cell format says about the cells that use it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Style {
    /// Format code, when it is not General.
    pub(super) format: Option<Arc<str>>,
    /// The code shows a date.
    pub(super) is_date: bool,
    /// The font is struck through.
    pub(super) struck: bool,
    /// Typed with a leading apostrophe.
    pub(super) quoted: bool,
}

impl Style {
    /// A style with the format `code`; the file's own code for an id comes before the built-in one.
    pub(super) fn new(code: Option<&str>, id: u32) -> Self {
        let code = code.or_else(|| builtin(id)).filter(|c| !c.eq_ignore_ascii_case("general") && !c.is_empty());
        Self { format: code.map(Arc::from), is_date: code.is_some_and(is_date), ..Self::default() }
    }
}

/// Whether every character of a text is struck through, told piece by piece.
#[derive(Debug, Default)]
pub(super) struct Strikes {
    struck: bool,
    plain: bool,
}

impl Strikes {
    /// Adds a piece of text.
    pub(super) fn add(&mut self, text: &str, struck: bool) {
        if !text.trim().is_empty() {
            self.struck |= struck;
            self.plain |= !struck;
        }
    }

    /// Whether there was something, all of it struck through.
    pub(super) fn all(&self) -> bool {
        self.struck && !self.plain
    }
}

/// Whether a text is a number that SUM would skip.
pub(super) fn looks_numeric(text: &str) -> bool {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return false;
    }
    text.parse::<f64>().is_ok() || text.contains(',') && text.replace(',', "").parse::<f64>().is_ok()
}

/// A text, or nothing.
pub(super) fn text_kind(text: &str) -> CellKind {
    if text.is_empty() { CellKind::Empty } else { CellKind::Text(text.into()) }
}

/// A text that many cells may share, or nothing.
pub(super) fn shared_kind(text: &Arc<str>) -> CellKind {
    if text.is_empty() { CellKind::Empty } else { CellKind::Text(Arc::clone(text)) }
}

/// A number under a date format is a date only where dates exist: up to the year 9999.
pub(super) fn number_kind(number: f64, is_date: bool) -> CellKind {
    if is_date && (0.0..2_958_466.0).contains(&number) { CellKind::Date(number) } else { CellKind::Number(number) }
}

/// `2026-09-15` or `2026-09-15T08:00:00` as days since the workbook's epoch.
pub(super) fn iso_date(text: &str, date1904: bool) -> Option<CellKind> {
    let text = text.trim_end_matches('Z');
    let (date, part) = if let Ok(moment) = text.parse::<DateTime>() {
        let time = moment.time();
        let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
        (moment.date(), f64::from(seconds) / 86_400.0)
    } else {
        (text.parse::<Date>().ok()?, 0.0)
    };
    let epoch = if date1904 { Date::constant(1904, 1, 1) } else { Date::constant(1899, 12, 30) };
    let days = epoch.until(date).ok()?.get_days();
    (days >= 0).then(|| CellKind::Date(f64::from(days) + part))
}

/// An RK number.
pub(super) fn rk(raw: u32) -> f64 {
    let value = if raw & 2 == 0 {
        f64::from_bits(u64::from(raw & 0xFFFF_FFFC) << 32)
    } else {
        f64::from(raw.cast_signed() >> 2)
    };
    if raw & 1 == 0 { value } else { value / 100.0 }
}

/// The text of an error code.
pub(super) fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        let numbers = [0x3FF0_0000, (12_345 << 2) | 3, (-5i32 << 2).cast_unsigned() | 2];
        assert_eq!(numbers.map(|raw| rk(raw).to_string()), ["1", "123.45", "-5"]);
    }

    #[test]
    fn dates_and_numbers_as_text() {
        assert_eq!(iso_date("2026-09-15", false), Some(CellKind::Date(46280.0)));
        assert_eq!(iso_date("2026-09-15", true), Some(CellKind::Date(44818.0)));
        assert_eq!(iso_date("2026-09-15T12:00:00", false), Some(CellKind::Date(46280.5)));
        assert_eq!(iso_date("2025-13-45", false), None);
        assert_eq!(
            ["12,000", " 3.5 ", "-1", "3.5亿", "甲", "1 2", "inf"].map(looks_numeric),
            [true, true, true, false, false, false, false]
        );
        assert_eq!(number_kind(-1.1e15, true), CellKind::Number(-1.1e15));
    }
}
