//! Dates, as precise as they are written; the value is the first day of what was written.
//!
//! Decisions where a cell leaves room: 年底 and 年末 are December and 年初 is January (month); 月底, 上旬 and 中旬 stay a
//! month; a span in a column for one date gives its start, with N405; the *number* 2026.1 is January with N405, because
//! Excel stores 2026.10 the same way (a format with two decimals settles it); a bare number of 35000 to 60000 is Excel's
//! day number; 待定 and texts with several dates are unreadable (N405).

use jiff::civil::Date;
use jiff::{Span, civil};

use crate::model::{Cell, CellKind, PartialDate, Precision, Value};

use super::date_scan::{Found, Scan, YEARS, compact, usual};
use super::decimal::Decimal;
use super::reading::quoted;
use super::{Reading, is_blank_mark, number_format};

/// Bare numbers that are day numbers of Excel: 1995 to 2064.
const SERIALS: std::ops::RangeInclusive<i64> = 35_000..=60_000;
/// Days between the epochs 1900 and 1904.
const EPOCH_1904: i64 = 1_462;
/// What stands beside a date that does not count after all.
const DOUBTS: &[&str] = &["待定", "未定", "取消", "不详"];

/// A date. `year` is assumed where none is written (from a header like 2026年度, or the batch's date), if any.
///
/// Remarks: N405 when the cell cannot be read (no value), or can be read in two ways (with the value that was taken).
#[must_use]
pub fn date(cell: &Cell, year: Option<i16>) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    match &cell.kind {
        CellKind::Date(days) => stored(*days, cell),
        CellKind::Number(n) => number(*n, cell),
        CellKind::Text(text) => written(text, cell, year),
        _ => unreadable(&cell.text()),
    }
}

pub(super) fn unreadable(seen: &str) -> Reading {
    Reading::none("date:不能识别").remark("N405", format!("{}不能读成日期", quoted(seen)), None)
}

pub(super) fn value(date: PartialDate, assumed_year: bool) -> Reading {
    let rule = match (date.precision, assumed_year) {
        (Precision::Day, false) => "date:年月日",
        (Precision::Month, false) => "date:年月",
        (Precision::Quarter, false) => "date:季度",
        (Precision::Half, false) => "date:半年",
        (Precision::Year, false) => "date:年",
        (Precision::Day, true) => "date:年月日（年份为推定）",
        (Precision::Month, true) => "date:年月（年份为推定）",
        (Precision::Quarter, true) => "date:季度（年份为推定）",
        (Precision::Half, true) => "date:半年（年份为推定）",
        (Precision::Year, true) => "date:年（年份为推定）",
    };
    Reading::of(Value::Date(date), rule)
}

/// A cell that Excel shows as a date: as precise as its format.
fn stored(days: f64, cell: &Cell) -> Reading {
    let precision = cell.format.as_deref().map_or(Precision::Day, number_format::date_precision);
    let Some(day) = whole_days(days).and_then(|d| from_serial(d, cell.date1904)) else {
        return unreadable(&cell.text());
    };
    let first = match precision {
        Precision::Month => day.first_of_month(),
        Precision::Year => day.first_of_year(),
        _ => day,
    };
    Reading { rule: "date:日期格式".into(), ..value(PartialDate { first, precision }, false) }
}

#[allow(clippy::cast_possible_truncation, reason = "bounded by the comparison")]
fn whole_days(days: f64) -> Option<i64> {
    (0.0..3_000_000.0).contains(&days).then(|| days.floor() as i64)
}

/// The day of Excel's day number; `None` outside of the plausible years and for 1900-02-29, which never was.
fn from_serial(days: i64, date1904: bool) -> Option<Date> {
    let days = if date1904 { days + EPOCH_1904 } else { days };
    if days == 60 {
        return None;
    }
    let base = civil::date(1899, 12, if days < 60 { 31 } else { 30 });
    base.checked_add(Span::new().try_days(days).ok()?).ok().filter(|d| YEARS.contains(&d.year()))
}

