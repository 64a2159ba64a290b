//! Credit codes and project codes.

use crate::model::{Cell, CellKind, Value};

use super::fold::fold_tight;
use super::reading::quoted;
use super::text::as_written;
use super::{Reading, is_blank_mark};

/// From here on an `f64` does not hold every whole number, so digits typed into a number cell are lost.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Excel keeps 15 digits of what is typed and fills up with noughts.
const KEPT: f64 = 1e15;
/// Digits of a credit code; longer codes are project codes.
const CREDIT_DIGITS: usize = 18;

/// A credit or project code: width folded, without spaces, quotes and invisible characters, upper case.
///
/// Remarks: V511 or V512 (by length) when the code was stored as a number and its last digits are lost; there is no value
/// then, because the code cannot be told any more.
#[must_use]
pub fn code(cell: &Cell) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    let written = as_written(cell);
    if let CellKind::Number(n) = cell.kind
        && loses_digits(n)
    {
        let digits = format!("{n:.0}");
        let rule = if digits.len() <= CREDIT_DIGITS { "V511" } else { "V512" };
        let message = format!("{}按数值存放，超过15位的末几位已经丢失", quoted(&digits));
        return Reading::none("code:末几位丢失").remark(rule, message, None);
    }
    if is_blank_mark(&written) {
        return Reading::none("blank");
    }
    // Nothing of a code as it should be is folded.
    if written.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'Z' | b'-')) {
        return Reading::of(Value::Text(written), "code");
    }
    let code: String = fold_tight(&written).chars().filter(|c| !matches!(c, '\'' | '"')).collect();
    Reading::of(Value::Text(code.to_uppercase().into()), "code")
}

fn loses_digits(n: f64) -> bool {
    let ends_in_nought = n % 10.0 == 0.0;
    n.abs() >= EXACT || (n.abs() >= KEPT && ends_in_nought)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    fn read(kind: CellKind) -> Reading {
        code(&Cell::new(CellRef::new(0, 0), kind))
    }

    #[test]
    fn codes() {
        for (written, expected) in [
            ("91410703MA5QWBAP21", "91410703MA5QWBAP21"),
            (" 91410703ma5qwbap21 ", "91410703MA5QWBAP21"),
            ("９１４１０７０３ＭＡ５ＱＷＢＡＰ２１", "91410703MA5QWBAP21"),
            ("9141 0703 MA5Q WBAP 21", "91410703MA5QWBAP21"),
            ("'91410703MA5QWBAP21", "91410703MA5QWBAP21"),
            ("91410703MA5QWBAP21\u{200b}\n", "91410703MA5QWBAP21"),
            ("2505—410711－04-02-920403", "2505-410711-04-02-920403"),
            ("正在办理", "正在办理"),
        ] {
            let reading = read(CellKind::Text(written.into()));
            assert_eq!(reading.value, Some(Value::Text(expected.into())), "{written}");
            assert!(reading.remarks.is_empty());
        }
        assert_eq!(read(CellKind::Number(410_300_123_456_789.0)).value, Some(Value::Text("410300123456789".into())));
        assert_eq!(read(CellKind::Text("——".into())).value, None);
        assert_eq!(read(CellKind::Text("无".into())).rule, "blank");
    }

    #[test]
    fn lost_digits_are_said() {
        for (n, rule) in [(9.141_010_079_965_5e17, "V511"), (2.505_410_711_040_29e19, "V512"), (1e15, "V511")] {
            let reading = read(CellKind::Number(n));
            assert_eq!(reading.value, None);
            assert_eq!(reading.remarks.iter().map(|r| r.code).collect::<Vec<_>>(), [rule]);
        }
    }
}
