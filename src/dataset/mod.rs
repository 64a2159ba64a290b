//! Arrow schemas from the field list, Parquet in and out. The only user of arrow and parquet.
//!
//! A dataset is a list of columns (`tables/`); each column knows its type, its Chinese name and description, and how a
//! row gives its value. Schema, data dictionary and values come from that one list, so they cannot disagree.
//!
//! Files are the same byte for byte whenever their rows are: no clock, no machine, one compression level and row-group
//! size. `batch` is in the path (`batch=02`) and a text column of the file, so that a file by itself tells its batch. Readers
//! that guess types from paths would make 21 of `batch=21`; the data dictionary says how to have them take the column.

mod column;
mod dictionary;
mod error;
mod file;
mod fingerprint;
mod ipc;
mod over_time;
mod past_headers;
mod published;
mod tables;
mod verify;
mod views;
mod write;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use dictionary::{ColumnDoc, DatasetDoc, dictionary, markdown};
pub use error::DatasetError;
pub use ipc::ipc;
pub use over_time::{LIFECYCLE, imprint, lives_path, write_indicators, write_lives};
pub use past_headers::past_headers;
pub use views::views;
pub use write::{Written, write, write_cells};
