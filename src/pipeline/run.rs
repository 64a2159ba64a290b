//! The night job: a whole inbox into a new published version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::dataset;
use crate::discover::{Entry, discover};
use crate::model::{BatchId, BatchResult, Source};
use crate::publish::{Outcome, Store};
use crate::reader::Pool;
use crate::spec::Spec;
use crate::submissions::Received;

use super::batch::{Extent, assemble};
use super::earlier::Earlier;
use super::file::read_entry;
use super::lives::Lives;
use super::{Event, RunError, books, reports};

/// What to run on.
#[derive(Debug, Clone)]
pub struct Options {
    /// Inbox.
    pub inbox: PathBuf,
    /// Published tree.
    pub out: PathBuf,
    /// Batches; empty: all of the inbox.
    pub batches: Vec<BatchId>,
    /// Threads; `None`: as many as the machine has cores.
    pub jobs: Option<usize>,
    /// The program that serves `read-child`.
    pub exe: PathBuf,
}

/// What came of it.
#[derive(Debug)]
pub struct RunResult {
    /// Batches of this run, oldest first.
    pub batches: Vec<BatchResult>,
    /// What was published.
    pub outcome: Outcome,
    /// Names below the inbox that are no batch folders: nothing in them was read.
    pub outside: Vec<String>,
}

/// Reads, checks, reconciles and publishes. `observe` is told of progress, from any thread.
///
/// # Errors
/// When nothing could be published; then the old publication is intact.
pub fn run(options: &Options, spec: &Spec, observe: &(dyn Fn(Event) + Sync)) -> Result<RunResult, RunError> {
    let found = discover(&options.inbox).map_err(|source| RunError::Inbox { path: options.inbox.clone(), source })?;
    let wanted = wanted(options, &found.batches, &found.entries)?;
    let entries: Vec<Entry> = found.entries.into_iter().filter(|e| wanted.contains(&e.batch)).collect();
    let store = Store::open(&options.out)?;
    // Taken before the work begins: two runs at once would waste one of them.
    let mut staging = store.stage(&wanted.iter().cloned().collect::<Vec<_>>())?;
    observe(Event::Found { files: entries.len(), batches: wanted.len() });

    let files = read_all(&entries, &wanted, options, spec, observe)?;
    let mut earlier = Earlier::published(&store, &wanted)?;
    let mut batches = Vec::new();
    for (batch, files) in files {
        observe(Event::Checking(batch.clone()));
        let result = assemble(&batch, files, &earlier.before(&batch), spec, Extent::WholeBatch)?;
        books::of_inbox(&batch, entries.iter().filter(|e| e.batch == batch).count(), &result)?;
        log(&result);
        earlier.add(&result);
        batches.push(result);
    }

    let lives = Lives::of(&mut batches, store.current().as_deref(), spec)?;

    observe(Event::Writing);
    let mut rows = Vec::new();
    for result in &batches {
        rows.extend(dataset::write(result, spec, staging.dir())?.into_iter().map(|w| (w.path, w.rows)));
    }
    rows.extend(lives.write(spec, staging.dir())?.into_iter().map(|w| (w.path, w.rows)));
    reports::write(&batches, &entries, options, spec, staging.dir())?;
    observe(Event::Publishing);
    let inputs: Vec<(BatchId, &Source)> =
        batches.iter().flat_map(|b| b.submissions.iter().map(|s| (b.batch.clone(), &*s.source))).collect();
    staging.keep_books(books::of_version(&batches, &rows)?);
    let outcome = staging.publish(&rows, &inputs, &spec.hash)?;
    Ok(RunResult { batches, outcome, outside: found.outside })
}

/// The batches of this run.
fn wanted(options: &Options, folders: &BTreeSet<BatchId>, entries: &[Entry]) -> Result<BTreeSet<BatchId>, RunError> {
    if let Some(batch) = options.batches.iter().find(|b| !folders.contains(*b)) {
        return Err(RunError::NoSuchBatch { path: options.inbox.clone(), batch: batch.clone() });
    }
    if options.batches.is_empty() && entries.is_empty() {
        return Err(RunError::NothingToRead { path: options.inbox.clone() });
    }
    Ok(if options.batches.is_empty() { folders.clone() } else { options.batches.iter().cloned().collect() })
}

/// Reads all entries in parallel; the order of the result does not depend on it.
fn read_all(
    entries: &[Entry],
    wanted: &BTreeSet<BatchId>,
    options: &Options,
    spec: &Spec,
    observe: &(dyn Fn(Event) + Sync),
) -> Result<BTreeMap<BatchId, Vec<Received>>, RunError> {
    let (threads, jobs) = threads(options)?;
    let pool = Pool::new(options.exe.clone(), spec.settings.limits, jobs);
    let one = |entry: &Entry| {
        let extract = read_entry(entry, &pool, spec);
        let (file, outcome, rows) = (extract.source.file.clone(), extract.outcome, extract.records.len());
        tracing::info!(file = &*file, outcome = outcome.as_str(), rows, findings = extract.findings.len(), "read");
        observe(Event::Read { file, outcome, rows });
        Received::new(extract, entry.modified)
    };
    let read: Vec<Received> = threads.install(|| entries.par_iter().map(one).collect());
    let mut by_batch: BTreeMap<BatchId, Vec<Received>> = wanted.iter().map(|b| (b.clone(), Vec::new())).collect();
    for file in read {
        by_batch.entry(file.extract.batch.clone()).or_default().push(file);
    }
    Ok(by_batch)
}

/// Worker threads, and how many.
pub(super) fn threads(options: &Options) -> Result<(rayon::ThreadPool, usize), RunError> {
    let jobs = options.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let threads = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|_| RunError::Threads { jobs })?;
    Ok((threads, jobs))
}

fn log(result: &BatchResult) {
    tracing::info!(
        batch = result.batch.as_str(),
        files = result.submissions.len(),
        accepted = result.accepted.len(),
        rejected = result.rejected.len(),
        findings = result.findings.len(),
        comparisons = result.comparisons.len(),
        "checked"
    );
}
