//! Observations → projects → ids.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use sha2::{Digest, Sha256};

use super::Link;
use super::evidence::{Reason, same_amount, same_by_code, same_by_owner, same_with_new_owner, same_without_owner};
use super::observation::Observation;
use crate::model::hex;

/// Hex digits of an id: 64 bits, far beyond the number of projects that a province will ever have.
const ID_DIGITS: usize = 16;
/// Projects of one name and owner that a further observation is compared with; more of them are a list gone wrong.
const MAX_RIVALS: usize = 64;

/// Projects of one name at one place beyond which nothing is concluded: a stage each, and one to spare.
const MAX_STAGES: usize = 4;

/// Links of the observations after the first `past` ones. `taken` knows the ids of all published projects, also of those
/// that are not among the observations.
pub(super) fn link(observations: &[Observation<'_>], past: usize, taken: &dyn Fn(&str) -> bool) -> Vec<Link> {
    let mut clusters = Clusters::new(observations);
    clusters.join_published();
    clusters.join(Reason::Code, |o| (!o.code.is_empty()).then_some((o.code.as_str(), "")), same_by_code);
    clusters.join(Reason::CreditCode, |o| named(o, &o.credit), same_by_owner);
    clusters.join(Reason::Owner, |o| named(o, &o.owner), same_by_owner);
    clusters.join_places(|o| (&o.name, o.unit, &o.county), |_, _| true);
    clusters.join_places(|o| (&o.name, o.unit, ""), same_amount);
    clusters.join_places(|o| (&o.name, "", ""), same_amount);
    let ids = clusters.ids(taken);
    (past..observations.len())
        .map(|i| {
            let root = clusters.root(i);
            let project_id = ids.get(&root).cloned().unwrap_or_default();
            Link { project_id, reason: clusters.reasons[i] }
        })
        .collect()
}

/// The name under this other thing, when both are said.
fn named<'a>(o: &'a Observation<'_>, by: &'a str) -> Option<(&'a str, &'a str)> {
    (!o.name.is_empty() && !by.is_empty()).then_some((by, o.name.as_str()))
}

/// Disjoint sets of observations.
struct Clusters<'a> {
    all: &'a [Observation<'a>],
    parents: Vec<usize>,
    reasons: Vec<Reason>,
}

