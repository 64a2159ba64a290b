//! Bytes to sheets of raw cells. The only module that knows the crates of file formats (calamine, zip, quick-xml).
//!
//! [`Pool::read`] reads in a child process with limits; [`read`] is what the child calls.

mod child;
mod container;
mod crypt;
mod decode;
mod fault;
#[cfg(test)]
mod fixture;
mod formula;
mod frame;
mod html;
mod names;
mod number_format;
mod ods;
mod ole;
mod ooxml;
mod package;
mod pool;
mod read;
mod sniff;
mod text_table;
mod tidy;
mod value;
mod xls;
mod xlsb;
mod xlsx;
mod xml;
mod xml2003;

pub use child::child_main;
pub use pool::Pool;
pub use read::read;
