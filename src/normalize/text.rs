//! Text as written.

use crate::model::{Cell, Value};

use super::Reading;

/// Text as written: white space at the ends trimmed, inner line breaks kept.
#[must_use]
pub fn text(cell: &Cell) -> Reading {
    Reading::without_value(cell).unwrap_or_else(|| Reading::of(Value::Text(cell.raw().trim().to_owned()), "text"))
}
