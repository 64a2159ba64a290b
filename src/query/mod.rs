//! SQL over the published datasets. With `reconcile`, the only user of polars.

mod sql;

pub use sql::{QueryError, Table, run};
