//! Files that somebody is still writing.
//!
//! A file whose size or time changes while we look is left for the next run. A lock file beside it says only that some
//! program has the file open: it lies there for hours, also beside finished files, and for ever after a crash. So a lock
//! file makes a difference only for a file that was published before and is another one now; what was published stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::discover::{Entry, EntryKind};

/// A file that was changed so recently gets a second look.
const RECENT: SignedDuration = SignedDuration::from_secs(2);
/// Time before the second look.
const PAUSE: Duration = Duration::from_millis(300);

/// What is known about files in the making.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    growing: BTreeSet<Arc<str>>,
    open: BTreeMap<Arc<str>, Arc<str>>,
}

impl Arrivals {
    /// Looks at the entries of the inbox, at recently changed ones twice. Lock files older than `hours` are not believed.
    pub(super) fn of(entries: &[Entry], hours: u64) -> Self {
        let now = Timestamp::now();
        let age = |e: &Entry| e.modified.map(|t| now.duration_since(t).abs());
        let files = || entries.iter().filter(|e| e.kind == EntryKind::File);
        let recent: Vec<&Entry> = files().filter(|e| age(e).is_some_and(|age| age < RECENT)).collect();
        if !recent.is_empty() {
            std::thread::sleep(PAUSE);
        }
        let growing = recent.into_iter().filter(|e| has_changed(e)).map(|e| Arc::clone(&e.name)).collect();
        let most = SignedDuration::from_secs(i64::try_from(hours.saturating_mul(3600)).unwrap_or(i64::MAX));
        let locks: BTreeSet<&str> =
            files().filter(|e| age(e).is_some_and(|age| age < most)).map(|e| &*e.name).collect();
        let open = files().filter_map(|e| {
            let is_lock = |lock: &String| **lock != *e.name && locks.contains(lock.as_str());
            let lock = lock_names(&e.name).into_iter().find(is_lock)?;
            Some((Arc::clone(&e.name), Arc::from(lock)))
        });
        Self { growing, open: open.collect() }
    }

    /// Whether the file changed while it was looked at.
    pub(super) fn is_growing(&self, name: &str) -> bool {
        self.growing.contains(name)
    }

    /// The lock file that says that the file is open.
    pub(super) fn lock(&self, name: &str) -> Option<&str> {
        self.open.get(name).map(|lock| &**lock)
    }
}

/// Whether a file is not as it was when the inbox was listed. One that is gone is not being written.
pub(super) fn has_changed(entry: &Entry) -> bool {
    let Ok(meta) = fs::metadata(entry.path()) else { return false };
    let modified = meta.modified().ok().and_then(|t| Timestamp::try_from(t).ok());
    (meta.len(), modified) != (entry.size, entry.modified)
}

/// How Excel, WPS and `LibreOffice` name the lock file of a file.
fn lock_names(name: &str) -> [String; 4] {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let shortened: String = file.chars().skip(2).collect();
    let at = |lock: String| if folder.is_empty() { lock } else { format!("{folder}/{lock}") };
    [at(format!("~${file}")), at(format!("~${shortened}")), at(format!(".~{file}")), at(format!(".~lock.{file}#"))]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::discover::discover;

    fn entries(inbox: &Path) -> Vec<Entry> {
        discover(inbox).unwrap().entries
    }

    #[test]
    fn a_growing_file_is_noticed_and_a_finished_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("02/洛阳市");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.csv"), "1").unwrap();
        fs::write(folder.join("b.csv"), "1").unwrap();
        let entries = entries(dir.path());
        let path = folder.join("b.csv");
        let writer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            fs::write(path, "12").unwrap();
        });
        let arrivals = Arrivals::of(&entries, 12);
        writer.join().unwrap();
        assert!(arrivals.is_growing("02/洛阳市/b.csv") && !arrivals.is_growing("02/洛阳市/a.csv"));
        fs::remove_file(folder.join("a.csv")).unwrap();
        assert!(!has_changed(&entries[0]), "what is gone is not being written");
    }

    #[test]
    fn lock_files_are_believed_for_some_hours() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("02")).unwrap();
        for name in
            ["a.xlsx", "~$a.xlsx", "b.ods", ".~lock.b.ods#", "c.et", ".~c.et", "台账清单.xls", "~$清单.xls", "d.xlsx"]
        {
            fs::write(dir.path().join("02").join(name), "x").unwrap();
        }
        let open = |hours| {
            let arrivals = Arrivals::of(&entries(dir.path()), hours);
            ["a.xlsx", "b.ods", "c.et", "台账清单.xls", "d.xlsx", "~$a.xlsx"]
                .map(|n| arrivals.lock(&format!("02/{n}")).is_some())
        };
        assert_eq!(open(12), [true, true, true, true, false, false]);
        assert_eq!(open(0), [false; 6]);
        let old = std::time::SystemTime::now() - Duration::from_hours(13);
        fs::File::options().append(true).open(dir.path().join("02/~$a.xlsx")).unwrap().set_modified(old).unwrap();
        assert_eq!(open(12), [false, true, true, true, false, false]);
    }
}
