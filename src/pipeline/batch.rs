//! One batch: from what its files yielded to everything that datasets and reports need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    BatchId, BatchResult, DeclaredTotal, Finding, Record, Rejected, Reported, Slot, Stage, SubmissionRow, TableHeaders,
};
use crate::reconcile::{self, reconcile};
use crate::rules::{self, Scope, WaiverDesk};
use crate::spec::Spec;
use crate::submissions::{self, Received};
use crate::{identity, pipeline::books};

use super::RunError;
use super::earlier::Others;
use super::explain::Explanations;
use super::fold::fold;

/// Whether a batch is judged as a whole or only the files at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All units should be there.
    WholeBatch,
    /// One submitter's files.
    Submission,
}

/// Place of a record: its file, and where it stands in it.
type Place = (Arc<str>, Slot);

/// Checks, splits and reconciles a batch, with what earlier batches left.
pub(super) fn assemble(
    batch: &BatchId,
    mut files: Vec<Received>,
    others: Others<'_>,
    spec: &Spec,
    extent: Extent,
) -> Result<BatchResult, RunError> {
    for file in &files {
        books::of_file(&file.extract)?;
    }
    let rows_read: Vec<usize> = files.iter().map(|f| f.extract.records.len()).collect();
    let mut findings = submissions::mark_duplicates(&mut files);
    drop_copies(&mut files);
    findings.extend(submissions::supersede(&mut files));
    if extent == Extent::WholeBatch {
        findings.extend(submissions::missing(&files, batch, &spec.roster));
        findings.extend(submissions::late(&files, spec.batches.get(batch)));
    }
    for file in &mut files {
        findings.extend(std::mem::take(&mut file.extract.findings).into_iter().map(|f| placed(f, file)));
    }

    let headers = headers(&mut files, spec);
    findings.extend(rules::header_changes(&headers, others.headers, spec));

    let mut records: Vec<Record> = files.iter_mut().flat_map(|f| std::mem::take(&mut f.extract.records)).collect();
    records.sort_by_cached_key(|r| record_key(r, spec));
    let read = books::Read::of(&records);
    let observed = identity::Observed::of(&records);
    let history = &others.around(observed.keys())?;
    let ids: Vec<String> = identity::assign(observed, history);
    let scoped: Vec<(&Record, &str)> = records.iter().zip(&ids).map(|(r, id)| (r, id.as_str())).collect();
    findings.extend(rules::not_evaluated(&headers, &records, spec));
    findings.extend(rules::check(&Scope { batch, records: &scoped, history, spec }));

    let findings: Vec<Finding> = findings.into_iter().map(|f| in_batch(f, batch)).collect();
    let received = files.iter().map(|f| (Arc::clone(&f.extract.source.file), f.extract.unit_code.clone()));
    let explanations = Explanations::of(&files, &records, &headers, spec);
    let mut judge = Judge { desk: WaiverDesk::new(batch, &records, received, spec), explanations, spec };
    let mut reported = judge.report(findings.iter().cloned());
    let reasons = reasons(&records, &reported);
    let details: Vec<(&Record, bool)> = records.iter().map(|r| (r, !reasons.contains_key(&place(r)))).collect();
    let totals: Vec<&DeclaredTotal> = files.iter().flat_map(|f| &f.extract.totals).collect();
    let input = reconcile::Input { batch, details: &details, totals: &totals, findings: &findings, spec };
    let (comparisons, of_totals) = reconcile(&input);

    reported = fold(reported, &records);
    reported.extend(judge.report(of_totals.into_iter().map(|f| in_batch(f, batch))));
    reported.extend(judge.desk.findings(extent == Extent::WholeBatch));
    reported.sort_by_cached_key(|r| finding_key(&r.finding, spec));

    let mut result = BatchResult {
        batch: batch.clone(),
        submissions: Vec::new(),
        accepted: Vec::new(),
        rejected: Vec::new(),
        findings: reported,
        totals: Vec::new(),
        comparisons,
        cells: Vec::new(),
        headers,
        indicators: Vec::new(),
        earlier_indicators: Vec::new(),
        laggards: Vec::new(),
    };
    split(records, ids, reasons, &mut result);
    of_files(files, &rows_read, &mut result, spec);
    read.balances(&result)?;
    Ok(result)
}

