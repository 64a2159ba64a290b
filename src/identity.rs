//! `project_id`: the same project gets the same id in every batch and on every rerun.
//!
//! A project is rarely described twice in the same way: 签约 has no code yet, 开工 has one, a unit leaves out the credit
//! code. So the records are first joined with each other and with what other batches published, by any evidence that
//! both sides have: project code, credit code and name, owner and name, unit and county and name. A project that is
//! known keeps its id; a new one gets a hash of what every list states, its name and owner, so that a run without any
//! history still arrives at the same id.

mod clusters;
mod evidence;
mod kin;
mod kindred;
mod observation;
mod reasons;

use crate::model::{History, Record};

pub use evidence::Reason;
pub use kin::{LEAST_KIN, kin};
pub use reasons::reasons;

/// The project that a record speaks of, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Id of the project: 16 hex digits.
    pub project_id: String,
    /// What joined the record to an earlier one; [`Reason::New`] when nothing did.
    pub reason: Reason,
}

/// Ids of the projects that `records` speak of, one per record and in their order. `history` holds projects of any
/// batches other than that of the records, also of later ones when an early batch is run again. The order of the records
/// does not matter, nor that in which the batches came into the history.
#[must_use]
pub fn assign(records: &[&Record], history: &History) -> Vec<String> {
    link(records, history).into_iter().map(|l| l.project_id).collect()
}

/// As [`assign`], with the reason of each id.
#[must_use]
pub fn link(records: &[&Record], history: &History) -> Vec<Link> {
    let (observations, past) = kindred::kindred(records, history);
    clusters::link(&observations, past, &|id| history.knows_id(id))
}

#[cfg(test)]
mod growth_tests;
#[cfg(test)]
mod tests;
