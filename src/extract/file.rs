//! The file as a whole: whose it is, of which batch, and its sheets in order.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::context::{Context, Knowledge, SheetPlace};
use super::sheet::{Located, SheetYield, absorb, number, read_sheet};
use super::table::shared;
use super::{facts, issues};
use crate::identify::{Place, Statement, UnitVerdict, is_supplement, stated_batch, stated_stage};
use crate::locate::{Grid, Line, LineKind, Vocabulary};
use crate::model::{
    BatchId, CellRef, Extract, FileOutcome, Finding, Format, ReadOutcome, Record, Source, Stage, Visibility, Workbook,
};
use crate::normalize::MoneyUnit;
use crate::spec::Spec;

/// What one file yields. `outcome` is what the reader gave for its bytes; `source.file` is its path below the inbox,
/// from which, with the sheets, unit and stage are told; `batch` is that of its folder.
#[must_use]
pub fn extract(outcome: &ReadOutcome, source: &Arc<Source>, batch: &BatchId, spec: &Spec) -> Extract {
    extract_with(outcome, source, batch, &Knowledge::new(spec))
}

/// As [`extract`], for many files.
#[must_use]
pub fn extract_with(outcome: &ReadOutcome, source: &Arc<Source>, batch: &BatchId, knowledge: &Knowledge) -> Extract {
    let spec = knowledge.spec;
    let mut result = Extract {
        source: Arc::clone(source),
        batch: batch.clone(),
        unit_code: None,
        format: outcome.workbook.as_ref().map(|w| w.format),
        outcome: issues::outcome_without_sheets(outcome),
        records: Vec::new(),
        totals: Vec::new(),
        cells: Vec::new(),
        sheets: Vec::new(),
        headers: Vec::new(),
        stages: Vec::new(),
        supplement: false,
        explanations: Vec::new(),
        findings: issues::findings(outcome, source),
    };
    let path = PathParts::of(&source.file);
    if let Some(workbook) = &outcome.workbook {
        read_workbook(workbook, &path, knowledge, &mut result);
    } else {
        result.unit_code = knowledge.names.unit(&path.statements()).code;
        result.supplement = is_supplement(&path.name, &spec.layouts);
    }
    result
}

/// Folders and name of a file.
struct PathParts {
    /// Folders below the batch's, then the batch's own, nearest first.
    folders: Vec<String>,
    /// File name without its ending.
    name: String,
}

impl PathParts {
    fn of(path: &str) -> Self {
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop().unwrap_or_default();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Self { folders: parts.into_iter().rev().map(str::to_owned).collect(), name: name.to_owned() }
    }

    fn statements(&self) -> Vec<Statement> {
        let folders = self.folders.iter().map(|f| Statement { place: Place::Folder, text: f.clone() });
        folders.chain([Statement { place: Place::FileName, text: self.name.clone() }]).collect()
    }

    /// The list that the name, or the nearest folder that speaks of one, names.
    fn stage(&self, spec: &Spec) -> Option<Stage> {
        std::iter::once(&self.name).chain(&self.folders).find_map(|t| stated_stage(t, &spec.layouts))
    }
}

fn read_workbook(workbook: &Workbook, path: &PathParts, knowledge: &Knowledge, result: &mut Extract) {
    let (spec, words) = (knowledge.spec, &knowledge.words);
    let grids: Vec<Grid> = workbook.sheets.iter().map(Grid::new).collect();
    let located: Vec<Located> = grids.iter().map(|g| Located::on(g, words)).collect();
    let lines = all_lines(&grids, &located);
    let verdict = knowledge.names.unit(&statements(path, &lines, workbook));
    let source = Arc::clone(&result.source);
    let batch = result.batch.clone();
    result.unit_code.clone_from(&verdict.code);
    result.supplement = is_supplement(&path.name, &spec.layouts)
        || lines.iter().any(|(_, l)| l.kind == LineKind::Title && is_supplement(&l.text, &spec.layouts));
    result.findings.extend(unit_findings(&verdict, spec, workbook, &source));
    result.findings.extend(batch_conflict(&batch, path, &lines, workbook, &source));
    let context = Context {
        spec,
        words,
        dictionary: &knowledge.dictionary,
        source: &source,
        batch: &batch,
        unit: verdict.code.as_ref().and_then(|code| spec.roster.by_code(code)),
        stage: path.stage(spec),
        year: spec.batches.get(&batch).and_then(|b| b.date).map(jiff::civil::Date::year),
        text_only: matches!(workbook.format, Format::Csv | Format::Html),
        money: file_money(&located, words, spec),
    };
    let mut sheets: Vec<(SheetPlace, Range<usize>)> = Vec::new();
    for (grid, located) in grids.iter().zip(&located) {
        let sheet = grid.sheet();
        let place = SheetPlace {
            name: shared(&sheet.name),
            index: sheet.index,
            hidden: sheet.visibility != Visibility::Visible,
        };
        let read = read_sheet(&context, &place, grid, located);
        let from = result.records.len();
        collect(read, result);
        sheets.push((place, from..result.records.len()));
    }
    let sheets: Vec<(SheetPlace, &[Record])> =
        sheets.into_iter().map(|(place, rows)| (place, result.records.get(rows).unwrap_or_default())).collect();
    let duplicates = facts::duplicate_sheets(&context, &sheets);
    result.findings.extend(duplicates);
    let stages: BTreeSet<Stage> = result.stages.iter().copied().collect();
    result.stages = stages.into_iter().collect();
    result.outcome = match (&result.unit_code, result.sheets.iter().any(|s| matches!(s.role, "table" | "card"))) {
        (None, true) => FileOutcome::UnitUnknown,
        (_, true) => FileOutcome::Read,
        (_, false) => FileOutcome::NoTable,
    };
}

