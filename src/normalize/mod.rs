//! Raw cell → value, one file per kind. Pure: nothing here knows sheets, files or records.
//!
//! A reading is never an error: what could not be read is `None` with a remark, and a remark names its rule.

mod reading;

pub use reading::{Reading, Remark};
