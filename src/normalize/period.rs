//! Periods such as 2021-2023 or 2026年3月至2027年12月.

use crate::model::Cell;

use super::Reading;

/// 建设起止年限 and the like: start and completion.
#[must_use]
pub fn period(cell: &Cell, year: Option<i16>) -> (Reading, Reading) {
    (super::date(cell, year), Reading::none("blank"))
}
