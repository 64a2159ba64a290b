//! One table of projects: its rows in order, with what the rows above say about each.

use std::sync::Arc;

use super::conserve::Role;
use super::context::{Context, SheetPlace};
use super::money::{Stated, units};
use super::outline::Mark;
use super::record::{Above, MASK, TableView, is_tick, read};
use super::totals::resolve;
use super::trace::trace;
use crate::columns::{ColumnMap, Header, map};
use crate::locate::{BodyRow, Column, Grid, LineKind, Roles, RowKind, Section, Table, body_rows, is_numeric};
use crate::model::{
    CellKind, CellRef, CellTrace, DeclaredTotal, Field, FieldKind, FieldValue, Finding, HeaderColumn, Record, RowBook,
    Stage, Value, column_letters, mask_numbers, squeeze,
};
use crate::normalize;

/// Rows that are looked at to judge the content of columns.
const SAMPLE_ROWS: usize = 300;
/// Longest header of a column that ticks a list: 签约一批.
const MAX_FLAG_CHARS: usize = 6;

/// What a table yields.
#[derive(Debug, Default)]
pub(super) struct TableYield {
    pub(super) records: Vec<Record>,
    pub(super) totals: Vec<DeclaredTotal>,
    pub(super) traces: Vec<CellTrace>,
    pub(super) findings: Vec<Finding>,
    pub(super) book: RowBook,
    /// Rows of the body with what they are.
    pub(super) rows: Vec<(u32, Role)>,
    pub(super) stage: Option<Stage>,
    pub(super) headers: Vec<HeaderColumn>,
}

/// Meanings of a table's columns, by header and content.
pub(super) fn map_columns<'t>(grid: &Grid<'t>, table: &'t Table, context: &Context) -> (ColumnMap, Vec<u32>) {
    let rows = sample(grid, table);
    let column = |c: &'t Column| Header { col: c.col, path: &c.path, cells: Vec::with_capacity(rows.len()) };
    let mut headers: Vec<Header> = table.columns.iter().map(column).collect();
    for cell in rows.iter().flat_map(|&r| table.cells(grid, r)) {
        let column = table.columns.binary_search_by_key(&cell.at.col, |c| c.col).ok().and_then(|i| headers.get_mut(i));
        if let Some(column) = column
            && !matches!(cell.kind, CellKind::Error(_))
            && !normalize::says_nothing(cell)
        {
            column.cells.push(cell);
        }
    }
    (map(&headers, rows.len(), context.dictionary), rows)
}

/// Rows that are most likely projects: well filled.
fn sample(grid: &Grid, table: &Table) -> Vec<u32> {
    if table.body.1 < table.body.0 {
        return Vec::new();
    }
    let filled = |row: u32| table.cells(grid, row).filter(|c| table.has_column(c.at.col)).count();
    let repeated = |row: u32| table.is_repeat(row);
    let rows: Vec<(u32, usize)> =
        grid.rows_in(table.body.0, table.body.1).filter(|&r| !repeated(r)).map(|r| (r, filled(r))).collect();
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let well = rows.iter().filter(|(_, n)| n * 2 > most && *n > 1);
    well.map(|(r, _)| *r).take(SAMPLE_ROWS).collect()
}

/// What the columns say about rows.
pub(super) fn roles(map: &ColumnMap) -> Roles {
    let mut roles = Roles {
        sequence: map.column_of(Field::Sequence),
        name: map.column_of(Field::ProjectName),
        county: map.column_of(Field::County),
        stage: map.column_of(Field::StageName),
        ..Roles::default()
    };
    for column in &map.columns {
        let Some(field) = column.field else { continue };
        match field.kind() {
            FieldKind::Amount => roles.money.push(column.col),
            FieldKind::Code | FieldKind::Date | FieldKind::Period | FieldKind::Flag | FieldKind::Choice => {
                roles.details.push(column.col);
            }
            FieldKind::Text if field != Field::ProjectName && field != Field::Remark => roles.details.push(column.col),
            _ => {}
        }
    }
    roles
}

