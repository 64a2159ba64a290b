//! One project row → a record, its traces and its findings.

use std::sync::Arc;

use super::context::{Context, SheetPlace};
use super::money::Units;
use super::trace::{trace, trace_of};
use crate::columns::{ColumnMap, Mapped};
use crate::locate::{Grid, Table};
use crate::model::{
    Cell, CellKind, CellRef, CellTrace, Field, FieldKind, FieldValue, Finding, Origin, Record, Slot, Stage, Value,
    Values, squeeze,
};
use crate::normalize::{self, Reading, Remark};

/// Text that stands in `cells` for a personal value.
pub(super) const MASK: &str = "（个人信息）";

/// Headers that may speak of progress as well as of the list.
const PROGRESS: &[&str] = &["阶段", "类型", "状态"];

/// A table being read.
pub(super) struct TableView<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) place: &'a SheetPlace,
    pub(super) grid: &'a Grid<'a>,
    pub(super) table: &'a Table,
    /// Names of its columns, which every row of it shares.
    pub(super) headers: &'a [Arc<str>],
    pub(super) map: &'a ColumnMap,
    pub(super) units: &'a Units,
    /// Something on the sheet is struck through.
    pub(super) struck: bool,
    /// Columns 签约, 开工, 投产 in which a mark tells the list.
    pub(super) flags: &'a [(u32, Stage)],
}

impl TableView<'_> {
    /// The name of the column in this column of the sheet.
    fn header(&self, col: u32) -> Arc<str> {
        let place = self.table.columns.binary_search_by_key(&col, |c| c.col).ok();
        place.and_then(|place| self.headers.get(place)).cloned().unwrap_or_default()
    }
}

/// What the rows above say about a row.
#[derive(Debug, Default)]
pub(super) struct Above {
    /// County that blank cells below it mean.
    pub(super) county: Option<FieldValue>,
    /// The last record is in the same section, so that 同上 may mean its fields.
    pub(super) has_last: bool,
    /// List of the open section, or of the table.
    pub(super) stage: Option<Stage>,
    /// List of the last 类别 cell: blank cells below it mean the same.
    pub(super) category: Option<Stage>,
    /// Innermost open section.
    pub(super) group: Option<String>,
}

/// A row that was read.
pub(super) struct ReadRow {
    pub(super) record: Record,
    pub(super) findings: Vec<Finding>,
}

/// A remark with its place, until the record is complete.
struct Pending {
    remark: Remark,
    field: Field,
    at: CellRef,
    seen: Arc<str>,
}

struct RowReader<'a, 'v> {
    view: &'a TableView<'v>,
    row: u32,
    above: &'a Above,
    last: Option<&'a Values>,
    values: Values,
    extras: Vec<(Arc<str>, Arc<str>)>,
    stage: Option<Stage>,
    stage_cell: Option<&'v Cell>,
    /// Traces of the table's cells; those of this row begin at `first_trace`.
    traces: &'a mut Vec<CellTrace>,
    first_trace: usize,
    pending: Vec<Pending>,
}

/// Reads a project row (from 0). `last` is the record before it; what became of its cells goes to `traces`.
pub(super) fn read(
    view: &TableView,
    row: u32,
    above: &mut Above,
    last: Option<&Record>,
    traces: &mut Vec<CellTrace>,
) -> ReadRow {
    let mut reader = RowReader {
        view,
        row,
        above,
        last: last.map(|r| &r.values).filter(|_| above.has_last),
        values: Values::with_capacity(view.map.columns.len()),
        extras: Vec::new(),
        stage: None,
        stage_cell: None,
        first_trace: traces.len(),
        traces,
        pending: Vec::new(),
    };
    for column in &view.map.columns {
        reader.column(column);
    }
    reader.planned_dates();
    let has_county = view.map.column_of(Field::County).is_some();
    if !has_county && let Some(county) = &reader.above.county {
        reader.values.insert(Field::County, county.clone());
    }
    let done = reader.finish();
    if view.map.column_of(Field::StageName).is_some() {
        above.category = done.record.stage;
    }
    above.has_last = true;
    if let Some(county) = done.record.values.get(&Field::County).filter(|c| c.value.is_some()) {
        above.county = Some(county.clone());
    }
    done
}

