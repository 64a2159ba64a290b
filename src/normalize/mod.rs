//! Raw cell → value, one file per kind. Pure: nothing here knows sheets, files or records.
//!
//! A reading is never an error: what could not be read is `None` with a remark, and a remark names its rule.
//! A cell that says nothing (blank, "—", 暂无) is `None` without a remark; so are error cells and formulas without
//! stored value, about which the caller speaks.

mod amount;
#[cfg(test)]
mod amount_tests;
mod blank;
mod bound;
mod choice;
mod code;
mod county;
#[cfg(test)]
mod county_tests;
mod date;
mod date_scan;
#[cfg(test)]
mod date_tests;
mod date_words;
mod decimal;
mod flag;
mod fold;
mod money;
mod number_format;
mod numeral;
mod period;
mod reading;
mod text;

pub use amount::amount;
pub use blank::{is_blank_mark, says_nothing};
pub use choice::choice;
pub use code::code;
pub use county::county;
pub use date::date;
pub use flag::flag;
pub use money::{MoneyUnit, money_unit};
pub use period::period;
pub use reading::{Reading, Remark};
pub use text::text;
