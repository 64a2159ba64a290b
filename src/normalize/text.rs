//! Text as written.

use std::sync::Arc;

use crate::model::{Cell, CellKind, Value};

use super::decimal::Decimal;
use super::{Reading, date, is_blank_mark};

/// Text as written: white space at the ends trimmed, inner line breaks kept. A mark for nothing (—, 无) is no text; a
/// number is written as a person sees it, a date as 2026年3月15日.
#[must_use]
pub fn text(cell: &Cell) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    let written = as_written(cell);
    if is_blank_mark(&written) {
        return Reading::none("blank");
    }
    Reading::of(Value::Text(written), "text")
}

/// The cell as a person would write it.
pub(super) fn as_written(cell: &Cell) -> Arc<str> {
    match &cell.kind {
        CellKind::Text(text) => visible(text),
        CellKind::Number(n) if is_small_whole(*n) => cell.raw(),
        CellKind::Number(n) => plain_number(*n).map_or_else(|| cell.raw(), Arc::from),
        CellKind::Date(_) => match date(cell, None).value {
            Some(Value::Date(date)) => date.to_chinese().into(),
            _ => cell.raw(),
        },
        CellKind::Bool(true) => "是".into(),
        CellKind::Bool(false) => "否".into(),
        CellKind::Empty | CellKind::Error(_) => cell.raw(),
    }
}

/// Without white space and invisible characters at the ends.
fn visible(text: &Arc<str>) -> Arc<str> {
    let unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    let visible = text.trim_matches(unseen);
    if visible.len() == text.len() { Arc::clone(text) } else { visible.into() }
}

/// Whether a number is written with all its digits in any case: positions in a list and the like.
fn is_small_whole(n: f64) -> bool {
    (1.0..1e9).contains(&n) && n.fract() == 0.0
}

/// 15 significant digits, no exponent; `None` when the number is too large to be written so.
fn plain_number(n: f64) -> Option<String> {
    Decimal::from_f64(n).map(Decimal::plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    fn read(kind: CellKind) -> Option<Value> {
        text(&Cell::new(CellRef::new(0, 0), kind)).value
    }

    #[test]
    fn as_a_person_sees_it() {
        for (kind, expected) in [
            (CellKind::Text(" 年产10万吨\n特种尼龙项目 ".into()), Some("年产10万吨\n特种尼龙项目")),
            (CellKind::Text("\u{feff}某项目\u{200b}\u{3000}".into()), Some("某项目")),
            (CellKind::Text("（一期）".into()), Some("（一期）")),
            (CellKind::Number(13_800_000_064.0), Some("13800000064")),
            (CellKind::Number(0.1 + 0.2), Some("0.3")),
            (CellKind::Number(-12.5), Some("-12.5")),
            (CellKind::Date(46_096.0), Some("2026年3月15日")),
            (CellKind::Bool(true), Some("是")),
            (CellKind::Text("—".into()), None),
            (CellKind::Text("无".into()), None),
            (CellKind::Text("待定".into()), Some("待定")),
            (CellKind::Empty, None),
            (CellKind::Error("#REF!".to_owned()), None),
        ] {
            assert_eq!(read(kind), expected.map(|s| Value::Text(s.into())), "{expected:?}");
        }
    }
}
