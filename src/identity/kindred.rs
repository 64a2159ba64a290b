//! Which projects of other batches can have to do with the records of one.
//!
//! Whatever joins two observations (see [`super::clusters`]) is at least as fine as their name, their code or the id that
//! they were published with. So what shares none of these with the records, nor with anything that does, nor with
//! anything that shares something with that …, is joined among itself in the same way whether it is looked at or not, and
//! nothing of it reaches the records. All of history would give the same links, at a cost that grows with every batch.

use std::collections::HashSet;

use super::observation::{Observation, of_past};
use crate::model::{History, PastKey, PastRow};

/// The observations of the past projects that can have to do with the batch's `own`, oldest batch first, then these; how
/// many are past ones.
pub(super) fn kindred<'a>(own: Vec<Observation<'a>>, history: &'a History<'_>) -> (Vec<Observation<'a>>, usize) {
    let mut found: Vec<(u32, PastRow, Observation<'a>)> = Vec::new();
    let (mut asked, mut seen) = (HashSet::new(), HashSet::new());
    let mut open: Vec<PastKey> = own.iter().flat_map(keys).collect();
    while let Some(key) = open.pop() {
        if !asked.insert(key) {
            continue;
        }
        for row in history.with(key).filter(|row| seen.insert(*row)) {
            let Some(past) = history.get(row) else { continue };
            let observation = of_past(&past);
            open.extend(keys(&observation).filter(|k| !asked.contains(k)));
            found.push((observation.slot.0, row, observation));
        }
    }
    found.sort_unstable_by_key(|(batch, row, _)| (*batch, *row));
    let past = found.len();
    let mut all: Vec<Observation<'a>> = found.into_iter().map(|(.., observation)| observation).collect();
    all.extend(own);
    (all, past)
}

/// What an observation can share with others.
pub(super) fn keys<'o>(o: &'o Observation<'_>) -> impl Iterator<Item = PastKey> + use<'o> {
    let filled = |text: &'o str, key: fn(&str) -> PastKey| (!text.is_empty()).then(|| key(text));
    let (name, code) = (filled(&o.name, PastKey::name), filled(&o.code, PastKey::code));
    [name, code, o.past_id.map(PastKey::id)].into_iter().flatten()
}

/// As [`kindred`], of all of history.
#[cfg(test)]
pub(super) fn everybody<'a>(own: Vec<Observation<'a>>, history: &'a History<'_>) -> (Vec<Observation<'a>>, usize) {
    let mut all: Vec<Observation<'a>> = history.iter().map(|past| of_past(&past)).collect();
    let past = all.len();
    all.extend(own);
    (all, past)
}
