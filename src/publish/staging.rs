//! A version in the making.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::PublishError;
use super::ahead::Ahead;
use super::disk::{self, ASKED_AT_ONCE, CURRENT, Tree};
use super::lock::Lock;
use super::look::{Glance, Look, is};
use super::manifest::{FileEntry, InputEntry, MANIFEST, Manifest};
use super::store::relative;
use crate::model::{BatchId, Books};

/// A version in the making; dropped without [`Staging::publish`] it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    dir: PathBuf,
    number: u64,
    current: Option<(PathBuf, Manifest)>,
    replaced: BTreeSet<BatchId>,
    /// How closely to look at files that are taken over.
    look: Look,
    /// Batches of the current version that this run has found intact.
    intact: Mutex<BTreeSet<BatchId>>,
    books: BTreeMap<BatchId, Books>,
    /// Of these datasets only these files are taken over.
    kept_only: BTreeMap<String, BTreeSet<String>>,
    /// The files that were described already, in no order. One that changes until it is published is told then, as it no
    /// longer reads back as it was.
    described: Mutex<Vec<FileEntry>>,
    pub(super) ahead: Ahead,
    /// Files that checksums are made of at a time.
    threads: usize,
    _lock: Lock,
}

/// How publishing ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new version with its number and folder.
    Published(u64, PathBuf),
    /// Nothing changed: the version that stays current.
    Unchanged(u64, PathBuf),
}

impl Staging {
    pub(super) fn new(
        out: PathBuf,
        (dir, number): (PathBuf, u64),
        current: Option<(PathBuf, Manifest)>,
        replaced: &[BatchId],
        look: Look,
        held: Lock,
    ) -> Self {
        let replaced = replaced.iter().cloned().collect();
        let (intact, books, kept_only) = (Mutex::default(), BTreeMap::new(), BTreeMap::new());
        let (described, ahead, threads) = (Mutex::default(), Ahead::default(), 1);
        Self {
            out,
            dir,
            number,
            current,
            replaced,
            look,
            intact,
            books,
            kept_only,
            described,
            ahead,
            threads,
            _lock: held,
        }
    }

    /// As it is, but on so many threads.
    #[must_use]
    pub fn on_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Folder to write datasets and reports of the replaced batches to.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The current version with its folder, as it was when the lock was taken.
    #[must_use]
    pub fn current(&self) -> Option<(&Path, &Manifest)> {
        self.current.as_ref().map(|(folder, manifest)| (folder.as_path(), manifest))
    }

