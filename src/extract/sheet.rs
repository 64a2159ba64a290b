//! One sheet: what it is, and what its tables yield.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::conserve::{self, Area, Role};
use super::context::{Context, SheetPlace};
use super::form::read_forms;
use super::money::line_unit;
use super::table::{TableYield, map_columns, read_table, signature};
use super::{cover, explanation, facts};
use crate::columns::ColumnMap;
use crate::locate::{Forms, Grid, Line, Table, Vocabulary, forms, tables};
use crate::model::{
    CellBook, CellTrace, DeclaredTotal, Explanation, Field, Finding, Record, RowBook, SheetBook, Stage, TableHeaders,
    squeeze,
};
use crate::normalize::MoneyUnit;
use crate::spec::Measures;

/// Cells from which a sheet without a table is worth a finding.
const MIN_DATA_CELLS: usize = 4;

/// What a sheet yields.
pub(super) struct SheetYield {
    pub(super) records: Vec<Record>,
    pub(super) totals: Vec<DeclaredTotal>,
    pub(super) cells: Vec<CellTrace>,
    pub(super) book: SheetBook,
    pub(super) headers: Vec<TableHeaders>,
    pub(super) stages: Vec<Stage>,
    pub(super) findings: Vec<Finding>,
    pub(super) explanations: Vec<Explanation>,
}

impl SheetYield {
    fn take(&mut self, mut read: TableYield, context: &Context, place: &SheetPlace) {
        number(&mut read.records, &mut read.findings, self.headers.len());
        let of_records: BTreeSet<Stage> = read.records.iter().filter_map(|r| r.stage).collect();
        self.headers.push(TableHeaders {
            batch: context.batch.clone(),
            unit_code: context.unit_code(),
            stages: if read.records.is_empty() {
                read.stage.into_iter().collect()
            } else {
                of_records.into_iter().collect()
            },
            file: Arc::clone(&context.source.file),
            sheet: place.name.clone(),
            sheet_index: place.index,
            // Tables are numbered over the whole file, where the sheets come together.
            table: 0,
            columns: read.headers,
        });
        self.stages.extend(read.stage.filter(|_| read.records.is_empty()));
        self.stages.extend(read.records.iter().filter_map(|r| r.stage));
        absorb(&mut self.records, read.records);
        absorb(&mut self.totals, read.totals);
        absorb(&mut self.cells, read.traces);
        absorb(&mut self.findings, read.findings);
    }
}

/// Adds to a list; most lists come from one table, and are then taken as they are.
pub(super) fn absorb<T>(to: &mut Vec<T>, from: Vec<T>) {
    if to.is_empty() {
        *to = from;
    } else {
        to.extend(from);
    }
}

/// Tells records of several tables, and the findings on them, apart: adds to the numbers of their tables.
pub(super) fn number(records: &mut [Record], findings: &mut [Finding], tables: usize) {
    let tables = u32::try_from(tables).unwrap_or(u32::MAX);
    let slots = records.iter_mut().map(|r| &mut r.origin.slot);
    for slot in slots.chain(findings.iter_mut().filter_map(|f| f.slot.as_mut())) {
        slot.table = slot.table.saturating_add(tables);
    }
}

/// What was located on a sheet.
pub(super) enum Located {
    Tables(Vec<Table>),
    Forms(Forms),
}

impl Located {
    /// Looks for forms first: their labels could be taken for headers. Our own list of findings holds neither.
    pub(super) fn on(grid: &Grid, words: &Vocabulary) -> Self {
        if grid.sheet().is_index() {
            return Self::Tables(Vec::new());
        }
        forms(grid, words).map_or_else(|| Self::Tables(tables(grid, words)), Self::Forms)
    }

    /// Lines above the tables or forms.
    pub(super) fn lines(&self) -> Vec<&Line> {
        match self {
            Self::Tables(tables) => tables.iter().flat_map(|t| &t.lines).collect(),
            Self::Forms(forms) => forms.lines.iter().collect(),
        }
    }

    /// The money units that the lines state.
    pub(super) fn units(&self, words: &Vocabulary, measures: &Measures) -> Vec<MoneyUnit> {
        match self {
            Self::Tables(tables) => tables.iter().filter_map(|t| line_unit(&t.lines, words, measures)).collect(),
            Self::Forms(forms) => line_unit(&forms.lines, words, measures).into_iter().collect(),
        }
    }
}

