//! 是 or 否.

use crate::model::{Cell, CellKind, Value};

use super::fold::fold_tight;
use super::reading::quoted;
use super::text::as_written;
use super::{Reading, is_blank_mark};

const YES: &[&str] =
    &["是", "√", "✓", "✔", "☑", "有", "Y", "YES", "T", "TRUE", "1", "对", "属于", "已", "V", "是的", "●", "■"];
const NO: &[&str] = &[
    "否",
    "×",
    "✗",
    "✘",
    "☒",
    "X",
    "无",
    "N",
    "NO",
    "F",
    "FALSE",
    "0",
    "错",
    "不",
    "不是",
    "非",
    "不属于",
    "未",
    "没有",
    "□",
];
/// Boxes that are ticked, and boxes that are not.
const TICKED: &[char] = &['☑', '√', '✓', '✔', '■'];
const BOXES: &[char] = &['□', '☐'];

/// 是/否, √/×, 有/无, Y/N, 1/0, and forms with boxes (☑是 □否). Anything else is N407 and no value.
#[must_use]
pub fn flag(cell: &Cell) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    if let CellKind::Bool(b) = cell.kind {
        return Reading::of(Value::Flag(b), "flag");
    }
    match &cell.kind {
        CellKind::Text(text) if **text == *"是" => return Reading::of(Value::Flag(true), "flag"),
        CellKind::Text(text) if **text == *"否" => return Reading::of(Value::Flag(false), "flag"),
        _ => {}
    }
    let written = as_written(cell);
    let tight = fold_tight(&written).to_uppercase();
    if let Some(flag) = answer(&tight) {
        return Reading::of(Value::Flag(flag), "flag");
    }
    if is_blank_mark(&written) {
        return Reading::none("blank");
    }
    let message = format!("{}不能读成是或否", quoted(&written));
    Reading::none("flag:不能识别").remark("N407", message, None)
}

fn answer(tight: &str) -> Option<bool> {
    if tight.contains(BOXES) && tight.contains(['是', '否', '有', '无']) {
        let ticked = tight.split_inclusive(['是', '否', '有', '无']).find(|piece| piece.contains(TICKED))?;
        return Some(ticked.ends_with(['是', '有']));
    }
    // A remark in brackets or behind a comma says more, but nothing else.
    let word = tight.split(['(', ',', '。', ';', ':']).find(|p| !p.is_empty())?;
    if YES.contains(&word) { Some(true) } else { NO.contains(&word).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    #[test]
    fn answers() {
        for (written, expected) in [
            ("是", Some(true)),
            (" 是 ", Some(true)),
            ("是（2025年已认定）", Some(true)),
            ("√", Some(true)),
            ("有", Some(true)),
            ("y", Some(true)),
            ("1", Some(true)),
            ("ＹＥＳ", Some(true)),
            ("☑是 □否", Some(true)),
            ("否", Some(false)),
            ("×", Some(false)),
            ("无", Some(false)),
            ("N", Some(false)),
            ("0", Some(false)),
            ("不属于", Some(false)),
            ("□是 ☑否", Some(false)),
            ("□是 √否", Some(false)),
            ("—", None),
            ("", None),
        ] {
            let reading = flag(&Cell::new(CellRef::new(0, 0), CellKind::Text(written.into())));
            assert_eq!(reading.value, expected.map(Value::Flag), "{written}");
            assert!(reading.remarks.is_empty(), "{written}");
        }
        for (kind, expected) in
            [(CellKind::Number(1.0), true), (CellKind::Number(0.0), false), (CellKind::Bool(true), true)]
        {
            assert_eq!(flag(&Cell::new(CellRef::new(0, 0), kind)).value, Some(Value::Flag(expected)));
        }
        let unknown = flag(&Cell::new(CellRef::new(0, 0), CellKind::Text("部分".into())));
        assert_eq!((unknown.value, unknown.remarks[0].code), (None, "N407"));
    }
}
