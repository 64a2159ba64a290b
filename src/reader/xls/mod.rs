//! BIFF5 and BIFF8 workbooks: our own bounded reading of the records, because calamine's reading of damaged files can
//! exhaust memory, and knows neither hidden rows nor fonts.

mod biff;
mod book;
mod filepass;
mod globals;
mod sheet;
mod strings;

pub(super) use book::read;
