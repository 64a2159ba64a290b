//! Periods such as 2021-2023 or 2026年3月至2027年12月.
//!
//! A year alone is start and completion (both in that year); a month or day alone is the start, unless the words say
//! that it is the end (至2027年底, 2027年建成).

use crate::model::{Cell, CellKind, PartialDate, Precision, Value};

use super::date::{date, is_span, unreadable, value};
use super::date_scan::{Found, Scan};
use super::{Reading, is_blank_mark};

/// Words that make a single date the start.
const STARTS: &[&str] = &["开工", "开始", "起", "动工", "启动", "至今"];
/// Words that make a single date the completion.
const ENDS: &[&str] = &["竣工", "建成", "完工", "完成", "投产", "前", "止"];

/// 建设起止年限 and the like: start and completion.
///
/// An unreadable cell gives two readings without value and one N405, on the start.
#[must_use]
pub fn period(cell: &Cell, year: Option<i16>) -> (Reading, Reading) {
    if let CellKind::Text(text) = &cell.kind {
        return written(text, cell, year);
    }
    let start = date(cell, year);
    let completion = match start.value {
        Some(Value::Date(date)) if date.precision == Precision::Year => start.clone(),
        _ => Reading::none(start.rule.clone()),
    };
    (start, completion)
}

fn written(text: &str, cell: &Cell, year: Option<i16>) -> (Reading, Reading) {
    let blank = || Reading::none("blank");
    if is_blank_mark(text) {
        return (blank(), blank());
    }
    let unread = || (unreadable(text), Reading::none("date:不能识别"));
    let scan = Scan::of(text, year);
    if scan.has_stray_digits() {
        // A day number as text, or nothing.
        let start = date(cell, year);
        return if start.value.is_some() { (start, blank()) } else { unread() };
    }
    let read = |f: &Found| value(f.date, f.assumed_year);
    match scan.found.as_slice() {
        [one] => {
            let rest = scan.rest();
            let has = |words: &[&str]| words.iter().any(|w| rest.contains(w));
            let until = scan.before(one).ends_with(['至', '到', '-', '~']);
            match (has(STARTS), has(ENDS) || until) {
                (true, _) => (read(one), blank()),
                (false, true) => (blank(), read(one)),
                _ if one.date.precision == Precision::Year && rest.is_empty() => (read(one), read(one)),
                _ => (read(one), blank()),
            }
        }
        [first, second] if is_span(&scan, first, second) || in_order(first.date, second.date) => {
            (read(first), read(second))
        }
        _ => unread(),
    }
}

/// 2026年3月开工，2027年5月竣工: no dash, but one after the other.
fn in_order(first: PartialDate, second: PartialDate) -> bool {
    first.first <= second.first && first != second
}
