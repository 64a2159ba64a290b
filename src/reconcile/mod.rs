//! Details against the totals that submissions state and against published figures, with causes. Exact arithmetic.

mod input;

pub use input::{Input, reconcile};
