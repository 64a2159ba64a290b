//! Once through all batches, oldest first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::num::NonZeroU64;

use jiff::civil::Date;

use super::amounts::Amounts;
use super::lag::{laggards, since};
use super::rates::{Rates, Row, State};
use super::seen::{GroupNumber, Name, Seen, groups};
use super::table::{Before, Figure, Group, indicators};
use crate::model::{BatchId, Imprint, Indicator, Laggard, Line, NumberMap, Rows, chained};
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
pub type Told<'a> = dyn Fn(&[(String, String)], Option<Date>) -> (Option<bool>, Option<bool>) + Send + Sync + 'a;

/// No batch: of a row that was rejected.
const REJECTED: u32 = u32::MAX;

/// Goes through the batches one by one, oldest first, and holds what is known after those that it has seen: of each project a
/// few numbers. What else a row says is read again where it is asked for.
pub struct Sweep<'a> {
    told: Box<Told<'a>>,
    rows: &'a dyn Rows,
    spec: &'a Spec,
    seen: Seen,
    province: Name,
    /// By number of the project's id: the place of its state. A table is half empty, so the states stand by themselves.
    places: NumberMap<u32>,
    /// In the order of the first rows.
    states: Vec<State>,
    /// Of each row the position of the batch that lists its project first.
    cohorts: Vec<u32>,
    /// Families of which the first row of some project is a part.
    with_part: HashSet<NonZeroU64>,
    rates: Rates,
    before: Before,
}

impl<'a> Sweep<'a> {
    /// Nothing is known yet; `told` says what a row says by a day, `rows` gives rows again.
    #[must_use]
    pub fn new(told: Box<Told<'a>>, rows: &'a dyn Rows, spec: &'a Spec) -> Self {
        let mut seen = Seen::default();
        let province = seen.number(&spec.roster.province_code);
        let (rates, before) = (Rates::default(), Before::default());
        let (places, states, cohorts, with_part) = (NumberMap::default(), Vec::new(), Vec::new(), HashSet::new());
        Self { told, rows, spec, seen, province, places, states, cohorts, with_part, rates, before }
    }

    /// The outlook of a batch with these rows, of which those that were rejected do not count, as far as it is `asked` for.
    /// Those before it have been added already.
    ///
    /// # Errors
    /// When rows of laggards cannot be read again.
    pub fn add(&mut self, rows: &Imprint, asked: Asked) -> io::Result<Outlook> {
        let (spec, batch) = (self.spec, rows.batch());
        let as_of = spec.batches.get(batch).and_then(|b| b.date);
        let mut amounts = Amounts::default();
        let (first, names) = self.seen.add(rows);
        self.cohorts.resize(self.seen.len(), REJECTED);
        for line in rows.lines().iter().filter(|line| line.accepted) {
            let name = |local: u32| names.get(local as usize).copied();
            let Some(unit) = name(line.unit) else { continue };
            let own = (unit, line.sector.and_then(name));
            if asked != Asked::Nothing {
                let of_province = |group: &GroupNumber| asked != Asked::Province || *group == (self.province, None);
                amounts.add(line, groups(own, self.province).filter(of_province), &spec.indicators);
            }
            let own = self.rates.own(own);
            self.see(rows, line, Row { at: Seen::at(first, line), own, since: since(line, as_of) }, as_of);
        }
        let groups = match asked {
            Asked::Nothing => BTreeSet::new(),
            Asked::Province => BTreeSet::from([(self.province, None)]),
            Asked::Indicators | Asked::All => self.all_groups(&amounts),
        };
        let figures = self.figures(groups, &amounts);
        let laggards = match as_of.filter(|_| asked == Asked::All) {
            Some(day) => laggards(&self.states, &self.seen, self.rows, day, spec)?,
            None => Vec::new(),
        };
        let indicators = indicators(batch, figures, &mut self.before, &spec.roster);
        Ok(Outlook { batch: batch.clone(), indicators, laggards })
    }

    /// A row changes what is known of its project, and with it the rates that the project counts in.
    fn see(&mut self, rows: &Imprint, line: &Line, row: Row, as_of: Option<Date>) {
        let told = if line.speaks { (self.told)(&rows.said(line), as_of) } else { (None, None) };
        let place = *self.places.entry(line.id).or_insert_with(|| {
            if line.is_part {
                self.with_part.extend(line.family);
            }
            let batch = self.seen.batches().len().saturating_sub(1);
            self.states.push(State::new(u32::try_from(batch).unwrap_or(u32::MAX), row.at, line.family));
            u32::try_from(self.states.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(state) = self.states.get_mut(place as usize) else { return };
        let was = *state;
        state.see(row, line.stage, told);
        state.print = chained(state.print, line.print);
        if let Some(cohort) = self.cohorts.get_mut(row.at.place()) {
            *cohort = state.first_batch;
        }
        self.rates.update(&was, state, self.province, &self.spec.indicators);
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

    /// As it is, when no batch will follow: what is only needed for further ones is given back.
    #[must_use]
    pub fn done(mut self) -> Self {
        self.places = NumberMap::default();
        self
    }

    /// The batches that were added, in their order.
    #[must_use]
    pub fn batches(&self) -> impl ExactSizeIterator<Item = &BatchId> {
        self.seen.batches()
    }

    /// Of each row that was accepted, oldest first: position of its batch, its number in it, and the position of the batch that
    /// lists its project first.
    pub fn rows(&self) -> impl Iterator<Item = (u32, u32, usize)> {
        let mut places = self.seen.places();
        self.cohorts.iter().filter_map(move |cohort| {
            let (batch, row) = places.next()?;
            (*cohort != REJECTED).then_some((batch, row, *cohort as usize))
        })
    }

    /// Rows of a batch at this position, by their numbers, which rise.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn read(&self, batch: usize, numbers: &[u32]) -> io::Result<Imprint> {
        self.rows.some(self.seen.batch(batch).ok_or(io::ErrorKind::NotFound)?, numbers)
    }

    /// Of each project, oldest first: the position of the batch that lists it first, and the checksum of all that its rows say.
    pub fn prints(&self) -> impl Iterator<Item = (usize, u64)> {
        self.states.iter().map(|state| (state.first_batch as usize, state.print))
    }

    /// The first row of each project that may be a part or a whole, oldest first: position of its batch, and its number in it.
    /// Those of families of at least so many projects, with a part among them.
    #[must_use]
    pub fn in_families(&self, least: usize) -> Vec<(u32, u32)> {
        let family = |state: &State| state.family.filter(|family| self.with_part.contains(family));
        let mut sizes: HashMap<NonZeroU64, usize> = HashMap::new();
        for family in self.states.iter().filter_map(family) {
            *sizes.entry(family).or_default() += 1;
        }
        let is_meant = |state: &&State| family(state).and_then(|f| sizes.get(&f)).is_some_and(|size| *size >= least);
        self.states.iter().filter(is_meant).map(|state| self.seen.place(state.first())).collect()
    }
}
