//! What follows when a batch was assembled: its datasets, its place among all batches, its reports. Of all that was known
//! of it only a small rest is left then: a run needs no more memory for many batches than for a few.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dataset::{self, Written};
use crate::discover::Entry;
use crate::indicators::Outlook;
use crate::model::{BatchId, BatchResult, Books, Imprint};
use crate::publish::{FileEntry, Staging};
use crate::reader::Pool;
use crate::report::terminal;
use crate::spec::Spec;

use super::cache::Cache;
use super::cohorts::{Cohorts, write_parts};
use super::imprints::Imprints;
use super::lives::Lives;
use super::memory::{Input, looked_at};
use super::run::{BatchTold, How, Options};
use super::tally::{Summary, Tally};
use super::{RunError, books, reports};

/// A batch of this run, assembled.
pub(super) struct Assembled {
    /// How it came to be in the run.
    pub(super) how: How,
    /// All about it.
    pub(super) result: BatchResult,
    /// Its rows as other batches see them.
    pub(super) rows: Arc<Imprint>,
    /// What it was made of.
    pub(super) inputs: Vec<Input>,
    /// Whether the same again would yield the same.
    pub(super) settled: bool,
}

/// A batch of the run: what is to be published and remembered of it.
pub(super) struct Made {
    /// What the caller of the run is told.
    pub(super) told: BatchTold,
    /// What later batches see of it, see [`looked_at`]; empty when it is as it was.
    pub(super) looked_at: String,
    /// What it was made of; `None` when it is as it was.
    pub(super) origins: Option<Origins>,
    /// Its books; `None` when it is as it was.
    pub(super) books: Option<Books>,
}

/// What a batch of this run was made of, for its [`super::memory::Memory`].
pub(super) struct Origins {
    /// All entries of its folder, by name.
    pub(super) inputs: Vec<Input>,
    /// Digest of what it saw of earlier batches; known when they are finished.
    pub(super) earlier: String,
    /// Whether the same again would yield the same.
    pub(super) settled: bool,
}

/// What batches are finished with.
pub(super) struct Aftermath<'a> {
    /// Options of the run.
    pub(super) options: &'a Options,
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// The version in the making.
    pub(super) staging: &'a Staging,
    /// The inbox.
    pub(super) entries: &'a BTreeMap<BatchId, Vec<&'a Entry>>,
    /// Reading children, for copies that are written anew.
    pub(super) pool: &'a Pool,
    /// The cache.
    pub(super) cache: &'a Cache,
    /// The rows of batches, published before or of this run.
    pub(super) imprints: &'a Imprints<'a>,
}

/// What came of a batch.
pub(super) struct Finished {
    /// The batch; `None` when it stays as it was published.
    pub(super) made: Option<Made>,
    /// Files of figures that were written (path, rows); those of other datasets are described already.
    pub(super) rows: Vec<(String, u64)>,
}

impl Aftermath<'_> {
    /// A batch stays as it was published, but for its figures when they have changed.
    pub(super) fn stays(&self, batch: &BatchId, outlook: Option<&Outlook>) -> Result<Finished, RunError> {
        let mut rows = Vec::new();
        if let Some(outlook) = outlook {
            let found = (&*outlook.indicators, &*outlook.laggards);
            let written = dataset::write_indicators(batch, found, self.spec, self.staging.dir())?;
            rows.extend(written.into_iter().map(|w| (w.path, w.rows)));
        }
        Ok(Finished { made: None, rows })
    }

    /// Finishes a batch that knows its place among all others; the threads of the pool that it is called from help.
    pub(super) fn finish(&self, assembled: Assembled) -> Result<Finished, RunError> {
        let Assembled { how, mut result, rows: imprint, inputs, settled } = assembled;
        let (staging, spec) = (self.staging, self.spec);
        // Half of the work and by far the most of the memory, and nothing but their dataset asks for them.
        let cells = std::mem::take(&mut result.cells);
        let of_cells = || {
            let written = dataset::write_cells(&result.batch, &cells, spec, staging.dir());
            drop(cells);
            written
        };
        let others =
            || rayon::join(|| dataset::write(&result, spec, staging.dir()), || self.figures_and_reports(&result));
        let (of_cells, (written, figures)) = rayon::join(of_cells, others);
        let mut written = written?;
        written.push(of_cells?);
        staging.finished(&result.batch);
        let rows = figures?.into_iter().map(|w| (w.path, w.rows)).collect();
        let described = written.iter().map(|w| staging.describe(&w.path, Some(w.rows)));
        let files: Vec<FileEntry> = described.collect::<Result<_, _>>()?;
        self.imprints.keep(imprint, &files);
        let own: Vec<(String, u64)> = written.into_iter().map(|w| (w.path, w.rows)).collect();
        let books = books::of_datasets(&result, &own)?;

        let tally = Tally::of(&result);
        let mut text = terminal::summary(std::slice::from_ref(&result), self.spec, self.options.width);
        // It stays until the run ends.
        text.shrink_to_fit();
        let summary = Summary { text, row: terminal::summary_row(&result, self.spec) };
        let made = Made {
            told: BatchTold { batch: result.batch, how, tally, summary },
            looked_at: looked_at(&files),
            origins: Some(Origins { inputs, earlier: String::new(), settled }),
            books: Some(books),
        };
        Ok(Finished { made: Some(made), rows })
    }

    /// Writes the figures of a batch and what people read. Gives the datasets of the figures.
    fn figures_and_reports(&self, result: &BatchResult) -> Result<Vec<Written>, RunError> {
        let dir = self.staging.dir();
        let found = (&*result.indicators, &*result.laggards);
        let figures = dataset::write_indicators(&result.batch, found, self.spec, dir)?;
        let entries = self.entries.get(&result.batch).map_or(&[][..], Vec::as_slice);
        reports::write(result, entries, self.pool, self.spec, dir)?;
        Ok(figures.into_iter().collect())
    }

    /// After the last batch: what is told over all of them.
    pub(super) fn end(&self, mut rows: Vec<(String, u64)>, lives: Lives<'_>) -> Result<Ending, RunError> {
        let mut prints = None;
        if let Some(sweep) = lives.end() {
            let published = self.staging.current().map(|(_, manifest)| manifest);
            // Of named batches only they are made again, whatever is known.
            let anew = self.options.force && self.options.batches.is_empty();
            let before = if anew { Cohorts::default() } else { Cohorts::kept(self.cache) };
            let parts = write_parts(&sweep, &before, published, self.spec, self.staging.dir())?;
            rows.extend(parts.written.into_iter().map(|w| (w.path, w.rows)));
            prints = Some(parts.prints);
        }
        Ok(Ending { rows, prints })
    }
}

/// What is left after the last batch.
pub(super) struct Ending {
    /// Files of datasets that were written and are not described yet (path, rows).
    pub(super) rows: Vec<(String, u64)>,
    /// By path of each part of `lifecycle`, also of those that stay: the checksum of what it is made of; `None`: all stay.
    pub(super) prints: Option<BTreeMap<String, String>>,
}
