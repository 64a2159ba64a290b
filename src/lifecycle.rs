//! The life of each project from 签约 to 达效, over all batches.
//!
//! A life is made of the accepted rows of one `project_id`. Which rows those are, why, and which projects are parts of
//! others, is for `identity` to say; what a column or remark says about 履约 and 达效 is read here (`statement`).

mod lives;
mod statement;

pub use lives::{Known, lives};
pub use statement::{Status, speaks, status};
