//! A project as one unit reported it in one stage of one batch.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Amount, BatchId, CellRef, Field, Origin, PartialDate, Stage, Values};

/// A value that was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, codes and choices.
    Text(Arc<str>),
    /// Money.
    Amount(Amount),
    /// Date.
    Date(PartialDate),
    /// 是 / 否.
    Flag(bool),
    /// County or zone by name, with its code when it has one.
    County {
        /// Full name by the roster, or as written when the roster does not know it.
        name: Arc<str>,
        /// GB/T 2260 or NBS code.
        code: Option<Arc<str>>,
    },
}

/// A field of a record: the value (if it could be read) and what it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    /// The value; `None` together with a finding when the cell could not be read.
    pub value: Option<Value>,
    /// The stored value as text.
    pub raw: Arc<str>,
    /// The cell it came from (for "as above" cells: the cell that holds the value).
    pub cell: CellRef,
}

/// One project row. Every field that had a non-empty cell is in `values`.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Batch.
    pub batch: BatchId,
    /// Unit code; empty when the unit could not be told (F103). Such a row is never accepted.
    pub unit_code: String,
    /// Stage; `None` when it could not be told (L208). Such a row is never accepted.
    pub stage: Option<Stage>,
    /// Place.
    pub origin: Origin,
    /// Group of the table that the row belongs to (county or section label), for 小计.
    pub group: Option<String>,
    /// Fields that were read.
    pub values: Values,
    /// Columns that are not ours: header path and value as written, in column order.
    pub extras: Vec<(Arc<str>, Arc<str>)>,
    /// The row, or its sheet, is hidden or filtered.
    pub hidden: bool,
    /// The row stands below the table's total row.
    pub after_total: bool,
}

impl Record {
    /// Text of a field, when it was read as text (or as a county).
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.values.get(&field)?.value.as_ref()? {
            Value::Text(s) | Value::County { name: s, .. } => Some(s),
            _ => None,
        }
    }

    /// Money of a field.
    #[must_use]
    pub fn amount(&self, field: Field) -> Option<Amount> {
        match self.values.get(&field)?.value.as_ref()? {
            Value::Amount(a) => Some(*a),
            _ => None,
        }
    }

    /// Date of a field.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<PartialDate> {
        match self.values.get(&field)?.value.as_ref()? {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }

    /// Flag of a field.
    #[must_use]
    pub fn flag(&self, field: Field) -> Option<bool> {
        match self.values.get(&field)?.value.as_ref()? {
            Value::Flag(b) => Some(*b),
            _ => None,
        }
    }

    /// The project's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text(Field::ProjectName)
    }

    /// 总投资 in 元.
    #[must_use]
    pub fn total_yuan(&self) -> Option<i64> {
        self.amount(Field::TotalInvestment).map(|a| a.yuan)
    }
}

/// A row of the `cells` dataset: what became of one non-empty cell of a located table body.
#[derive(Debug, Clone, PartialEq)]
pub struct CellTrace {
    /// Sheet name.
    pub sheet: Option<Arc<str>>,
    /// Place.
    pub at: CellRef,
    /// Stored value as text.
    pub raw: Arc<str>,
    /// `text`, `number`, `date`, `bool`, `error`, `empty`.
    pub raw_kind: &'static str,
    /// Field that its column was mapped to; `None` for unmapped columns.
    pub field: Option<Field>,
    /// Value as published, as text.
    pub value: Option<Arc<str>>,
    /// The reading that was applied, e.g. `amount:万元`, `date:年月`, `as-above`, `extras`, or why there is no value.
    pub rule: Cow<'static, str>,
}
