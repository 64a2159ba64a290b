//! BIFF5 and BIFF8 workbooks: our own bounded reading of the OLE container and of the records, because calamine's
//! reading of damaged containers can exhaust memory; calamine only turns formulas into text.

mod biff;
mod book;
mod ole;
mod strings;

pub(super) use book::read;