/// Reads a table of projects. `before` are the records of the sheet's tables above it.
pub(super) fn read_table(
    context: &Context,
    place: &SheetPlace,
    grid: &Grid,
    table: &Table,
    map: &ColumnMap,
    sample: &[u32],
    before: &[Record],
) -> TableYield {
    let around = Stated::around(grid, table, context);
    let units = units(grid, table, map, sample, &around, &context.spec.measures);
    let flags = flags(context, grid, table, map, sample);
    let struck = grid.sheet().cells.iter().any(|c| c.struck);
    let names: Vec<Arc<str>> = table.columns.iter().map(|c| c.name().into()).collect();
    let view = TableView { context, place, grid, table, headers: &names, map, units: &units, struck, flags: &flags };
    let stage = table_stage(context, place, table);
    let sheet = sheet_county(context, place, table).or_else(|| title_county(context, table));
    let mut walk = Walk {
        view: &view,
        above: Above { stage, county: sheet.clone(), ..Above::default() },
        marks: Vec::new(),
        open: Vec::new(),
        table_county: sheet,
        table_stage: stage,
        out: TableYield { stage, headers: headers(table, map), ..TableYield::default() },
    };
    for finding in super::facts::column_findings(&view) {
        walk.out.findings.push(place.place(finding, context.source));
    }
    for finding in &units.findings {
        walk.out.findings.push(place.place(finding.clone(), context.source));
    }
    let rows = body_rows(grid, context.words, table, &roles(map));
    walk.out.records.reserve(rows.len());
    walk.out.traces.reserve(rows.iter().map(|row| table.cells(grid, row.row).count()).sum());
    for row in rows {
        walk.row(&row);
    }
    let Walk { marks, mut out, .. } = walk;
    let resolved = resolve(&view, &marks, &out.records, before, stage);
    for (record, label) in resolved.groups {
        out.records[record].group = Some(label);
    }
    for record in resolved.after_total {
        let record = &mut out.records[record];
        record.after_total = true;
        let finding = Finding::new("L207", "合计行下面还有项目").on(record, None);
        out.findings.push(finding.help("把项目移到合计行上面，并核对合计是否包含它。"));
    }
    out.findings.extend(resolved.findings);
    out.totals = resolved.totals;
    out.findings.extend(stage_unknown(&view, &out.records));
    out
}

/// The list that the table's own lines, the header of its names, the sheet's name, or the file's name speak of: the
/// nearest counts.
pub(super) fn table_stage(context: &Context, place: &SheetPlace, table: &Table) -> Option<Stage> {
    let mut titles = table.lines.iter().rev().filter(|l| l.kind == LineKind::Title);
    let title = titles.find_map(|l| context.words.stage(&l.text));
    let named = table.columns.iter().filter_map(|c| c.path.last()).find(|t| context.words.is_name_header(t));
    let named = named.and_then(|t| context.words.stage(t));
    title.or(named).or_else(|| place.name.as_deref().and_then(|n| context.words.stage(n))).or(context.stage)
}

/// Columns named 签约, 开工, 投产 that hold nothing but marks.
fn flags(context: &Context, grid: &Grid, table: &Table, map: &ColumnMap, sample: &[u32]) -> Vec<(u32, Stage)> {
    let unmapped = table.columns.iter().filter(|c| map.at(c.col).is_some_and(|m| m.field.is_none()));
    let of = |c: &Column| {
        let text = c.path.last()?;
        let stage = context.words.stage(text).filter(|_| text.chars().count() <= MAX_FLAG_CHARS)?;
        let mut cells = sample.iter().filter_map(|&r| grid.own(CellRef::new(r, c.col)));
        cells.all(|cell| is_tick(&squeeze(&cell.text()))).then_some((c.col, stage))
    };
    let flags: Vec<(u32, Stage)> = unmapped.filter_map(of).collect();
    if flags.len() > 1 { flags } else { Vec::new() }
}

/// The county that the name of a sheet gives its rows: one sheet per county.
fn sheet_county(context: &Context, place: &SheetPlace, table: &Table) -> Option<FieldValue> {
    let name = place.name.as_deref()?;
    let unit = context.unit?;
    let is_unit = std::iter::once(&unit.name).chain(&unit.aliases).any(|n| n == name);
    if is_unit || !context.words.is_place(&squeeze(name)) {
        return None;
    }
    let reading = normalize::county(name, Some(unit), &context.spec.roster);
    let known = reading.remarks.is_empty() && matches!(&reading.value, Some(Value::County { .. }));
    known.then(|| FieldValue {
        value: reading.value,
        raw: name.into(),
        cell: CellRef::new(table.header.0, table.cols.0),
    })
}