/// What a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Projects,
    Cover,
    Lookup,
    Explanation,
    Other,
}

/// Reads a sheet whose tables were located.
pub(super) fn read_sheet(context: &Context, place: &SheetPlace, grid: &Grid, located: &Located) -> SheetYield {
    let mut out = SheetYield {
        records: Vec::new(),
        totals: Vec::new(),
        cells: Vec::new(),
        book: SheetBook {
            sheet: place.name.clone(),
            rows: RowBook::default(),
            cells: CellBook::default(),
            role: "empty",
            headers: Vec::new(),
        },
        headers: Vec::new(),
        stages: Vec::new(),
        findings: Vec::new(),
        explanations: Vec::new(),
    };
    let tables = match located {
        Located::Forms(forms) => {
            take_forms(context, place, grid, forms, &mut out);
            return out;
        }
        Located::Tables(tables) => tables,
    };
    let (mut purposes, mut areas) = (Vec::new(), Vec::new());
    let mut book = RowBook::default();
    for table in tables {
        let (map, sample) = map_columns(grid, table, context);
        let purpose = purpose(context, place, grid, table, &map, &sample);
        purposes.push(purpose);
        out.book.headers.extend(signature(table));
        let first_of_block = table.panel == 0;
        let header = if first_of_block { lines_and_header(grid, table) } else { 0 };
        book.header += header;
        book.non_empty += header;
        if purpose == Purpose::Projects {
            let mut read = read_table(context, place, grid, table, &map, &sample, &out.records);
            areas.push(Area::new(table, std::mem::take(&mut read.rows)));
            add(&mut book, read.book);
            out.take(read, context, place);
            continue;
        }
        if purpose == Purpose::Cover {
            out.totals.extend(cover::totals(context, place, grid, table, &map, &sample));
        }
        if purpose == Purpose::Explanation
            && let Some(columns) = explanation::columns(context, place, table, &map)
        {
            out.explanations.extend(explanation::read(grid, table, columns));
        }
        let role = if purpose == Purpose::Cover { Role::Total } else { Role::Note };
        let filled = grid.rows_in(table.body.0, table.body.1).filter(|&row| row <= table.body.1);
        areas.push(Area::new(table, filled.map(|row| (row, role))));
        let rows = body(grid, table);
        book.non_empty += rows;
        *(if role == Role::Total { &mut book.total } else { &mut book.note }) += rows;
    }
    if tables.is_empty() {
        let rows = u32::try_from(grid.rows().count()).unwrap_or(u32::MAX);
        book.non_empty += rows;
        book.note += rows;
    }
    out.book.rows = book;
    out.book.cells = conserve::of_tables(grid, &areas, &out.cells);
    out.book.role = role(context, place, grid, &purposes);
    out.findings.extend(not_found(context, place, grid, out.book.role, tables));
    if !matches!(out.book.role, "lookup" | "notes" | "empty") {
        out.findings.extend(facts::hidden(context, place, grid));
    }
    out
}

fn take_forms(context: &Context, place: &SheetPlace, grid: &Grid, forms: &Forms, out: &mut SheetYield) {
    let (read, headers) = read_forms(context, place, grid, forms);
    out.book.headers = headers;
    out.book.role = "card";
    out.book.rows = read.book;
    out.take(read, context, place);
    out.book.cells = conserve::of_forms(grid, &out.cells);
    out.findings.extend(facts::hidden(context, place, grid));
}

fn add(book: &mut RowBook, other: RowBook) {
    book.non_empty += other.non_empty;
    book.header += other.header;
    book.section += other.section;
    book.total += other.total;
    book.note += other.note;
    book.project += other.project;
}

/// Rows of a table's lines and header that have something to see.
fn lines_and_header(grid: &Grid, table: &Table) -> u32 {
    let header = grid.rows_in(table.header.0, table.header.1).count();
    u32::try_from(header + table.line_rows.len()).unwrap_or(u32::MAX)
}

/// Rows of a body with something to see in the table's columns.
fn body(grid: &Grid, table: &Table) -> u32 {
    let rows = grid.rows_in(table.body.0, table.body.1);
    let filled = rows.filter(|&r| table.cells(grid, r).next().is_some());
    u32::try_from(filled.count()).unwrap_or(u32::MAX)
}

