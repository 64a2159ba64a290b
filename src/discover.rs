//! Finds the input files of an inbox: `<inbox>/<batch>/**/<file>`. Only the file system is looked at, never a byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::BatchId;

/// Folders below the batch folder are followed to this depth; deeper ones are reported as unreadable.
const MAX_DEPTH: usize = 16;

/// What an entry of the inbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, to be read.
    File,
    /// A link that leads out of the inbox, back into its own folder, or nowhere: not followed.
    LinkOutside,
    /// A pipe, socket or device: not read.
    Special,
    /// A folder that could not be listed.
    UnreadableFolder,
}

/// One entry of a batch folder.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Batch, from the folder below the inbox.
    pub batch: BatchId,
    /// Where it is.
    pub path: PathBuf,
    /// Path below the inbox, `/`-separated; bytes that are not UTF-8 appear as U+FFFD.
    pub name: Arc<str>,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes.
    pub size: u64,
    /// Time of the last change, when the file system knows it.
    pub modified: Option<Timestamp>,
}

impl Entry {
    /// Whether it is a whole batch whose folder could not be listed.
    #[must_use]
    pub fn is_closed_batch(&self) -> bool {
        self.kind == EntryKind::UnreadableFolder && !self.name.contains('/')
    }
}

/// All entries of an inbox, sorted by batch and name.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    /// Entries below batch folders.
    pub entries: Vec<Entry>,
    /// Batches that have a folder, also an empty one.
    pub batches: BTreeSet<BatchId>,
    /// Names below the inbox that are not batch folders.
    pub outside: Vec<String>,
}

/// Lists an inbox.
///
/// # Errors
/// When the inbox itself cannot be listed; anything below it that cannot be listed becomes an entry.
pub fn discover(inbox: &Path) -> std::io::Result<Discovery> {
    let root = inbox.canonicalize()?;
    let mut found = Discovery::default();
    for entry in sorted(fs::read_dir(&root)?) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.path().is_dir();
        match BatchId::parse(&name).filter(|_| is_folder) {
            Some(batch) => {
                walk(&root, &entry.path(), &batch, &name, 0, &mut found.entries);
                found.batches.insert(batch);
            }
            None => found.outside.push(name),
        }
    }
    found.entries.sort_by(|a, b| (&a.batch, &a.name).cmp(&(&b.batch, &b.name)));
    Ok(found)
}

fn sorted(entries: fs::ReadDir) -> Vec<fs::DirEntry> {
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    entries
}

fn walk(root: &Path, folder: &Path, batch: &BatchId, name: &str, depth: usize, out: &mut Vec<Entry>) {
    if !stays_inside(root, folder) || leads_upwards(folder) {
        out.push(entry(folder, batch, name, EntryKind::LinkOutside));
        return;
    }
    let listing = if depth < MAX_DEPTH { fs::read_dir(folder).ok() } else { None };
    let Some(listing) = listing else {
        out.push(entry(folder, batch, name, EntryKind::UnreadableFolder));
        return;
    };
    for child in sorted(listing) {
        let path = child.path();
        let child_name = format!("{name}/{}", child.file_name().to_string_lossy());
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => walk(root, &path, batch, &child_name, depth + 1, out),
            Ok(meta) if meta.is_file() && stays_inside(root, &path) => {
                out.push(entry(&path, batch, &child_name, EntryKind::File));
            }
            Ok(meta) if !meta.is_file() => out.push(entry(&path, batch, &child_name, EntryKind::Special)),
            _ => out.push(entry(&path, batch, &child_name, EntryKind::LinkOutside)),
        }
    }
}

/// Whether a folder is a link to one of the folders that it lies in: following it would never end.
fn leads_upwards(folder: &Path) -> bool {
    let parent = folder.parent().and_then(|p| p.canonicalize().ok());
    match (folder.canonicalize(), parent) {
        (Ok(real), Some(parent)) => parent.starts_with(&real),
        _ => false,
    }
}

/// Whether a path, links resolved, is below the inbox.
fn stays_inside(root: &Path, path: &Path) -> bool {
    path.canonicalize().is_ok_and(|real| real.starts_with(root))
}

fn entry(path: &Path, batch: &BatchId, name: &str, kind: EntryKind) -> Entry {
    let meta = fs::metadata(path).ok();
    let modified = meta.as_ref().and_then(|m| m.modified().ok());
    Entry {
        batch: batch.clone(),
        path: path.to_owned(),
        name: Arc::from(name),
        kind,
        size: meta.map_or(0, |m| m.len()),
        modified: modified.and_then(|t| Timestamp::try_from(t).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_from_folders_and_links_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let inbox = dir.path().join("inbox");
        fs::create_dir_all(inbox.join("第二期/洛阳市")).unwrap();
        fs::create_dir_all(inbox.join("2026年第一批")).unwrap();
        fs::write(inbox.join("第二期/洛阳市/a.xlsx"), b"x").unwrap();
        fs::write(dir.path().join("secret.xlsx"), b"x").unwrap();
        std::os::unix::fs::symlink(dir.path().join("secret.xlsx"), inbox.join("第二期/link.xlsx")).unwrap();
        std::os::unix::fs::symlink(&inbox, inbox.join("第二期/loop")).unwrap();

        let found = discover(&inbox).unwrap();

        assert_eq!(found.outside, ["2026年第一批"]);
        let link = found.entries.iter().find(|e| e.name.ends_with("link.xlsx")).unwrap();
        assert_eq!(link.kind, EntryKind::LinkOutside);
        assert_eq!(found.entries.len(), 3, "the loop is one entry, not an endless tree");
        let first = found.entries.iter().find(|e| &*e.name == "第二期/洛阳市/a.xlsx").unwrap();
        assert_eq!((first.kind, first.batch.as_str(), first.size), (EntryKind::File, "02", 1));
    }
}
