//! Whose file it is, of which batch and which list: from its path, its name, and what its sheets say.

mod batch;
mod stage;
mod unit;

pub use batch::stated_batch;
pub use stage::{is_supplement, stated_stage};
pub use unit::{Names, Place, Statement, UnitVerdict};
