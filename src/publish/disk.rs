//! The file system, with every step made durable.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::iter::{Enumerate, Skip, StepBy};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Advice, fadvise, syncfs};
use sha2::{Digest, Sha256};

use super::PublishError;
use super::manifest::{Checksum, FileEntry, folder_of};
use crate::model::BatchId;

/// Bytes read at a time, by each of several threads.
const CHUNK: usize = 1 << 14;
/// Files that are synced or read back at a time, however many threads the run has: it is about waiting for the disk, which
/// takes hardly longer for many than for one.
pub(super) const ASKED_AT_ONCE: usize = 8;
/// So many folders are synced one by one: those of a few batches.
const FEW_FOLDERS: usize = 256;
/// Name of the link that readers follow.
pub(super) const CURRENT: &str = "current";
/// Name of the file that holds the number of a version while it becomes current.
const MARKER: &str = ".publishing";
/// Name of the link before it is renamed to [`CURRENT`].
const CURRENT_NEXT: &str = ".current-next";

/// Size and SHA-256 of a file.
pub(super) fn digest(path: &Path) -> Result<(u64, Checksum), PublishError> {
    let failed = |e: io::Error| PublishError::io(path, "读取", &e);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut size, mut chunk) = (Sha256::new(), 0, vec![0u8; CHUNK]);
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => {
                hash.update(chunk.get(..n).unwrap_or_default());
                size += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok((size, Checksum(hash.finalize().into())))
}

/// All files below a folder by their paths, relative and `/`-separated, in order; nothing else is known of them yet. Anything
/// but files and folders is an error: nothing else is ever written there.
pub(super) fn files(root: &Path) -> Result<Vec<FileEntry>, PublishError> {
    let mut files = Vec::new();
    add(root, "", &mut |path| files.push(FileEntry { path, rows: None, bytes: 0, sha256: Checksum([0; 32]) }))?;
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Paths of the files of a batch, as those of [`files`].
pub(super) fn files_of(root: &Path, batch: &BatchId) -> Result<Vec<String>, PublishError> {
    let failed = |e: io::Error| PublishError::io(root, "读取", &e);
    let mut files = Vec::new();
    for entry in fs::read_dir(root).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let Some(folder) = name.to_str().map(|name| folder_of(name, batch)) else { continue };
        let path = root.join(&folder);
        if path.is_dir() {
            add(&path, &format!("{folder}/"), &mut |path| files.push(path))?;
        }
    }
    Ok(files)
}

fn add(folder: &Path, prefix: &str, file: &mut dyn FnMut(String)) -> Result<(), PublishError> {
    let failed = |e: io::Error| PublishError::io(folder, "读取", &e);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|_| kind.is_dir() || kind.is_file()) else {
            return Err(PublishError::new(&path, "发布目录里不应有这个文件。请删去后重新运行"));
        };
        // Of just this length: a version has many files.
        if kind.is_dir() {
            add(&path, &[prefix, name, "/"].concat(), file)?;
        } else {
            file([prefix, name].concat());
        }
    }
    Ok(())
}

/// The folders that hold files, with those above them up to the root, which is the empty path. All paths are below it.
pub(super) fn folders<'a>(files: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders = BTreeSet::from([""]);
    for mut path in files {
        while let Some((folder, _)) = path.rsplit_once('/')
            && folders.insert(folder)
        {
            path = folder;
        }
    }
    folders
}

/// A folder in which many others are made, all of which get onto the disk together.
pub(super) struct Tree<'a> {
    root: &'a Path,
    /// Opened before anything is made in it, so that the system tells also of what has failed since.
    opened: File,
}

impl<'a> Tree<'a> {
    /// The folder as it is before anything is made in it.
    pub(super) fn open(root: &'a Path) -> Result<Self, PublishError> {
        let opened = File::open(root).map_err(|e| PublishError::io(root, "读取", &e))?;
        Ok(Self { root, opened })
    }

    /// Gets folders below it onto the disk, named by their paths below it. When they are many, then with all else that waits for
    /// this file system: a call for each would take longer the more batches are published.
    pub(super) fn sync(&self, folders: &BTreeSet<&str>) -> Result<(), PublishError> {
        if folders.len() <= FEW_FOLDERS {
            return at_once(ASKED_AT_ONCE, folders, |folder| sync(&self.root.join(folder)));
        }
        syncfs(&self.opened).map_err(|e| PublishError::io(self.root, "写入", &e.into()))
    }
}

