//! Details against the totals that submissions state and against published figures, with causes. Exact integer
//! arithmetic in memory; nothing is read or written here.
//!
//! A stated figure stands for everything that rounds to it (`stated`); its rows are found by position (`scope`); its
//! formula is evidence (`formula`, `trace`). Where the two sides differ, causes are tried alone, then two together
//! (`case`, `search`, `counts`), and told with their cells (`words`).

mod accepted;
mod breakdown;
mod case;
mod cause;
mod counts;
mod digits;
mod findings;
mod formula;
mod input;
mod ledger;
mod published;
mod reference;
mod rows;
mod scope;
mod search;
mod single;
mod stated;
#[cfg(test)]
mod tests;
mod trace;
mod words;

pub use input::{Input, reconcile};
