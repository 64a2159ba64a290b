//! How the rows of one project are recognised as such, told from the rows themselves: the answer does not depend on
//! which run brought them together.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};

use super::evidence::{Reason, same_by_code};
use super::observation::{Observation, of_sighting};
use crate::model::Sighting;

/// Rows of a project that a further one is compared with.
const MAX_ROWS: usize = 16;

/// One reason per sighting, in their order: [`Reason::New`] for the first of each project, else the strongest evidence
/// that it shares with another row of its project.
#[must_use]
pub fn reasons<S: Borrow<Sighting>>(sightings: &[S]) -> Vec<Reason> {
    // Of most projects there is one row: only where there are more is something to be told.
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(sightings.len());
    let mut projects: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, sighting) in sightings.iter().enumerate() {
        let one = *first.entry(&sighting.borrow().project_id).or_insert(i);
        if one < i {
            projects.entry(one).or_insert_with(|| vec![one]).push(i);
        }
    }
    let mut reasons = vec![Reason::New; sightings.len()];
    for rows in projects.into_values() {
        let seen: Vec<Observation<'_>> =
            rows.iter().filter_map(|&i| sightings.get(i)).map(|s| of_sighting(s.borrow())).collect();
        for (n, (own, &i)) in seen.iter().zip(&rows).enumerate().skip(1) {
            let earlier = seen.iter().take(n.min(MAX_ROWS));
            // Rows may be the same project only by way of one that came later.
            let later = seen.iter().skip(n + 1).take(MAX_ROWS);
            let best = |others: &mut dyn Iterator<Item = &Observation<'_>>| others.filter_map(|o| shared(own, o)).min();
            let reason = best(&mut earlier.into_iter()).or_else(|| best(&mut later.into_iter()));
            if let Some(slot) = reasons.get_mut(i) {
                *slot = reason.unwrap_or(Reason::Published);
            }
        }
    }
    reasons
}

/// The strongest evidence that two rows of one project share.
fn shared(a: &Observation<'_>, b: &Observation<'_>) -> Option<Reason> {
    let same = |x: &str, y: &str| !x.is_empty() && x == y;
    let name = same(&a.name, &b.name);
    if same(&a.code, &b.code) && same_by_code(a, b) {
        return Some(Reason::Code);
    }
    let county = a.county.is_empty() || b.county.is_empty() || a.county == b.county;
    if name && county && same(&a.credit, &b.credit) {
        return Some(Reason::CreditCode);
    }
    if name && same(&a.owner, &b.owner) {
        return Some(Reason::Owner);
    }
    name.then_some(Reason::Place)
}
