//! The night job: a whole inbox into a new published version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::dataset;
use crate::discover::{Discovery, Entry, discover_from};
use crate::model::{BatchId, BatchResult};
use crate::publish::{InputEntry, Look, Manifest, Outcome, Staging, Store};
use crate::spec::Spec;
use crate::submissions::Received;

use super::aftermath::{Aftermath, Assembled, Ending, Made, Origins};
use super::arrivals::Arrivals;
use super::batch::{Extent, assemble};
use super::cache::{Cache, program};
use super::cohorts::Cohorts;
use super::earlier::Earlier;
use super::imprints::{Imprints, imprint};
use super::line::{Hand, Line, Turn};
use super::memory::{Files, Memory, Seen, digest, digests};
use super::reading::{Arrived, Reading, try_child};
use super::tally::{Summary, Tally};
use super::{Event, RunError, books};

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
    // Batches before those that are asked for stay as they are: nobody looks into their folders.
    let mut found = discover_from(&options.inbox, options.batches.iter().min())
        .map_err(|source| RunError::Inbox { path: options.inbox.clone(), source })?;
    let wanted = wanted(options, &found)?;
    let store = Store::open(&options.out)?.patient(options.patience);
    if let Some(who) = store.holder().filter(|_| !options.patience.is_zero()) {
        observe(Event::Waiting(who));
    }
    // Taken before the work begins: two runs at once would waste one of them.
    let look = if options.batches.is_empty() { Look::Thorough } else { Look::Quick };
    let mut staging = store.stage(&wanted.iter().cloned().collect::<Vec<_>>(), look)?;
    let files = found.entries.iter().filter(|e| wanted.contains(&e.batch)).count();
    observe(Event::Found { files, batches: wanted.len() });
    try_child(&options.exe)?;

    let cache = cache(options, spec);
    let entries = by_batch(&found);
    let (mut made, ending, from_cache, crew) = {
        let published = staging.current().map(|(_, manifest)| manifest);
        let files = published.map(Manifest::by_batch).unwrap_or_default();
        let memories = wanted.first().map_or_else(BTreeMap::new, |oldest| memories(&files, oldest, &cache));
        let arrivals = Arrivals::of(&found.entries, spec.settings.run.lock_hours);
        let reading = Reading::new(options, spec, &cache, observe, (published, &memories), arrivals)?;
        let imprints = Imprints::new(staging.current().map(|(folder, _)| folder), &files, &cache, spec);
        let work = Work {
            options,
            spec,
            observe,
            staging: &staging,
            files: &files,
            entries: &entries,
            reading: &reading,
            cache: &cache,
            imprints: &imprints,
        };
        let (made, ending) = staging.beside(|| work.batches(&store, &wanted, &memories))?;
        (made, ending, reading.cached(), reading.disband())
    };
    drop(entries);
    found.entries = Vec::new();
    observe(Event::Publishing);
    let anew = || made.iter().filter(|m| m.told.how != How::Kept);
    staging.replace(anew().map(|m| m.told.batch.clone()).collect());
    if let Some(prints) = &ending.prints {
        staging.keep_only(dataset::LIFECYCLE, prints.keys().cloned().collect());
    }
    staging.keep_books(made.iter_mut().filter_map(|m| Some((m.told.batch.clone(), m.books.take()?))).collect());
    // By the crew: what its threads have freed is not taken by others, so elsewhere everything would need new memory.
    let (outcome, batches, removed) = crew.install(|| {
        let staging = staging.on_threads(rayon::current_num_threads());
        let (outcome, manifest) = staging.publish(&ending.rows, inputs(&made), &spec.hash)?;
        let (batches, removed) = finish(&store, manifest, &cache, made, ending.prints.as_ref(), spec);
        Ok::<_, RunError>((outcome, batches, removed))
    })?;
    Ok(RunResult { from_cache, batches, outcome, outside: found.outside, removed })
}

/// The files that batches were made of, for the manifest.
fn inputs(made: &[Made]) -> Vec<InputEntry> {
    let all = || made.iter().filter_map(|m| Some((&m.told.batch, &m.origins.as_ref()?.inputs)));
    let mut entries = Vec::with_capacity(all().map(|(_, inputs)| inputs.len()).sum());
    entries.extend(all().flat_map(|(batch, inputs)| inputs.iter().map(|input| input.entry(batch))));
    entries
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
        Some(folder) => Err(RunError::BatchFolder { path: folder.path() }),
        None => Ok(wanted),
    }
}

