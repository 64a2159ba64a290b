//! The files of a run: from the cache, from a reading child, or left for the next run.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustix::process::{Resource, getrlimit};

use super::arrivals::{Arrivals, has_changed};
use super::cache::{Cache, is_lasting};
use super::file::{checksum_of, load, read_bytes, without_bytes};
use super::memory::{Input, Memory};
use super::{Event, Options, RunError, run};
use crate::discover::{Entry, EntryKind};
use crate::extract::Knowledge;
use crate::model::{BatchId, Extract, Finding};
use crate::publish::{Checksum, Manifest};
use crate::reader::Pool;
use crate::spec::Spec;
use crate::submissions::Received;

/// Findings of a child that had too little memory, among other things.
const STARVED: [&str; 2] = ["F109", "F110"];

/// A file of a batch, ready to be assembled.
#[derive(Debug)]
pub(super) struct Arrived {
    /// What it yielded.
    pub(super) received: Received,
    /// The entry that it was.
    pub(super) input: Input,
    /// Whether the same entry would yield the same again.
    pub(super) settled: bool,
}

/// Reads files.
pub(super) struct Reading<'a> {
    options: &'a Options,
    spec: &'a Spec,
    knowledge: Knowledge<'a>,
    cache: &'a Cache,
    observe: &'a (dyn Fn(Event) + Sync),
    threads: rayon::ThreadPool,
    pool: Pool,
    arrivals: Arrivals,
    /// What batches were made of when they were published.
    memories: &'a BTreeMap<BatchId, Memory>,
    published: Option<&'a Manifest>,
    deadline: Option<Instant>,
    /// MiB of address space that the system allows, when that is less than a child is promised.
    scarce: Option<u64>,
    trouble: Mutex<Option<RunError>>,
    cached: AtomicU64,
}

impl<'a> Reading<'a> {
    /// Ready to read; starts one child to see that it can.
    pub(super) fn new(
        options: &'a Options,
        spec: &'a Spec,
        cache: &'a Cache,
        observe: &'a (dyn Fn(Event) + Sync),
        (published, memories): (Option<&'a Manifest>, &'a BTreeMap<BatchId, Memory>),
        arrivals: Arrivals,
    ) -> Result<Self, RunError> {
        let (threads, jobs) = run::threads(options)?;
        let limit = getrlimit(Resource::As);
        let allowed = [limit.current, limit.maximum].into_iter().flatten().min().map(|bytes| bytes >> 20);
        let minutes = spec.settings.run.minutes;
        Ok(Self {
            pool: Pool::new(options.exe.clone(), spec.settings.limits, jobs),
            options,
            spec,
            knowledge: Knowledge::new(spec),
            cache,
            observe,
            threads,
            arrivals,
            memories,
            published,
            deadline: (minutes > 0).then(|| options.started + Duration::from_secs(minutes.saturating_mul(60))),
            scarce: allowed.filter(|mib| *mib < spec.settings.limits.child_memory_mib),
            trouble: Mutex::new(None),
            cached: AtomicU64::new(0),
        })
    }

    /// The threads that read, and do everything else.
    pub(super) fn crew(&self) -> &rayon::ThreadPool {
        &self.threads
    }

    /// The reading children.
    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The crew, when everything is read; no child waits for more.
    pub(super) fn disband(self) -> rayon::ThreadPool {
        self.threads
    }

    /// Files that came from the cache so far.
    pub(super) fn cached(&self) -> u64 {
        self.cached.load(Ordering::Relaxed)
    }

    /// Whether the run may still go on.
    ///
    /// # Errors
    /// When its time is over.
    pub(super) fn in_time(&self) -> Result<(), RunError> {
        match self.deadline {
            Some(deadline) if Instant::now() > deadline => {
                Err(RunError::Overtime { minutes: self.spec.settings.run.minutes })
            }
            _ => Ok(()),
        }
    }