impl<'a> Clusters<'a> {
    fn new(all: &'a [Observation<'a>]) -> Self {
        Self { all, parents: (0..all.len()).collect(), reasons: vec![Reason::New; all.len()] }
    }

    fn root(&mut self, mut i: usize) -> usize {
        while self.parents[i] != i {
            self.parents[i] = self.parents[self.parents[i]];
            i = self.parents[i];
        }
        i
    }

    fn union(&mut self, earlier: usize, later: usize, reason: Reason) {
        let (a, b) = (self.root(earlier), self.root(later));
        self.reasons[later] = self.reasons[later].min(reason);
        if a != b {
            self.parents[a.max(b)] = a.min(b);
        }
    }

    /// What was published under one id is one project.
    fn join_published(&mut self) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let all = self.all;
        for (i, o) in all.iter().enumerate() {
            if let Some(id) = o.past_id {
                let start = *first.entry(id).or_insert(i);
                self.union(start, i, Reason::New);
            }
        }
    }

    /// Positions of the observations that share a key with another one, together with those that do, by what they say, so
    /// that nothing depends on the order of files. The groups are in the order of their first positions.
    fn groups<K: Hash + Eq>(&self, key: impl Fn(&'a Observation<'a>) -> Option<K>) -> Vec<Vec<usize>> {
        let all = self.all;
        let mut first: HashMap<K, usize> = HashMap::with_capacity(all.len());
        let mut shared: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, o) in all.iter().enumerate() {
            let Some(key) = key(o) else { continue };
            match first.entry(key) {
                Entry::Occupied(one) => shared.entry(*one.get()).or_insert_with_key(|one| vec![*one]).push(i),
                Entry::Vacant(none) => {
                    none.insert(i);
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = shared.into_values().collect();
        for group in &mut groups {
            group.sort_by(|&a, &b| facts(&all[a]).cmp(&facts(&all[b])).then(a.cmp(&b)));
        }
        groups
    }

    /// Joins the observations with the same key, as far as `same` agrees for the first of each project among them.
    fn join<K: Hash + Eq>(
        &mut self,
        reason: Reason,
        key: impl Fn(&'a Observation<'a>) -> Option<K>,
        same: impl Fn(&Observation<'_>, &Observation<'_>) -> bool,
    ) {
        for group in self.groups(key) {
            let mut heads: Vec<usize> = Vec::new();
            for i in group {
                let fits = heads.iter().copied().filter(|&h| same(&self.all[h], &self.all[i]));
                match fits.max_by_key(|&h| likeness(&self.all[h], &self.all[i])) {
                    Some(head) => self.union(head, i, reason),
                    None if heads.len() < MAX_RIVALS => heads.push(i),
                    None => {}
                }
            }
        }
    }

    /// Joins what is still apart under one name at one place, if nothing there speaks against it.
    fn join_places(
        &mut self,
        key: impl Fn(&'a Observation<'a>) -> (&'a str, &'a str, &'a str),
        same: impl Fn(&Observation<'_>, &Observation<'_>) -> bool,
    ) {
        let all = self.all;
        let mut groups = self.groups(|o| (!o.name.is_empty()).then(|| key(o)));
        groups.retain(|group| group.iter().any(|&i| self.root(i) != self.root(group[0])));
        // What is joined in one group is joined in the next one: their order counts.
        groups.sort_by_key(|group| key(&all[group[0]]));
        for group in groups {
            let mut heads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for &i in &group {
                heads.entry(self.root(i)).or_default().push(i);
            }
            let rivals: Vec<Vec<usize>> = heads.into_values().collect();
            if !(2..=MAX_STAGES).contains(&rivals.len()) {
                continue;
            }
            let mut couples = (0..rivals.len()).flat_map(|a| (0..a).map(move |b| (b, a)));
            let agree = couples.all(|(a, b)| {
                let compatible = |rule: fn(&Observation<'_>, &Observation<'_>) -> bool| {
                    pairs(&rivals[a], &rivals[b]).all(|(x, y)| rule(&all[x], &all[y]) && same(&all[x], &all[y]))
                };
                compatible(same_without_owner) || compatible(same_with_new_owner)
            });
            if agree {
                let first = group.iter().copied().min_by_key(|&i| (all[i].slot, i)).unwrap_or(group[0]);
                for &i in group.iter().filter(|&&i| i != first) {
                    self.union(first, i, Reason::Place);
                }
            }
        }
    }

    /// The id of each project, by its root.
    fn ids(&mut self, taken: &dyn Fn(&str) -> bool) -> HashMap<usize, String> {
        let mut published: HashMap<usize, (u32, &str)> = HashMap::new();
        let all = self.all;
        for (i, o) in all.iter().enumerate() {
            if let Some(id) = o.past_id {
                let this = (o.slot.0, id);
                published.entry(self.root(i)).and_modify(|oldest| *oldest = this.min(*oldest)).or_insert(this);
            }
        }
        let mut fresh: BTreeMap<usize, Vec<&Observation<'_>>> = BTreeMap::new();
        for (i, o) in all.iter().enumerate() {
            let root = self.root(i);
            if !published.contains_key(&root) {
                fresh.entry(root).or_default().push(o);
            }
        }
        let mut ids: HashMap<usize, String> =
            published.into_iter().map(|(root, (_, id))| (root, id.to_owned())).collect();
        // Projects that would get the same id all get a longer key, so that none depends on which came first.
        let mut by_key: BTreeMap<String, Vec<(usize, &[&Observation<'_>])>> = BTreeMap::new();
        for (root, members) in &fresh {
            by_key.entry(base_key(members)).or_default().push((*root, members));
        }
        let mut given: HashSet<String> = HashSet::new();
        for (key, rivals) in by_key {
            let alone = rivals.len() == 1;
            let mut rivals: Vec<(String, usize)> =
                rivals.into_iter().map(|(root, members)| (distinction(members), root)).collect();
            rivals.sort();
            for (distinction, root) in rivals {
                let mut id = hash(&key);
                let mut attempt = 0;
                while (!alone && attempt == 0) || given.contains(&id) || taken(&id) {
                    id = hash(&format!("{key}|{distinction}|{attempt}"));
                    attempt += 1;
                }
                given.insert(id.clone());
                ids.insert(root, id);
            }
        }
        ids
    }
}

fn pairs<'a>(a: &'a [usize], b: &'a [usize]) -> impl Iterator<Item = (usize, usize)> + 'a {
    a.iter().take(MAX_RIVALS).flat_map(move |&x| b.iter().take(MAX_RIVALS).map(move |&y| (x, y)))
}

/// Everything that an observation says, for an order that does not depend on files. Published ones and those with a
/// code come first: they are what others are compared with.
fn facts<'o>(o: &'o Observation<'_>) -> impl Ord + use<'o> {
    let missing = (o.past_id.is_none(), o.code.is_empty(), o.county.is_empty(), o.total.is_none());
    (missing, o.slot, &*o.code, &*o.name, &*o.owner, o.unit, &*o.county, o.total)
}

/// How much two observations have in common beyond the key that brought them together.
fn likeness(a: &Observation<'_>, b: &Observation<'_>) -> (bool, bool, bool, bool) {
    (
        !a.code.is_empty() && a.code == b.code,
        a.unit == b.unit && a.county == b.county,
        a.total.is_some() && a.total == b.total,
        a.unit == b.unit,
    )
}

/// What the id of a new project is made of: what its lists always state, before what they may leave out.
fn base_key(members: &[&Observation<'_>]) -> String {
    let least = |key: &dyn Fn(&Observation<'_>) -> Option<String>| members.iter().filter_map(|o| key(o)).min();
    let both = |a: &str, b: &str| !a.is_empty() && !b.is_empty();
    least(&|o| both(&o.name, &o.owner).then(|| format!("name:{}|{}", o.name, o.owner)))
        .or_else(|| least(&|o| both(&o.name, &o.credit).then(|| format!("credit:{}|{}", o.credit, o.name))))
        .or_else(|| least(&|o| (!o.code.is_empty()).then(|| format!("code:{}", o.code))))
        .or_else(|| least(&|o| Some(format!("place:{}|{}|{}|{}", o.name, o.owner, o.unit, o.county))))
        .unwrap_or_default()
}

/// What tells apart projects of one name and owner.
fn distinction(members: &[&Observation<'_>]) -> String {
    let least =
        |key: &dyn Fn(&Observation<'_>) -> String| members.iter().map(|o| key(o)).filter(|k| !k.is_empty()).min();
    let code = least(&|o| o.code.clone()).unwrap_or_default();
    let place = least(&|o| format!("{}|{}", o.unit, o.county)).unwrap_or_default();
    let total = members.iter().filter_map(|o| o.total).min().unwrap_or_default();
    format!("{code}|{place}|{total}")
}

fn hash(key: &str) -> String {
    let mut id = hex(&Sha256::digest(key.as_bytes()));
    id.truncate(ID_DIGITS);
    id
}
