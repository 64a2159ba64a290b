//! HTML pages and web archives with tables, as web systems export them under the name .xls. The tokenizer forgives what
//! browsers forgive: missing end tags, bare attributes, unknown entities.

mod archive;
mod book;
mod builder;
mod css;
mod entities;
mod grid;
mod page;
mod tokens;

pub(super) use book::{read_archive, read_page};