impl<'v> RowReader<'_, 'v> {
    fn column(&mut self, column: &Mapped) {
        let at = CellRef::new(self.row, column.col);
        let grid = self.view.grid;
        let own = grid.own(at);
        // Merged over several projects: the text counts for each, money for the first only.
        let merged = grid
            .merge_at(at)
            .filter(|m| m.start != at && m.start.col == at.col && m.start.row >= self.view.table.body.0);
        let kind = column.field.map(Field::kind);
        let shown = match merged {
            Some(_) if kind != Some(FieldKind::Amount) && kind != Some(FieldKind::Sequence) => grid.shown(at),
            _ => None,
        };
        match column.field {
            Some(Field::County) => self.county(own, shown),
            Some(field) => {
                if let Some(cell) = own.or(shown) {
                    self.field(field, column, cell, own.is_some());
                }
            }
            None => {
                if let Some(cell) = own {
                    self.unmapped(column, cell);
                }
            }
        }
    }

    /// A date that only the column of planned dates has: 计划开工时间 beside an empty 实际开工时间.
    fn planned_dates(&mut self) {
        for column in &self.view.map.columns {
            let rival = column.rival.as_ref().filter(|r| r.exact && !r.tie && r.field.kind() == FieldKind::Date);
            let Some(field) = rival.map(|r| r.field) else { continue };
            let blank = self.values.get(&field).is_none_or(|v| v.value.is_none() && normalize::is_blank_mark(&v.raw));
            let Some(cell) = self.view.grid.own(CellRef::new(self.row, column.col)).filter(|_| blank) else { continue };
            let reading = normalize::date(cell, self.year(column));
            if reading.value.is_some() {
                self.keep(field, cell, reading, false);
            }
        }
    }

    fn unmapped(&mut self, column: &Mapped, cell: &Cell) {
        if column.personal {
            self.masked(cell, None);
            return;
        }
        self.extras.push((self.view.header(column.col), cell.raw()));
        self.traces.push(trace(self.view.place, cell, None, None, "extras"));
    }

    fn masked(&mut self, cell: &Cell, field: Option<Field>) {
        let mut trace = trace(self.view.place, cell, field, None, "personal");
        trace.raw = MASK.into();
        self.traces.push(trace);
    }

    fn county(&mut self, own: Option<&Cell>, shown: Option<&Cell>) {
        let words = self.view.context.words;
        let inherited = self.above.county.clone();
        match own {
            Some(cell) if words.is_as_above(&cell.text()) => {
                let value = inherited.as_ref().and_then(|v| v.value.as_ref());
                self.traces.push(trace(self.view.place, cell, Some(Field::County), value, "as-above"));
            }
            Some(cell) => {
                let reading = self.guarded(Field::County, cell, |context| {
                    normalize::county(&cell.text(), context.unit, &context.spec.roster)
                });
                self.keep(Field::County, cell, reading, true);
                return;
            }
            None => {}
        }
        if let Some(value) = inherited {
            self.values.insert(Field::County, value);
        } else if let Some(cell) = shown {
            // Merged from above the first project (a range that begins at a row of another kind).
            let reading = normalize::county(&cell.text(), self.view.context.unit, &self.view.context.spec.roster);
            self.keep(Field::County, cell, reading, false);
        }
    }

    fn field(&mut self, field: Field, column: &Mapped, cell: &'v Cell, own: bool) {
        if field.kind() == FieldKind::Person {
            let text: Arc<str> = cell.text().trim().into();
            if own {
                self.masked(cell, Some(field));
            }
            self.values
                .insert(field, FieldValue { value: Some(Value::Text(Arc::clone(&text))), raw: text, cell: cell.at });
            return;
        }
        let text = !matches!(cell.kind, CellKind::Number(_) | CellKind::Date(_));
        if text && field.kind() != FieldKind::Amount && self.view.context.words.is_as_above(&cell.text()) {
            let last = self.last.and_then(|l| l.get(&field)).cloned();
            let value = last.as_ref().and_then(|v| v.value.as_ref());
            self.traces.push(trace(self.view.place, cell, Some(field), value, "as-above"));
            if let Some(last) = last {
                self.values.insert(field, last);
            }
            return;
        }
        // 项目阶段 tells how far a project is, not in which list it stands, where the list is known.
        let progress = || column.path.last().is_some_and(|h| PROGRESS.iter().any(|w| h.key.contains(w)));
        if field == Field::StageName && !(self.above.stage.is_some() && progress()) {
            self.stage = self.view.context.words.stage(&cell.text());
            self.stage_cell = Some(cell);
        }
        if field.kind() == FieldKind::Period {
            self.period(column, cell, own);
            return;
        }
        let reading = self.guarded(field, cell, |context| self.reading(field, column, cell, context));
        self.keep(field, cell, reading, own);
    }

    fn reading(&self, field: Field, column: &Mapped, cell: &Cell, context: &Context) -> Reading {
        match field.kind() {
            FieldKind::Amount => normalize::amount(cell, &self.view.units.of(cell.at), &context.spec.measures),
            FieldKind::Date => normalize::date(cell, self.year(column)),
            FieldKind::Code => normalize::code(cell),
            FieldKind::Flag => normalize::flag(cell),
            FieldKind::Choice => normalize::choice(cell, choices(field, context)),
            _ => normalize::text(cell),
        }
    }

    /// The year of a date without one: that of its header, else that of the batch.
    fn year(&self, column: &Mapped) -> Option<i16> {
        let header = column.path.iter().rev().find_map(|h| h.year).and_then(|y| i16::try_from(y).ok());
        header.or(self.view.context.year)
    }

    fn period(&mut self, column: &Mapped, cell: &Cell, own: bool) {
        let (start, end) = normalize::period(cell, self.year(column));
        let readings = [(Field::StartDate, start), (Field::CompletionDate, end)];
        let seen = squeeze(&cell.text());
        for (field, reading) in readings {
            let mapped = self.view.map.column_of(field).is_some();
            let blank = self.values.get(&field).is_none_or(|v| v.value.is_none());
            if !mapped || blank && reading.value.is_some() {
                self.keep(field, cell, reading, own && field == Field::StartDate);
            }
        }
        let value = Value::Text(seen.into());
        // One cell, one trace: it belongs to the period column, also when start and end have columns of their own.
        let of_row = self.traces.get_mut(self.first_trace..).unwrap_or_default();
        match of_row.iter_mut().rev().find(|t| t.at == cell.at) {
            Some(trace) => trace.field = Some(Field::Period),
            None if own => self.traces.push(trace(self.view.place, cell, Some(Field::Period), Some(&value), "period")),
            None => {}
        }
        self.values.insert(Field::Period, FieldValue { value: Some(value), raw: cell.raw(), cell: cell.at });
    }

    /// Error cells and formulas without stored value are told here; everything else is read.
    fn guarded(&self, field: Field, cell: &Cell, read: impl FnOnce(&Context) -> Reading) -> Reading {
        let remark = |code, message: String| Reading {
            value: None,
            rule: code_rule(code).into(),
            remarks: vec![Remark { code, message, read_as: None }],
        };
        if cell.uncached && field == Field::Sequence {
            return Reading { value: None, rule: "formula-uncached".into(), remarks: Vec::new() };
        }
        if cell.uncached {
            return remark("L204", format!("{}是公式，但文件里没有存下计算结果", field.title()));
        }
        if let CellKind::Error(shown) = &cell.kind {
            return remark("L205", format!("{}是错误值 {shown}", field.title()));
        }
        read(self.view.context)
    }

    fn keep(&mut self, field: Field, cell: &Cell, reading: Reading, own: bool) {
        let mut raw = cell.raw();
        if own {
            let value = reading.value.as_ref();
            self.traces.push(trace_of(self.view.place, cell, Arc::clone(&raw), Some(field), value, reading.rule));
        }
        if cell.uncached {
            raw = cell.formula.as_ref().map(|f| format!("={f}").into()).unwrap_or_default();
        }
        let told = |r: &Remark| r.code != "N402" || !self.view.context.text_only;
        for remark in reading.remarks.into_iter().filter(told) {
            // A foreign amount stays with the record, as written.
            if remark.code == "N410" {
                self.extras.push((self.view.header(cell.at.col), cell.raw()));
            }
            self.pending.push(Pending { remark, field, at: cell.at, seen: Arc::clone(&raw) });
        }
        self.values.insert(field, FieldValue { value: reading.value, raw, cell: cell.at });
    }

    fn finish(self) -> ReadRow {
        let RowReader { view, row, above, values, extras, stage, stage_cell, pending, .. } = self;
        let sheet = view.grid.sheet();
        let inherited = if stage_cell.is_none() { above.category } else { None };
        let record = Record {
            batch: view.context.batch.clone(),
            unit_code: view.context.unit_code(),
            stage: stage.or(inherited).or_else(|| marked_stage(view, row)).or(above.stage),
            origin: Origin {
                source: Arc::clone(view.context.source),
                sheet: view.place.name.clone(),
                sheet_index: view.place.index,
                row: row + 1,
                slot: Slot { table: 0, line: row }, // tables are numbered where they come together
            },
            group: above.group.clone(),
            values,
            extras,
            hidden: view.place.hidden || sheet.hidden_rows.binary_search(&row).is_ok(),
            after_total: false,
        };
        let mut findings: Vec<Finding> = pending
            .into_iter()
            .map(|p| {
                let mut finding = Finding::new(p.remark.code, p.remark.message).at(p.at).seen(&*p.seen);
                finding.read_as = p.remark.read_as;
                finding.on(&record, Some(p.field))
            })
            .collect();
        if record.stage.is_none()
            && let Some(cell) = stage_cell
        {
            let message = format!("“{}”不是签约、开工、投产中的一种", cell.text().trim());
            findings
                .push(Finding::new("L208", message).at(cell.at).seen(&*cell.raw()).on(&record, Some(Field::StageName)));
        }
        ReadRow { record, findings }
    }
}

