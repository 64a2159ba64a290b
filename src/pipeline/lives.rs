//! What needs all batches together: the projects' lives, indicators and laggards. Batches are told one by one, oldest
//! first, so that nothing but their rows need be held: what a batch looks like depends on those before it alone.

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
        let sweep = Sweep::new(Box::new(told), spec);
        Self { spec, imprints, waiting: Vec::new(), sweep, trend: VecDeque::new(), begun: false }
    }

    /// The next batch is one of this run: tells it its indicators, those before it and its laggards.
    pub(super) fn made(&mut self, result: &mut BatchResult, rows: &Arc<Imprint>) -> Result<(), RunError> {
        self.catch_up()?;
        result.earlier_indicators = self.trend.iter().flatten().cloned().collect();
        let own = self.add(rows, Asked::All);
        (result.indicators, result.laggards) = (own.indicators, own.laggards);
        Ok(())
    }

    /// Goes through the published batches before the first of this run: all figures of the latest, with which that one is
    /// compared, and as many of those before it as its trend shows.
    fn catch_up(&mut self) -> Result<(), RunError> {
        self.begun = true;
        let waiting = std::mem::take(&mut self.waiting);
        let read = waiting.iter().map(|batch| self.imprints.of(batch)).collect::<Result<Vec<_>, _>>()?;
        let known: Vec<_> = read.into_iter().filter(|rows| has_projects(rows)).collect();
        let before = known.len();
        for (at, rows) in known.into_iter().enumerate() {
            let asked = match before - at {
                1 => Asked::Indicators,
                n if n <= TREND_BATCHES => Asked::Province,
                _ => Asked::Nothing,
            };
            self.add(&rows, asked);
        }
        Ok(())
    }

    /// The next batch stays as it was published. What it looks like may change with a batch of this run that is before it.
    pub(super) fn stays(&mut self, batch: &BatchId) -> Result<Option<Outlook>, RunError> {
        if !self.begun {
            self.waiting.push(batch.clone());
            return Ok(None);
        }
        let rows = self.imprints.of(batch)?;
        // One without any project is no batch here.
        Ok(has_projects(&rows).then(|| self.add(&rows, Asked::All)))
    }

    fn add(&mut self, rows: &Arc<Imprint>, asked: Asked) -> Outlook {
        let outlook = self.sweep.add(rows, asked);
        if self.trend.len() == TREND_BATCHES {
            self.trend.pop_front();
        }
        let province = &self.spec.roster.province_code;
        let shown = outlook.indicators.iter().filter(|i| i.unit_code == *province && i.sector.is_none());
        self.trend.push_back(shown.cloned().collect());
        outlook
    }

    /// When all batches were told: what is known over all of them; `None` when all of them stay.
    pub(super) fn end(self) -> Option<Sweep<'a>> {
        self.begun.then_some(self.sweep)
    }
}

fn has_projects(rows: &Imprint) -> bool {
    rows.lines().iter().any(|line| line.accepted)
}
