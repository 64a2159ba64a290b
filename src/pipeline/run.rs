//! The night job: a whole inbox into a new published version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::dataset;
use crate::discover::{Discovery, Entry, discover};
use crate::model::{BatchId, BatchResult, Source};
use crate::publish::{FileEntry, Manifest, Outcome, Staging, Store};
use crate::report::terminal;
use crate::spec::Spec;
use crate::submissions::Received;

use super::arrivals::Arrivals;
use super::batch::{Extent, assemble};
use super::cache::{Cache, program};
use super::earlier::Earlier;
use super::lives::Lives;
use super::memory::{Input, Memory, Seen, digest};
use super::reading::{Arrived, Reading, try_child};
use super::tally::{Summary, Tally};
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
    /// Read every file and make every batch again, whatever is known of them.
    pub force: bool,
    /// How long to wait for another run.
    pub patience: Duration,
    /// Columns of the summary.
    pub width: usize,
    /// When the run began, for its time limit.
    pub started: Instant,
}

/// How a batch came to be in the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Made from its files.
    Made,
    /// Nothing that it is made of has changed: as it was.
    Kept,
    /// Not asked for, but made again because an earlier batch has changed.
    Followed,
}

/// A batch of a run.
#[derive(Debug, Clone)]
pub struct BatchTold {
    /// The batch.
    pub batch: BatchId,
    /// How it came to be.
    pub how: How,
    /// Its numbers.
    pub tally: Tally,
    /// What the terminal says about it.
    pub summary: Summary,
}

/// What came of it.
#[derive(Debug)]
pub struct RunResult {
    /// Batches of this run, oldest first.
    pub batches: Vec<BatchTold>,
    /// What was published.
    pub outcome: Outcome,
    /// Names below the inbox that are no batch folders: nothing in them was read.
    pub outside: Vec<String>,
    /// Files that were not read because the cache knew what they yield.
    pub from_cache: u64,
    /// Versions that were deleted because `sanpi.toml` does not keep them.
    pub removed: Vec<u64>,
}

/// Reads, checks, reconciles and publishes. `observe` is told of progress, from any thread.
///
/// # Errors
/// When nothing could be published; then the old publication is intact.
pub fn run(options: &Options, spec: &Spec, observe: &(dyn Fn(Event) + Sync)) -> Result<RunResult, RunError> {
    let found = discover(&options.inbox).map_err(|source| RunError::Inbox { path: options.inbox.clone(), source })?;
    let wanted = wanted(options, &found)?;
    let store = Store::open(&options.out)?.patient(options.patience);
    if let Some(who) = store.holder().filter(|_| !options.patience.is_zero()) {
        observe(Event::Waiting(who));
    }
    // Taken before the work begins: two runs at once would waste one of them.
    let mut staging = store.stage(&wanted.iter().cloned().collect::<Vec<_>>())?;
    let files = found.entries.iter().filter(|e| wanted.contains(&e.batch)).count();
    observe(Event::Found { files, batches: wanted.len() });
    try_child(&options.exe)?;

    let cache = cache(options, spec);
    let (mut made, from_cache) = {
        let published = staging.current().map(|(_, manifest)| manifest);
        let batches = published.into_iter().flat_map(|m| m.batches.iter()).chain(&wanted);
        let memories = batches.filter_map(|b| Some((b.clone(), Memory::of(b, &cache, published)?))).collect();
        let arrivals = Arrivals::of(&found.entries, spec.settings.run.lock_hours);
        let reading = Reading::new(options, spec, &cache, observe, (published, &memories), arrivals)?;
        let work = Work { options, spec, observe, staging: &staging, entries: by_batch(&found), reading: &reading };
        (work.batches(&store, &wanted, &memories, &cache)?, reading.cached())
    };
    let mut results: Vec<BatchResult> = made.iter_mut().filter_map(|m| m.result.take()).collect();
    let mut rows: Vec<(String, u64)> =
        made.iter().flat_map(|m| &m.files).filter_map(|f| Some((f.path.clone(), f.rows?))).collect();
    if !results.is_empty() {
        let lives = Lives::of(&mut results, store.current().as_deref(), spec)?;
        observe(Event::Writing);
        rows.extend(lives.write(spec, staging.dir())?.into_iter().map(|w| (w.path, w.rows)));
        reports::write(&results, &found.entries, options, spec, staging.dir())?;
        tell(&mut made, &results, options.width, spec);
    }
    observe(Event::Publishing);
    staging.replace(results.iter().map(|r| r.batch.clone()).collect());
    let inputs: Vec<(BatchId, &Source)> =
        results.iter().flat_map(|b| b.submissions.iter().map(|s| (b.batch.clone(), &*s.source))).collect();
    staging.keep_books(books::of_version(&results, &rows)?);
    let outcome = staging.publish(&rows, &inputs, &spec.hash)?;
    let removed = finish(&store, &cache, &made, spec);
    Ok(RunResult {
        from_cache,
        batches: made.into_iter().map(|m| m.told).collect(),
        outcome,
        outside: found.outside,
        removed,
    })
}