    /// A file that was written to [`Staging::dir`], as the manifest will describe it.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn describe(&self, path: &str, rows: Option<u64>) -> Result<FileEntry, PublishError> {
        let (bytes, sha256) = disk::digest(&self.dir.join(path))?;
        let file = FileEntry { path: path.to_owned(), rows, bytes, sha256 };
        self.described.lock().unwrap_or_else(PoisonError::into_inner).push(file.clone());
        Ok(file)
    }

    /// Does `work`, while files of the batches that it tells [`Staging::finished`] about get onto the disk.
    pub fn beside<R>(&self, work: impl FnOnce() -> R) -> R {
        std::thread::scope(|scope| {
            // Where the system gives no thread, they get there when they are published.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || self.ahead.serve(&self.dir));
            let _open = self.ahead.open();
            work()
        })
    }

    /// All files of a batch are written, and nobody changes them any more.
    pub fn finished(&self, batch: &BatchId) {
        self.ahead.finished(batch);
    }

    /// Says anew which batches this version replaces; all others are those of the current version.
    pub fn replace(&mut self, batches: Vec<BatchId>) {
        self.replaced = batches.into_iter().collect();
    }

    /// Whether every file of a batch of the current version (`files`, see [`Manifest::by_batch`]) still is what was
    /// published: all of them are read.
    ///
    /// # Errors
    /// When a file that is there cannot be read.
    pub fn intact_batch(&self, batch: &BatchId, files: &[&FileEntry]) -> Result<bool, PublishError> {
        let Some((folder, _)) = &self.current else { return Ok(false) };
        let same = |file: &FileEntry| {
            let path = folder.join(&file.path);
            Ok(path.is_file() && is(&path, file)?)
        };
        if !disk::all(self.threads, files.iter().copied(), same)? {
            return Ok(false);
        }
        self.intact.lock().unwrap_or_else(PoisonError::into_inner).insert(batch.clone());
        Ok(true)
    }

    /// The books of the replaced batches, for the manifest.
    pub fn keep_books(&mut self, books: BTreeMap<BatchId, Books>) {
        self.books = books;
    }

    /// Of a dataset without batches only these files of the current version (paths below the version) are taken over, as far
    /// as they are not written anew; all others of it are gone in this version. Without such a word all are taken over.
    pub fn keep_only(&mut self, dataset: &str, files: BTreeSet<String>) {
        self.kept_only.insert(dataset.to_owned(), files);
    }

    /// Writes the manifest, syncs, verifies and switches `current`; or, when every file equals the current version's,
    /// throws the staging away. `rows` tells the rows of each file that the run wrote (path below the version, rows), as far
    /// as they were not told when it was described; `inputs` are the input files of the replaced batches.
    /// Gives also the manifest of the version that is current now.
    ///
    /// # Errors
    /// When the disk fails or what is read back is not what was written; the old version is intact.
    pub fn publish(
        mut self,
        rows: &[(String, u64)],
        inputs: Vec<InputEntry>,
        spec_hash: &str,
    ) -> Result<(Outcome, Manifest), PublishError> {
        let (manifest, anew) = self.manifest(rows, inputs, spec_hash)?;
        let glance = self.glance();
        if let Some((folder, current)) = &self.current
            && current.same_files(&manifest)
            && self.is_intact(folder, current, &glance)?
        {
            let unchanged = Outcome::Unchanged(current.version, folder.clone());
            return Ok((unchanged, self.current.take().map_or(manifest, |(_, current)| current)));
        }
        self.settle(&manifest, anew, &glance)?;
        Ok((self.switch()?, manifest))
    }

    /// What may be taken for unchanged without being read.
    fn glance(&self) -> Glance {
        let intact = self.intact.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.current.as_ref().map_or_else(Glance::default, |(folder, _)| Glance::new(folder, self.look, intact))
    }

    /// Describes what was written together with what is taken over from the current version. Gives also which
    /// files were written, in the order of the manifest.
    fn manifest(
        &mut self,
        rows: &[(String, u64)],
        mut inputs: Vec<InputEntry>,
        spec_hash: &str,
    ) -> Result<(Manifest, Vec<bool>), PublishError> {
        let written = self.written(rows)?;
        let mut kept = Vec::new();
        let mut books = std::mem::take(&mut self.books);
        let mut hashes: BTreeMap<BatchId, String> =
            self.replaced.iter().map(|b| (b.clone(), spec_hash.to_owned())).collect();
        if let Some((_, current)) = &self.current {
            kept = self.taken_over(current, &written);
            inputs.extend(current.inputs.iter().filter(|i| !self.replaced.contains(&i.batch)).cloned());
            for (batch, hash) in &current.batch_spec_hashes {
                hashes.entry(batch.clone()).or_insert_with(|| hash.clone());
            }
            for (batch, kept) in current.books.iter().filter(|(batch, _)| !self.replaced.contains(batch)) {
                books.insert(batch.clone(), kept.clone());
            }
        }
        let (files, anew) = together(written, kept);
        self.has_all_kept(&files)?;
        inputs.sort_unstable();
        let manifest = Manifest {
            version: self.number,
            spec_hash: spec_hash.to_owned(),
            batches: hashes.keys().cloned().collect(),
            batch_spec_hashes: hashes,
            files,
            inputs,
            books,
        };
        Ok((manifest, anew))
    }

    /// The files of the staging folder, in path order. The run must have told the rows of each dataset's file, and of no other.
    fn written(&self, rows: &[(String, u64)]) -> Result<Vec<FileEntry>, PublishError> {
        let mut rows: BTreeMap<&str, u64> = rows.iter().map(|(path, n)| (path.as_str(), *n)).collect();
        let mut described = std::mem::take(&mut *self.described.lock().unwrap_or_else(PoisonError::into_inner));
        described.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut described = described.into_iter().peekable();
        let mut files = disk::files(&self.dir)?;
        let mut known = Vec::with_capacity(files.len());
        for file in &mut files {
            let before = described.next_if(|before| before.path == file.path);
            known.push(before.is_some());
            file.rows = rows.remove(file.path.as_str()).or(before.as_ref().and_then(|before| before.rows));
            if file.rows.is_none() && file.path.ends_with(".parquet") {
                return Err(PublishError::new(
                    &self.dir.join(&file.path),
                    "不知道有多少行，没有发布。请把本行反馈给维护人员",
                ));
            }
            if let Some(before) = before {
                (file.bytes, file.sha256) = (before.bytes, before.sha256);
            }
        }
        if let Some(path) = described.peek().map(|file| file.path.as_str()).or(rows.keys().next().copied()) {
            return Err(PublishError::new(&self.dir.join(path), "写好的文件不见了，没有发布。请重新运行"));
        }
        let unknown = files.iter_mut().zip(known).filter(|(_, known)| !known).map(|(file, _)| file);
        disk::change_at_once(self.threads, unknown, |file: &mut FileEntry| {
            (file.bytes, file.sha256) = disk::digest(&self.dir.join(&file.path))?;
            Ok(())
        })?;
        Ok(files)
    }

    /// Files of the current version that this one keeps: of batches that were not replaced, and of no batch unless
    /// written anew or no longer wanted.
    fn taken_over(&self, current: &Manifest, written: &[FileEntry]) -> Vec<FileEntry> {
        let written: BTreeSet<&str> = written.iter().map(|f| f.path.as_str()).collect();
        let dataset_keeps = |f: &FileEntry| {
            let files = self.kept_only.get(f.path.split('/').next().unwrap_or_default());
            files.is_none_or(|files| files.contains(&f.path))
        };
        let is_kept = |f: &FileEntry| if f.batch().is_some() { !self.is_replaced(f) } else { dataset_keeps(f) };
        current.files.iter().filter(|f| is_kept(f) && !written.contains(f.path.as_str())).cloned().collect()
    }

    /// Whoever names a file to be kept relies on its rows: it must be there. `files` are in path order.
    fn has_all_kept(&self, files: &[FileEntry]) -> Result<(), PublishError> {
        let is_missing = |path: &&String| files.binary_search_by(|f| f.path.as_str().cmp(path)).is_err();
        match self.kept_only.values().flatten().find(is_missing) {
            Some(path) => Err(PublishError::new(&self.dir.join(path), "要沿用的文件不见了，没有发布。请重新运行")),
            None => Ok(()),
        }
    }

    /// Links what is the same as in the current version, writes the manifest, gets everything onto the disk and verifies it.
    /// `anew` says which files of the manifest were written by this run.
    fn settle(&self, manifest: &Manifest, mut anew: Vec<bool>, glance: &Glance) -> Result<(), PublishError> {
        let tree = Tree::open(&self.dir)?;
        if let Some((folder, current)) = &self.current {
            self.share(folder, current, manifest, &anew)?;
            self.take_over(folder, manifest, &mut anew)?;
        }
        let path = self.dir.join(MANIFEST);
        let written = manifest.write(&path)?;
        disk::sync_and_forget(&path)?;
        // What is taken over unread is on the disk since it was published.
        let is_read = |(file, anew): &(&FileEntry, &bool)| **anew || !glance.covers(file);
        let files = || manifest.files.iter().zip(&anew);
        let read = || files().filter(is_read).map(|(file, _)| file);
        let unread = files().filter(|file| !is_read(file)).map(|(file, _)| file);
        let synced = self.synced(read())?;
        let is_synced = |file: &FileEntry| file.batch().is_some_and(|batch| synced.contains(&batch));
        disk::at_once(ASKED_AT_ONCE, read(), |file| {
            let path = self.dir.join(&file.path);
            if is_synced(file) { disk::forget(&path) } else { disk::sync_and_forget(&path) }
        })?;
        tree.sync(&disk::folders(manifest.files.iter().map(|f| f.path.as_str())))?;

        if disk::digest(&path)? != written {
            return Err(PublishError::new(&path, "写入后读回不符，没有发布。请检查磁盘后重新运行"));
        }
        let verify = |file: &FileEntry, same: bool| if same { Ok(()) } else { Err(self.changed(file)) };
        disk::at_once(ASKED_AT_ONCE, read(), |file| verify(file, is(&self.dir.join(&file.path), file)?))?;
        // Where they come from: what is wrong with them is wrong there.
        let from = self.current.as_ref().map_or(&*self.dir, |(folder, _)| folder);
        disk::at_once(ASKED_AT_ONCE, unread, |file| verify(file, glance.same(&from.join(&file.path), file)?))
    }

    /// Batches of which all files that were written are on the disk: as many as there are now.
    pub(super) fn synced<'f>(
        &self,
        written: impl Iterator<Item = &'f FileEntry>,
    ) -> Result<BTreeSet<BatchId>, PublishError> {
        let mut files: BTreeMap<BatchId, usize> = BTreeMap::new();
        for batch in written.filter_map(FileEntry::batch) {
            *files.entry(batch).or_default() += 1;
        }
        let synced = self.ahead.synced()?.into_iter();
        Ok(synced.filter(|(batch, n)| files.get(batch) == Some(n)).map(|(batch, _)| batch).collect())
    }

    /// Puts links to equal files of the current version in place of those that this run has written.
    fn share(&self, folder: &Path, current: &Manifest, manifest: &Manifest, anew: &[bool]) -> Result<(), PublishError> {
        let old = |file: &FileEntry| {
            let at = current.files.binary_search_by(|f| f.path.cmp(&file.path)).ok()?;
            current.files.get(at).filter(|old| old.sha256 == file.sha256)
        };
        for (file, _) in manifest.files.iter().zip(anew).filter(|(file, anew)| **anew && old(file).is_some()) {
            let from = folder.join(&file.path);
            if from.is_file() && is(&from, file)? {
                disk::share(&from, &self.dir.join(&file.path))?;
            }
        }
        Ok(())
    }

    /// Links all files that this run has not written. Those that had to be copied count as written.
    fn take_over(&self, folder: &Path, manifest: &Manifest, anew: &mut [bool]) -> Result<(), PublishError> {
        // Files of a folder follow each other: it is made once.
        let mut made = None;
        for (file, anew) in manifest.files.iter().zip(anew).filter(|(_, anew)| !**anew) {
            let (from, to) = (folder.join(&file.path), self.dir.join(&file.path));
            if to.parent() != made.as_deref() {
                made = to.parent().map(Path::to_owned);
                made.as_deref().map_or(Ok(()), disk::make_here)?;
            }
            *anew = !disk::link(&from, &to).map_err(|error| file.is_there(folder).err().unwrap_or(error))?;
        }
        Ok(())
    }

    /// Whether the current version still holds what it was published with. If not, equal new files must replace it.
    fn is_intact(&self, folder: &Path, current: &Manifest, glance: &Glance) -> Result<bool, PublishError> {
        disk::all(self.threads, &current.files, |file| {
            let path = folder.join(&file.path);
            if self.is_replaced(file) { Ok(path.is_file() && is(&path, file)?) } else { glance.same(&path, file) }
        })
    }

    fn is_replaced(&self, file: &FileEntry) -> bool {
        file.batch().is_some_and(|batch| self.replaced.contains(&batch))
    }

    /// What to say about a file that does not read back as it was written.
    fn changed(&self, file: &FileEntry) -> PublishError {
        match (&self.current, file.batch()) {
            (Some((folder, _)), Some(batch)) if !self.replaced.contains(&batch) => PublishError::new(
                &folder.join(&file.path),
                format!(
                    "内容已被改动或损坏，没有发布。请连同期 {batch} 一起重新运行，或用 sanpi restore N 换到完整的版本"
                ),
            ),
            _ => PublishError::new(&self.dir.join(&file.path), "写入后读回不符，没有发布。请检查磁盘后重新运行"),
        }
    }

    /// Gives the version its number, then points `current` to it. A marker tells whoever comes after a kill that a
    /// version with that number was never current.
    fn switch(&self) -> Result<Outcome, PublishError> {
        let folder = self.out.join(relative(self.number));
        let switched = self.number_and_switch(&folder);
        let current = std::fs::read_link(self.out.join(CURRENT)).ok();
        if switched.is_err() && current != Some(relative(self.number)) {
            // Nobody has seen the version: leave nothing behind.
            let _ = disk::remove(&folder);
        }
        // What stays of the marker is no harm: whoever stages next looks at it.
        let _ = disk::forget_marker(&self.out);
        switched.map(|()| Outcome::Published(self.number, folder))
    }

    fn number_and_switch(&self, folder: &Path) -> Result<(), PublishError> {
        disk::mark(&self.out, self.number)?;
        std::fs::rename(&self.dir, folder).map_err(|e| PublishError::io(folder, "写入", &e))?;
        folder.parent().map_or(Ok(()), disk::sync)?;
        let before = disk::switch(&self.out, &relative(self.number))?;
        disk::confirm(&self.out, before.as_deref())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After publishing the folder has its number and is no longer here. What cannot be removed now is removed by
        // whoever stages next.
        let _ = disk::remove(&self.dir);
    }
}

/// The files of a version in path order, and which of them were written. Those that were are in this order already.
fn together(written: Vec<FileEntry>, mut kept: Vec<FileEntry>) -> (Vec<FileEntry>, Vec<bool>) {
    if kept.is_empty() {
        let anew = vec![true; written.len()];
        return (written, anew);
    }
    kept.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let all = written.len() + kept.len();
    let (mut files, mut anew) = (Vec::with_capacity(all), Vec::with_capacity(all));
    let mut kept = kept.into_iter().peekable();
    for file in written {
        while let Some(before) = kept.next_if(|kept| kept.path < file.path) {
            files.push(before);
            anew.push(false);
        }
        files.push(file);
        anew.push(true);
    }
    files.extend(kept);
    anew.resize(files.len(), false);
    (files, anew)
}
