//! Workbooks that people get from us: the unit's own workbook with marks, a new one with the same cells, and the template
//! of a batch.
//!
//! [`annotate`] patches the parts of an xlsx package: whatever carries no mark stays byte for byte as it was. What cannot
//! be patched, and every other format, is written anew by [`rebuild`]. Both get the sheet 问题清单. The same input gives
//! the same bytes: nothing here reads a clock. Texts from data are stored as texts; nothing becomes a formula.

mod fault;
mod index;
mod patch;
mod place;
mod rebuild;
mod remark;
mod template;

pub use fault::Fault;
pub use index::Job;
pub use patch::{Annotated, annotate};
pub use rebuild::rebuild;
pub use remark::{Remark, Tone};
pub use template::template;

/// Who notes and new workbooks are by.
const AUTHOR: &str = "sanpi";
