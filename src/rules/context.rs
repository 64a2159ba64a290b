//! What the checks share: records by sheet and by project, history by project, and the slips of scale, which several
//! rules must know so that one cause gives one finding.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::check::Scope;
use super::scale::{self, Slips};
use super::wording;
use crate::model::{BatchId, Bound, CellRef, Field, Finding, History, PastKey, PastProject, Record, Stage, Value};
use crate::spec::{Spec, Unit};

/// The records of one list of one table: file, position of the sheet, number of the table, list.
type Table = (Arc<str>, u32, u32, Option<Stage>);

/// A batch as the checks see it.
pub(super) struct Context<'a> {
    /// Batch.
    pub(super) batch: &'a BatchId,
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// Records in order.
    pub(super) records: Vec<&'a Record>,
    /// Project id of each record.
    pub(super) ids: Vec<&'a str>,
    /// Positions of the records of each table, in row order.
    pub(super) tables: BTreeMap<Table, Vec<usize>>,
    /// Positions of the records of each project.
    pub(super) projects: BTreeMap<&'a str, Vec<usize>>,
    /// See [`Self::first_of`].
    firsts: Vec<Option<usize>>,
    /// Projects of other batches, to be looked up.
    pub(super) history: &'a History<'a>,
    /// What earlier batches say about the projects of this one.
    past: Past<'a>,
    /// Amounts that are ten thousand times too large or too small.
    pub(super) slips: Slips,
}

impl<'a> Context<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        let records: Vec<&Record> = scope.records.iter().map(|(r, _)| *r).collect();
        let ids: Vec<&str> = scope.records.iter().map(|(_, id)| *id).collect();
        let mut tables: BTreeMap<Table, Vec<usize>> = BTreeMap::new();
        let mut projects: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, record) in records.iter().enumerate() {
            tables.entry(table(record)).or_default().push(i);
            projects.entry(ids[i]).or_default().push(i);
        }
        for rows in tables.values_mut() {
            rows.sort_by_key(|&i| (records[i].origin.row, records[i].origin.slot, i));
        }
        let past = Past::of(projects.keys().copied(), scope);
        let mut seen: BTreeMap<(&str, &str, Stage), usize> = BTreeMap::new();
        let first = |(i, record): (usize, &&'a Record)| {
            let stage = record.stage.filter(|_| !record.unit_code.is_empty())?;
            Some(*seen.entry((ids[i], &record.unit_code, stage)).or_insert(i))
        };
        let firsts = records.iter().enumerate().map(first).collect();
        let slips = scale::find(&records, &ids, &past.accepted, scope.batch, scope.spec);
        let (batch, spec, history) = (scope.batch, scope.spec, scope.history);
        Self { batch, spec, records, ids, tables, projects, firsts, history, past, slips }
    }

    /// Positions and records, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &'a Record)> + '_ {
        self.records.iter().copied().enumerate()
    }

    /// Rows of the table that a record is in.
    pub(super) fn table_of(&self, record: &Record) -> &[usize] {
        self.tables.get(&table(record)).map_or(&[], Vec::as_slice)
    }

    /// Earlier records of the project at this position, oldest first.
    pub(super) fn past(&self, position: usize) -> &[PastProject<'a>] {
        self.past.accepted.get(self.ids[position]).map_or(&[], Vec::as_slice)
    }

    /// Whether an earlier batch has the project in its 开工 list, be it accepted or rejected.
    pub(super) fn has_started(&self, id: &str) -> bool {
        self.past.started.contains(id)
    }

    /// The first row of this record's project in the same list of the same unit: itself, unless it is a repetition.
    /// `None` for rows of no list or no unit.
    pub(super) fn first_of(&self, position: usize) -> Option<usize> {
        self.firsts[position]
    }

    /// The first row of each project in each list of each unit: what rules over lists and batches judge, so that a
    /// repetition (X601) is no second case. Position, record, list.
    pub(super) fn iter_firsts(&self) -> impl Iterator<Item = (usize, &'a Record, Stage)> + '_ {
        self.iter().filter_map(|(i, r)| Some((i, r, r.stage.filter(|_| self.first_of(i) == Some(i))?)))
    }

    /// The roster's unit of a record.
    pub(super) fn unit(&self, record: &Record) -> Option<&'a Unit> {
        self.spec.roster.by_code(&record.unit_code)
    }

    /// The empty cell where this record's value of `field` would stand: in the column where its neighbours have it.
    pub(super) fn empty_cell(&self, record: &Record, field: Field) -> Option<CellRef> {
        let rows = self.table_of(record);
        let from = rows.partition_point(|&i| self.records[i].origin.row < record.origin.row);
        let (before, after) = rows.split_at(from);
        let column = before.iter().rev().chain(after).find_map(|&i| self.records[i].values.get(&field))?.cell.col;
        Some(CellRef::new(record.origin.row.checked_sub(1)?, column))
    }
}

