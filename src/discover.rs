//! Finds the input files of an inbox: `<inbox>/<batch>/**/<file>`. Only the file system is looked at, never a byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::BatchId;

/// Folders below the batch folder are followed to this depth; deeper ones are reported as unreadable.
const MAX_DEPTH: usize = 16;

/// What an entry of the inbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// Where an entry is. A run may have many: of most it holds no more than their names.
#[derive(Debug, Clone)]
pub enum Place {
    /// Below this inbox, as its name says.
    Inbox(Arc<Path>),
    /// Here.
    At(Box<Path>),
}

/// One entry of a batch folder.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Batch, from the folder below the inbox.
    pub batch: BatchId,
    /// Where it is, see [`Entry::path`].
    pub place: Place,
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
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match &self.place {
            Place::Inbox(inbox) => inbox.join(&*self.name),
            Place::At(path) => path.to_path_buf(),
        }
    }

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
    discover_from(inbox, None)
}

/// As [`discover`], but of the batches before `oldest` only that they have a folder.
///
/// # Errors
/// As [`discover`].
pub fn discover_from(inbox: &Path, oldest: Option<&BatchId>) -> std::io::Result<Discovery> {
    let root: Arc<Path> = Arc::from(inbox.canonicalize()?);
    let mut found = Discovery::default();
    for child in sorted(fs::read_dir(&root)?) {
        let name = child.file_name().to_string_lossy().into_owned();
        let path = child.path();
        match BatchId::parse(&name).filter(|_| path.is_dir()) {
            Some(batch) => {
                if oldest.is_none_or(|oldest| *oldest <= batch) {
                    walk(&root, (&path, is_link(&child)), &batch, &name, 0, &mut found.entries);
                }
                found.batches.insert(batch);
            }
            None => found.outside.push(name),
        }
    }
    found.entries.sort_unstable_by(|a, b| (&a.batch, &a.name).cmp(&(&b.batch, &b.name)));
    found.entries.shrink_to_fit();
    Ok(found)
}

fn sorted(entries: fs::ReadDir) -> Vec<fs::DirEntry> {
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    entries
}

/// Only a link can lead somewhere else than into the folder that it lies in: nothing else is looked up from the root.
fn is_link(child: &fs::DirEntry) -> bool {
    child.file_type().is_ok_and(|kind| kind.is_symlink())
}

fn walk(
    root: &Arc<Path>,
    (folder, is_linked): (&Path, bool),
    batch: &BatchId,
    name: &str,
    depth: usize,
    out: &mut Vec<Entry>,
) {
    if is_linked && (!stays_inside(root, folder) || leads_upwards(folder)) {
        out.push(entry((root, folder), batch, name, EntryKind::LinkOutside, None));
        return;
    }
    let listing = if depth < MAX_DEPTH { fs::read_dir(folder).ok() } else { None };
    let Some(listing) = listing else {
        out.push(entry((root, folder), batch, name, EntryKind::UnreadableFolder, None));
        return;
    };
    for child in sorted(listing) {
        let (path, is_linked) = (child.path(), is_link(&child));
        let child_name = format!("{name}/{}", child.file_name().to_string_lossy());
        let meta = fs::metadata(&path).ok();
        let kind = match &meta {
            Some(meta) if meta.is_dir() => {
                walk(root, (&path, is_linked), batch, &child_name, depth + 1, out);
                continue;
            }
            Some(meta) if !meta.is_file() => EntryKind::Special,
            Some(_) if !is_linked || stays_inside(root, &path) => EntryKind::File,
            _ => EntryKind::LinkOutside,
        };
        out.push(entry((root, &path), batch, &child_name, kind, meta));
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

fn entry(
    (root, path): (&Arc<Path>, &Path),
    batch: &BatchId,
    name: &str,
    kind: EntryKind,
    meta: Option<fs::Metadata>,
) -> Entry {
    let is_named = path.strip_prefix(root).is_ok_and(|below| below.to_str() == Some(name));
    let meta = meta.or_else(|| fs::metadata(path).ok());
    let modified = meta.as_ref().and_then(|m| m.modified().ok());
    Entry {
        batch: batch.clone(),
        place: if is_named { Place::Inbox(Arc::clone(root)) } else { Place::At(Box::from(path)) },
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
        assert_eq!(first.path(), inbox.canonicalize().unwrap().join("第二期/洛阳市/a.xlsx"));
        assert_eq!((first.kind, first.batch.as_str(), first.size), (EntryKind::File, "02", 1));
    }

    #[test]
    fn what_a_name_cannot_say_is_found_all_the_same() {
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("02").join(std::ffi::OsStr::from_bytes(b"\xc2\xe5"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.csv"), b"x").unwrap();
        let found = discover(dir.path()).unwrap();
        assert_eq!(&*found.entries[0].name, "02/\u{fffd}\u{fffd}/a.csv");
        assert_eq!(fs::read(found.entries[0].path()).unwrap(), b"x");
    }

    #[test]
    fn folders_of_batches_before_the_oldest_are_known_and_not_looked_into() {
        let dir = tempfile::tempdir().unwrap();
        let inbox = dir.path().join("inbox");
        for batch in ["09", "10", "第11期"] {
            fs::create_dir_all(inbox.join(batch)).unwrap();
            fs::write(inbox.join(batch).join("a.xlsx"), b"x").unwrap();
        }
        let oldest = BatchId::from_number(10);
        let found = discover_from(&inbox, Some(&oldest)).unwrap();
        let numbers: Vec<&str> = found.batches.iter().map(BatchId::as_str).collect();
        assert_eq!(numbers, ["09", "10", "11"]);
        let names: Vec<&str> = found.entries.iter().map(|e| &*e.name).collect();
        assert_eq!(names, ["10/a.xlsx", "第11期/a.xlsx"]);
    }

    /// What lies in a folder that a link leads to is inside when that folder is.
    #[test]
    fn only_links_can_lead_outside() {
        let dir = tempfile::tempdir().unwrap();
        let (inbox, elsewhere) = (dir.path().join("inbox"), dir.path().join("elsewhere"));
        for folder in [inbox.join("02/a/b"), inbox.join("03"), elsewhere.clone()] {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("x.csv"), b"x").unwrap();
        }
        let link = |to: &Path, from: &str| std::os::unix::fs::symlink(to, inbox.join(from)).unwrap();
        link(&inbox.join("02/a"), "03/inside");
        link(&elsewhere, "03/outside");
        link(&inbox.join("02/a/b/x.csv"), "03/y.csv");
        link(&inbox.join("03"), "03/itself");
        link(Path::new("nowhere"), "03/nowhere");
        link(&elsewhere, "04");
        let found = discover(&inbox).unwrap();
        let kinds: Vec<(&str, EntryKind)> = found.entries.iter().map(|e| (&*e.name, e.kind)).collect();
        let (file, outside) = (EntryKind::File, EntryKind::LinkOutside);
        let expected = [
            ("02/a/b/x.csv", file),
            ("03/inside/b/x.csv", file),
            ("03/itself", outside),
            ("03/nowhere", outside),
            ("03/outside", outside),
            ("03/x.csv", file),
            ("03/y.csv", file),
            ("04", outside),
        ];
        assert_eq!(kinds, expected);
    }
}