/// One L208 for rows whose list nothing tells, unless a 类别 cell was already blamed.
fn stage_unknown(view: &TableView, records: &[Record]) -> Option<Finding> {
    let blamed = |r: &&Record| r.values.contains_key(&Field::StageName);
    let unknown: Vec<&Record> = records.iter().filter(|r| r.stage.is_none()).filter(|r| !blamed(r)).collect();
    let first = unknown.first()?;
    let message = format!("{}的{}个项目看不出属于签约、开工还是投产", view.place.title(), unknown.len());
    let range = format!("{}:{}", first.origin.row, unknown.last().map_or(first.origin.row, |r| r.origin.row));
    let finding = Finding::new("L208", message).at_range(range).help("在工作表名称、标题、类别列或分组行中写明清单。");
    Some(view.place.place(finding, view.context.source))
}

/// The county that the lines above a table begin with: 扶沟县签约项目表.
fn title_county(context: &Context, table: &Table) -> Option<FieldValue> {
    let mut titles = table.lines.iter().rev().filter(|l| l.kind == LineKind::Title);
    titles.find_map(|l| leading_county(context, &l.text, l.at))
}

/// The county of the unit that a text begins with, also after the unit's own name. It must be written out, 市, 县 or 区
/// included: 新城 begins names of many things.
fn leading_county(context: &Context, text: &str, at: CellRef) -> Option<FieldValue> {
    let unit = context.unit?;
    let whole = squeeze(text);
    let rest = whole.strip_prefix(unit.name.as_str()).unwrap_or(&whole);
    let ends = rest.char_indices().take(8).filter(|(_, c)| matches!(c, '市' | '县' | '区'));
    let named = ends.filter_map(|(i, c)| {
        let name = &rest[..i + c.len_utf8()];
        let reading =
            context.words.is_place(name).then(|| normalize::county(name, Some(unit), &context.spec.roster))?;
        let known = reading.remarks.is_empty() && matches!(&reading.value, Some(Value::County { code: Some(_), .. }));
        known.then(|| FieldValue { value: reading.value, raw: text.into(), cell: at })
    });
    named.last()
}

/// A section that later rows are in.
struct Open {
    depth: u8,
    label: String,
    stage: Option<Stage>,
    county: Option<FieldValue>,
    numbered: bool,
}

struct Walk<'a, 'v> {
    view: &'a TableView<'v>,
    above: Above,
    marks: Vec<Mark>,
    /// Open sections.
    open: Vec<Open>,
    table_county: Option<FieldValue>,
    table_stage: Option<Stage>,
    out: TableYield,
}

impl Walk<'_, '_> {
    fn row(&mut self, row: &BodyRow) {
        self.out.book.non_empty += 1;
        self.out.rows.push((row.row, Role::of(&row.kind)));
        match &row.kind {
            RowKind::Header => {
                self.out.book.header += 1;
                self.trace_row(row.row, "header");
            }
            RowKind::Section(section) => {
                self.out.book.section += 1;
                self.section(section);
                self.trace_row(row.row, "section");
            }
            RowKind::Total(total) => {
                self.out.book.total += 1;
                self.marks.push(Mark::Total(total.clone()));
                self.total_county(row.row, total.at);
                self.trace_row(row.row, "total");
            }
            RowKind::Part => {
                self.out.book.total += 1;
                self.trace_row(row.row, "of-which");
            }
            RowKind::Note => {
                self.out.book.note += 1;
                self.trace_row(row.row, "note");
            }
            RowKind::Project => {
                self.out.book.project += 1;
                self.project(row.row);
            }
        }
    }

    fn section(&mut self, section: &Section) {
        let depth = self.depth(section);
        let county = if section.stage.is_none() {
            self.section_county(section)
        } else {
            leading_county(self.view.context, &section.label, section.at)
        };
        self.open.retain(|o| o.depth < depth);
        let (label, stage) = (section.label.clone(), section.stage);
        self.open.push(Open { depth, label, stage, county, numbered: section.depth > 0 });
        self.above.stage = self.open.iter().rev().find_map(|o| o.stage).or(self.table_stage);
        self.above.group = self.open.last().map(|o| o.label.clone());
        self.above.has_last = false;
        self.above.category = None;
        let inside = self.open.iter().rev().find_map(|o| o.county.clone());
        self.above.county = inside.or_else(|| self.table_county.clone());
        self.marks.push(Mark::Section(section.clone()));
    }

