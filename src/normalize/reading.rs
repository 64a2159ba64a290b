//! What reading a cell gave.

use std::borrow::Cow;

use crate::model::{Cell, CellKind, Value};

/// Something to say about a cell; the caller adds place, project and field to make it a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Code of the rule, e.g. `N404`.
    pub code: &'static str,
    /// First line in Chinese, able to stand alone.
    pub message: String,
    /// How the cell was read, in words.
    pub read_as: Option<String>,
}

/// A value, or none, with how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The value.
    pub value: Option<Value>,
    /// The reading that was applied, for the `cells` dataset, e.g. `amount:万元`, `date:年月`, `blank`.
    pub rule: Cow<'static, str>,
    /// Remarks in order.
    pub remarks: Vec<Remark>,
}

impl Reading {
    /// A value with nothing to say about it.
    pub(super) fn of(value: Value, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { value: Some(value), rule: rule.into(), remarks: Vec::new() }
    }

    /// No value, and nothing to say about it.
    pub(super) fn none(rule: impl Into<Cow<'static, str>>) -> Self {
        Self { value: None, rule: rule.into(), remarks: Vec::new() }
    }

    /// With one more remark.
    pub(super) fn remark(mut self, code: &'static str, message: String, read_as: Option<String>) -> Self {
        self.remarks.push(Remark { code, message, read_as });
        self
    }

    /// The reading of a cell of which only the caller can speak: empty, in error, a formula without stored value.
    pub(super) fn without_value(cell: &Cell) -> Option<Self> {
        match &cell.kind {
            CellKind::Error(_) => Some(Self::none("error")),
            CellKind::Empty if cell.uncached => Some(Self::none("formula-uncached")),
            CellKind::Empty => Some(Self::none("blank")),
            _ => None,
        }
    }
}

/// Longest piece of a cell that a message repeats, in characters.
const QUOTED: usize = 40;

/// A cell's text as a message repeats it: on one line, not longer than a message can bear.
pub(super) fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED {
        return format!("“{line}”");
    }
    let start: String = line.chars().take(QUOTED).collect();
    format!("“{start}…”")
}