/// The list whose column is ticked, when it is only one.
fn marked_stage(view: &TableView, row: u32) -> Option<Stage> {
    let ticked = |col: u32| view.grid.own(CellRef::new(row, col)).is_some_and(|c| is_tick(&squeeze(&c.text())));
    let mut stages = view.flags.iter().filter(|(col, _)| ticked(*col)).map(|(_, stage)| *stage);
    stages.next().filter(|_| stages.next().is_none())
}

/// Whether a squeezed text is a mark in a box.
pub(super) fn is_tick(text: &str) -> bool {
    matches!(text, "√" | "✓" | "✔" | "☑" | "●" | "○" | "◎" | "★" | "▲" | "■" | "1" | "是" | "y" | "v" | "对" | "有")
}

fn code_rule(code: &str) -> &'static str {
    if code == "L204" { "formula-uncached" } else { "error" }
}

/// The vocabulary of a field: that of the batch for sectors, else that of `columns.toml`.
fn choices<'s>(field: Field, context: &Context<'s>) -> &'s [String] {
    let batch = context.spec.batches.get(context.batch).map(|b| b.sectors.as_slice());
    match (field, batch) {
        (Field::Sector, batch) => batch.unwrap_or_default(),
        _ => context.spec.columns.of(field).map(|c| c.choices.as_slice()).unwrap_or_default(),
    }
}
