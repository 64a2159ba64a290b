//! What needs all batches together: the projects' lives, indicators and laggards. Batches are told one by one, oldest
//! first, and of each project only a few numbers are held: what a batch looks like depends on those before it alone.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::civil::Date;

use crate::indicators::{Asked, Outlook, Sweep};
use crate::lifecycle;
use crate::model::{BatchId, BatchResult, Imprint, Indicator};
use crate::spec::Spec;

use super::RunError;
use super::imprints::Imprints;

/// Earlier batches that a trend shows: six years of a quarterly campaign. More would only make reports slow to open.
const TREND_BATCHES: usize = 24;

/// Everything over all batches so far, published before or of this run.
pub(super) struct Lives<'a> {
    spec: &'a Spec,
    imprints: &'a Imprints<'a>,
    /// Published batches before the first of this run: only read when the run makes one.
    waiting: Vec<BatchId>,
    sweep: Sweep<'a>,
    /// Indicators of the province over all sectors, of the latest batches: what trends show.
    trend: VecDeque<Vec<Indicator>>,
    begun: bool,
}

impl<'a> Lives<'a> {
    /// Nothing is known yet.
    pub(super) fn new(imprints: &'a Imprints<'a>, spec: &'a Spec) -> Self {
        let told = |said: &[(String, String)], as_of: Option<Date>| {
            let status = lifecycle::status(said, as_of, &spec.indicators.words);
            (status.performed.map(|s| s.0), status.capacity.map(|s| s.0))
        };
        let sweep = Sweep::new(Box::new(told), imprints, spec);
        Self { spec, imprints, waiting: Vec::new(), sweep, trend: VecDeque::new(), begun: false }
    }

    /// The next batch is one of this run: tells it its indicators, those before it and its laggards.
    pub(super) fn made(&mut self, result: &mut BatchResult, rows: &Arc<Imprint>) -> Result<(), RunError> {
        self.catch_up()?;
        result.earlier_indicators = self.trend.iter().flatten().cloned().collect();
        let own = self.add(rows, Asked::All)?;
        (result.indicators, result.laggards) = (own.indicators, own.laggards);
        Ok(())
    }

    /// Goes through the published batches before the first of this run: all figures of the latest, with which that one is
    /// compared, and as many of those before it as its trend shows.
    fn catch_up(&mut self) -> Result<(), RunError> {
        self.begun = true;
        let waiting = std::mem::take(&mut self.waiting);
        // One without any project is no batch here.
        let known = waiting.iter().filter_map(|batch| {
            let has_projects = self.imprints.has_projects(batch);
            has_projects.map(|has| has.then_some(batch)).transpose()
        });
        let known: Vec<&BatchId> = known.collect::<Result<_, RunError>>()?;
        for (at, batch) in known.iter().enumerate() {
            let asked = match known.len() - at {
                1 => Asked::Indicators,
                n if n <= TREND_BATCHES => Asked::Province,
                _ => Asked::Nothing,
            };
            self.add(&*self.imprints.of(batch)?, asked)?;
        }
        Ok(())
    }

    /// The next batch stays as it was published. What it looks like may change with a batch of this run that is before it.
    pub(super) fn stays(&mut self, batch: &BatchId) -> Result<Option<Outlook>, RunError> {
        if !self.begun {
            self.waiting.push(batch.clone());
            return Ok(None);
        }
        if !self.imprints.has_projects(batch)? {
            return Ok(None);
        }
        let rows = self.imprints.of(batch)?;
        self.add(&rows, Asked::All).map(Some)
    }

    fn add(&mut self, rows: &Imprint, asked: Asked) -> Result<Outlook, RunError> {
        let outlook = self.sweep.add(rows, asked).map_err(RunError::Rows)?;
        if self.trend.len() == TREND_BATCHES {
            self.trend.pop_front();
        }
        let province = &self.spec.roster.province_code;
        let shown = outlook.indicators.iter().filter(|i| i.unit_code == *province && i.sector.is_none());
        self.trend.push_back(shown.cloned().collect());
        Ok(outlook)
    }

    /// When all batches were told: what is known over all of them; `None` when all of them stay.
    pub(super) fn end(self) -> Option<Sweep<'a>> {
        self.begun.then(|| self.sweep.done())
    }
}
