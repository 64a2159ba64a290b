//! Bytes to sheets of raw cells. The only module that knows the crates of file formats (calamine, zip, quick-xml).
//!
//! [`Pool::read`] reads in a child process with limits; [`read`] is what the child calls.

mod child;
mod container;
mod decode;
mod fault;
#[cfg(test)]
mod fixture;
mod formula;
mod frame;
mod names;
mod number_format;
mod ole;
mod package;
mod pool;
mod read;
mod sniff;
mod text_table;
mod tidy;
mod value;
mod xls;
mod xlsx;
mod xml;

pub use child::child_main;
pub use pool::Pool;
pub use read::read;
