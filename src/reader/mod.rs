//! Bytes to sheets of raw cells. The only module that knows the crates of file formats (calamine, zip, quick-xml).
//!
//! [`Pool::read`] reads in a child process with limits; [`read`] is what the child calls. What a file is, its bytes say:
//!
//! | content | read by |
//! |---|---|
//! | zip with `xl/workbook.xml` or `.bin`, with `content.xml` | `xlsx`, `xlsb`, `ods` |
//! | OLE, or a bare BIFF5/8 stream | `container`, `xls`; encrypted packages and streams by `crypt` |
//! | HTML, web archive; `SpreadsheetML` 2003; separated text | `html`; `xml2003`; `text_table` |
//!
//! The formats are read here and not by calamine, because a cell needs facts that calamine does not give (hidden, struck
//! out, never calculated, merged) and one damaged detail must cost one cell. calamine expands shared formulas, and is
//! the second reader that the tests compare with.

mod answer;
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
mod quick;
mod read;
mod sniff;
mod text_table;
mod tidy;
mod value;
mod watch;
mod xls;
mod xlsb;
mod xlsx;
mod xml;
mod xml2003;

pub use child::child_main;
pub use pool::Pool;
pub use read::read;
