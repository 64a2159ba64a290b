//! Rows of all batches so far, with one number for each unit and sector.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Imprint, Line};

/// A unit or a sector.
pub(super) type Name = u32;

/// A unit and a sector (`None`: all) by their numbers.
pub(super) type GroupNumber = (Name, Option<Name>);

/// The most groups that a row belongs to: of its unit and of the province, over all sectors and in its own.
pub(super) const GROUPS: usize = 4;

/// Where a row is: batch and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    block: u32,
    row: u32,
}

impl At {
    pub(super) fn batch(self) -> usize {
        self.block as usize
    }

    pub(super) fn row(self) -> usize {
        self.row as usize
    }
}

/// The rows of one batch, with the numbers of its names.
#[derive(Debug)]
struct Block {
    rows: Arc<Imprint>,
    names: Vec<Name>,
}

/// The rows of all batches so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    blocks: Vec<Block>,
    numbers: HashMap<String, Name>,
    names: Vec<String>,
}

impl Seen {
    /// Adds a batch; gives where its accepted rows are.
    pub(super) fn add(&mut self, rows: &Arc<Imprint>) -> impl Iterator<Item = At> + use<> {
        let names = rows.names().iter().map(|name| self.number(name)).collect();
        let block = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        self.blocks.push(Block { rows: Arc::clone(rows), names });
        let rows = Arc::clone(rows);
        (0u32..)
            .take(rows.lines().len())
            .filter(move |row| {
                let line = rows.lines().get(*row as usize);
                line.is_some_and(|line| line.accepted)
            })
            .map(move |row| At { block, row })
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

    /// The batch of a row, and the row.
    pub(super) fn get(&self, at: At) -> Option<(&Imprint, &Line)> {
        let rows = &*self.blocks.get(at.batch())?.rows;
        Some((rows, rows.lines().get(at.row())?))
    }

    /// All batches, in their order.
    pub(super) fn batches(&self) -> impl ExactSizeIterator<Item = &Arc<Imprint>> {
        self.blocks.iter().map(|block| &block.rows)
    }

    /// Unit and sector of a row.
    pub(super) fn own(&self, at: At) -> Option<GroupNumber> {
        let block = self.blocks.get(at.batch())?;
        let line = block.rows.lines().get(at.row())?;
        let name = |local: u32| block.names.get(local as usize).copied();
        Some((name(line.unit)?, line.sector.and_then(name)))
    }
}

/// The groups that a row of this unit and sector belongs to: its unit and the province, over all sectors and in its own.
pub(super) fn groups((unit, sector): GroupNumber, province: Name) -> impl Iterator<Item = GroupNumber> {
    [unit, province]
        .into_iter()
        .flat_map(move |unit| [Some((unit, None)), sector.map(|sector| (unit, Some(sector)))].into_iter().flatten())
}
