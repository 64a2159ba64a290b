//! Conversion rates, over all projects known so far.

use super::amounts::ONE;
use super::seen::{At, GROUPS, GroupNumber, Name, groups};
use super::table::Figure;
use crate::model::{Milestone, NumberMap, Stage};
use crate::spec::{Indicators, Rate};

/// What is known of a project: its first row in each list, and what was said of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// First row of all.
    pub(super) first: At,
    /// Checksum of all that its rows say, in their order.
    pub(super) print: u128,
    /// First rows, in the order of [`Stage::ALL`].
    pub(super) stages: [Option<At>; 3],
    /// Latest row.
    pub(super) latest: At,
    /// 履约; once reached, always reached.
    pub(super) performed: Option<bool>,
    /// 达效.
    pub(super) capacity: Option<bool>,
}

impl State {
    /// Of a project whose first row is at hand.
    pub(super) fn new(first: At) -> Self {
        Self { stages: [None; 3], first, print: 0, latest: first, performed: None, capacity: None }
    }

    /// A further row of the project, and what it says of 履约 and 达效.
    pub(super) fn see(&mut self, row: At, stage: Stage, (performed, capacity): (Option<bool>, Option<bool>)) {
        if let Some(first) = self.stages.get_mut(stage.index()) {
            first.get_or_insert(row);
        }
        self.latest = row;
        let sticky = |old: Option<bool>, new: Option<bool>| if old == Some(true) { old } else { new.or(old) };
        self.performed = sticky(self.performed, performed);
        self.capacity = sticky(self.capacity, capacity);
    }

    fn reached(&self, milestone: Milestone) -> bool {
        match milestone {
            Milestone::Performed => self.performed == Some(true),
            Milestone::Start => self.stages[Stage::Start.index()].is_some(),
            Milestone::Production => self.stages[Stage::Production.index()].is_some(),
            Milestone::Capacity => self.capacity == Some(true),
        }
    }

    /// Whether a milestone that only statements tell was spoken of.
    fn spoken(&self, milestone: Milestone) -> bool {
        match milestone {
            Milestone::Performed => self.performed.is_some(),
            Milestone::Capacity => self.capacity.is_some(),
            Milestone::Start | Milestone::Production => false,
        }
    }

    /// What the project adds to a rate: nothing unless it was listed where the rate starts.
    fn share(&self, rate: &Rate) -> Tally {
        if self.stages[rate.of.index()].is_none() {
            return Tally::default();
        }
        let any = |test: &dyn Fn(Milestone) -> bool| i64::from(rate.reached.iter().any(|m| test(*m)));
        Tally { projects: 1, reached: any(&|m| self.reached(m)), spoken: any(&|m| self.spoken(m)) }
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
    /// By unit and sector of a row: the positions of all groups that it belongs to.
    of_rows: NumberMap<[usize; GROUPS]>,
    tallies: Vec<(GroupNumber, Vec<Tally>)>,
}

/// A group as one number that is as good as random.
fn number((unit, sector): GroupNumber) -> u64 {
    // Odd, with as many ones as zeros: different groups have different numbers.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (u64::from(unit) << 32 | u64::from(sector.map_or(0, |s| s.saturating_add(1)))).wrapping_mul(FACTOR)
}

impl Rates {
    /// Replaces what a project counted for by what it counts for now, in the groups of its first row in the list where the
    /// rate starts: where a project was signed, its start counts, whoever lists it later. `own` tells unit and sector of a
    /// row.
    pub(super) fn update(
        &mut self,
        before: &State,
        now: &State,
        own: impl Fn(At) -> Option<GroupNumber>,
        province: Name,
        spec: &Indicators,
    ) {
        for (r, rate) in spec.rate.iter().enumerate() {
            let (was, is) = (before.share(rate), now.share(rate));
            let first = now.stages[rate.of.index()].filter(|_| was != is);
            let Some(own) = first.and_then(&own) else { continue };
            for at in self.positions_of(own, province, spec.rate.len()) {
                if let Some(tally) = self.tallies.get_mut(at).and_then(|(_, tallies)| tallies.get_mut(r)) {
                    tally.projects += is.projects - was.projects;
                    tally.reached += is.reached - was.reached;
                    tally.spoken += is.spoken - was.spoken;
                }
            }
        }
    }

    /// Positions of the groups of a row of this unit and sector: there are few of these, and many rows.
    fn positions_of(&mut self, own: GroupNumber, province: Name, rates: usize) -> [usize; GROUPS] {
        if let Some(known) = self.of_rows.get(&number(own)) {
            return *known;
        }
        let mut positions = [usize::MAX; GROUPS];
        for (position, group) in positions.iter_mut().zip(groups(own, province)) {
            *position = self.position(group, rates);
        }
        self.of_rows.insert(number(own), positions);
        positions
    }

    fn position(&mut self, group: GroupNumber, rates: usize) -> usize {
        *self.positions.entry(number(group)).or_insert_with(|| {
            self.tallies.push((group, vec![Tally::default(); rates]));
            self.tallies.len() - 1
        })
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
