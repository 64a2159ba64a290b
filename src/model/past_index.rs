//! Which rows of which batches say what, without the rows themselves: however many batches there are, only those rows
//! need be at hand that can have to do with the batch that is being made.

use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasherDefault;
use std::io;
use std::sync::Arc;

use super::{AsItIs, BatchId, History, Imprint, Line, PastKey};

/// Where the rows of batches are.
pub trait Rows: Sync {
    /// The rows of a batch with these numbers, which rise.
    ///
    /// # Errors
    /// When they cannot be read, or there is no such row.
    fn some(&self, batch: &BatchId, rows: &[u32]) -> io::Result<Imprint>;
}

/// In memory.
impl Rows for BTreeMap<BatchId, Arc<Imprint>> {
    fn some(&self, batch: &BatchId, rows: &[u32]) -> io::Result<Imprint> {
        Ok(self.get(batch).ok_or(io::ErrorKind::NotFound)?.pick(rows))
    }
}

/// What the rows of one batch are looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowKeys {
    /// They rise.
    keys: Vec<PastKey>,
    /// The number of the row of each.
    rows: Vec<u32>,
    started: bool,
}

impl RowKeys {
    /// Of all rows of a batch.
    #[must_use]
    pub fn of(rows: &Imprint) -> Self {
        let mut all: Vec<(PastKey, u32)> =
            rows.lines().iter().flat_map(|line| line.keys().map(|key| (key, line.number))).collect();
        all.sort_unstable();
        let (keys, rows_of) = all.into_iter().unzip();
        Self { keys, rows: rows_of, started: rows.started() }
    }

    /// As they were kept.
    pub(super) fn sorted(keys: Vec<PastKey>, rows: Vec<u32>, started: bool) -> Self {
        Self { keys, rows, started }
    }

    /// The keys, rising.
    pub(super) fn keys(&self) -> &[PastKey] {
        &self.keys
    }

    /// The number of the row of each key.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Whether the batch has a project in its 开工 list.
    pub(super) fn started(&self) -> bool {
        self.started
    }

    fn holds(&self, key: PastKey) -> bool {
        // Keys are as good as random: each is about where its share of all says.
        let share = (u128::from(key.number()) * self.keys.len() as u128) >> 64;
        let guess = usize::try_from(share).unwrap_or(usize::MAX);
        let (mut from, mut to, mut reach) = (guess, guess + 1, 1);
        while from > 0 && self.keys.get(from).is_none_or(|other| *other > key) {
            from = from.saturating_sub(reach);
            reach *= 2;
        }
        reach = 1;
        while self.keys.get(to).is_some_and(|other| *other < key) {
            to += reach;
            reach *= 2;
        }
        let near = self.keys.get(from..(to + 1).min(self.keys.len())).unwrap_or_default();
        near.binary_search(&key).is_ok()
    }

    /// The rows of these keys, which rise. Goes through both side by side, in leaps where one is much shorter.
    fn of_keys(&self, wanted: &[PastKey]) -> Vec<u32> {
        let (mut keys, mut rows) = (&*self.keys, &*self.rows);
        let mut found = Vec::new();
        for key in wanted {
            let mut reach = 1;
            while keys.get(reach).is_some_and(|other| other < key) {
                reach *= 2;
            }
            let near = keys.get(..=reach).unwrap_or(keys);
            let from = near.partition_point(|other| other < key);
            (keys, rows) = (keys.get(from..).unwrap_or_default(), rows.get(from..).unwrap_or_default());
            found.extend(keys.iter().zip(rows).take_while(|(other, _)| *other == key).map(|(_, row)| *row));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What the rows of other batches are looked up by. It grows batch by batch, and a batch can be taken out again.
#[derive(Debug, Clone, Default)]
pub struct PastIndex {
    batches: BTreeMap<BatchId, RowKeys>,
}

impl PastIndex {
    /// Adds a batch, in place of what was known of it.
    pub fn add(&mut self, batch: BatchId, keys: RowKeys) {
        self.batches.insert(batch, keys);
    }

    /// Takes a batch out.
    pub fn remove(&mut self, batch: &BatchId) {
        self.batches.remove(batch);
    }

    /// The rows that share one of these keys, or share a key with one that does, and so on.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn around(&self, keys: impl Iterator<Item = PastKey>, rows: &dyn Rows) -> io::Result<History<'_>> {
        let mut history = History::of(self);
        let mut asked: HashSet<PastKey, BuildHasherDefault<AsItIs>> = HashSet::default();
        let mut seen = HashSet::new();
        let mut open: Vec<PastKey> = keys.collect();
        while !open.is_empty() {
            open.sort_unstable();
            open.dedup();
            asked.extend(open.iter().copied());
            let mut next = Vec::new();
            for (at, (batch, own)) in self.batches.iter().enumerate() {
                let mut found = own.of_keys(&open);
                found.retain(|row| seen.insert((at, *row)));
                if found.is_empty() {
                    continue;
                }
                let found = rows.some(batch, &found)?;
                next.extend(found.lines().iter().flat_map(Line::keys).filter(|key| !asked.contains(key)));
                history.add(Arc::new(found));
            }
            open = next;
        }
        Ok(history)
    }

    /// Whether some row has this key.
    pub(super) fn holds(&self, key: PastKey) -> bool {
        self.batches.values().any(|own| own.holds(key))
    }

    /// Whether a batch before this one has a project in its 开工 list.
    pub(super) fn started_before(&self, batch: &BatchId) -> bool {
        self.batches.range(..batch).any(|(_, own)| own.started)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(numbers: &[u64]) -> Vec<PastKey> {
        let mut keys: Vec<PastKey> = numbers.iter().map(|number| PastKey::from_number(*number)).collect();
        keys.sort_unstable();
        keys
    }

    fn number() -> impl Strategy<Value = u64> {
        // Crowded at both ends and in the middle, and anywhere.
        prop_oneof![1..40u64, (u64::MAX - 40)..u64::MAX, (1 << 63)..(1u64 << 63) + 40, any::<u64>()]
    }

    proptest! {
        /// Leaps and guesses find what going through everything finds.
        #[test]
        fn look_ups_find_all_and_nothing_else(
            own in prop::collection::vec(number(), 0..80),
            wanted in prop::collection::vec(number(), 0..80),
        ) {
            let (own, mut wanted) = (keys(&own), keys(&wanted));
            let rows: Vec<u32> = (0..).take(own.len()).map(|at: u32| at * 7 % 13).collect();
            let plain: std::collections::BTreeSet<u32> =
                own.iter().zip(&rows).filter(|(key, _)| wanted.contains(key)).map(|(_, row)| *row).collect();
            let index = RowKeys::sorted(own.clone(), rows, false);
            for key in own.iter().chain(&wanted) {
                prop_assert_eq!(index.holds(*key), own.contains(key));
            }
            wanted.dedup();
            prop_assert_eq!(index.of_keys(&wanted), plain.into_iter().collect::<Vec<_>>());
        }
    }
}
