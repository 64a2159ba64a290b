//! The rows of all batches so far, by number: what they say is read again where it is asked for. Units and sectors have
//! one number each.

use std::collections::HashMap;
use std::io;
use std::num::NonZeroU32;

use crate::model::{BatchId, Imprint, Line, Rows};

/// A unit or a sector.
pub(super) type Name = u32;

/// A unit and a sector (`None`: all) by their numbers.
pub(super) type GroupNumber = (Name, Option<Name>);

/// The most groups that a row belongs to: of its unit and of the province, over all sectors and in its own.
pub(super) const GROUPS: usize = 4;

/// A row: its number among all rows of all batches so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct At(
    /// From 1, so that none takes no room.
    NonZeroU32,
);

impl At {
    /// Its place in a list of all rows.
    pub(super) fn place(self) -> usize {
        self.number() as usize
    }

    fn number(self) -> u32 {
        self.0.get() - 1
    }
}

/// The batches so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Each with the number of its first row.
    batches: Vec<(BatchId, u32)>,
    rows: u32,
    numbers: HashMap<String, Name>,
    names: Vec<String>,
}

impl Seen {
    /// Adds a batch; gives the number of its first row, and the numbers of its names.
    pub(super) fn add(&mut self, rows: &Imprint) -> (u32, Vec<Name>) {
        let first = self.rows;
        self.batches.push((rows.batch().clone(), first));
        self.rows = self.rows.saturating_add(u32::try_from(rows.lines().len()).unwrap_or(u32::MAX));
        (first, rows.names().iter().map(|name| self.number(name)).collect())
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows as usize
    }

    /// The row of this number in the batch whose first row has the number `first`.
    pub(super) fn at(first: u32, line: &Line) -> At {
        At(NonZeroU32::MIN.saturating_add(first.saturating_add(line.number)))
    }

    /// The number of a name.
    pub(super) fn number(&mut self, name: &str) -> Name {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let next = Name::try_from(self.names.len()).unwrap_or(Name::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), next);
        next
    }

    /// The name of a number.
    pub(super) fn name(&self, number: Name) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    /// Position of the batch of a row, and the number of the row in it.
    pub(super) fn place(&self, at: At) -> (u32, u32) {
        let batch = self.batches.partition_point(|(_, first)| *first <= at.number()).saturating_sub(1);
        let first = self.batches.get(batch).map_or(0, |(_, first)| *first);
        (u32::try_from(batch).unwrap_or(u32::MAX), at.number() - first)
    }

    /// Of all rows, in their order: position of the batch, and the number of the row in it.
    pub(super) fn places(&self) -> impl Iterator<Item = (u32, u32)> {
        let ends = self.batches.iter().skip(1).map(|(_, first)| *first).chain([self.rows]);
        let lengths = self.batches.iter().zip(ends).map(|((_, first), end)| end - first);
        (0..).zip(lengths).flat_map(|(batch, rows)| (0..rows).map(move |row| (batch, row)))
    }

    /// The batch at a position.
    pub(super) fn batch(&self, position: usize) -> Option<&BatchId> {
        self.batches.get(position).map(|(batch, _)| batch)
    }

    /// All batches, in their order.
    pub(super) fn batches(&self) -> impl ExactSizeIterator<Item = &BatchId> {
        self.batches.iter().map(|(batch, _)| batch)
    }

    /// Reads rows again.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn read(&self, mut wanted: Vec<At>, rows: &dyn Rows) -> io::Result<Again> {
        wanted.sort_unstable();
        wanted.dedup();
        let places: Vec<(u32, u32)> = wanted.iter().map(|at| self.place(*at)).collect();
        let mut parts = Vec::new();
        for of_batch in places.chunk_by(|a, b| a.0 == b.0) {
            let Some(batch) = of_batch.first().and_then(|(position, _)| self.batch(*position as usize)) else {
                continue;
            };
            let numbers: Vec<u32> = of_batch.iter().map(|(_, row)| *row).collect();
            parts.push(rows.some(batch, &numbers)?);
        }
        Ok(Again { wanted, parts })
    }
}

/// Rows that were read again.
pub(super) struct Again {
    /// They rise.
    wanted: Vec<At>,
    parts: Vec<Imprint>,
}

impl Again {
    /// By row, rising: its batch, and the row.
    pub(super) fn by_row(&self) -> impl Iterator<Item = (At, (&Imprint, &Line))> {
        let lines = self.parts.iter().flat_map(|part| part.lines().iter().map(move |line| (part, line)));
        self.wanted.iter().copied().zip(lines)
    }
}

/// The groups that a row of this unit and sector belongs to: its unit and the province, over all sectors and in its own.
pub(super) fn groups((unit, sector): GroupNumber, province: Name) -> impl Iterator<Item = GroupNumber> {
    [unit, province]
        .into_iter()
        .flat_map(move |unit| [Some((unit, None)), sector.map(|sector| (unit, Some(sector)))].into_iter().flatten())
}
