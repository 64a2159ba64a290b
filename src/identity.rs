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

use crate::model::{History, PastKey, Record};

use observation::Observation;

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

/// What the records of a batch say about which projects they are.
#[derive(Debug, Clone)]
pub struct Observed<'a>(Vec<Observation<'a>>);

impl<'a> Observed<'a> {
    /// Of these records.
    #[must_use]
    pub fn of(records: impl IntoIterator<Item = &'a Record>) -> Self {
        Self(records.into_iter().map(observation::of_record).collect())
    }

    /// What rows of other batches have in common with the records when they have anything to do with them: for their ids, and
    /// for the rule that looks for nearly the same name of the same owner.
    pub fn keys(&self) -> impl Iterator<Item = PastKey> + '_ {
        let near = |o: &Observation<'_>| (!o.owner.is_empty()).then(|| PastKey::near(&o.owner, &o.name));
        self.0.iter().flat_map(move |o| kindred::keys(o).chain(near(o)))
    }
}

/// Ids of the projects that the records speak of, one per record and in their order. `history` holds, of any batches other
/// than theirs, also of later ones when an early batch is run again, at least the projects around their keys. The order of
/// the records does not matter, nor that in which the batches came into the history.
#[must_use]
pub fn assign(records: Observed<'_>, history: &History<'_>) -> Vec<String> {
    link(records, history).into_iter().map(|l| l.project_id).collect()
}

/// As [`assign`], with the reason of each id.
#[must_use]
pub fn link(records: Observed<'_>, history: &History<'_>) -> Vec<Link> {
    let (observations, past) = kindred::kindred(records.0, history);
    clusters::link(&observations, past, &|id| history.knows_id(id))
}

#[cfg(test)]
mod growth_tests;
#[cfg(test)]
mod tests;