/// Does something with every one of many files, several of them at a time. Which thread has which does not change from run to
/// run: neighbours are of a kind and go to different threads, so that all have about as much to do. No list of them is made.
///
/// # Errors
/// That of the first file that has one.
pub(super) fn at_once<F: IntoIterator<IntoIter: Clone + Send>>(
    threads: usize,
    files: F,
    work: impl Fn(F::Item) -> Result<(), PublishError> + Sync,
) -> Result<(), PublishError> {
    let files = files.into_iter();
    let threads = files.clone().take(threads.max(1)).count();
    let part = |first| Mutex::new(files.clone().enumerate().skip(first).step_by(threads));
    let parts: Vec<_> = (0..threads).map(part).collect();
    let work = |part: &Mutex<StepBy<Skip<Enumerate<F::IntoIter>>>>| {
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        part.find_map(|(at, file)| Some((at, work(file).err()?)))
    };
    let failed = std::thread::scope(|scope| {
        let mut failed = Vec::new();
        let mut waiting = Vec::new();
        let (own, others) = parts.split_first().unzip();
        for part in others.into_iter().flatten() {
            match std::thread::Builder::new().spawn_scoped(scope, || work(part)) {
                Ok(thread) => waiting.push(thread),
                // The system gives no thread: then here.
                Err(_) => failed.push(work(part)),
            }
        }
        failed.extend(own.map(&work));
        failed.extend(waiting.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        failed
    });
    failed.into_iter().flatten().min_by_key(|(at, _)| *at).map_or(Ok(()), |(_, error)| Err(error))
}

/// Changes every one of many things, as [`at_once`].
///
/// # Errors
/// That of one that has one.
pub(super) fn change_at_once<'t, T: Send + 't>(
    threads: usize,
    all: impl Iterator<Item = &'t mut T>,
    work: impl Fn(&mut T) -> Result<(), PublishError> + Sync,
) -> Result<(), PublishError> {
    let mut parts: Vec<Vec<&mut T>> = (0..threads.max(1)).map(|_| Vec::new()).collect();
    let mut all = all.peekable();
    while all.peek().is_some() {
        parts.iter_mut().zip(&mut all).for_each(|(part, one)| part.push(one));
    }
    let parts: Vec<Mutex<Vec<&mut T>>> = parts.into_iter().map(Mutex::new).collect();
    at_once(parts.len(), &parts, |part| {
        part.lock().unwrap_or_else(PoisonError::into_inner).iter_mut().try_for_each(|one| work(one))
    })
}

/// Whether something is so of all files, on so many threads; no further file is looked at after one that it is not so of.
pub(super) fn all<'f>(
    threads: usize,
    files: impl IntoIterator<Item = &'f FileEntry, IntoIter: Clone + Send>,
    is_so: impl Fn(&FileEntry) -> Result<bool, PublishError> + Sync,
) -> Result<bool, PublishError> {
    let of_all = AtomicBool::new(true);
    at_once(threads, files, |file| {
        if of_all.load(Ordering::Relaxed) && !is_so(file)? {
            of_all.store(false, Ordering::Relaxed);
        }
        Ok(())
    })?;
    Ok(of_all.into_inner())
}

/// Forgets what memory holds of a file that is on the disk, so that reading it back asks the disk.
pub(super) fn forget(path: &Path) -> Result<(), PublishError> {
    let file = File::open(path).map_err(|e| PublishError::io(path, "读取", &e))?;
    // Only advice: where it is not followed, reading back is still a check of what was written.
    let _ = fadvise(&file, 0, None, Advice::DontNeed);
    Ok(())
}

/// Gets a file or folder onto the disk.
pub(super) fn sync(path: &Path) -> Result<(), PublishError> {
    File::open(path).and_then(|f| f.sync_all()).map_err(|e| PublishError::io(path, "写入", &e))
}

/// As [`sync`] and [`forget`].
pub(super) fn sync_and_forget(path: &Path) -> Result<(), PublishError> {
    sync(path)?;
    forget(path)
}

/// Writes a new file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), PublishError> {
    let written = File::create_new(path).and_then(|mut f| f.write_all(text.as_bytes()));
    written.map_err(|e| PublishError::io(path, "写入", &e))
}

