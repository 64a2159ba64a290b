//! Conversion rates, over all projects known so far.

use std::num::NonZeroU64;

use jiff::civil::Date;

use super::amounts::ONE;
use super::seen::{At, GROUPS, GroupNumber, Name, groups};
use super::table::Figure;
use crate::model::{Milestone, NumberMap, Stage};
use crate::spec::{Indicators, Rate};

/// A row, as far as rates and delays ask for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) at: At,
    /// Number of its unit and sector, see [`Rates::own`].
    pub(super) own: u32,
    /// The day that time is counted from, see [`super::lag`].
    pub(super) since: Option<Date>,
}

/// What is known of a project: its first row in each list, and what was said of it. There is one for every project of all
/// batches, and each row looks one up: it is kept small.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Checksum of all that its rows say, in their order.
    pub(super) print: u64,
    /// Position of the batch that lists it first.
    pub(super) first_batch: u32,
    /// Latest row.
    pub(super) latest: At,
    /// First rows, in the order of [`Stage::ALL`].
    pub(super) stages: [Option<At>; 3],
    /// Of these rows [`Row::own`].
    own: [u32; 3],
    /// Of those of 签约 and 开工 [`Row::since`].
    pub(super) since: [Option<Date>; 2],
    /// 履约; once reached, always reached.
    pub(super) performed: Option<bool>,
    /// 达效.
    pub(super) capacity: Option<bool>,
    /// What its first row says, see [`Line::family`](crate::model::Line::family).
    pub(super) family: Option<NonZeroU64>,
}

impl State {
    /// Of a project whose first row is at hand.
    pub(super) fn new(first_batch: u32, first: At, family: Option<NonZeroU64>) -> Self {
        Self {
            print: 0,
            family,
            first_batch,
            latest: first,
            stages: [None; 3],
            own: [0; 3],
            since: [None; 2],
            performed: None,
            capacity: None,
        }
    }

    /// A further row of the project, and what it says of 履约 and 达效.
    pub(super) fn see(&mut self, row: Row, stage: Stage, (performed, capacity): (Option<bool>, Option<bool>)) {
        let stage = stage.index();
        if self.stages[stage].is_none() {
            (self.stages[stage], self.own[stage]) = (Some(row.at), row.own);
            if let Some(since) = self.since.get_mut(stage) {
                *since = row.since;
            }
        }
        self.latest = row.at;
        let sticky = |old: Option<bool>, new: Option<bool>| if old == Some(true) { old } else { new.or(old) };
        self.performed = sticky(self.performed, performed);
        self.capacity = sticky(self.capacity, capacity);
    }

    /// Its first row.
    pub(super) fn first(&self) -> At {
        // There is no list without a row.
        self.stages.iter().flatten().min().copied().unwrap_or(self.latest)
    }

    /// Whether a milestone was reached, and whether it is one that only statements tell and was spoken of.
    fn stands(&self, milestone: Milestone) -> (bool, bool) {
        match milestone {
            Milestone::Performed => (self.performed == Some(true), self.performed.is_some()),
            Milestone::Start => (self.stages[Stage::Start.index()].is_some(), false),
            Milestone::Production => (self.stages[Stage::Production.index()].is_some(), false),
            Milestone::Capacity => (self.capacity == Some(true), self.capacity.is_some()),
        }
    }

    /// What the project adds to a rate: nothing unless it was listed where the rate starts.
    fn share(&self, rate: &Rate) -> Tally {
        if self.stages[rate.of.index()].is_none() {
            return Tally::default();
        }
        let (mut reached, mut spoken) = (false, false);
        for stands in rate.reached.iter().map(|milestone| self.stands(*milestone)) {
            (reached, spoken) = (reached | stands.0, spoken | stands.1);
        }
        Tally { projects: 1, reached: reached.into(), spoken: spoken.into() }
    }
}

/// Projects of one rate in one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    projects: i64,
    reached: i64,
    spoken: i64,
}

/// All rates of all groups.
#[derive(Debug, Default)]
pub(super) struct Rates {
    /// Position of each group.
    positions: NumberMap<usize>,
    /// Number of each unit and sector of a row.
    numbers: NumberMap<u32>,
    /// By this number: unit and sector, and, once such a row has counted, the positions of all groups that it belongs to. There
    /// are few of these, and many rows.
    of_rows: Vec<(GroupNumber, Option<[usize; GROUPS]>)>,
    tallies: Vec<(GroupNumber, Vec<Tally>)>,
}

/// A group as one number that is as good as random.
fn number((unit, sector): GroupNumber) -> u64 {
    // Odd, with as many ones as zeros: different groups have different numbers.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (u64::from(unit) << 32 | u64::from(sector.map_or(0, |s| s.saturating_add(1)))).wrapping_mul(FACTOR)
}

impl Rates {
    /// The number of unit and sector of a row.
    pub(super) fn own(&mut self, own: GroupNumber) -> u32 {
        *self.numbers.entry(number(own)).or_insert_with(|| {
            self.of_rows.push((own, None));
            u32::try_from(self.of_rows.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// Positions of the groups of a row by the number of its unit and sector.
    fn positions_of(&mut self, row: u32, province: Name, rates: usize) -> Option<[usize; GROUPS]> {
        let (own, known) = *self.of_rows.get(row as usize)?;
        if known.is_some() {
            return known;
        }
        let mut positions = [usize::MAX; GROUPS];
        for (position, group) in positions.iter_mut().zip(groups(own, province)) {
            *position = self.position(group, rates);
        }
        self.of_rows.get_mut(row as usize)?.1 = Some(positions);
        Some(positions)
    }

    fn position(&mut self, group: GroupNumber, rates: usize) -> usize {
        *self.positions.entry(number(group)).or_insert_with(|| {
            self.tallies.push((group, vec![Tally::default(); rates]));
            self.tallies.len() - 1
        })
    }

    /// Replaces what a project counted for by what it counts for now, in the groups of its first row in the list where the
    /// rate starts: where a project was signed, its start counts, whoever lists it later.
    pub(super) fn update(&mut self, before: &State, now: &State, province: Name, spec: &Indicators) {
        for (r, rate) in spec.rate.iter().enumerate() {
            let (was, is) = (before.share(rate), now.share(rate));
            if was == is {
                continue;
            }
            let positions = self.positions_of(now.own[rate.of.index()], province, spec.rate.len());
            for at in positions.into_iter().flatten() {
                if let Some(tally) = self.tallies.get_mut(at).and_then(|(_, tallies)| tallies.get_mut(r)) {
                    tally.projects += is.projects - was.projects;
                    tally.reached += is.reached - was.reached;
                    tally.spoken += is.spoken - was.spoken;
                }
            }
        }
    }

    /// Groups with a project in any rate.
    pub(super) fn groups(&self) -> impl Iterator<Item = GroupNumber> {
        self.tallies.iter().map(|(group, _)| *group)
    }

    /// Figures of a group.
    pub(super) fn figures(&self, group: GroupNumber, spec: &Indicators) -> Vec<Figure> {
        let tallies =
            self.positions.get(&number(group)).and_then(|at| self.tallies.get(*at)).map(|(_, tallies)| tallies);
        let figure = |(r, rate): (usize, &Rate)| {
            let tally = tallies.and_then(|t| t.get(r)).copied().unwrap_or_default();
            let known = !rate.needs_statement || tally.spoken > 0;
            Figure::ratio(rate.measure, rate.of, known.then_some(tally.reached * ONE), tally.projects * ONE)
        };
        spec.rate.iter().enumerate().map(figure).collect()
    }
}