fn in_batch(mut finding: Finding, batch: &BatchId) -> Finding {
    finding.batch.get_or_insert_with(|| batch.clone());
    finding
}

/// What the owner's settings and waivers, and the unit's own words, make of findings.
struct Judge<'a> {
    desk: WaiverDesk<'a>,
    explanations: Explanations,
    spec: &'a Spec,
}

impl Judge<'_> {
    fn report(&mut self, findings: impl Iterator<Item = Finding>) -> Vec<Reported> {
        let mut reported: Vec<Reported> = findings.filter_map(|f| rules::report(f, self.spec)).collect();
        for r in &mut reported {
            self.desk.apply(r);
            r.explanation = self.explanations.on(&r.finding);
        }
        reported
    }
}

/// A byte-identical copy yields what its original yields: nothing of it may count twice.
fn drop_copies(files: &mut [Received]) {
    for file in files.iter_mut().filter(|f| f.superseded_by.is_some()) {
        file.extract.records.clear();
        file.extract.totals.clear();
        file.extract.cells.clear();
        file.extract.headers.clear();
        file.extract.findings.clear();
        file.extract.explanations.clear();
    }
}

/// Batch, unit and file of a finding that does not name them are those of its file.
fn placed(mut finding: Finding, file: &Received) -> Finding {
    finding.batch.get_or_insert_with(|| file.extract.batch.clone());
    if finding.unit_code.is_none() {
        finding.unit_code.clone_from(&file.extract.unit_code);
    }
    finding.file.get_or_insert_with(|| Arc::clone(&file.extract.source.file));
    finding
}

/// Columns of the tables of all files, in roster order, then file and table.
fn headers(files: &mut [Received], spec: &Spec) -> Vec<TableHeaders> {
    let mut headers: Vec<TableHeaders> =
        files.iter_mut().flat_map(|f| std::mem::take(&mut f.extract.headers)).collect();
    headers.sort_by_cached_key(|t| (spec.roster.position(&t.unit_code), Arc::clone(&t.file), t.table));
    headers
}

fn place(record: &Record) -> Place {
    (Arc::clone(&record.origin.source.file), record.origin.slot)
}

/// Codes of the errors on each rejected record.
fn reasons(records: &[Record], reported: &[Reported]) -> BTreeMap<Place, BTreeSet<&'static str>> {
    let mut reasons: BTreeMap<Place, BTreeSet<&'static str>> = BTreeMap::new();
    let mut rows: BTreeMap<(&str, u32, u32), Vec<&Record>> = BTreeMap::new();
    for record in records {
        let origin = &record.origin;
        rows.entry((&origin.source.file, origin.sheet_index, origin.row)).or_default().push(record);
    }
    for r in reported.iter().filter(|r| r.blocks()) {
        let f = &r.finding;
        let (Some(file), Some(row)) = (&f.file, f.row) else { continue };
        let on_row = rows.get(&(&**file, f.sheet_index.unwrap_or(0), row)).into_iter().flatten();
        // A finding that names no record, or no list, concerns all of its row.
        let meant = on_row.filter(|r| match f.slot {
            Some(slot) => r.origin.slot == slot,
            None => f.stage.is_none() || f.stage == r.stage,
        });
        for record in meant {
            reasons.entry(place(record)).or_default().insert(f.code);
        }
    }
    // Whatever the severity of the rule: a row of no unit or no list has no place in a list of projects.
    for record in records {
        if record.unit_code.is_empty() {
            reasons.entry(place(record)).or_default().insert("F103");
        }
        if record.stage.is_none() {
            reasons.entry(place(record)).or_default().insert("L208");
        }
    }
    reasons
}