/// The batches of this run.
fn wanted(options: &Options, found: &Discovery) -> Result<BTreeSet<BatchId>, RunError> {
    if let Some(batch) = options.batches.iter().find(|b| !found.batches.contains(*b)) {
        return Err(RunError::NoSuchBatch { path: options.inbox.clone(), batch: batch.clone() });
    }
    if options.batches.is_empty() && found.entries.is_empty() {
        return Err(RunError::NothingToRead { path: options.inbox.clone() });
    }
    let all = options.batches.is_empty();
    let wanted: BTreeSet<BatchId> = if all { found.batches.clone() } else { options.batches.iter().cloned().collect() };
    let closed = found.entries.iter().find(|e| e.is_closed_batch() && wanted.contains(&e.batch));
    match closed {
        Some(folder) => Err(RunError::BatchFolder { path: folder.path.clone() }),
        None => Ok(wanted),
    }
}

fn by_batch(found: &Discovery) -> BTreeMap<BatchId, Vec<&Entry>> {
    let mut entries: BTreeMap<BatchId, Vec<&Entry>> = BTreeMap::new();
    for entry in &found.entries {
        entries.entry(entry.batch.clone()).or_default().push(entry);
    }
    entries
}

fn cache(options: &Options, spec: &Spec) -> Cache {
    let settings = &spec.settings.cache;
    let folder =
        if settings.folder.as_os_str().is_empty() { options.out.join(".cache") } else { settings.folder.clone() };
    Cache::new(folder, settings.max_mib, format!("{} {}", spec.hash, program(&options.exe)))
}

/// A batch of the run with what is to be published and remembered of it.
struct Made {
    told: BatchTold,
    /// Until the batches are looked at together; `None` also when it stays as it was published.
    result: Option<BatchResult>,
    files: Vec<FileEntry>,
    memory: Memory,
}

/// What the batches of a run are made with.
struct Work<'a> {
    options: &'a Options,
    spec: &'a Spec,
    observe: &'a (dyn Fn(Event) + Sync),
    staging: &'a Staging,
    entries: BTreeMap<BatchId, Vec<&'a Entry>>,
    reading: &'a Reading<'a>,
}

