//! What the campaign is judged by, per batch: counts, amounts, conversion rates, and the projects that lag.
//!
//! Batches are gone through once, oldest first. Each row changes what is known of its project, and with it the few
//! sums that the project belongs to; so the work is that of reading the rows, however many batches there are.

mod amounts;
mod lag;
mod rates;
mod seen;
mod sweep;
mod table;

pub use sweep::{Asked, Outlook, Sweep, Told};

#[cfg(test)]
mod tests;
