//! Commands: thin layers over the library. Results go to stdout, everything else to stderr.

mod args;
mod check;
mod console;
mod diff;
mod dispatch;
mod export;
mod extract;
mod history;
mod log;
mod place;
mod progress;
mod query;
mod reference;
mod run;
mod status;
mod supervise;
mod template;
mod timer;
mod trace;

pub(crate) use dispatch::main;
