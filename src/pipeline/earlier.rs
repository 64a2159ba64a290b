//! What other batches left for one: published before, or checked earlier in the same run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::dataset;
use crate::model::{BatchId, BatchResult, History, Imprint, PastIndex, PastKey, RowKeys, Stage, TableHeaders};
use crate::publish::Store;
use crate::spec::{Roster, Unit};

use super::RunError;
use super::imprints::Imprints;

/// What projects of other batches, accepted or rejected, are looked up by, and table headers of other batches. It grows with
/// each batch of a run; nothing of it is made again for the next one.
#[derive(Default)]
pub(super) struct Earlier<'a> {
    projects: PastIndex,
    /// The rows of all of them; `None`: there are none.
    rows: Option<&'a Imprints<'a>>,
    /// Oldest batch first.
    headers: Vec<TableHeaders>,
}

/// What one batch may know of the others.
#[derive(Clone, Copy)]
pub(super) struct Others<'e> {
    projects: &'e PastIndex,
    rows: Option<&'e Imprints<'e>>,
    /// Columns of the tables of earlier batches.
    pub(super) headers: &'e [TableHeaders],
}

impl<'e> Others<'e> {
    /// Projects of other batches around these keys, with whether they were accepted. Identity sees also those of later batches,
    /// when an early one is run again: what it is about keeps the ids that they refer to. The rules see only earlier ones.
    ///
    /// # Errors
    /// When their rows cannot be read.
    pub(super) fn around(&self, keys: impl Iterator<Item = PastKey>) -> Result<History<'e>, RunError> {
        match self.rows {
            Some(rows) => self.projects.around(keys, rows).map_err(RunError::Rows),
            None => Ok(History::default()),
        }
    }
}

impl<'a> Earlier<'a> {
    /// Of all published batches: each that the run makes again is replaced when it comes to it.
    /// `first` is the first of them.
    pub(super) fn published(
        store: &Store,
        imprints: &'a Imprints<'a>,
        first: &BatchId,
        roster: &Roster,
    ) -> Result<Self, RunError> {
        let (mut projects, mut headers) = (PastIndex::default(), Vec::new());
        if let Some(version) = store.current() {
            projects = imprints.index()?;
            headers = dataset::past_headers(Path::new(&version), first, &mut enough(roster))?;
        }
        Ok(Self { projects, rows: Some(imprints), headers })
    }

    /// What a batch may know. What was published of the batch itself is forgotten: it is about to be made anew.
    pub(super) fn others(&mut self, batch: &BatchId) -> Others<'_> {
        self.projects.remove(batch);
        let headers = &self.headers[..self.headers.partition_point(|h| h.batch < *batch)];
        Others { projects: &self.projects, rows: self.rows, headers }
    }

    /// Adds a batch of this run, in place of what was published of it.
    pub(super) fn add(&mut self, result: &BatchResult, rows: &Arc<Imprint>) {
        self.projects.add(result.batch.clone(), RowKeys::of(rows));
        if let Some(imprints) = self.rows {
            imprints.put(rows);
        }
        let from = self.headers.partition_point(|h| h.batch < result.batch);
        let to = self.headers.partition_point(|h| h.batch <= result.batch);
        self.headers.splice(from..to, result.headers.iter().cloned());
        forget(&mut self.headers, &result.batch);
    }
}

/// Tells, of tables that it is shown batch by batch, latest first, when every list of every unit has its latest tables:
/// none before them is compared with anything, see [`forget`].
fn enough(roster: &Roster) -> impl FnMut(&[TableHeaders]) -> bool {
    let lists = |unit: &Unit| Stage::ALL.map(|stage| (unit.code.clone(), stage));
    let mut wanting: BTreeSet<(String, Stage)> = roster.unit.iter().flat_map(lists).collect();
    move |tables| {
        for table in tables.iter().filter(|t| is_told(t)) {
            for stage in &table.stages {
                wanting.remove(&(table.unit_code.clone(), *stage));
            }
        }
        wanting.is_empty()
    }
}

/// Whether others are compared with a table.
fn is_told(table: &TableHeaders) -> bool {
    !table.unit_code.is_empty() && !table.columns.is_empty()
}