fn collect(mut read: SheetYield, result: &mut Extract) {
    number(&mut read.records, &mut read.findings, result.headers.len() + 1);
    absorb(&mut result.records, read.records);
    absorb(&mut result.totals, read.totals);
    absorb(&mut result.cells, read.cells);
    result.stages.extend(read.stages);
    result.explanations.extend(read.explanations);
    result.findings.extend(read.findings);
    for mut table in read.headers {
        table.table = u32::try_from(result.headers.len()).map_or(u32::MAX, |n| n.saturating_add(1));
        result.headers.push(table);
    }
    result.sheets.push(read.book);
}

/// Lines above tables with the position of their sheet, each once.
fn all_lines(grids: &[Grid], located: &[Located]) -> Vec<(u32, Line)> {
    let mut lines: Vec<(u32, Line)> = Vec::new();
    // Tables may be many, each with the lines above it; hardly ever does a line occur twice.
    let mut seen: BTreeMap<(u32, CellRef), Vec<&Line>> = BTreeMap::new();
    for (grid, located) in grids.iter().zip(located) {
        let index = grid.sheet().index;
        for line in located.lines() {
            let here = seen.entry((index, line.at)).or_default();
            if !here.contains(&line) {
                here.push(line);
                lines.push((index, line.clone()));
            }
        }
    }
    lines
}

fn statements(path: &PathParts, lines: &[(u32, Line)], workbook: &Workbook) -> Vec<Statement> {
    let mut statements = path.statements();
    for kind in [LineKind::Reporter, LineKind::Title] {
        let of_kind = lines.iter().filter(|(_, l)| l.kind == kind);
        statements.extend(
            of_kind
                .map(|(sheet, l)| Statement { place: Place::Cell { sheet: *sheet, at: l.at }, text: l.text.clone() }),
        );
    }
    let names =
        workbook.sheets.iter().map(|s| Statement { place: Place::SheetName { sheet: s.index }, text: s.name.clone() });
    statements.extend(names);
    statements
}

/// F103, F104.
fn unit_findings(verdict: &UnitVerdict, spec: &Spec, workbook: &Workbook, source: &Source) -> Vec<Finding> {
    let Some(code) = &verdict.code else {
        let message = "文件夹、文件名和表内都看不出是哪个单位报送的";
        return vec![
            Finding::new("F103", message)
                .in_file(&source.file)
                .help("把文件放进单位名称的文件夹，或在文件名、填报单位中写明单位。"),
        ];
    };
    let Some((against, other)) = verdict.against.first() else { return Vec::new() };
    let (own, other) = (spec.roster.name_of(code), spec.roster.name_of(other));
    let by = verdict.by.as_ref().map_or("文件夹", |b| place_title(b.place));
    let message = format!("{by}是{own}，{}却是{other}，按{own}读取", place_title(against.place));
    let mut finding =
        Finding::new("F104", message).in_file(&source.file).seen(without_persons(&against.text)).read_as(own);
    if let Place::Cell { sheet, at } = against.place {
        let name = workbook.sheets.iter().find(|s| s.index == sheet).and_then(|s| shared(&s.name));
        finding.sheet = name;
        finding.sheet_index = Some(sheet);
        finding.cell = Some(at.to_string());
    }
    vec![finding]
}

/// A line up to where it names a person: 填报单位：洛阳市 填报人：….
fn without_persons(text: &str) -> &str {
    const PERSONS: &[&str] = &["填报人", "填表人", "联系人", "审核人", "负责人", "经办人", "电话"];
    let end = PERSONS.iter().filter_map(|w| text.find(w)).min().unwrap_or(text.len());
    text[..end].trim()
}

fn place_title(place: Place) -> &'static str {
    match place {
        Place::Folder => "文件夹",
        Place::FileName => "文件名",
        Place::Cell { .. } => "表内填写",
        Place::SheetName { .. } => "工作表名称",
    }
}

/// F115: title or file name states another batch than the folder. Once per file.
fn batch_conflict(
    batch: &BatchId,
    path: &PathParts,
    lines: &[(u32, Line)],
    workbook: &Workbook,
    source: &Source,
) -> Option<Finding> {
    let conflict = |text: &str| stated_batch(text).filter(|b| b != batch);
    let finding = |stated: &BatchId, where_: &str, text: &str| {
        let message = format!("{where_}写的是第{}期，文件夹是第{}期，按文件夹读取", stated.number(), batch.number());
        Finding::new("F115", message).in_file(&source.file).seen(text.trim()).read_as(format!("第{}期", batch.number()))
    };
    if let Some(stated) = conflict(&path.name) {
        return Some(finding(&stated, "文件名", &path.name));
    }
    let (sheet, line, stated) = lines
        .iter()
        .filter(|(_, l)| l.kind == LineKind::Title)
        .find_map(|(sheet, l)| Some((*sheet, l, conflict(&l.text)?)))?;
    let mut finding = finding(&stated, "标题", &line.text).at(line.at);
    finding.sheet = workbook.sheets.iter().find(|s| s.index == sheet).and_then(|s| shared(&s.name));
    finding.sheet_index = Some(sheet);
    Some(finding)
}

/// The money unit that the tables of the file state above them, when all agree.
fn file_money(located: &[Located], words: &Vocabulary, spec: &Spec) -> Option<MoneyUnit> {
    let mut stated = located.iter().flat_map(|l| l.units(words, &spec.measures));
    let first = stated.next()?;
    stated.all(|u| u == first).then_some(first)
}
