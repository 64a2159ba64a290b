//! What needs all batches together: the projects' lives, indicators and laggards. Batches are told one by one, oldest
//! first, so that nothing but their rows need be held: what a batch looks like depends on those before it alone.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::dataset::{self, Written};
use crate::identity::{self, Reason};
use crate::indicators::{Outlook, Sweep};
use crate::lifecycle::{self, Known};
use crate::model::{BatchId, BatchResult, Indicator, Sighting};
use crate::spec::Spec;

use super::RunError;

/// Earlier batches that a trend shows: six years of a quarterly campaign. More would only make reports slow to open.
const TREND_BATCHES: usize = 24;

/// Everything over all batches so far, published before or of this run.
pub(super) struct Lives<'a> {
    spec: &'a Spec,
    /// Folder of the published version, if there is one.
    version: Option<PathBuf>,
    /// Published batches before the first of this run: only read when the run makes one.
    waiting: Vec<BatchId>,
    /// Rows of all batches so far. None before the first batch of this run.
    rows: Vec<Arc<Sighting>>,
    sweep: Sweep<'a>,
    /// Indicators of the province over all sectors, of the latest batches: what trends show.
    trend: VecDeque<Vec<Indicator>>,
    begun: bool,
}

impl<'a> Lives<'a> {
    /// Nothing is known yet.
    pub(super) fn new(version: Option<PathBuf>, spec: &'a Spec) -> Self {
        let told = |row: &Sighting, as_of: Option<Date>| {
            let status = lifecycle::status(&row.said, as_of, &spec.indicators.words);
            (status.performed.map(|s| s.0), status.capacity.map(|s| s.0))
        };
        let sweep = Sweep::new(Box::new(told), spec);
        Self { spec, version, waiting: Vec::new(), rows: Vec::new(), sweep, trend: VecDeque::new(), begun: false }
    }

    /// The next batch is one of this run: tells it its indicators, those before it and its laggards.
    pub(super) fn made(&mut self, result: &mut BatchResult) -> Result<(), RunError> {
        self.begun = true;
        for batch in std::mem::take(&mut self.waiting) {
            self.published(&batch, false)?;
        }
        let keep = |header: &str, text: &str| lifecycle::speaks(header, text, &self.spec.indicators.words);
        let seen = result.accepted.iter().filter_map(|(record, id)| Sighting::of(record, id, &keep));
        let rows = seen.map(Arc::new).collect();
        result.earlier_indicators = self.trend.iter().flatten().cloned().collect();
        let own = self.add(&result.batch, rows, true);
        (result.indicators, result.laggards) = (own.indicators, own.laggards);
        Ok(())
    }

    /// The next batch stays as it was published. What it looks like may change with a batch of this run that is before it.
    pub(super) fn stays(&mut self, batch: &BatchId) -> Result<Option<Outlook>, RunError> {
        if self.begun {
            return self.published(batch, true);
        }
        self.waiting.push(batch.clone());
        Ok(None)
    }

    /// Adds the rows of a published batch; one without any is no batch here.
    fn published(&mut self, batch: &BatchId, with_laggards: bool) -> Result<Option<Outlook>, RunError> {
        let Some(version) = &self.version else { return Ok(None) };
        let keep = |header: &str, text: &str| lifecycle::speaks(header, text, &self.spec.indicators.words);
        let rows = dataset::sightings(version, batch, &keep)?;
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.add(batch, rows.into_iter().map(Arc::new).collect(), with_laggards)))
    }

    fn add(&mut self, batch: &BatchId, rows: Vec<Arc<Sighting>>, with_laggards: bool) -> Outlook {
        let outlook = self.sweep.add(batch, &rows, with_laggards);
        self.rows.extend(rows);
        if self.trend.len() == TREND_BATCHES {
            self.trend.pop_front();
        }
        let province = &self.spec.roster.province_code;
        let shown = outlook.indicators.iter().filter(|i| i.unit_code == *province && i.sector.is_none());
        self.trend.push_back(shown.cloned().collect());
        outlook
    }

    /// When all batches were told: writes `lifecycle`, unless all of them stay.
    pub(super) fn write(self, dir: &Path) -> Result<Option<Written>, RunError> {
        let Self { spec, rows, begun, sweep, .. } = self;
        drop(sweep);
        if !begun {
            return Ok(None);
        }
        let matched: Vec<&'static str> = identity::reasons(&rows).into_iter().map(Reason::as_str).collect();
        let kin = identity::kin(&rows);
        let lives = lifecycle::lives(&rows, &Known { matched: &matched, kin: &kin }, spec);
        Ok(Some(dataset::write_lives(&lives, spec, dir)?))
    }
}
