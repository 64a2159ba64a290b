//! 是 or 否.

use crate::model::{Cell, CellKind, Value};

use super::Reading;

/// 是/否, √/×, 有/无, Y/N, 1/0.
#[must_use]
pub fn flag(cell: &Cell) -> Reading {
    match cell.kind {
        CellKind::Bool(b) => Reading::of(Value::Flag(b), "flag"),
        _ => Reading::without_value(cell).unwrap_or_else(|| Reading::none("blank")),
    }
}
