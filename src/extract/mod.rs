//! One file: from the reader's sheets to records, totals, traces and findings. Pure.
//!
//! [`file`] decides about the file as a whole, [`sheet`] about one sheet, [`table`] walks the rows of one table and
//! [`record`] reads one project row; [`form`] makes a table of project cards. [`money`] finds the unit of each column
//! of money, [`outline`] what a total covers, and [`totals`] its figures.

mod conserve;
mod context;
mod cover;
mod explanation;
mod facts;
mod file;
mod form;
mod issues;
mod money;
mod outline;
mod record;
mod sheet;
mod table;
mod totals;
mod trace;

pub use file::extract;