/// Makes a folder with those above it, durably.
pub(super) fn make(folder: &Path) -> Result<(), PublishError> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|p| !p.as_os_str().is_empty()) {
        make(parent)?;
    }
    fs::create_dir(folder).map_err(|e| PublishError::io(folder, "建立文件夹", &e))?;
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(parent)
}

/// Makes a folder of a version in the making, with those above it; it is synced with everything else.
pub(super) fn make_here(folder: &Path) -> Result<(), PublishError> {
    fs::create_dir_all(folder).map_err(|e| PublishError::io(folder, "建立文件夹", &e))
}

/// Gives a file a second name; `false`: it is a copy, as the file system has no hard links.
pub(super) fn link(from: &Path, to: &Path) -> Result<bool, PublishError> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(true);
    }
    fs::copy(from, to).map(|_| false).map_err(|e| PublishError::io(to, "写入", &e))
}

/// Puts a hard link to `from` in place of the equal file `to`; without hard links `to` stays as it is.
pub(super) fn share(from: &Path, to: &Path) -> Result<(), PublishError> {
    let beside = to.with_extension("link");
    if fs::hard_link(from, &beside).is_err() {
        return Ok(());
    }
    fs::rename(&beside, to).map_err(|e| PublishError::io(to, "写入", &e))
}

/// Removes a folder with all it holds, if it is there.
pub(super) fn remove(folder: &Path) -> Result<(), PublishError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::io(folder, "删除", &error)),
        _ => Ok(()),
    }
}

/// Points `current` to a version, in one step that readers cannot see the middle of. Gives where it pointed before; on
/// `Err` it still points there.
pub(super) fn switch(out: &Path, target: &Path) -> Result<Option<PathBuf>, PublishError> {
    let (next, current) = (out.join(CURRENT_NEXT), out.join(CURRENT));
    let before = fs::read_link(&current).ok();
    forget_switch(out)?;
    symlink(target, &next).map_err(|e| PublishError::io(&next, "建立链接", &e))?;
    fs::rename(&next, &current).map_err(|e| {
        let _ = fs::remove_file(&next);
        PublishError::io(&current, "切换版本", &e)
    })?;
    Ok(before)
}

/// Gets a [`switch`] onto the disk. Where that fails nobody knows what a power cut would leave, so `current` goes back to
/// where it pointed `before`.
pub(super) fn confirm(out: &Path, before: Option<&Path>) -> Result<(), PublishError> {
    sync(out).inspect_err(|_| {
        // The error is told; that going back may fail too changes nothing about it.
        let _ = match before {
            Some(before) => switch(out, before).map(|_| ()),
            None => fs::remove_file(out.join(CURRENT)).map_err(|e| PublishError::io(out, "切换版本", &e)),
        };
    })
}

/// Removes what an interrupted [`switch`] left.
pub(super) fn forget_switch(out: &Path) -> Result<(), PublishError> {
    let next = out.join(CURRENT_NEXT);
    match fs::remove_file(&next) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::io(&next, "删除", &error)),
        _ => Ok(()),
    }
}

/// Notes durably which version is about to become current.
pub(super) fn mark(out: &Path, number: u64) -> Result<(), PublishError> {
    forget_marker(out)?;
    let path = out.join(MARKER);
    write(&path, &format!("{number}\n"))?;
    sync(&path)?;
    sync(out)
}

/// The version that was about to become current; `None` where no switch was interrupted.
pub(super) fn marked(out: &Path) -> Option<u64> {
    fs::read_to_string(out.join(MARKER)).ok()?.trim().parse().ok()
}

/// Removes the note.
pub(super) fn forget_marker(out: &Path) -> Result<(), PublishError> {
    let path = out.join(MARKER);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::io(&path, "删除", &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_at_once_are_all_of_them_and_the_first_error_comes_out() {
        for (n, threads) in [0u32, 1, 7, 8, 9, 100].into_iter().flat_map(|n| [0, 1, 2, 8].map(|threads| (n, threads))) {
            let seen = Mutex::new(Vec::new());
            at_once(threads, 0..n, |i| {
                seen.lock().unwrap().push(i);
                Ok(())
            })
            .unwrap();
            let mut seen = seen.into_inner().unwrap();
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
            let failing =
                |i: u32| if i >= n / 2 { Err(PublishError::new(Path::new("a"), i.to_string())) } else { Ok(()) };
            let failed = at_once(threads, 0..n, failing).err().map(|e| e.message);
            assert_eq!(failed, (n > 0).then(|| (n / 2).to_string()), "on any number of threads");
        }
    }
}
