//! Rows of the `cells` dataset.

use std::borrow::Cow;
use std::sync::Arc;

use super::context::SheetPlace;
use crate::model::{Cell, CellTrace, Field, Value, Written};

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
    raw: Arc<str>,
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
pub(super) fn text(value: &Value) -> Arc<str> {
    match value {
        Value::Text(s) => Arc::clone(s),
        Value::Amount(a) => Arc::from(&*a.wan()),
        Value::Date(d) => Arc::from(&*Written::of(d.first)),
        Value::Flag(b) => if *b { "true" } else { "false" }.into(),
        Value::County { name, .. } => Arc::clone(name),
    }
}
