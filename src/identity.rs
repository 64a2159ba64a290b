//! `project_id`: the same project gets the same id in every batch and on every rerun.
//!
//! By the project code where there is one, else by credit code, name and county, else by name and owner. The id is a
//! hash of that key, so it depends on nothing but the record itself.

use sha2::{Digest, Sha256};

use crate::model::{Field, Record, name_key};

/// Hex digits of an id: 64 bits, far beyond the number of projects that a province will ever have.
const ID_DIGITS: usize = 16;

/// Id of the project that a record speaks of: 16 hex digits.
#[must_use]
pub fn project_id(record: &Record) -> String {
    let digest = Sha256::digest(key(record).as_bytes());
    let mut id = String::with_capacity(ID_DIGITS);
    for byte in digest.iter().take(ID_DIGITS / 2) {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}

/// What the id is made of, as text, e.g. `code:2020-410102-47-03-012345`.
fn key(record: &Record) -> String {
    let part = |field| record.text(field).map(name_key).unwrap_or_default();
    let code = part(Field::ProjectCode);
    if !code.is_empty() {
        return format!("code:{code}");
    }
    let name = part(Field::ProjectName);
    let credit = part(Field::OwnerCreditCode);
    if !credit.is_empty() {
        return format!("credit:{credit}|{name}|{}", part(Field::County));
    }
    let owner = part(Field::Owner);
    if owner.is_empty() {
        // Nothing but a name: keep it apart from equal names of other units.
        return format!("name:{name}|{}", record.unit_code);
    }
    format!("name:{name}|{owner}")
}
