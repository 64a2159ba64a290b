//! Counties and functional zones.

use crate::model::Value;
use crate::spec::{Roster, Unit};

use super::Reading;

/// The county-level area or functional zone that `text` names, in the words of a list of `unit`.
#[must_use]
pub fn county(text: &str, unit: Option<&Unit>, roster: &Roster) -> Reading {
    let _ = (unit, roster);
    Reading::of(Value::County { name: text.trim().to_owned(), code: None }, "county")
}
