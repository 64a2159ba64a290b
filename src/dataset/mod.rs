//! Arrow schemas from the field list, Parquet in and out. The only user of arrow and parquet.

mod error;
mod write;

pub use error::DatasetError;
pub use write::{DatasetDoc, Written, dictionary, history, ipc, markdown, write};
