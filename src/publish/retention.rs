//! Which versions stay.

use std::collections::BTreeSet;

use jiff::tz::{Offset, TimeZone};

use super::{PublishError, Store, Version};
use crate::spec::Retention;

/// Months are those of the operators' calendar.
const BEIJING: Offset = jiff::tz::offset(8);

impl Store {
    /// Deletes the versions that `retention` does not keep, and gives their numbers. The current version always stays, and
    /// so does one that is incomplete: somebody has to look at it. When another run has begun meanwhile, that one does it.
    ///
    /// # Errors
    /// When a version cannot be deleted; what was begun is finished by the next run.
    pub fn prune(&self, retention: &Retention) -> Result<Vec<u64>, PublishError> {
        if retention.versions == 0 || self.holder().is_some() {
            return Ok(Vec::new());
        }
        let _lock = self.lock()?;
        // All of them stay: no need to look at what they hold.
        if self.numbers()?.len() <= retention.versions {
            return Ok(Vec::new());
        }
        let versions = self.history()?;
        let gone = superfluous(&versions, retention);
        gone.iter().try_for_each(|number| self.discard(*number))?;
        Ok(gone)
    }
}

/// Numbers of the complete versions that are neither current, nor among the newest, nor the last of one of the newest
/// months. `versions` is newest first.
fn superfluous(versions: &[Version], retention: &Retention) -> Vec<u64> {
    let complete = || versions.iter().filter(|v| v.fault.is_none());
    let mut months = BTreeSet::new();
    let mut kept: BTreeSet<u64> = complete().take(retention.versions).map(|v| v.number).collect();
    for version in complete() {
        let Some(month) = version.modified.map(|t| t.to_zoned_datetime(TimeZone::fixed(BEIJING))) else {
            kept.insert(version.number);
            continue;
        };
        let month = (month.year(), month.month());
        if months.len() < retention.months && months.insert(month) {
            kept.insert(version.number);
        }
    }
    complete().filter(|v| !v.current && !kept.contains(&v.number)).map(|v| v.number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: u64, date: &str, current: bool, fault: bool) -> Version {
        Version {
            number,
            current,
            batches: Vec::new(),
            files: 0,
            rows: 0,
            modified: Some(format!("{date}T12:00:00Z").parse().unwrap()),
            fault: fault.then(|| "少了文件".to_owned()),
        }
    }

    #[test]
    fn the_newest_the_last_of_each_month_and_the_current_stay() {
        let versions = [
            version(9, "2026-03-02", false, false),
            version(8, "2026-03-01", false, true),
            version(7, "2026-03-01", false, false),
            version(6, "2026-02-28", false, false),
            version(5, "2026-02-27", false, false),
            version(4, "2026-01-31", false, false),
            version(3, "2026-01-30", true, false),
            version(2, "2025-12-31", false, false),
        ];
        let gone = |versions_kept, months| superfluous(&versions, &Retention { versions: versions_kept, months });
        assert_eq!(gone(1, 0), [7, 6, 5, 4, 2], "an incomplete version is not ours to delete");
        assert_eq!(gone(2, 2), [5, 4, 2]);
        assert_eq!(gone(2, 3), [5, 2]);
        assert_eq!(gone(9, 0), [0u64; 0]);
    }
}
