//! Projects that belong together without being one: a whole whose parts are listed separately later (split), and parts
//! that are listed as a whole later (merged, 打捆).
//!
//! Told by owner and name: 产业园项目, 产业园一期项目 and 产业园二期项目 of one owner. Nothing is joined or added up; it is
//! noted, because counts of projects depend on it.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};

use super::observation::{Observation, of_sighting};
use crate::model::{Kinship, Sighting, part_base};

/// The fewest projects of one owner and name that can belong together: a whole and two parts.
pub const LEAST_KIN: usize = 3;
/// Projects of one owner and name beyond which nothing is concluded.
const MAX_PARTS: usize = 32;
/// The parts together cost between this many percent of the whole …
const LEAST_PERCENT: i64 = 50;
/// … and this many.
const MOST_PERCENT: i64 = 200;

/// A project by its first row.
struct Project<'a> {
    id: &'a str,
    seen: Observation<'a>,
}

impl Project<'_> {
    /// Its owner, or the credit code where that alone is stated.
    fn owner(&self) -> &str {
        if self.seen.owner.is_empty() { &self.seen.credit } else { &self.seen.owner }
    }
}

/// By id of each part or whole: how it belongs to the others, and their ids in order. Most projects are neither: who has
/// many passes those of a family with a part only, see [`crate::model::Line::family`].
#[must_use]
pub fn kin<S: Borrow<Sighting>>(sightings: &[S]) -> BTreeMap<String, (Kinship, Vec<String>)> {
    let mut known = HashSet::with_capacity(sightings.len());
    let firsts = sightings.iter().map(Borrow::borrow).filter(|s| known.insert(s.project_id.as_str()));
    let projects: Vec<Project<'_>> = firsts.map(|s| Project { id: &s.project_id, seen: of_sighting(s) }).collect();
    let mut families: BTreeMap<(&str, &str, String), Vec<&Project<'_>>> = BTreeMap::new();
    for project in &projects {
        let base = part_base(&project.seen.name);
        if !project.owner().is_empty() && !base.is_empty() {
            families.entry((project.seen.unit, project.owner(), base)).or_default().push(project);
        }
    }
    let mut found = BTreeMap::new();
    for mut family in families.into_values().filter(|f| (LEAST_KIN..=MAX_PARTS).contains(&f.len())) {
        family.sort_by_key(|project| project.id);
        relate(&family, &mut found);
    }
    found
}

/// One whole and its parts, all of them later or all of them earlier.
fn relate(family: &[&Project<'_>], found: &mut BTreeMap<String, (Kinship, Vec<String>)>) {
    let (parts, wholes): (Vec<&Project<'_>>, Vec<&Project<'_>>) =
        family.iter().copied().partition(|p| !p.seen.parts.is_empty());
    let [whole] = wholes.as_slice() else { return };
    let mut marks: Vec<&[String]> = parts.iter().map(|p| p.seen.parts.as_slice()).collect();
    marks.sort_unstable();
    marks.dedup();
    if parts.len() < 2 || marks.len() < parts.len() || !adds_up(whole, &parts) {
        return;
    }
    let (of_whole, of_part) = if parts.iter().all(|p| p.seen.slot > whole.seen.slot) {
        (Kinship::SplitInto, Kinship::SplitFrom)
    } else if parts.iter().all(|p| p.seen.slot < whole.seen.slot) {
        (Kinship::MergedFrom, Kinship::MergedInto)
    } else {
        return;
    };
    let ids = parts.iter().map(|p| p.id.to_owned()).collect();
    found.insert(whole.id.to_owned(), (of_whole, ids));
    for part in parts {
        found.insert(part.id.to_owned(), (of_part, vec![whole.id.to_owned()]));
    }
}

/// Amounts that are known do not speak against it.
fn adds_up(whole: &Project<'_>, parts: &[&Project<'_>]) -> bool {
    let sum = parts.iter().try_fold(0i64, |sum, p| sum.checked_add(p.seen.total?));
    match (whole.seen.total, sum) {
        (Some(whole), Some(sum)) => {
            let percent = i128::from(sum) * 100;
            (i128::from(whole) * i128::from(LEAST_PERCENT)..=i128::from(whole) * i128::from(MOST_PERCENT))
                .contains(&percent)
        }
        _ => true,
    }
}