/// A number without a date format: 2026, 202603, 20260315, 2026.3, or a day number.
fn number(n: f64, cell: &Cell) -> Reading {
    let Some(decimal) = Decimal::from_f64(n).filter(|_| n > 0.0) else { return unreadable(&cell.text()) };
    if decimal.scale() == 0 {
        return decimal.to_yuan(1).map_or_else(|| unreadable(&cell.text()), |whole| integer(whole, cell));
    }
    if let Some(day) = whole_days(n).filter(|d| SERIALS.contains(d)).and_then(|d| from_serial(d, cell.date1904)) {
        return day_number(day);
    }
    year_and_month(decimal, cell)
}

fn day_number(day: Date) -> Reading {
    let date = PartialDate { first: day, precision: Precision::Day };
    Reading { rule: "date:日期序号".into(), ..value(date, false) }
}

fn integer(n: i64, cell: &Cell) -> Reading {
    let digits = u32::try_from(n).unwrap_or(0);
    let date = match digits {
        1_990..=2_100 => compact(digits, 1, None).map(|d| PartialDate { precision: Precision::Year, ..d }),
        199_000..=210_099 => compact(digits / 100, digits % 100, None),
        19_900_000..=21_009_999 => compact(digits / 10_000, digits / 100 % 100, Some(digits % 100)),
        _ if SERIALS.contains(&n) => {
            return from_serial(n, cell.date1904).map_or_else(|| unreadable(&cell.text()), day_number);
        }
        _ => None,
    };
    date.map_or_else(|| unreadable(&cell.text()), |d| value(d, false))
}

/// 2026.3 and 2026.03 as numbers.
fn year_and_month(decimal: Decimal, cell: &Cell) -> Reading {
    let hundredths = decimal.shift(2).filter(|d| d.scale() == 0).and_then(|d| d.to_yuan(1));
    let Some(hundredths) = hundredths.and_then(|h| u32::try_from(h).ok()) else { return unreadable(&cell.text()) };
    let (year, tail) = (hundredths / 100, hundredths % 100);
    let two_places = cell.format.as_deref().and_then(number_format::decimal_places) == Some(2);
    // 2026.3 has one decimal: March. With two shown, .10 is October; .30 can only be March.
    let month = if decimal.scale() == 1 && !(two_places && tail == 10) { tail / 10 } else { tail };
    let Some(date) = compact(year, month, None) else { return unreadable(&cell.text()) };
    let reading = value(date, false);
    if decimal.scale() == 1 && tail == 10 && !two_places {
        let message = format!("{}按数值存放，分不清是1月还是10月", quoted(&cell.text()));
        return reading.remark("N405", message, Some(date.to_chinese()));
    }
    reading
}

fn written(text: &str, cell: &Cell, year: Option<i16>) -> Reading {
    if is_blank_mark(text) {
        return Reading::none("blank");
    }
    if let Some(date) = usual(text) {
        return value(date, false);
    }
    let plain = super::fold::fold_tight(text);
    if plain.len() == 5
        && let Some(n) = plain.parse().ok().filter(|n| SERIALS.contains(n))
    {
        return integer(n, cell);
    }
    let scan = Scan::of(text, year);
    let rest = scan.rest();
    if scan.has_stray_digits() || DOUBTS.iter().any(|w| rest.contains(w)) {
        return unreadable(text);
    }
    match scan.found.as_slice() {
        [one] => value(one.date, one.assumed_year),
        [first, second] => match finer(&scan, first, second) {
            Some(date) => value(date, first.assumed_year && second.assumed_year),
            None if is_span(&scan, first, second) => {
                let message = format!("{}是起止时间，这一栏只能有一个日期，取开始时间", quoted(text));
                value(first.date, first.assumed_year).remark("N405", message, Some(first.date.to_chinese()))
            }
            None => unreadable(text),
        },
        _ => unreadable(text),
    }
}

/// The finer of two dates that stand side by side for the same time: 2025年12月（2025-12-15）.
fn finer(scan: &Scan, a: &Found, b: &Found) -> Option<PartialDate> {
    if scan.between(a, b).contains(char::is_alphanumeric) {
        return None;
    }
    let within = |a: &PartialDate, b: &PartialDate| a.first >= b.first && a.last() <= b.last();
    if within(&b.date, &a.date) { Some(b.date) } else { within(&a.date, &b.date).then_some(a.date) }
}

/// Whether two dates are the ends of one span: a dash, a tilde or 至 stands between them.
pub(super) fn is_span(scan: &Scan, first: &Found, second: &Found) -> bool {
    scan.between(first, second).contains(['-', '~', '至', '到'])
}
