//! Once through all batches, oldest first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use super::amounts::Amounts;
use super::lag;
use super::rates::{Rates, State};
use super::table::{Before, Figure, Group, indicators};
use crate::model::{BatchId, Indicator, Laggard, Sighting};
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

/// What is read about a row by a day: `(履约, 达效)`.
pub type Told<'a> = dyn Fn(&Sighting, Option<Date>) -> (Option<bool>, Option<bool>) + Send + 'a;

/// Goes through the batches one by one, oldest first, and holds what is known after those that it has seen.
pub struct Sweep<'a> {
    told: Box<Told<'a>>,
    spec: &'a Spec,
    /// By project id. Only ever looked up, or sorted after it was gone through.
    states: HashMap<Arc<str>, State>,
    rates: Rates,
    before: Before,
}

impl<'a> Sweep<'a> {
    /// Nothing is known yet; `told` says what a row says by a day.
    #[must_use]
    pub fn new(told: Box<Told<'a>>, spec: &'a Spec) -> Self {
        Self { told, spec, states: HashMap::new(), rates: Rates::default(), before: Before::default() }
    }

    /// The outlook of a batch with these rows, which may be none. Those before it have been added already. Projects that lag
    /// are only told when `with_laggards`.
    pub fn add(&mut self, batch: &BatchId, rows: &[Arc<Sighting>], with_laggards: bool) -> Outlook {
        let spec = self.spec;
        let as_of = spec.batches.get(batch).and_then(|b| b.date);
        let mut amounts = Amounts::default();
        for row in rows {
            amounts.add(row, &groups(row, spec), &spec.indicators);
            self.see(row, as_of);
        }
        let figures = figures(&amounts, &self.rates, spec);
        let laggards = match as_of.filter(|_| with_laggards) {
            Some(day) => lag::laggards(self.states.values(), day, spec),
            None => Vec::new(),
        };
        let indicators = indicators(batch, figures, &mut self.before, &spec.roster);
        Outlook { batch: batch.clone(), indicators, laggards }
    }

    /// A row changes what is known of its project, and with it the rates that the project counts in.
    fn see(&mut self, row: &Arc<Sighting>, as_of: Option<Date>) {
        let told = (self.told)(row, as_of);
        let state = match self.states.get_mut(row.project_id.as_str()) {
            Some(state) => state,
            None => self.states.entry(Arc::from(row.project_id.as_str())).or_default(),
        };
        let was = state.clone();
        state.see(row, told);
        self.rates.update(&was, state, |first| groups(first, self.spec), &self.spec.indicators);
    }
}

/// The groups that a row belongs to: its unit and the province, over all sectors and in its own.
fn groups(row: &Sighting, spec: &Spec) -> Vec<Group> {
    let units = [&row.unit_code, &spec.roster.province_code];
    let sectors = [None, row.sector.clone()];
    let sectors = if row.sector.is_none() { &sectors[..1] } else { &sectors[..] };
    units.into_iter().flat_map(|unit| sectors.iter().map(|sector| (unit.clone(), sector.clone()))).collect()
}

/// Every unit of the roster and the province over all sectors, and every sector that has anything.
fn figures(amounts: &Amounts, rates: &Rates, spec: &Spec) -> BTreeMap<Group, Vec<Figure>> {
    let units = spec.roster.unit.iter().map(|u| &u.code).chain([&spec.roster.province_code]);
    let all = units.map(|unit| (unit.clone(), None));
    let groups: BTreeSet<Group> = all.chain(amounts.groups().cloned()).chain(rates.groups().cloned()).collect();
    let of = |group: Group| {
        let mut figures = amounts.figures(&group, &spec.indicators);
        figures.extend(rates.figures(&group, &spec.indicators));
        (group, figures)
    };
    groups.into_iter().map(of).collect()
}
