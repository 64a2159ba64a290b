//! What needs all batches together: the projects' lives, indicators and laggards.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use crate::dataset::{self, Written};
use crate::identity::{self, Reason};
use crate::indicators::{Outlook, outlooks};
use crate::lifecycle::{self, Known};
use crate::model::{BatchId, BatchResult, Life, Sighting};
use crate::spec::Spec;

use super::RunError;

/// Earlier batches that a trend shows: six years of a quarterly campaign. More would only make reports slow to open.
const TREND_BATCHES: usize = 24;

/// Everything over all batches, published before or of this run.
#[derive(Debug)]
pub(super) struct Lives {
    lives: Vec<Life>,
    /// Of the first batch of this run and of all later ones, whose figures may change with it.
    outlooks: Vec<Outlook>,
}

impl Lives {
    /// Gathers the rows of the published version (`None`: nothing was published yet) and of this run, and tells each
    /// batch of this run its indicators, those before it and its laggards.
    pub(super) fn of(batches: &mut [BatchResult], version: Option<&Path>, spec: &Spec) -> Result<Self, RunError> {
        let replaced: BTreeSet<BatchId> = batches.iter().map(|b| b.batch.clone()).collect();
        let words = &spec.indicators.words;
        let keep = |header: &str, text: &str| lifecycle::speaks(header, text, words);
        let mut rows = match version {
            Some(version) => dataset::sightings(version, &|batch| replaced.contains(batch), &keep)?,
            None => Vec::new(),
        };
        rows.retain(|r| !replaced.contains(&r.batch));
        for result in batches.iter() {
            rows.extend(result.accepted.iter().filter_map(|(record, id)| Sighting::of(record, id, &keep)));
        }
        rows.sort_by(|a, b| a.batch.cmp(&b.batch));

        let known: BTreeSet<BatchId> = rows.iter().map(|r| r.batch.clone()).chain(replaced.iter().cloned()).collect();
        let first = replaced.first().cloned().unwrap_or_else(|| BatchId::from_number(0));
        let told = |row: &Sighting, as_of: Option<Date>| {
            let status = lifecycle::status(&row.said, as_of, words);
            (status.performed.map(|s| s.0), status.capacity.map(|s| s.0))
        };
        let outlooks = outlooks(&rows, &known, &first, &told, spec);
        for result in batches.iter_mut() {
            tell(result, &outlooks);
        }
        let matched: Vec<&'static str> = identity::reasons(&rows).into_iter().map(Reason::as_str).collect();
        let kin = identity::kin(&rows);
        let lives = lifecycle::lives(&rows, &Known { matched: &matched, kin: &kin }, spec);
        Ok(Self { lives, outlooks: outlooks.into_iter().filter(|o| o.batch >= first).collect() })
    }

    /// Writes `lifecycle`, and `indicators` and `laggards` of every batch from the first of this run on.
    pub(super) fn write(&self, spec: &Spec, dir: &Path) -> Result<Vec<Written>, RunError> {
        let mut written = vec![dataset::write_lives(&self.lives, spec, dir)?];
        for outlook in &self.outlooks {
            let found = (&*outlook.indicators, &*outlook.laggards);
            written.extend(dataset::write_indicators(&outlook.batch, found, spec, dir)?);
        }
        Ok(written)
    }
}

/// The figures of a batch, and of those before it as a trend: without sectors, the latest [`TREND_BATCHES`].
fn tell(result: &mut BatchResult, outlooks: &[Outlook]) {
    let Some(at) = outlooks.iter().position(|o| o.batch == result.batch) else { return };
    let (before, own) = outlooks.split_at(at);
    if let Some(own) = own.first() {
        result.indicators.clone_from(&own.indicators);
        result.laggards.clone_from(&own.laggards);
    }
    let trend = before.iter().skip(before.len().saturating_sub(TREND_BATCHES));
    result.earlier_indicators =
        trend.flat_map(|o| o.indicators.iter().filter(|i| i.sector.is_none()).cloned()).collect();
}
