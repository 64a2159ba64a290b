//! A version in the making.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::PublishError;
use super::disk::{self, CURRENT, Tree};
use super::lock::Lock;
use super::manifest::{FileEntry, InputEntry, MANIFEST, Manifest};
use super::store::relative;
use crate::model::{BatchId, Books, Source};

/// A version in the making; dropped without [`Staging::publish`] it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    out: PathBuf,
    dir: PathBuf,
    number: u64,
    current: Option<(PathBuf, Manifest)>,
    replaced: Vec<BatchId>,
    books: BTreeMap<BatchId, Books>,
    /// Of these datasets only these files are taken over.
    kept_only: BTreeMap<String, BTreeSet<String>>,
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
        dir: PathBuf,
        number: u64,
        current: Option<(PathBuf, Manifest)>,
        replaced: Vec<BatchId>,
        lock: Lock,
    ) -> Self {
        Self { out, dir, number, current, replaced, books: BTreeMap::new(), kept_only: BTreeMap::new(), _lock: lock }
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
        Ok(FileEntry { path: path.to_owned(), rows, bytes, sha256 })
    }

    /// Says anew which batches this version replaces; all others are those of the current version.
    pub fn replace(&mut self, batches: Vec<BatchId>) {
        self.replaced = batches;
    }

    /// Whether every file of a batch of the current version still is what was published.
    ///
    /// # Errors
    /// When a file that is there cannot be read.
    pub fn intact_batch(&self, batch: &BatchId) -> Result<bool, PublishError> {
        let Some((folder, manifest)) = &self.current else { return Ok(false) };
        for file in manifest.of_batch(batch) {
            let path = folder.join(&file.path);
            if !path.is_file() || !is(&path, file)? {
                return Ok(false);
            }
        }
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
    /// throws the staging away. `rows` tells the rows of each file that the run wrote (path below the version, rows);
    /// `inputs` are the input files of the replaced batches.
    ///
    /// # Errors
    /// When the disk fails or what is read back is not what was written; the old version is intact.
    pub fn publish(
        self,
        rows: &[(String, u64)],
        inputs: &[(BatchId, &Source)],
        spec_hash: &str,
    ) -> Result<Outcome, PublishError> {
        let manifest = self.manifest(rows, inputs, spec_hash)?;
        if let Some((folder, current)) = &self.current
            && current.same_files(&manifest)
            && self.intact(folder, current)?
        {
            return Ok(Outcome::Unchanged(current.version, folder.clone()));
        }
        self.settle(&manifest)?;
        self.verify(&manifest)?;
        self.switch()
    }

    /// Describes what was written together with what is taken over from the current version.
    fn manifest(
        &self,
        rows: &[(String, u64)],
        inputs: &[(BatchId, &Source)],
        spec_hash: &str,
    ) -> Result<Manifest, PublishError> {
        let mut files = self.written(rows)?;
        let mut books = self.books.clone();
        let mut inputs: Vec<InputEntry> = inputs.iter().map(|(batch, source)| input(batch, source)).collect();
        let mut hashes: BTreeMap<BatchId, String> =
            self.replaced.iter().map(|b| (b.clone(), spec_hash.to_owned())).collect();
        if let Some((_, current)) = &self.current {
            files.extend(self.taken_over(current, &files));
            inputs.extend(current.inputs.iter().filter(|i| !self.replaced.contains(&i.batch)).cloned());
            for (batch, hash) in &current.batch_spec_hashes {
                hashes.entry(batch.clone()).or_insert_with(|| hash.clone());
            }
            for (batch, kept) in current.books.iter().filter(|(batch, _)| !self.replaced.contains(batch)) {
                books.insert(batch.clone(), kept.clone());
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        self.has_all_kept(&files)?;
        inputs.sort();
        Ok(Manifest {
            version: self.number,
            spec_hash: spec_hash.to_owned(),
            batches: hashes.keys().cloned().collect(),
            batch_spec_hashes: hashes,
            files,
            inputs,
            books,
        })
    }

    /// The files of the staging folder. The run must have told the rows of each dataset's file, and of no other.
    fn written(&self, rows: &[(String, u64)]) -> Result<Vec<FileEntry>, PublishError> {
        let mut rows: BTreeMap<&str, u64> = rows.iter().map(|(path, n)| (path.as_str(), *n)).collect();
        let mut files = Vec::new();
        let paths = Tree::of(&self.dir)?.files;
        let digests = disk::at_once(&paths, |path| disk::digest(&self.dir.join(path)))?;
        for (path, (bytes, sha256)) in paths.into_iter().zip(digests) {
            let told = rows.remove(path.as_str());
            if told.is_none() && path.ends_with(".parquet") {
                return Err(PublishError::new(
                    &self.dir.join(&path),
                    "不知道有多少行，没有发布。请把本行反馈给维护人员",
                ));
            }
            files.push(FileEntry { path, rows: told, bytes, sha256 });
        }
        match rows.keys().next() {
            Some(path) => Err(PublishError::new(&self.dir.join(path), "写好的文件不见了，没有发布。请重新运行")),
            None => Ok(files),
        }
    }

    /// Files of the current version that this one keeps: of batches that were not replaced, and of no batch unless
    /// written anew or no longer wanted.
    fn taken_over(&self, current: &Manifest, written: &[FileEntry]) -> Vec<FileEntry> {
        let written: BTreeSet<&str> = written.iter().map(|f| f.path.as_str()).collect();
        let dataset_keeps = |f: &FileEntry| {
            let files = self.kept_only.get(f.path.split('/').next().unwrap_or_default());
            files.is_none_or(|files| files.contains(&f.path))
        };
        let is_kept =
            |f: &FileEntry| f.batch().map_or_else(|| dataset_keeps(f), |batch| !self.replaced.contains(&batch));
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

    /// Links what is the same as in the current version, writes the manifest and gets everything onto the disk.
    fn settle(&self, manifest: &Manifest) -> Result<(), PublishError> {
        if let Some((folder, current)) = &self.current {
            let old: BTreeMap<&str, &str> =
                current.files.iter().map(|f| (f.path.as_str(), f.sha256.as_str())).collect();
            for file in manifest.files.iter().filter(|f| old.get(f.path.as_str()) == Some(&f.sha256.as_str())) {
                let (from, to) = (folder.join(&file.path), self.dir.join(&file.path));
                if to.exists() {
                    if from.is_file() && is(&from, file)? {
                        disk::share(&from, &to)?;
                    }
                } else {
                    disk::link(&from, &to)?;
                }
            }
        }
        disk::write(&self.dir.join(MANIFEST), &manifest.to_json())?;
        let tree = Tree::of(&self.dir)?;
        disk::at_once(&tree.files, |file| disk::sync_and_forget(&self.dir.join(file)))?;
        disk::at_once(&tree.folders, |folder| disk::sync(folder))?;
        Ok(())
    }

    /// Reads everything back from the disk.
    fn verify(&self, manifest: &Manifest) -> Result<(), PublishError> {
        if Manifest::read(&self.dir)? != *manifest {
            return Err(PublishError::new(&self.dir.join(MANIFEST), "写入后读回不符，没有发布。请检查磁盘后重新运行"));
        }
        let check = |file: &FileEntry| match is(&self.dir.join(&file.path), file) {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.changed(file)),
            Err(error) => Err(error),
        };
        disk::at_once(&manifest.files, check)?;
        Ok(())
    }

    /// Whether the current version still holds what it was published with. If not, equal new files must replace it.
    fn intact(&self, folder: &Path, current: &Manifest) -> Result<bool, PublishError> {
        for file in &current.files {
            let replaced = file.batch().is_some_and(|b| self.replaced.contains(&b));
            let path = folder.join(&file.path);
            if (replaced && !path.is_file()) || !is(&path, file)? {
                return Ok(false);
            }
        }
        Ok(true)
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

/// Whether a file has the content of its entry.
fn is(path: &Path, file: &FileEntry) -> Result<bool, PublishError> {
    let (bytes, sha256) = disk::digest(path)?;
    Ok(bytes == file.bytes && sha256 == file.sha256)
}

fn input(batch: &BatchId, source: &Source) -> InputEntry {
    InputEntry { batch: batch.clone(), path: source.file.to_string(), sha256: source.sha256.to_string() }
}
