//! Dates.

use crate::model::Cell;

use super::Reading;

/// A date. `year` is assumed where none is written (from a header like 2026年度, or the batch's date), if any.
#[must_use]
pub fn date(cell: &Cell, year: Option<i16>) -> Reading {
    let _ = year;
    Reading::without_value(cell).unwrap_or_else(|| Reading::none("blank"))
}
