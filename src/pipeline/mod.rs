//! The order of the steps, and the only place that knows it:
//! discover → read → extract (locate, map, normalize) → check → reconcile → stage → publish → report.

mod aftermath;
mod arrivals;
mod batch;
mod books;
mod cache;
mod check;
mod codec;
mod cohorts;
mod earlier;
mod error;
mod event;
mod explain;
mod file;
mod fold;
mod imprints;
mod line;
mod lives;
mod memory;
mod metrics;
mod order;
mod reading;
mod reports;
mod returns;
mod run;
mod run_report;
mod tally;

pub use check::{CheckOptions, check};
pub use error::RunError;
pub use event::Event;
pub use file::extract_bytes;
pub use metrics::prometheus;
pub use run::{BatchTold, How, Options, RunResult, run};
pub use run_report::{BatchReport, FileCounts, RunReport};
pub use tally::{Summary, Tally};
