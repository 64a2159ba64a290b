//! Formulas of the binary formats as text. The tokens are decoded here because calamine writes every range of an .xls
//! as absolute and shifts its columns, and totals are checked against the ranges that their formulas name.

mod decode;
mod functions;
mod reference;

pub(super) use decode::decode;
pub(super) use reference::{Dialect, Names, quoted_sheet};
