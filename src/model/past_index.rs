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
    keys: Box<[PastKey]>,
    /// The number of the row of each.
    rows: Box<[u32]>,
    /// A bit for each key, at the place that its last bits say: most keys that are not there are told by it, and it is small
    /// enough to stay near the processor while all keys of another batch are asked for. Its length is a power of two.
    filter: Box<[u64]>,
    started: bool,
}

/// At least so many bits of the filter for each key: of eight keys that are not there, one is looked for in vain.
const BITS_PER_KEY: usize = 8;

impl RowKeys {
    /// Of all rows of a batch.
    #[must_use]
    pub fn of(rows: &Imprint) -> Self {
        let mut all: Vec<(PastKey, u32)> =
            rows.lines().iter().flat_map(|line| line.keys().map(|key| (key, line.number))).collect();
        all.sort_unstable();
        let keys = all.iter().map(|(key, _)| *key).collect();
        Self::sorted(keys, all.iter().map(|(_, row)| *row).collect(), rows.started())
    }

    /// As they were kept.
    pub(super) fn sorted(keys: Box<[PastKey]>, rows: Box<[u32]>, started: bool) -> Self {
        let words = (keys.len() * BITS_PER_KEY).div_ceil(64).next_power_of_two();
        let mut filter = vec![0; words].into_boxed_slice();
        for key in &keys {
            let (word, bit) = place(*key, words);
            if let Some(word) = filter.get_mut(word) {
                *word |= bit;
            }
        }
        Self { keys, rows, filter, started }
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

    /// Whether a key may be there.
    fn may_hold(&self, key: PastKey) -> bool {
        let (word, bit) = place(key, self.filter.len());
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Where the key stands, or would stand, for the first time.
    fn position(&self, key: PastKey) -> usize {
        // Keys are as good as random: each is about where its share of all says.
        let share = (u128::from(key.number()) * self.keys.len() as u128) >> 64;
        let guess = usize::try_from(share).unwrap_or(usize::MAX);
        let (mut from, mut to, mut reach) = (guess, guess, 1);
        while from > 0 && self.keys.get(from).is_none_or(|other| *other >= key) {
            from = from.saturating_sub(reach);
            reach *= 2;
        }
        reach = 1;
        while self.keys.get(to).is_some_and(|other| *other < key) {
            to += reach;
            reach *= 2;
        }
        let near = self.keys.get(from..to.min(self.keys.len())).unwrap_or_default();
        from + near.partition_point(|other| *other < key)
    }

    fn holds(&self, key: PastKey) -> bool {
        self.may_hold(key) && self.keys.get(self.position(key)) == Some(&key)
    }

    /// The rows of these keys, rising.
    fn of_keys(&self, wanted: &[PastKey]) -> Vec<u32> {
        let mut found = Vec::new();
        for key in wanted.iter().filter(|key| self.may_hold(**key)) {
            let from = self.position(*key);
            let keys = self.keys.get(from..).unwrap_or_default().iter().zip(self.rows.get(from..).unwrap_or_default());
            found.extend(keys.take_while(|(other, _)| *other == key).map(|(_, row)| *row));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Word and bit of a key in a filter of so many words, a power of two.
fn place(key: PastKey, words: usize) -> (usize, u64) {
    let number = key.number();
    let word = usize::try_from(number >> 6 & (words as u64).wrapping_sub(1)).unwrap_or(0);
    (word, 1 << (number & 63))
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
        /// Filter and guess find what going through everything finds.
        #[test]
        fn look_ups_find_all_and_nothing_else(
            own in prop::collection::vec(number(), 0..80),
            wanted in prop::collection::vec(number(), 0..80),
        ) {
            let (own, wanted) = (keys(&own), keys(&wanted));
            let rows: Vec<u32> = (0..).take(own.len()).map(|at: u32| at * 7 % 13).collect();
            let plain: std::collections::BTreeSet<u32> =
                own.iter().zip(&rows).filter(|(key, _)| wanted.contains(key)).map(|(_, row)| *row).collect();
            let index = RowKeys::sorted(own.clone().into(), rows.into(), false);
            for key in own.iter().chain(&wanted) {
                prop_assert_eq!(index.holds(*key), own.contains(key));
            }
            prop_assert_eq!(index.of_keys(&wanted), plain.into_iter().collect::<Vec<_>>());
        }
    }
}
