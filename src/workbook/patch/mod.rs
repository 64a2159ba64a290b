//! The unit's own workbook with marks: an xlsx package whose parts are patched.

mod book;
mod comments;
mod earlier;
mod list;
mod package;
mod relations;
mod run;
mod scan;
mod sheet;
mod styles;
mod vml;
mod xml;

pub use run::{Annotated, annotate};