/// The memories of the published batches from one on: those before it are not made again.
fn memories(files: &Files<'_>, oldest: &BatchId, cache: &Cache) -> BTreeMap<BatchId, Memory> {
    let memory = |(batch, files): (&BatchId, &Vec<_>)| Some((batch.clone(), Memory::of(batch, cache, files)?));
    files.range(oldest..).filter_map(memory).collect()
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

/// What the batches of a run are made with.
pub(super) struct Work<'a> {
    options: &'a Options,
    /// Configuration.
    pub(super) spec: &'a Spec,
    observe: &'a (dyn Fn(Event) + Sync),
    staging: &'a Staging,
    /// Published files.
    files: &'a Files<'a>,
    entries: &'a BTreeMap<BatchId, Vec<&'a Entry>>,
    /// Reads files.
    pub(super) reading: &'a Reading<'a>,
    cache: &'a Cache,
    /// The rows of batches, published before or of this run.
    pub(super) imprints: &'a Imprints<'a>,
}

/// The batches of a run, and what is told over all of them.
type Everything = (Vec<Made>, Ending);

impl Work<'_> {
    /// The threads of the run.
    pub(super) fn crew(&self) -> &rayon::ThreadPool {
        self.reading.crew()
    }

    /// What the inbox holds of a batch.
    pub(super) fn entries(&self, batch: &BatchId) -> &[&Entry] {
        self.entries.get(batch).map_or(&[], Vec::as_slice)
    }

    /// Makes what must be made, oldest batch first: each inherited those before it as they now are.
    fn batches(
        &self,
        store: &Store,
        wanted: &BTreeSet<BatchId>,
        memories: &BTreeMap<BatchId, Memory>,
    ) -> Result<Everything, RunError> {
        let published = self.staging.current().map(|(_, manifest)| manifest);
        let mut changed = BTreeSet::new();
        for batch in wanted {
            if !self.has_same_files(batch, memories.get(batch))? {
                changed.insert(batch.clone());
            }
        }
        let aftermath = Aftermath {
            options: self.options,
            spec: self.spec,
            staging: self.staging,
            entries: self.entries,
            pool: self.reading.pool(),
            cache: self.cache,
            imprints: self.imprints,
        };
        let ((made, rows), lives) = Line::run(self, store, &aftermath, |hand| {
            let mut making = Making::new(self);
            let all: BTreeSet<&BatchId> = published.into_iter().flat_map(|m| &m.batches).chain(wanted).collect();
            for batch in all {
                self.reading.in_time()?;
                let of = Of { batch, changed: changed.contains(batch), wanted: wanted.contains(batch) };
                making.one(of, memories.get(batch), hand)?;
            }
            hand.close();
            making.settle(hand)?;
            Ok((making.made, making.rows))
        })?;
        (self.observe)(Event::Writing);
        let ending = self.crew().install(|| aftermath.end(rows, lives))?;
        Ok((made, ending))
    }

    /// Whether a batch has the files, bytes, configuration and program that it was published with, and is intact.
    fn has_same_files(&self, batch: &BatchId, memory: Option<&Memory>) -> Result<bool, RunError> {
        let Some(memory) = memory.filter(|m| !self.options.force && m.settled && m.made_by == self.cache.made_by())
        else {
            return Ok(false);
        };
        let files = self.files.get(batch).map_or(&[][..], Vec::as_slice);
        Ok(self.reading.unchanged(self.entries(batch), &memory.inputs) && self.staging.intact_batch(batch, files)?)
    }

    /// The files of a published batch that must follow an earlier one; `None`: it cannot, and that is told.
    fn follow(&self, batch: &BatchId, memory: Option<&Memory>) -> Option<Vec<Arrived>> {
        let (_, manifest) = self.staging.current()?;
        let same_spec = manifest.batch_spec_hashes.get(batch) == Some(&self.spec.hash);
        let files = match memory {
            _ if !same_spec => Err("它是用另一份配置发布的"),
            Some(m) if m.made_by != self.cache.made_by() => Err("它是用另一版程序发布的"),
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
        Made { told, looked_at: String::new(), origins: None, books: None }
    }

    /// Assembles a batch, on the threads of the pool that it is called from.
    pub(super) fn assemble(
        &self,
        batch: &BatchId,
        how: How,
        files: Vec<Arrived>,
        earlier: &mut Earlier<'_>,
    ) -> Result<Assembled, RunError> {
        (self.observe)(Event::Checking(batch.clone()));
        if how == How::Followed {
            (self.observe)(Event::Remark(format!("期 {batch} 随前面的期更新")));
        }
        let settled = files.iter().all(|f| f.settled);
        // What is left of the run's files at its end: no larger than it must be.
        let mut inputs = Vec::with_capacity(files.len());
        let take = |file: Arrived| {
            inputs.push(file.input);
            file.received
        };
        let received: Vec<Received> = files.into_iter().map(take).collect();
        let result = assemble(batch, received, earlier.others(batch), self.spec, Extent::WholeBatch)?;
        books::of_inbox(batch, inputs.len(), &result)?;
        log(&result);
        let rows = Arc::new(imprint(&result, self.spec));
        earlier.add(&result, &rows);
        Ok(Assembled { how, result, rows, inputs, settled })
    }
}