fn purpose(
    context: &Context,
    place: &SheetPlace,
    grid: &Grid,
    table: &Table,
    map: &ColumnMap,
    sample: &[u32],
) -> Purpose {
    if cover::is_cover(context, grid, table, map, sample) {
        return Purpose::Cover;
    }
    let has = |field| map.column_of(field).is_some();
    let named = has(Field::ProjectName);
    let facts = [
        Field::Owner,
        Field::TotalInvestment,
        Field::ProjectCode,
        Field::Content,
        Field::OwnerCreditCode,
        Field::AnnualPlannedInvestment,
        Field::StartDate,
        Field::SigningDate,
    ];
    let facts = facts.into_iter().filter(|f| has(*f)).count();
    if is_lookup_name(context, place) && !(named && facts > 0) {
        return Purpose::Lookup;
    }
    if facts == 0 && explanation::columns(context, place, table, map).is_some() {
        return Purpose::Explanation;
    }
    match (named, facts) {
        (true, _) | (false, 2..) => Purpose::Projects,
        // 建设性质 | 领域 | 县区 with short words below: values to choose from.
        _ if table.columns.iter().all(|c| {
            map.at(c.col).is_some_and(|m| {
                matches!(
                    m.field,
                    Some(
                        Field::Nature
                            | Field::Sector
                            | Field::County
                            | Field::Chain
                            | Field::SixNew
                            | Field::StageName
                            | Field::UnitName
                            | Field::IsReconstruction
                    )
                )
            })
        }) =>
        {
            Purpose::Lookup
        }
        _ => Purpose::Other,
    }
}

fn is_lookup_name(context: &Context, place: &SheetPlace) -> bool {
    let name = place.name.as_deref().map(squeeze).unwrap_or_default();
    context.spec.layouts.sheets.lookup.iter().any(|w| name.contains(&squeeze(w)))
}

fn role(context: &Context, place: &SheetPlace, grid: &Grid, purposes: &[Purpose]) -> &'static str {
    if grid.rows().next().is_none() {
        return "empty";
    }
    for (purpose, role) in [
        (Purpose::Projects, "table"),
        (Purpose::Cover, "cover"),
        (Purpose::Lookup, "lookup"),
        (Purpose::Explanation, "notes"),
    ] {
        if purposes.contains(&purpose) {
            return role;
        }
    }
    let name = place.name.as_deref().map(squeeze).unwrap_or_default();
    let first = grid.rows().next().and_then(|r| grid.visible(r).next()).map(|c| squeeze(&c.text())).unwrap_or_default();
    let words = &context.spec.layouts.sheets.notes;
    let by_name = grid.sheet().is_index() || words.iter().any(|w| name == squeeze(w) || first == squeeze(w));
    let prose = grid.rows().all(|r| grid.visible(r).count() <= 2);
    if purposes.is_empty() && (by_name || prose && first_column_only(grid)) {
        return "notes";
    }
    if is_lookup_name(context, place) { "lookup" } else { "unknown" }
}

/// Lines of text one below the other, not figures.
fn first_column_only(grid: &Grid) -> bool {
    let cells: Vec<_> = grid.rows().flat_map(|r| grid.visible(r).collect::<Vec<_>>()).collect();
    cells.iter().all(|c| !crate::locate::is_numeric(c))
        && cells.iter().map(|c| c.at.col).collect::<BTreeSet<_>>().len() <= 2
}

/// L201 for a sheet with data that holds no table.
fn not_found(context: &Context, place: &SheetPlace, grid: &Grid, role: &str, tables: &[Table]) -> Option<Finding> {
    let cells: usize = grid.rows().map(|r| grid.visible(r).count()).sum();
    if role != "unknown" || cells < MIN_DATA_CELLS {
        return None;
    }
    let message = if tables.is_empty() {
        format!("{}里没有找到表头", place.title())
    } else {
        format!("{}里的表格没有项目名称，不是项目清单", place.title())
    };
    let headers: Vec<String> = tables.iter().flat_map(signature).take(12).collect();
    let mut finding =
        Finding::new("L201", message).help("按台账样表填写，表头至少要有项目名称和总投资；不是台账的工作表请删除。");
    if !headers.is_empty() {
        finding = finding.seen(headers.join("、"));
    }
    Some(place.place(finding, context.source))
}
