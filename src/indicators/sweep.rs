//! Once through all batches, oldest first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::amounts::Amounts;
use super::lag;
use super::rates::{Rates, State};
use super::seen::{At, GroupNumber, Name, Seen, groups};
use super::table::{Before, Figure, Group, indicators};
use crate::model::{BatchId, Imprint, Indicator, Laggard, NumberMap, chained};
use crate::spec::Spec;

/// What one batch looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Batch.
    pub batch: BatchId,
    /// Its indicators: the province first, then roster order.
    pub indicators: Vec<Indicator>,
    /// Projects that lag on its day; empty when its day is not known.
    pub laggards: Vec<Laggard>,
}

/// How much of a batch's outlook is asked for. Whatever it is, later batches are told the same; but values of the batch before
/// are those that were asked for there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Only later batches are.
    Nothing,
    /// Indicators of the province over all sectors.
    Province,
    /// All indicators.
    Indicators,
    /// Indicators and laggards.
    All,
}

/// What is read by a day about what a row says (header, text): `(履约, 达效)`.
pub type Told<'a> = dyn Fn(&[(String, String)], Option<Date>) -> (Option<bool>, Option<bool>) + Send + 'a;

/// Goes through the batches one by one, oldest first, and holds what is known after those that it has seen.
pub struct Sweep<'a> {
    told: Box<Told<'a>>,
    spec: &'a Spec,
    seen: Seen,
    province: Name,
    /// By number of the project's id. Only ever looked up, or sorted after it was gone through.
    states: NumberMap<State>,
    /// First rows of projects that may be parts or wholes.
    in_families: Vec<At>,
    rates: Rates,
    before: Before,
}

impl<'a> Sweep<'a> {
    /// Nothing is known yet; `told` says what a row says by a day.
    #[must_use]
    pub fn new(told: Box<Told<'a>>, spec: &'a Spec) -> Self {
        let mut seen = Seen::default();
        let province = seen.number(&spec.roster.province_code);
        let (rates, before) = (Rates::default(), Before::default());
        Self { told, spec, seen, province, states: NumberMap::default(), in_families: Vec::new(), rates, before }
    }

    /// The outlook of a batch with these rows, of which those that were rejected do not count, as far as it is `asked` for.
    /// Those before it have been added already.
    pub fn add(&mut self, rows: &Arc<Imprint>, asked: Asked) -> Outlook {
        let (spec, batch) = (self.spec, rows.batch());
        let as_of = spec.batches.get(batch).and_then(|b| b.date);
        let mut amounts = Amounts::default();
        for at in self.seen.add(rows) {
            if let Some((_, line)) = self.seen.get(at).filter(|_| asked != Asked::Nothing) {
                let of_province = |group: &GroupNumber| asked != Asked::Province || *group == (self.province, None);
                let own = self.seen.own(at).into_iter().flat_map(|own| groups(own, self.province));
                amounts.add(line, own.filter(of_province), &spec.indicators);
            }
            self.see(at, as_of);
        }
        let groups = match asked {
            Asked::Nothing => BTreeSet::new(),
            Asked::Province => BTreeSet::from([(self.province, None)]),
            Asked::Indicators | Asked::All => self.all_groups(&amounts),
        };
        let figures = self.figures(groups, &amounts);
        let laggards = match as_of.filter(|_| asked == Asked::All) {
            Some(day) => lag::laggards(self.states.values(), &self.seen, day, spec),
            None => Vec::new(),
        };
        let indicators = indicators(batch, figures, &mut self.before, &spec.roster);
        Outlook { batch: batch.clone(), indicators, laggards }
    }

    /// A row changes what is known of its project, and with it the rates that the project counts in.
    fn see(&mut self, at: At, as_of: Option<Date>) {
        let Some((rows, line)) = self.seen.get(at) else { return };
        let told = if line.speaks { (self.told)(&rows.said(line), as_of) } else { (None, None) };
        let state = self.states.entry(line.id).or_insert_with(|| {
            self.in_families.extend(line.family.map(|_| at));
            State::new(at)
        });
        let was = *state;
        state.see(at, line.stage, told);
        state.print = chained(state.print, line.print);
        self.rates.update(&was, state, |first| self.seen.own(first), self.province, &self.spec.indicators);
    }

    /// Every unit of the roster and the province over all sectors, and every sector that has anything.
    fn all_groups(&mut self, amounts: &Amounts) -> BTreeSet<GroupNumber> {
        let units = self.spec.roster.unit.iter().map(|u| (self.seen.number(&u.code), None));
        let all: BTreeSet<GroupNumber> = units.chain([(self.province, None)]).collect();
        all.into_iter().chain(amounts.groups()).chain(self.rates.groups()).collect()
    }

    fn figures(&self, groups: BTreeSet<GroupNumber>, amounts: &Amounts) -> BTreeMap<Group, Vec<Figure>> {
        let name = |number: Name| self.seen.name(number).to_owned();
        let of = |group: GroupNumber| {
            let mut figures = amounts.figures(group, &self.spec.indicators);
            figures.extend(self.rates.figures(group, &self.spec.indicators));
            ((name(group.0), group.1.map(name)), figures)
        };
        groups.into_iter().map(of).collect()
    }

    /// The batches that were added, in their order.
    #[must_use]
    pub fn batches(&self) -> impl ExactSizeIterator<Item = &Arc<Imprint>> {
        self.seen.batches()
    }

    /// Position of the batch that lists the project with an id of this number first.
    #[must_use]
    pub fn first_batch(&self, id: u64) -> Option<usize> {
        self.states.get(&id).map(|state| state.first.batch())
    }

    /// Of each project, in any order: the position of the batch that lists it first, and the checksum of all that its rows
    /// say.
    pub fn prints(&self) -> impl Iterator<Item = (usize, u128)> {
        self.states.values().map(|state| (state.first.batch(), state.print))
    }

    /// The first row of each project that may be a part or a whole, oldest first: position of the batch, and the row in it.
    pub fn in_families(&self) -> impl Iterator<Item = (usize, usize)> {
        self.in_families.iter().map(|at| (at.batch(), at.row()))
    }
}