fn split(
    records: Vec<Record>,
    ids: Vec<String>,
    mut reasons: BTreeMap<Place, BTreeSet<&'static str>>,
    result: &mut BatchResult,
) {
    for (record, id) in records.into_iter().zip(ids) {
        match reasons.remove(&place(&record)) {
            None => result.accepted.push((record, id)),
            Some(codes) => result.rejected.push((Rejected { record, reasons: codes.into_iter().collect() }, id)),
        }
    }
}

/// One row per input file, and the totals and cells of those that count.
fn of_files(files: Vec<Received>, rows_read: &[usize], result: &mut BatchResult, spec: &Spec) {
    let mut accepted: BTreeMap<Arc<str>, (u32, i64)> = BTreeMap::new();
    let mut rejected: BTreeMap<Arc<str>, u32> = BTreeMap::new();
    for (record, _) in &result.accepted {
        let sum = accepted.entry(Arc::clone(&record.origin.source.file)).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(record.total_yuan().unwrap_or(0)));
    }
    for (row, _) in &result.rejected {
        *rejected.entry(Arc::clone(&row.record.origin.source.file)).or_default() += 1;
    }
    for (file, &rows) in files.into_iter().zip(rows_read) {
        let Received { extract, superseded_by, version, .. } = file;
        let (rows_accepted, amount_accepted) = accepted.get(&extract.source.file).copied().unwrap_or_default();
        result.submissions.push(SubmissionRow {
            rows_rejected: rejected.get(&extract.source.file).copied().unwrap_or(0),
            unit_code: extract.unit_code,
            outcome: extract.outcome,
            sheets: u32::try_from(extract.sheets.len()).unwrap_or(u32::MAX),
            rows_read: u32::try_from(rows).unwrap_or(u32::MAX),
            rows_accepted,
            amount_accepted,
            version,
            superseded_by,
            source: Arc::clone(&extract.source),
        });
        result.totals.extend(extract.totals);
        if !extract.cells.is_empty() {
            result.cells.push((extract.source, extract.cells));
        }
    }
    let order = |code: Option<&str>| code.map_or(usize::MAX, |c| spec.roster.position(c));
    result.submissions.sort_by_cached_key(|s| (order(s.unit_code.as_deref()), Arc::clone(&s.source.file)));
    result.totals.sort_by_cached_key(|t| {
        (order(Some(&t.unit_code)), t.stage.map_or(9, Stage::index), Arc::clone(&t.source.file), t.sheet_index, t.cell)
    });
    let unit_of: BTreeMap<Arc<str>, usize> =
        result.submissions.iter().map(|s| (Arc::clone(&s.source.file), order(s.unit_code.as_deref()))).collect();
    result.cells.sort_by_cached_key(|(source, _)| (unit_of.get(&source.file).copied(), Arc::clone(&source.file)));
}

type RecordKey = (usize, usize, Arc<str>, u32, u32, Slot);

fn record_key(record: &Record, spec: &Spec) -> RecordKey {
    let origin = &record.origin;
    let stage = record.stage.map_or(Stage::ALL.len(), Stage::index);
    let unit = spec.roster.position(&record.unit_code);
    (unit, stage, Arc::clone(&origin.source.file), origin.sheet_index, origin.row, origin.slot)
}

type FindingKey = (usize, Option<Arc<str>>, Option<u32>, Option<Arc<str>>, u32, Option<String>, &'static str, String);

/// Roster order, then file, sheet, row, cell, code. The province as a whole comes first.
fn finding_key(finding: &Finding, spec: &Spec) -> FindingKey {
    let unit = match finding.unit_code.as_deref() {
        Some(code) if code == spec.roster.province_code => 0,
        Some(code) => spec.roster.position(code) + 1,
        None => usize::MAX,
    };
    let row = finding.row.or_else(|| row_of(finding.cell.as_deref()?)).unwrap_or(0);
    (
        unit,
        finding.file.clone(),
        finding.sheet_index,
        finding.sheet.clone(),
        row,
        finding.cell.clone(),
        finding.code,
        finding.message.clone(),
    )
}

/// First row that a cell or range names.
fn row_of(cell: &str) -> Option<u32> {
    let first = cell.split(':').next().unwrap_or(cell);
    first.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()
}