/// A batch that the run comes to.
#[derive(Clone, Copy)]
struct Of<'a> {
    batch: &'a BatchId,
    /// Its files, or what they are made with, are not those that it was published with.
    changed: bool,
    /// The run is about it.
    wanted: bool,
}

/// A run on its way through the batches.
struct Making<'w> {
    work: &'w Work<'w>,
    seen: Seen,
    before_run: Seen,
    made: Vec<Made>,
    /// Files of figures that were written (path, rows).
    rows: Vec<(String, u64)>,
}

impl<'w> Making<'w> {
    fn new(work: &'w Work<'w>) -> Self {
        let seen = Seen::published(work.files);
        Self { work, before_run: seen.clone(), seen, made: Vec::new(), rows: Vec::new() }
    }

    /// Comes to the next batch: has it made, or made after an earlier one, or leaves it as it is.
    fn one(&mut self, of: Of<'_>, memory: Option<&Memory>, hand: &mut Hand<'_, '_>) -> Result<(), RunError> {
        let Of { batch, changed, wanted } = of;
        if changed {
            hand.put(Turn::Made(batch.clone(), How::Made, None));
            return Ok(());
        }
        // Whether it stays depends on what those before it have become.
        self.settle(hand)?;
        let inherited = self.seen.before(batch);
        let turn = match memory {
            Some(memory) if wanted && memory.earlier == inherited => {
                self.made.push(self.work.kept(batch, memory));
                Turn::Stays(batch.clone())
            }
            _ if wanted => Turn::Made(batch.clone(), How::Made, None),
            _ => {
                let before = memory.map_or_else(|| self.before_run.before(batch), |m| m.earlier.clone());
                let follow = || self.work.follow(batch, memory);
                match (before != inherited).then(follow).flatten() {
                    Some(files) => Turn::Made(batch.clone(), How::Followed, Some(files)),
                    None => Turn::Stays(batch.clone()),
                }
            }
        };
        hand.put(turn);
        Ok(())
    }

    /// Takes note of the batches that are finished by now; waits for all.
    fn settle(&mut self, hand: &mut Hand<'_, '_>) -> Result<(), RunError> {
        for finished in hand.done()? {
            self.rows.extend(finished.rows);
            let Some(mut one) = finished.made else { continue };
            let batch = &one.told.batch;
            if let Some(origins) = &mut one.origins {
                origins.earlier = self.seen.before(batch);
            }
            self.seen.set(batch, std::mem::take(&mut one.looked_at));
            self.made.push(one);
        }
        Ok(())
    }
}

/// After the switch: remembers what the batches were made of, and makes room. None of it can fail the run.
fn finish(
    store: &Store,
    manifest: Manifest,
    cache: &Cache,
    made: Vec<Made>,
    prints: Option<&BTreeMap<String, String>>,
    spec: &Spec,
) -> (Vec<BatchTold>, Vec<u64>) {
    if let Some(prints) = prints {
        Cohorts::keep(prints, &manifest, cache);
    }
    let mut digests = digests(&manifest.files);
    drop(manifest);
    let mut told = Vec::with_capacity(made.len());
    for Made { told: mut of, origins, .. } in made {
        if let Some(Origins { inputs, earlier, settled }) = origins {
            // One without any file has that of none.
            let published = digests.remove(&of.batch).unwrap_or_else(|| digest([].into_iter()));
            let made_by = cache.made_by().to_owned();
            let memory = Memory { made_by, inputs, earlier, published, settled, tally: of.tally, summary: of.summary };
            memory.keep(&of.batch, cache);
            (of.tally, of.summary) = (memory.tally, memory.summary);
        }
        told.push(of);
    }
    cache.shrink();
    let removed = store.prune(&spec.settings.retention).unwrap_or_else(|error| {
        tracing::warn!(error = %error, "retention");
        Vec::new()
    });
    (told, removed)
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