impl Work<'_> {
    fn entries(&self, batch: &BatchId) -> &[&Entry] {
        self.entries.get(batch).map_or(&[], Vec::as_slice)
    }

    /// Makes what must be made, oldest batch first: each inherited those before it as they now are.
    fn batches(
        &self,
        store: &Store,
        wanted: &BTreeSet<BatchId>,
        memories: &BTreeMap<BatchId, Memory>,
        cache: &Cache,
    ) -> Result<Vec<Made>, RunError> {
        let published = self.staging.current().map(|(_, manifest)| manifest);
        let mut changed = BTreeSet::new();
        for batch in wanted {
            if !self.has_same_files(batch, memories.get(batch), cache)? {
                changed.insert(batch.clone());
            }
        }
        self.reading_ahead(&changed, |next| self.make_all(&changed, next, (store, published, wanted), memories, cache))
    }

    /// Calls `work` with a source of the files of `batches`, in their order. With more than one thread the next batch is read
    /// while one is made; the raw extracts of no more batches than that are held at a time.
    fn reading_ahead<T>(
        &self,
        batches: &BTreeSet<BatchId>,
        work: impl FnOnce(&mut dyn FnMut(&BatchId) -> Result<Vec<Arrived>, RunError>) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        if self.reading.is_single() {
            return work(&mut |batch| self.reading.all(self.entries(batch)));
        }
        std::thread::scope(|scope| {
            let (sender, receiver) = std::sync::mpsc::sync_channel(0);
            scope.spawn(move || {
                // An error of the work drops the receiver, and ends the reading.
                batches.iter().all(|batch| sender.send((batch, self.reading.all(self.entries(batch)))).is_ok())
            });
            work(&mut |batch| match receiver.recv() {
                Ok((of, files)) if of == batch => files,
                // A reader that has died: its panic is the scope's.
                _ => self.reading.all(self.entries(batch)),
            })
        })
    }

    fn make_all(
        &self,
        changed: &BTreeSet<BatchId>,
        next: &mut dyn FnMut(&BatchId) -> Result<Vec<Arrived>, RunError>,
        (store, published, wanted): (&Store, Option<&Manifest>, &BTreeSet<BatchId>),
        memories: &BTreeMap<BatchId, Memory>,
        cache: &Cache,
    ) -> Result<Vec<Made>, RunError> {
        let mut seen = Seen::published(published);
        let before_run = seen.clone();
        let mut earlier: Option<Earlier> = None;
        let mut made = Vec::new();
        let all: BTreeSet<&BatchId> = published.into_iter().flat_map(|m| &m.batches).chain(wanted).collect();
        for batch in all {
            self.reading.in_time()?;
            let memory = memories.get(batch);
            let inherited = seen.before(batch);
            let (how, files) = match changed.contains(batch) {
                true => (How::Made, next(batch)?),
                false if wanted.contains(batch) => match memory.filter(|m| m.earlier == inherited) {
                    Some(memory) => {
                        made.push(self.kept(batch, memory));
                        continue;
                    }
                    None => (How::Made, self.reading.all(self.entries(batch))?),
                },
                false if memory.map_or_else(|| before_run.before(batch), |m| m.earlier.clone()) == inherited => {
                    continue;
                }
                false => match self.follow(batch, memory, cache) {
                    Some(files) => (How::Followed, files),
                    None => continue,
                },
            };
            let earlier = match &mut earlier {
                Some(earlier) => earlier,
                none => none.insert(Earlier::published(store, &BTreeSet::new())?),
            };
            let one = self.make(batch, how, files, earlier, inherited, cache)?;
            seen.set(batch, &one.files);
            made.push(one);
        }
        Ok(made)
    }

    /// Whether a batch has the files, bytes, configuration and program that it was published with, and is intact.
    fn has_same_files(&self, batch: &BatchId, memory: Option<&Memory>, cache: &Cache) -> Result<bool, RunError> {
        let Some(memory) = memory.filter(|m| !self.options.force && m.settled && m.made_by == cache.made_by()) else {
            return Ok(false);
        };
        Ok(self.reading.unchanged(self.entries(batch), &memory.inputs) && self.staging.intact_batch(batch)?)
    }

    /// The files of a published batch that must follow an earlier one; `None`: it cannot, and that is told.
    fn follow(&self, batch: &BatchId, memory: Option<&Memory>, cache: &Cache) -> Option<Vec<Arrived>> {
        let (_, manifest) = self.staging.current()?;
        let same_spec = manifest.batch_spec_hashes.get(batch) == Some(&self.spec.hash);
        let files = match memory {
            _ if !same_spec => Err("它是用另一份配置发布的"),
            Some(m) if m.made_by != cache.made_by() => Err("它是用另一版程序发布的"),
            Some(m) if !m.settled => Err("它有没读完的文件"),
            _ => {
                let files = self.reading.as_published(batch, self.entries(batch));
                files.ok_or("它发布时的文件在收件夹里已经改动或不在了")
            }
        };
        files
            .inspect_err(|why| {
                tracing::warn!(batch = batch.as_str(), why, "not brought up to date");
                let told = format!("前面的期有变化，期 {batch} 没有随之更新：{why}。请运行 sanpi run --batch {batch}");
                (self.observe)(Event::Remark(told));
            })
            .ok()
    }

    fn kept(&self, batch: &BatchId, memory: &Memory) -> Made {
        tracing::info!(batch = batch.as_str(), files = memory.inputs.len(), "kept");
        (self.observe)(Event::Kept { batch: batch.clone(), files: memory.inputs.len() });
        let (tally, summary) = (memory.tally.clone(), memory.summary.clone());
        let told = BatchTold { batch: batch.clone(), how: How::Kept, tally, summary };
        Made { told, result: None, files: Vec::new(), memory: memory.clone() }
    }

    /// Assembles a batch and writes its datasets into the version in the making.
    fn make(
        &self,
        batch: &BatchId,
        how: How,
        files: Vec<Arrived>,
        earlier: &mut Earlier,
        inherited: String,
        cache: &Cache,
    ) -> Result<Made, RunError> {
        (self.observe)(Event::Checking(batch.clone()));
        if how == How::Followed {
            (self.observe)(Event::Remark(format!("期 {batch} 随前面的期更新")));
        }
        let settled = files.iter().all(|f| f.settled);
        let (inputs, received): (Vec<Input>, Vec<Received>) = files.into_iter().map(|f| (f.input, f.received)).unzip();
        let mut result = assemble(batch, received, earlier.around(batch), self.spec, Extent::WholeBatch)?;
        books::of_inbox(batch, inputs.len(), &result)?;
        log(&result);
        earlier.add(&result);
        let written = dataset::write(&result, self.spec, self.staging.dir())?;
        // By far the most of a batch, and nothing that comes later asks for them.
        result.cells = Vec::new();
        let files =
            written.into_iter().map(|w| self.staging.describe(&w.path, Some(w.rows))).collect::<Result<_, _>>()?;
        let memory = Memory {
            made_by: cache.made_by().to_owned(),
            inputs,
            earlier: inherited,
            published: String::new(),
            settled,
            tally: Tally::default(),
            summary: Summary::default(),
        };
        let told = BatchTold { batch: batch.clone(), how, tally: Tally::default(), summary: Summary::default() };
        Ok(Made { told, result: Some(result), files, memory })
    }
}

/// Numbers and summary of the batches that were made, when everything about them is known.
fn tell(made: &mut [Made], results: &[BatchResult], width: usize, spec: &Spec) {
    for result in results {
        let Some(one) = made.iter_mut().find(|m| m.told.batch == result.batch) else { continue };
        one.told.tally = Tally::of(result);
        one.told.summary = Summary {
            text: terminal::summary(std::slice::from_ref(result), spec, width),
            row: terminal::summary_row(result, spec),
        };
        one.memory.tally = one.told.tally.clone();
        one.memory.summary.clone_from(&one.told.summary);
    }
}

/// After the switch: remembers what the batches were made of, and makes room. None of it can fail the run.
fn finish(store: &Store, cache: &Cache, made: &[Made], spec: &Spec) -> Vec<u64> {
    if let Some(manifest) = store.manifest() {
        for one in made.iter().filter(|m| m.told.how != How::Kept) {
            let batch = &one.told.batch;
            let published = digest(manifest.of_batch(batch));
            Memory { published, ..one.memory.clone() }.keep(batch, cache);
        }
    }
    cache.shrink();
    store.prune(&spec.settings.retention).unwrap_or_else(|error| {
        tracing::warn!(error = %error, "retention");
        Vec::new()
    })
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
