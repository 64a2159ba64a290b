//! Values of a vocabulary.

use crate::model::{Cell, Value, is_ideograph, name_keyed};

use super::reading::quoted;
use super::text::as_written;
use super::{Reading, is_blank_mark};

/// Signs between several values in one cell.
const SEPARATORS: &[char] = &['、', '，', ',', ';', '；', '/', '／', '\n', '+', '＋', '|'];

/// A value of the vocabulary `allowed`, in its spelling; another one is kept as written with N407. Several values in
/// one cell are kept as written, without remark when all are allowed. An empty vocabulary allows everything.
#[must_use]
pub fn choice(cell: &Cell, allowed: &[String]) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    let written = as_written(cell);
    if is_blank_mark(&written) {
        return Reading::none("blank");
    }
    let find = |text: &str| {
        let key = name_keyed(text);
        allowed.iter().find(|a| is_spelling(a, &key))
    };
    if let Some(value) = find(&written) {
        let value = if **value == *written { written } else { value.as_str().into() };
        return Reading::of(Value::Text(value), "choice");
    }
    let mut parts = written.split(SEPARATORS).filter(|p| !p.trim().is_empty());
    let known = allowed.is_empty() || parts.all(|p| find(p).is_some());
    if known {
        return Reading::of(Value::Text(written), "choice");
    }
    let message = format!("{}不在规定的选项之内（{}）", quoted(&written), allowed.join("、"));
    Reading::of(Value::Text(written), "choice").remark("N407", message, None)
}

/// Whether a value has this key. Ideographs are their own key.
fn is_spelling(value: &str, key: &str) -> bool {
    let plain = value.chars().all(is_ideograph);
    if plain { value == key } else { name_keyed(value) == key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellKind, CellRef};

    #[test]
    fn inside_and_outside_of_the_vocabulary() {
        let allowed: Vec<String> = ["新建", "扩建", "改建", "技改"].map(str::to_owned).to_vec();
        for (written, value, remarks) in [
            ("新建", Some("新建"), 0),
            (" 新 建 ", Some("新建"), 0),
            ("（扩建）", Some("扩建"), 0),
            ("新建、扩建", Some("新建、扩建"), 0),
            ("新建/续建", Some("新建/续建"), 1),
            ("续建", Some("续建"), 1),
            ("—", None, 0),
        ] {
            let cell = Cell::new(CellRef::new(0, 0), CellKind::Text(written.into()));
            let reading = choice(&cell, &allowed);
            assert_eq!(reading.value, value.map(|v| Value::Text(v.into())), "{written}");
            assert_eq!(reading.remarks.len(), remarks, "{written}");
            assert!(reading.remarks.iter().all(|r| r.code == "N407"));
            assert!(choice(&cell, &[]).remarks.is_empty(), "{written}");
        }
    }
}
