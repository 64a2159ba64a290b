//! SQL over the published datasets. With `reconcile`, the only user of polars.

mod catalog;
mod error;
mod sql;
mod text;

#[cfg(test)]
mod tests;

pub use error::QueryError;
pub use sql::{Listed, Table, run, tables};
