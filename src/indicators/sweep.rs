//! Once through all batches, oldest first.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Projects that lag on its day; empty when its day is not known, and for batches before `from`.
    pub laggards: Vec<Laggard>,
}

/// What is read about a row by a day: `(履约, 达效)`.
pub(super) type Told<'a> = dyn Fn(&Sighting, Option<Date>) -> (Option<bool>, Option<bool>) + 'a;

/// The outlook of each batch of `batches`, oldest first; those that have no row are among them. `sightings` are sorted by
/// batch. Laggards are listed from batch `from` on.
#[must_use]
pub fn outlooks(
    sightings: &[Sighting],
    batches: &BTreeSet<BatchId>,
    from: &BatchId,
    told: &Told<'_>,
    spec: &Spec,
) -> Vec<Outlook> {
    let mut states: BTreeMap<&str, State<'_>> = BTreeMap::new();
    let (mut rates, mut before) = (Rates::default(), Before::default());
    let mut rest = sightings;
    let mut found = Vec::new();
    for batch in batches {
        let as_of = spec.batches.get(batch).and_then(|b| b.date);
        let mut amounts = Amounts::default();
        // Rows of a batch that is not asked for count as known before the next one.
        let (due, later) = rest.split_at(rest.partition_point(|s| s.batch <= *batch));
        rest = later;
        for row in due {
            if row.batch == *batch {
                amounts.add(row, &groups(row, spec), &spec.indicators);
            }
            let state = states.entry(row.project_id.as_str()).or_default();
            let was = state.clone();
            see(state, row, told(row, as_of));
            rates.update(&was, state, |first| groups(first, spec), &spec.indicators);
        }
        let figures = figures(&amounts, &rates, spec);
        let laggards = match as_of.filter(|_| batch >= from) {
            Some(day) => lag::laggards(&states, day, spec),
            None => Vec::new(),
        };
        let indicators = indicators(batch, figures, &mut before, &spec.roster);
        found.push(Outlook { batch: batch.clone(), indicators, laggards });
    }
    found
}

fn see<'a>(state: &mut State<'a>, row: &'a Sighting, (performed, capacity): (Option<bool>, Option<bool>)) {
    state.stages[row.stage.index()].get_or_insert(row);
    state.latest = Some(row);
    let sticky = |old: Option<bool>, new: Option<bool>| if old == Some(true) { old } else { new.or(old) };
    state.performed = sticky(state.performed, performed);
    state.capacity = sticky(state.capacity, capacity);
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
