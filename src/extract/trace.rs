//! Rows of the `cells` dataset.

use std::borrow::Cow;

use super::context::SheetPlace;
use crate::model::{Cell, CellTrace, Field, Value};

/// What became of a cell.
pub(super) fn trace(
    place: &SheetPlace,
    cell: &Cell,
    field: Option<Field>,
    value: Option<&Value>,
    rule: impl Into<Cow<'static, str>>,
) -> CellTrace {
    trace_of(place, cell, cell.raw(), field, value, rule)
}

/// As [`trace`], of a cell whose stored value is there as text.
pub(super) fn trace_of(
    place: &SheetPlace,
    cell: &Cell,
    raw: String,
    field: Option<Field>,
    value: Option<&Value>,
    rule: impl Into<Cow<'static, str>>,
) -> CellTrace {
    CellTrace {
        sheet: place.name.clone(),
        at: cell.at,
        raw,
        raw_kind: cell.kind_name(),
        field,
        value: value.map(text),
        rule: rule.into(),
    }
}

/// A value as text, as it is published.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Text(s) => s.clone(),
        Value::Amount(a) => a.wan_string(),
        Value::Date(d) => d.first.to_string(),
        Value::Flag(b) => if *b { "true" } else { "false" }.to_owned(),
        Value::County { name, .. } => name.clone(),
    }
}
