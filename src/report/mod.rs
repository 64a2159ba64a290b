//! What people see: the province's overview, the page that goes back to a unit, the terminal and JSON.
//!
//! All forms are made from the same [`view`] of a batch, so that they cannot disagree on a count. Nothing here reads a
//! clock, a locale or the network; the same result gives the same bytes.

mod format;
mod island;
mod returned;
mod template;
mod view;
mod write;

pub mod bulletin;
pub mod html;
pub mod json;
pub mod status;
pub mod terminal;
pub mod unit_html;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod fixture_life;
#[cfg(test)]
mod tests;

pub use format::batch_title;
pub use returned::{Returned, Returns};
pub use status::StatusRow;
pub use write::{unit_folder, write_all};