/// Of each project of a batch its accepted records in earlier batches, oldest first.
pub(super) type Accepted<'a> = HashMap<&'a str, Vec<PastProject<'a>>>;

/// What earlier batches say about the projects of one. Looked up by their ids: how much else there is does not matter.
struct Past<'a> {
    accepted: Accepted<'a>,
    /// Projects of an earlier 开工 list, whether accepted or rejected.
    started: HashSet<&'a str>,
}

impl<'a> Past<'a> {
    fn of(ids: impl Iterator<Item = &'a str>, scope: &Scope<'a>) -> Self {
        let mut past = Self { accepted: Accepted::new(), started: HashSet::new() };
        for id in ids {
            let mut rows = scope.history.projects(PastKey::id(id));
            rows.retain(|p| p.batch < *scope.batch && p.project_id == id);
            if rows.iter().any(|p| p.stage == Stage::Start) {
                past.started.insert(id);
            }
            rows.retain(|p| p.accepted);
            if !rows.is_empty() {
                rows.sort_by_key(|p| (p.batch.number(), p.stage));
                past.accepted.insert(id, rows);
            }
        }
        past
    }
}

fn table(record: &Record) -> Table {
    let origin = &record.origin;
    (Arc::clone(&origin.source.file), origin.sheet_index, origin.slot.table, record.stage)
}

/// How a field of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// A value was read.
    Read,
    /// Nothing, or only a mark for nothing, was written.
    Empty,
    /// Something was written that could not be read: the step that tried has said so.
    Unreadable,
}

/// How a field of a record stands.
pub(super) fn presence(record: &Record, field: Field) -> Presence {
    match record.values.get(&field) {
        None => Presence::Empty,
        Some(value) => match &value.value {
            Some(Value::Text(text)) if is_blank(text) => Presence::Empty,
            Some(_) => Presence::Read,
            None if is_blank(&value.raw) => Presence::Empty,
            None => Presence::Unreadable,
        },
    }
}

/// Whether a text only says that there is nothing: `/`, `——`, `无`.
pub(super) fn is_blank(text: &str) -> bool {
    // No such word is longer than four of the characters that a key keeps as they are.
    let kept = |c: &char| c.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(c);
    if text.chars().filter(kept).nth(4).is_some() {
        return false;
    }
    let key = crate::model::name_key(text);
    matches!(key.as_str(), "" | "无" | "暂无" | "没有" | "空" | "未填" | "na" | "none" | "null" | "nan")
}

/// Findings of rule `code` on records of which `part` is larger than 总投资 beyond what rounding allows. Amounts that
/// slipped by orders of magnitude are another matter, and so are bounds that do not exclude each other.
pub(super) fn exceeds_total(context: &Context<'_>, code: &'static str, part: Field) -> Vec<Finding> {
    let judge = |(i, record): (usize, &Record)| {
        let (amount, total) = (record.amount(part)?, record.amount(Field::TotalInvestment)?);
        let open = matches!(total.bound, Bound::AtLeast | Bound::About) || matches!(amount.bound, Bound::AtMost);
        let rounding = amount.half_width().saturating_add(total.half_width());
        let beyond = amount.yuan.saturating_sub(total.yuan) > rounding;
        let comparable = total.yuan > 0 && !context.slips.concern(i, &[part, Field::TotalInvestment]);
        let message = || format!("{} {} 大于总投资 {}", part.title(), wording::amount(amount), wording::amount(total));
        (beyond && !open && comparable).then(|| Finding::new(code, message()).on(record, Some(part)))
    };
    context.iter().filter_map(judge).collect()
}
