//! The order of the steps, and the only place that knows it:
//! discover → read → extract (locate, map, normalize) → check → reconcile → stage → publish → report.

mod batch;
mod books;
mod check;
mod earlier;
mod error;
mod event;
mod explain;
mod file;
mod fold;
mod lives;
mod reports;
mod returns;
mod run;

pub use check::{CheckOptions, check};
pub use error::RunError;
pub use event::Event;
pub use file::extract_bytes;
pub use run::{Options, RunResult, run};