/// Forgets the tables up to a batch that none after it is compared with: a list of a unit is compared with the latest
/// tables that have it, so those of one batch replace those before it, and many batches take no more room than a few.
fn forget(headers: &mut Vec<TableHeaders>, until: &BatchId) {
    let mut latest: BTreeMap<(&str, Stage), &BatchId> = BTreeMap::new();
    for table in headers.iter().filter(|t| t.batch <= *until && is_told(t)) {
        latest.extend(table.stages.iter().map(|stage| ((table.unit_code.as_str(), *stage), &table.batch)));
    }
    let is_latest = |t: &TableHeaders| {
        is_told(t) && t.stages.iter().any(|stage| latest.get(&(t.unit_code.as_str(), *stage)) == Some(&&t.batch))
    };
    let keep: Vec<bool> = headers.iter().map(|t| t.batch > *until || is_latest(t)).collect();
    let mut keep = keep.into_iter();
    headers.retain(|_| keep.next().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{CellRef, HeaderColumn};
    use crate::{rules, spec};

    fn table(batch: u32, unit: &str, stages: &[Stage], headers: &[&str]) -> TableHeaders {
        let column = |(i, header): (usize, &&str)| HeaderColumn {
            cell: CellRef::new(0, u32::try_from(i).unwrap()),
            header: (*header).into(),
            field: None,
        };
        TableHeaders {
            batch: BatchId::from_number(batch),
            unit_code: unit.to_owned(),
            stages: stages.to_vec(),
            file: Arc::from(format!("{batch:02}/{unit}.xlsx")),
            sheet: None,
            sheet_index: 0,
            table: 1,
            columns: headers.iter().enumerate().map(column).collect(),
        }
    }

    fn batches() -> [Vec<TableHeaders>; 5] {
        let (a, b) = ("410100", "410300");
        let [signing, start, production] = Stage::ALL;
        [
            vec![
                table(1, a, &[signing], &["甲", "乙"]),
                table(1, b, &[signing, start], &["甲"]),
                table(1, "", &[], &["子"]),
            ],
            vec![table(2, a, &[signing, start], &["甲", "丙"]), table(2, b, &[start], &["丁"])],
            vec![table(3, a, &[start], &["甲"]), table(3, a, &[start], &["己", "庚"]), table(3, b, &[signing], &[])],
            vec![table(4, a, &[signing, production], &["甲", "乙"]), table(4, b, &[signing], &["甲", "辛"])],
            vec![table(5, a, &[start], &["己"]), table(5, b, &[production, start], &["壬"])],
        ]
    }

    /// With all tables of earlier batches at hand, the same changes are told.
    #[test]
    fn tables_that_are_forgotten_change_nothing() {
        let spec = spec::pipelines();
        let (mut all, mut kept): (Vec<TableHeaders>, Vec<TableHeaders>) = (Vec::new(), Vec::new());
        for now in batches() {
            let changes = |before: &[TableHeaders]| rules::header_changes(&now, before, &spec);
            assert_eq!(changes(&kept), changes(&all), "{now:?}");
            let batch = now[0].batch.clone();
            all.extend(now.iter().cloned());
            kept.extend(now);
            forget(&mut kept, &batch);
        }
        assert!(kept.len() < all.len() && !kept.is_empty(), "{kept:?}");
    }
    /// So it is when only the latest were read.
    #[test]
    fn tables_that_are_not_read_change_nothing() {
        let (spec, all) = (spec::pipelines(), batches());
        let mut roster = spec.roster.clone();
        roster.unit.retain(|unit| ["410100", "410300"].contains(&unit.code.as_str()));
        let mut most = 0;
        for (at, now) in all.iter().enumerate().chain([(5, &all[4])]) {
            let now: Vec<TableHeaders> =
                now.iter().map(|t| TableHeaders { batch: BatchId::from_number(9), ..t.clone() }).collect();
            let mut is_enough = enough(&roster);
            let before = &all[..at];
            let unread = before.iter().rposition(|tables| is_enough(tables)).unwrap_or(0);
            let changes = |before: &[Vec<TableHeaders>]| rules::header_changes(&now, &before.concat(), &spec);
            assert_eq!(changes(&before[unread..]), changes(before), "{now:?}");
            most = most.max(unread);
        }
        assert_eq!(most, 3, "two batches were enough for the last");
    }
}
