//! What needs all batches together: the projects' lives, indicators and laggards. Batches are told one by one, oldest
//! first, so that nothing but their rows need be held: what a batch looks like depends on those before it alone.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::dataset::{self, Written};
use crate::identity::{self, Reason};
use crate::indicators::{Asked, Outlook, Sweep};
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
        self.catch_up()?;
        let keep = |header: &str, text: &str| lifecycle::speaks(header, text, &self.spec.indicators.words);
        let seen = result.accepted.iter().filter_map(|(record, id)| Sighting::of(record, id, &keep));
        let rows = seen.map(Arc::new).collect();
        result.earlier_indicators = self.trend.iter().flatten().cloned().collect();
        let own = self.add(&result.batch, rows, Asked::All);
        (result.indicators, result.laggards) = (own.indicators, own.laggards);
        Ok(())
    }

    /// Goes through the published batches before the first of this run: all figures of the latest, with which that one is
    /// compared, and as many of those before it as its trend shows.
    fn catch_up(&mut self) -> Result<(), RunError> {
        self.begun = true;
        let waiting = std::mem::take(&mut self.waiting);
        let (version, spec) = (self.version.as_deref(), self.spec);
        let read = |batch: BatchId| Ok((published(version, &batch, spec)?, batch));
        let read: Vec<_> = waiting.into_par_iter().map(read).collect::<Result<_, RunError>>()?;
        let known: Vec<_> = read.into_iter().filter(|(rows, _)| !rows.is_empty()).collect();
        let before = known.len();
        for (at, (rows, batch)) in known.into_iter().enumerate() {
            let asked = match before - at {
                1 => Asked::Indicators,
                n if n <= TREND_BATCHES => Asked::Province,
                _ => Asked::Nothing,
            };
            self.add(&batch, rows, asked);
        }
        Ok(())
    }

    /// The next batch stays as it was published. What it looks like may change with a batch of this run that is before it.
    pub(super) fn stays(&mut self, batch: &BatchId) -> Result<Option<Outlook>, RunError> {
        if !self.begun {
            self.waiting.push(batch.clone());
            return Ok(None);
        }
        let rows = published(self.version.as_deref(), batch, self.spec)?;
        // One without any row is no batch here.
        Ok((!rows.is_empty()).then(|| self.add(batch, rows, Asked::All)))
    }

    fn add(&mut self, batch: &BatchId, rows: Vec<Arc<Sighting>>, asked: Asked) -> Outlook {
        let outlook = self.sweep.add(batch, &rows, asked);
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

/// The rows of a published batch.
fn published(version: Option<&Path>, batch: &BatchId, spec: &Spec) -> Result<Vec<Arc<Sighting>>, RunError> {
    let Some(version) = version else { return Ok(Vec::new()) };
    let keep = |header: &str, text: &str| lifecycle::speaks(header, text, &spec.indicators.words);
    Ok(dataset::sightings(version, batch, &keep)?.into_iter().map(Arc::new).collect())
}