    /// Numbered sections say how deep they are. Of others, lists hold counties unless a county came first.
    fn depth(&self, section: &Section) -> u8 {
        let first_county = || self.open.iter().any(|o| o.county.is_some() && o.stage.is_none() && !o.numbered);
        match (section.depth, section.stage) {
            (0, Some(_)) => match self.open.iter().find(|o| o.stage.is_some()) {
                Some(list) => list.depth,
                None if first_county() => 3,
                None => 1,
            },
            (0, None) => 2,
            (depth, _) => depth,
        }
    }

    /// A county that stands next to the label of a total holds for blank cells below it, too.
    fn total_county(&mut self, row: u32, label: CellRef) {
        let context = self.view.context;
        let at = self.view.map.column_of(Field::County).map(|col| CellRef::new(row, col)).filter(|at| *at != label);
        let Some(cell) = at.and_then(|at| self.view.grid.own(at)) else { return };
        if context.words.is_place(&squeeze(&cell.text())) {
            let reading = normalize::county(&cell.text(), context.unit, &context.spec.roster);
            self.above.county = Some(FieldValue { value: reading.value, raw: cell.raw(), cell: cell.at });
        }
    }

    /// The county that a section row gives its rows, when its label is one.
    fn section_county(&self, section: &Section) -> Option<FieldValue> {
        let context = self.view.context;
        let reading = normalize::county(&section.label, context.unit, &context.spec.roster);
        let known = reading.remarks.is_empty() && matches!(&reading.value, Some(Value::County { code: Some(_), .. }));
        let place = context.words.is_place(&section.label)
            || section.label.ends_with(['市', '县', '区'])
            || section.label.ends_with("单位")
            || section.label.ends_with("本级");
        let raw = self.view.grid.own(section.at).map(crate::model::Cell::raw).unwrap_or_default();
        (known || place).then_some(FieldValue { value: reading.value, raw, cell: section.at })
    }

    fn project(&mut self, row: u32) {
        let read = read(self.view, row, &mut self.above, self.out.records.last(), &mut self.out.traces);
        self.out.findings.extend(read.findings);
        self.out.findings.extend(super::facts::row_findings(self.view, row, &read.record));
        self.marks.push(Mark::Record(self.out.records.len()));
        self.out.records.push(read.record);
    }

    /// Traces of a row that is no project. Signatures and telephone numbers are personal.
    fn trace_row(&mut self, row: u32, rule: &'static str) {
        let view = self.view;
        for cell in view.table.cells(view.grid, row) {
            let mapped = view.map.at(cell.at.col);
            let field = mapped.and_then(|c| c.field);
            let mut trace = trace(view.place, cell, field, None, rule);
            if rule == "note" && !is_numeric(cell) || mapped.is_some_and(|c| c.personal) {
                trace.raw = MASK.into();
            }
            self.out.traces.push(trace);
        }
    }
}

/// The columns of a table with what they were taken for.
fn headers(table: &Table, map: &ColumnMap) -> Vec<HeaderColumn> {
    let column = |c: &Column| HeaderColumn {
        cell: c.cell,
        // Masked here already: what is compared with an earlier batch must be what was published of it.
        header: mask_numbers(&c.path.join("/")),
        field: map.at(c.col).and_then(|m| m.field),
    };
    table.columns.iter().map(column).collect()
}

/// The headers of a table as joined paths.
pub(super) fn signature(table: &Table) -> Vec<String> {
    table.columns.iter().map(Column::name).collect()
}

/// A range of columns as text: `C:E`.
pub(super) fn column_range(first: u32, last: u32) -> String {
    format!("{}:{}", column_letters(first), column_letters(last))
}

/// A shared text of the sheet's name.
pub(super) fn shared(name: &str) -> Option<Arc<str>> {
    (!name.is_empty()).then(|| Arc::from(name))
}
