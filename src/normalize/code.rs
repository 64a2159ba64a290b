//! Credit codes and project codes.

use crate::model::Cell;

use super::Reading;

/// A credit or project code: width folded, without spaces and invisible characters, upper case.
#[must_use]
pub fn code(cell: &Cell) -> Reading {
    super::text(cell)
}
