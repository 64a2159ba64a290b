//! The rule registry: one file per rule, one list, docs for the clerk, and the checks over records.

mod check;
mod registry;

pub use check::{Scope, check};
pub use registry::{Rule, all, codes, explain, lookup, report};
