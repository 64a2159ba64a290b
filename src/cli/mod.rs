//! Commands: thin layers over the library. Results go to stdout, everything else to stderr.

mod args;
mod check;
mod console;
mod dispatch;
mod extract;
mod log;
mod place;
mod progress;
mod query;
mod reference;
mod run;
mod status;
mod template;
mod trace;

pub(crate) use dispatch::main;