    /// Reads entries in parallel; the order of the result is theirs.
    ///
    /// # Errors
    /// When the time is over, or memory is so short that what a file yields would depend on it.
    pub(super) fn all(&self, entries: &[&Entry]) -> Result<Vec<Arrived>, RunError> {
        let arrived = self.threads.install(|| entries.par_iter().map(|entry| self.one(entry)).collect());
        match self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(trouble) => Err(trouble),
            None => Ok(arrived),
        }
    }

    /// Whether each entry still has the bytes that a batch was made from.
    pub(super) fn unchanged(&self, entries: &[&Entry], inputs: &[Input]) -> bool {
        let same_looks =
            entries.len() == inputs.len() && entries.iter().zip(inputs).all(|(entry, input)| input.looks_like(entry));
        let pairs: Vec<(&&Entry, &Input)> = entries.iter().zip(inputs).filter(|(_, input)| input.is_file()).collect();
        let same = |(entry, input): &(&&Entry, &Input)| {
            checksum_of(&entry.path()).is_some_and(|sum| Some(sum) == input.sha256) && !has_changed(entry)
        };
        same_looks && self.threads.install(|| pairs.par_iter().all(same))
    }

    fn one(&self, entry: &Entry) -> Arrived {
        if let Err(overtime) = self.in_time() {
            self.stop(overtime);
        }
        let (extract, left) = self.extract(entry);
        let settled = !left && (entry.kind != EntryKind::File || is_lasting(&extract));
        let starved = || extract.findings.iter().any(|f| STARVED.contains(&f.code));
        if let Some(mib) = self.scarce.filter(|_| starved()) {
            self.stop(RunError::Memory { mib, file: entry.name.to_string() });
        }
        let (file, outcome, rows) = (extract.source.file.clone(), extract.outcome, extract.records.len());
        tracing::info!(file = &*file, outcome = outcome.as_str(), rows, findings = extract.findings.len(), "read");
        (self.observe)(Event::Read { file, outcome, rows });
        let input = Input::of(entry, Checksum::parse(&extract.source.sha256));
        Arrived { received: Received::new(extract, entry.modified), input, settled }
    }

    /// What an entry yields, and whether it was left for the next run.
    fn extract(&self, entry: &Entry) -> (Extract, bool) {
        if self.stopped() {
            return (without_bytes(entry, "F110", "运行已停止".to_owned(), self.spec), true);
        }
        if self.arrivals.is_growing(&entry.name) {
            return (self.left(entry, "读取时大小或修改时间还在变"), true);
        }
        let loaded = match load(entry, self.spec) {
            Ok(loaded) => loaded,
            Err(unread) => return (*unread, false),
        };
        if has_changed(entry) {
            return (self.left(entry, "读取时大小或修改时间还在变"), true);
        }
        if let Some(lock) = self.arrivals.lock(&entry.name) {
            if self.before(entry).is_some_and(|before| before.source.sha256[..] != loaded.sha256) {
                return (self.left(entry, &format!("内容已改动，且旁边有锁文件 {lock}")), true);
            }
            let name = &entry.name;
            (self.observe)(Event::Remark(format!("{name} 正被打开（锁文件 {lock}），按已保存的内容读取")));
        }
        let known = || self.cache.get(&entry.batch, &entry.name, &loaded.sha256);
        if let Some(extract) = (!self.options.force).then(known).flatten() {
            self.cached.fetch_add(1, Ordering::Relaxed);
            return (extract, false);
        }
        let extract = read_bytes(loaded, entry, &self.pool, &self.knowledge);
        self.cache.put(&extract);
        (extract, false)
    }

    /// A file that is still being written yields what it was published with, if it was; in any case it is named.
    fn left(&self, entry: &Entry, why: &str) -> Extract {
        tracing::warn!(file = &*entry.name, why, "left for the next run");
        let Some(mut before) = self.before(entry) else {
            let message = format!("文件还在写入（{why}），留待下次运行，本次没有它的内容");
            (self.observe)(Event::Remark(format!("{}：{message}", entry.name)));
            return without_bytes(entry, "F114", message, self.spec);
        };
        let message = format!("文件还在写入（{why}），留待下次运行，本次仍用上次发布时的内容");
        (self.observe)(Event::Remark(format!("{}：{message}", entry.name)));
        before.findings.push(Finding::new("F114", message).in_file(&entry.name));
        before
    }

    /// What the file yielded when it was last published.
    fn before(&self, entry: &Entry) -> Option<Extract> {
        let inputs = &self.published?.inputs;
        let input = inputs.iter().find(|i| i.batch == entry.batch && *i.path == *entry.name)?;
        self.cache.get(&entry.batch, &entry.name, &input.sha256?.to_string())
    }

    /// The files that a published batch was made from, as far as the inbox still has them with the same bytes; they are read
    /// where the cache does not know them. `None` when one of them is not as it was.
    pub(super) fn as_published(&self, batch: &BatchId, entries: &[&Entry]) -> Option<Vec<Arrived>> {
        let inputs = match self.memories.get(batch) {
            Some(memory) => memory.inputs.clone(),
            None => self.same_in_inbox(batch, entries)?,
        };
        let arrived = |input: &Input| {
            let entry = entries.iter().find(|e| *e.name == *input.name);
            let extract = if let Some(sha256) = input.sha256.map(|sum| sum.to_string()) {
                // Its bytes are needed in any case: annotated copies are made from them.
                let loaded = load(entry?, self.spec).ok().filter(|l| l.sha256 == sha256)?;
                if let Some(extract) = self.cache.get(batch, &input.name, &sha256) {
                    self.cached.fetch_add(1, Ordering::Relaxed);
                    extract
                } else {
                    let extract = read_bytes(loaded, entry?, &self.pool, &self.knowledge);
                    self.cache.put(&extract);
                    extract
                }
            } else {
                // What was no file is told from the folder alone; a file that could not be read then may be another now.
                *load(entry.filter(|e| !input.is_file() && input.looks_like(e))?, self.spec).err()?
            };
            let received = Received::new(extract, input.modified);
            Some(Arrived { received, input: input.clone(), settled: true })
        };
        self.threads.install(|| inputs.par_iter().map(arrived).collect())
    }

    /// The entries of the inbox, when they are exactly what the manifest says the batch was made from.
    fn same_in_inbox(&self, batch: &BatchId, entries: &[&Entry]) -> Option<Vec<Input>> {
        let published: Vec<_> = self.published?.inputs.iter().filter(|i| i.batch == *batch).collect();
        let found = |entry: &&Entry| match entry.kind {
            EntryKind::File => checksum_of(&entry.path()).map(|sum| Input::of(entry, Some(sum))),
            _ => Some(Input::of(entry, None)),
        };
        let found: Vec<Input> = entries.iter().map(found).collect::<Option<_>>()?;
        let same = found.len() == published.len()
            && found.iter().all(|f| published.iter().any(|p| *p.path == *f.name && p.sha256 == f.sha256));
        same.then_some(found)
    }

    fn stop(&self, trouble: RunError) {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(trouble);
    }

    fn stopped(&self) -> bool {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

/// Whether the program can be started as a reading child: one that reads nothing and ends.
pub(super) fn try_child(exe: &Path) -> Result<(), RunError> {
    let child = |why: String| RunError::Child { path: exe.to_owned(), why };
    let mut command = Command::new(exe);
    command.arg("read-child").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(child(status.to_string())),
        Err(error) => Err(child(error.to_string())),
    }
}
