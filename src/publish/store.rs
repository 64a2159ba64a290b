//! The published tree `<out>`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::disk::{self, CURRENT};
use super::lock::Lock;
use super::look::Look;
use super::manifest::{MANIFEST, Manifest};
use super::{PublishError, Staging};
use crate::model::BatchId;

/// Folder of the versions in the tree.
pub(super) const VERSIONS: &str = "versions";
/// Beginning of the name of a version in the making.
const STAGING: &str = ".staging-";
/// Beginning of the name of a version that is being deleted.
const REMOVING: &str = ".removing-";

/// A published tree.
#[derive(Debug)]
pub struct Store {
    pub(super) out: PathBuf,
    patience: Duration,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Number, from 1.
    pub number: u64,
    /// The one that readers see.
    pub current: bool,
    /// Batches in it.
    pub batches: Vec<BatchId>,
    /// Files.
    pub files: usize,
    /// Rows of all datasets.
    pub rows: u64,
    /// When it was made, when the file system knows it.
    pub modified: Option<Timestamp>,
    /// What is missing of it (Chinese), when it was deleted in part.
    pub fault: Option<String>,
}

impl Store {
    /// Opens the tree; it is made when something is first written.
    ///
    /// # Errors
    /// When there is something else than a folder.
    pub fn open(out: &Path) -> Result<Self, PublishError> {
        match fs::metadata(out) {
            Ok(meta) if !meta.is_dir() => Err(PublishError::new(out, "不是文件夹。请换一个发布目录（--out）")),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::io(out, "读取", &error)),
            _ => Ok(Self { out: out.to_owned(), patience: Duration::ZERO }),
        }
    }

    /// As it is, but ready to wait for whoever writes to the tree.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Who writes to the tree just now, and since when (Chinese).
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        Lock::holder(&self.out)
    }

    pub(super) fn lock(&self) -> Result<Lock, PublishError> {
        Lock::take(&self.out, self.patience)
    }

    /// The manifest of the current version, when there is one that can be read.
    #[must_use]
    pub fn manifest(&self) -> Option<Manifest> {
        Manifest::read(&self.current()?).ok()
    }

    /// Folder of the current version, when there is one: the version itself and not the link, so that what is read from
    /// it is of one version whatever is published meanwhile. Not checked for being there.
    #[must_use]
    pub fn current(&self) -> Option<PathBuf> {
        fs::read_link(self.out.join(CURRENT)).ok().map(|target| self.out.join(target))
    }

    /// Versions, newest first.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn history(&self) -> Result<Vec<Version>, PublishError> {
        let current = self.current();
        let mut versions: Vec<Version> =
            self.numbers()?.into_iter().map(|n| self.version(n, current.as_deref())).collect();
        versions.sort_by_key(|v| std::cmp::Reverse(v.number));
        Ok(versions)
    }

    fn version(&self, number: u64, current: Option<&Path>) -> Version {
        let folder = self.folder(number);
        let modified = fs::metadata(folder.join(MANIFEST)).and_then(|m| m.modified()).ok();
        let manifest = Manifest::read(&folder);
        let fault = manifest
            .as_ref()
            .map_or_else(|e| Some(e.to_string()), |m| m.complete(&folder).err().map(|e| e.to_string()));
        let never = "上次发布在切换前中断，这一版从未生效；下次运行会清理它".to_owned();
        let interrupted = disk::marked(&self.out) == Some(number) && current != Some(&*folder);
        let fault = fault.or(interrupted.then_some(never));
        let manifest = manifest.ok();
        Version {
            number,
            current: current == Some(&*folder),
            batches: manifest.as_ref().map(|m| m.batches.clone()).unwrap_or_default(),
            files: manifest.as_ref().map_or(0, |m| m.files.len()),
            rows: manifest.as_ref().map_or(0, |m| m.files.iter().filter_map(|f| f.rows).sum()),
            modified: modified.and_then(|t| Timestamp::try_from(t).ok()),
            fault,
        }
    }

    /// Begins a version in which the batches `replaced` are new and all others are those of the current version.
    /// Holds the lock of the tree until the staging is dropped. Removes what an interrupted run left. `look` says how closely to
    /// look at files that are taken over.
    ///
    /// # Errors
    /// When another run holds the lock, the disk fails, or the current version lacks something of the other batches.
    pub fn stage(&self, replaced: &[BatchId], look: Look) -> Result<Staging, PublishError> {
        let versions = self.out.join(VERSIONS);
        disk::make(&versions)?;
        let held = self.lock()?;
        self.clean(&versions)?;
        let current = self.readable_current()?;
        // A quick look at them is enough, when they are taken over.
        if let Some((folder, manifest)) = current.as_ref().filter(|_| look == Look::Thorough) {
            let replaced: BTreeSet<&BatchId> = replaced.iter().collect();
            let kept = manifest.files.iter().filter(|f| f.batch().is_none_or(|b| !replaced.contains(&b)));
            kept.into_iter().try_for_each(|file| file.is_there(folder))?;
        }
        let number = self.numbers()?.into_iter().max().unwrap_or(0) + 1;
        let dir = versions.join(format!("{STAGING}{number:06}"));
        fs::create_dir(&dir).map_err(|e| PublishError::io(&dir, "建立文件夹", &e))?;
        Ok(Staging::new(self.out.clone(), (dir, number), current, replaced, look, held))
    }

    /// Makes a version that was published before current again: a switch, no file is written.
    ///
    /// # Errors
    /// When there is no such version, something of it is missing, another run holds the lock, or the disk fails.
    pub fn restore(&self, number: u64) -> Result<PathBuf, PublishError> {
        let folder = self.folder(number);
        let missing = || PublishError::new(&folder, format!("没有第 {number} 版。sanpi history 列出所有版本"));
        if !folder.is_dir() {
            return Err(missing());
        }
        let _lock = self.lock()?;
        self.clean(&self.out.join(VERSIONS))?;
        if !folder.is_dir() {
            return Err(missing());
        }
        Manifest::read(&folder)?.complete(&folder)?;
        let before = disk::switch(&self.out, &relative(number))?;
        disk::confirm(&self.out, before.as_deref())?;
        Ok(folder)
    }

    /// The current version with its manifest. A link that leads nowhere is not taken for an empty tree: publishing over
    /// it would lose every other batch.
    fn readable_current(&self) -> Result<Option<(PathBuf, Manifest)>, PublishError> {
        let link = self.out.join(CURRENT);
        match fs::symlink_metadata(&link) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PublishError::io(&link, "读取", &error)),
            Ok(meta) if !meta.is_symlink() => {
                return Err(PublishError::new(
                    &link,
                    "应是指向 versions/ 下某一版的链接。请移走它，再用 sanpi restore N 选定版本",
                ));
            }
            Ok(_) => {}
        }
        let Some(folder) = self.current().filter(|folder| folder.is_dir()) else {
            return Err(PublishError::new(
                &link,
                "指向的版本不在了。请用 sanpi history 查看还有的版本，用 sanpi restore N 换过去；一版都没有时删去这个链接",
            ));
        };
        let manifest = Manifest::read(&folder)?;
        Ok(Some((folder, manifest)))
    }

    /// Removes what interrupted runs left: versions in the making or being deleted, and a version that got its number
    /// but was never current. The lock is held.
    fn clean(&self, versions: &Path) -> Result<(), PublishError> {
        disk::forget_switch(&self.out)?;
        if let Some(number) = disk::marked(&self.out)
            && self.current() != Some(self.folder(number))
        {
            self.discard(number)?;
        }
        disk::forget_marker(&self.out)?;
        for name in names(versions)? {
            if name.starts_with(STAGING) || name.starts_with(REMOVING) {
                disk::remove(&versions.join(name))?;
            }
        }
        Ok(())
    }

    /// Deletes a version. It loses its number first: whatever interrupts the rest, nobody takes half of it for a version.
    pub(super) fn discard(&self, number: u64) -> Result<(), PublishError> {
        let folder = self.folder(number);
        let gone = self.out.join(VERSIONS).join(format!("{REMOVING}{number:06}"));
        match fs::rename(&folder, &gone) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            renamed => renamed.map_err(|e| PublishError::io(&folder, "删除", &e))?,
        }
        disk::sync(&self.out.join(VERSIONS))?;
        disk::remove(&gone)
    }

    /// Numbers of the versions, in no order.
    pub(super) fn numbers(&self) -> Result<Vec<u64>, PublishError> {
        let versions = self.out.join(VERSIONS);
        if !versions.exists() {
            return Ok(Vec::new());
        }
        let number = |name: String| Some(name).filter(|n| n.bytes().all(|b| b.is_ascii_digit()))?.parse().ok();
        Ok(names(&versions)?.into_iter().filter_map(number).collect())
    }

    /// Folder of a version; not checked for being there.
    #[must_use]
    pub fn folder(&self, number: u64) -> PathBuf {
        self.out.join(relative(number))
    }
}

/// Folder of a version below the tree, as `current` names it.
pub(super) fn relative(number: u64) -> PathBuf {
    Path::new(VERSIONS).join(format!("{number:06}"))
}

/// Names in a folder; those that are not UTF-8 are not ours.
fn names(folder: &Path) -> Result<Vec<String>, PublishError> {
    let failed = |e: io::Error| PublishError::io(folder, "读取", &e);
    let entries = fs::read_dir(folder).map_err(failed)?;
    let names = entries.map(|e| e.map(|e| e.file_name())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}
