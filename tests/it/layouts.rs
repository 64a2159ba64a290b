//! Layout cases that a clerk can review: a sheet as a Markdown grid, and what a careful reader gets out of it.
//!
//! One file of `tests/it/layouts/` per habit:
//!
//! * `文件：` path below the inbox (its first folder is the batch); then per sheet `## 工作表 名称` with a grid.
//! * In a grid, `<` is merged with the cell to its left, `^` with the one above, `⟨=SUM(C2:C5)⟩ 12` is a formula with
//!   its stored value, `⟨=C9⟩` one without, `⟨藏⟩ 值` a value under a merged range (written where `<` or `^` would
//!   stand), `'123` a number stored as text, `~~值~~` struck through. A row that begins with `隐藏` before its first
//!   `|` is hidden. `隐藏列：C,D` and `（隐藏）` after the sheet's name hide columns and the sheet.
//! * `## 期望 项目`, `## 期望 合计`, `## 期望 发现` hold tables; `## 期望 其他` holds lines `单位：` `结果：` `补报：` `角色：`.
//!   Projects are all projects, totals all totals; findings are all findings but C301 unless `C301` is asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sanpi::extract::extract;
use sanpi::model::{
    BatchId, Cell, CellKind, CellRef, Extract, Field, Format, ReadOutcome, Record, Region, Sheet, Source, Value,
    Visibility, Workbook,
};
use sanpi::spec::Spec;

use crate::harness::spec;

#[derive(Default)]
struct Case {
    file: String,
    sheets: Vec<Sheet>,
    projects: Vec<BTreeMap<String, String>>,
    totals: Option<Vec<BTreeMap<String, String>>>,
    findings: Option<Vec<BTreeMap<String, String>>>,
    other: BTreeMap<String, String>,
}

/// Cells of a Markdown table row: text before the first `|`, and the cells.
fn split(line: &str) -> (String, Vec<String>) {
    let mut parts = line.split('|').map(|p| p.trim().replace("⏎", "\n"));
    let lead = parts.next().unwrap_or_default();
    let mut cells: Vec<String> = parts.collect();
    if cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    (lead, cells)
}

fn is_ruler(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

fn parse(text: &str) -> Case {
    let mut case = Case::default();
    let mut part = String::new();
    let mut head: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(file) = line.strip_prefix("文件：") {
            file.trim().clone_into(&mut case.file);
        } else if let Some(title) = line.strip_prefix("## ") {
            title.trim().clone_into(&mut part);
            head.clear();
            if let Some(name) = part.strip_prefix("工作表") {
                let index = u32::try_from(case.sheets.len()).unwrap();
                let hidden = name.contains("（隐藏）");
                let visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
                let name = name.replace("（隐藏）", "").trim().to_owned();
                case.sheets.push(Sheet { name, index, visibility, ..Sheet::default() });
            }
            match part.as_str() {
                "期望 合计" => case.totals = Some(Vec::new()),
                "期望 发现" => case.findings = Some(Vec::new()),
                _ => {}
            }
        } else if part.starts_with("工作表") {
            sheet_line(line, case.sheets.last_mut().unwrap());
        } else if part == "期望 其他" && line.contains('：') {
            let (key, value) = line.split_once('：').unwrap();
            case.other.insert(key.trim().to_owned(), value.trim().to_owned());
        } else if part.starts_with("期望") && line.trim_start().starts_with('|') && !is_ruler(line) {
            let (_, cells) = split(line);
            if head.is_empty() {
                head = cells;
                continue;
            }
            let row = head.iter().cloned().zip(cells.into_iter().chain(std::iter::repeat(String::new()))).collect();
            match part.as_str() {
                "期望 项目" => case.projects.push(row),
                "期望 合计" => case.totals.as_mut().unwrap().push(row),
                _ => case.findings.as_mut().unwrap().push(row),
            }
        }
    }
    for sheet in &mut case.sheets {
        sheet.cells.sort_by_key(|c| c.at);
        // The row counter of `sheet_line` was kept here while parsing.
        sheet.filtered_rows.clear();
    }
    case
}

/// One line of a grid. `filtered_rows` counts the rows so far, until the case is complete.
fn sheet_line(line: &str, sheet: &mut Sheet) {
    if let Some(columns) = line.strip_prefix("隐藏列：") {
        sheet.hidden_columns =
            columns.split(',').map(|c| CellRef::parse(&format!("{}1", c.trim())).unwrap().col).collect();
    }
    if !line.contains('|') || is_ruler(line) {
        return;
    }
    let row = u32::try_from(sheet.filtered_rows.len()).unwrap();
    sheet.filtered_rows.push(row);
    let (lead, cells) = split(line);
    if lead == "隐藏" {
        sheet.hidden_rows.push(row);
    }
    for (col, text) in cells.iter().enumerate() {
        let at = CellRef::new(row, u32::try_from(col).unwrap());
        let (mark, text) = match text.strip_prefix("⟨藏⟩") {
            Some(rest) => ("<", rest.trim()),
            None if text == "<" || text == "^" => (text.as_str(), ""),
            None => ("", text.as_str()),
        };
        if !mark.is_empty() {
            merge(sheet, at, if text.is_empty() { mark } else { "hidden" });
        }
        if !text.is_empty() {
            sheet.cells.push(cell(at, text));
        }
    }
}

/// Extends the range of the cell to the left or above by a place.
fn merge(sheet: &mut Sheet, at: CellRef, mark: &str) {
    let left = at.col.checked_sub(1).map(|c| CellRef::new(at.row, c));
    let above = at.row.checked_sub(1).map(|r| CellRef::new(r, at.col));
    let merged =
        |place: Option<CellRef>, sheet: &Sheet| place.and_then(|p| sheet.merges.iter().position(|m| m.contains(p)));
    let start = match mark {
        "<" => left,
        "^" => above,
        _ => {
            if merged(above, sheet).is_some() {
                above
            } else {
                left
            }
        }
    };
    let start = start.expect("merged with something");
    if let Some(i) = merged(Some(start), sheet) {
        let end = &mut sheet.merges[i].end;
        *end = CellRef::new(end.row.max(at.row), end.col.max(at.col));
    } else {
        sheet.merges.push(Region { start, end: at });
    }
}

fn cell(at: CellRef, text: &str) -> Cell {
    let struck = text.starts_with("~~") && text.ends_with("~~");
    let text = text.trim_matches('~');
    let (formula, text) = match text.strip_prefix("⟨=").and_then(|t| t.split_once('⟩')) {
        Some((formula, value)) => (Some(formula.to_owned()), value.trim()),
        None => (None, text),
    };
    let kind = match text {
        "" => CellKind::Empty,
        _ if text.starts_with('#') && text.ends_with(['!', '?', 'A']) => CellKind::Error(text.to_owned()),
        _ => match (text.strip_prefix('\''), text.parse::<f64>()) {
            (Some(quoted), _) => CellKind::Text(quoted.into()),
            (None, Ok(n)) => CellKind::Number(n),
            (None, Err(_)) => CellKind::Text(text.into()),
        },
    };
    let uncached = formula.is_some() && kind == CellKind::Empty;
    Cell { formula, uncached, struck, ..Cell::new(at, kind) }
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(s) => s.to_string(),
        Value::Amount(a) => {
            let wan = a.wan_string();
            wan.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Value::Date(d) => d.to_chinese(),
        Value::Flag(b) => if *b { "是" } else { "否" }.to_owned(),
        Value::County { name, .. } => name.to_string(),
    }
}

fn project_cell(record: &Record, column: &str) -> String {
    match column {
        "行" => record.origin.row.to_string(),
        "表" => record.origin.sheet.as_deref().unwrap_or_default().to_owned(),
        "清单" => record.stage.map(|s| s.as_str().to_owned()).unwrap_or_default(),
        "组" => record.group.clone().unwrap_or_default(),
        "隐藏" => if record.hidden { "是" } else { "" }.to_owned(),
        "合计后" => if record.after_total { "是" } else { "" }.to_owned(),
        "其他列" => record.extras.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("；"),
        _ => {
            let field = Field::ALL.iter().find(|f| f.title() == column).unwrap_or_else(|| panic!("no field {column}"));
            record.values.get(field).and_then(|v| v.value.as_ref()).map(value).unwrap_or_default()
        }
    }
}

/// A table of what was expected, or found, as text.
fn table(columns: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = columns.join(" | ");
    for row in rows {
        let _ = write!(text, "\n{}", row.join(" | "));
    }
    text
}

fn columns(rows: &[BTreeMap<String, String>], default: &[&str]) -> Vec<String> {
    rows.first().map_or_else(|| default.iter().map(|c| (*c).to_owned()).collect(), |r| r.keys().cloned().collect())
}

fn expected(columns: &[String], rows: &[BTreeMap<String, String>]) -> String {
    table(columns, rows.iter().map(|r| columns.iter().map(|c| r[c].clone()).collect()))
}

fn compare(name: &str, what: &str, expected: &str, found: &str, wrong: &mut Vec<String>) {
    if expected != found {
        wrong.push(format!("{name}: {what}\n--- expected\n{expected}\n--- found\n{found}\n"));
    }
}

fn check(path: &Path, spec: &Spec, wrong: &mut Vec<String>) {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let case = parse(&fs::read_to_string(path).unwrap());
    let batch = BatchId::parse(case.file.split('/').next().unwrap()).expect("the first folder is a batch");
    let source = Arc::new(Source { file: Arc::from(case.file.as_str()), sha256: Arc::from("0") });
    let outcome = ReadOutcome {
        workbook: Some(Workbook { format: Format::Xlsx, sheets: case.sheets.clone() }),
        issues: Vec::new(),
    };
    let got = extract(&outcome, &source, &batch, spec);
    for book in &got.sheets {
        let books = format!("{:?}", book.rows);
        compare(&name, "the books do not balance", "true", if book.rows.balances() { "true" } else { &books }, wrong);
    }
    let cols = columns(&case.projects, &["行"]);
    let found = table(&cols, got.records.iter().map(|r| cols.iter().map(|c| project_cell(r, c)).collect()));
    compare(&name, "projects", &expected(&cols, &case.projects), &found, wrong);
    totals(&name, &case, &got, wrong);
    findings(&name, &case, &got, wrong);
    for (key, want) in &case.other {
        let found = match key.as_str() {
            "单位" => got.unit_code.clone().map(|c| spec.roster.name_of(&c).to_owned()).unwrap_or_default(),
            "结果" => got.outcome.as_str().to_owned(),
            "补报" => if got.supplement { "是" } else { "否" }.to_owned(),
            "角色" => got.sheets.iter().map(|s| s.role).collect::<Vec<_>>().join("、"),
            "表头" => got.sheets.iter().flat_map(|s| s.headers.clone()).collect::<Vec<_>>().join("、"),
            other => panic!("{name}: nothing is known about {other}"),
        };
        compare(&name, key, want, &found, wrong);
    }
}

fn totals(name: &str, case: &Case, got: &Extract, wrong: &mut Vec<String>) {
    let Some(totals) = &case.totals else { return };
    let cols = columns(totals, &["单元格"]);
    let cell = |t: &sanpi::model::DeclaredTotal, column: &str| match column {
        "单元格" => t.cell.to_string(),
        "表" => t.sheet.as_deref().unwrap_or_default().to_owned(),
        "范围" => t.scope.as_str().to_owned(),
        "组" => t.group.as_ref().map(|g| g.label.clone()).unwrap_or_default(),
        "清单" => t.stage.map(|s| s.as_str().to_owned()).unwrap_or_default(),
        "量" => t.measure.as_str().to_owned(),
        "值" => t.value.clone(),
        "万元" => {
            t.amount.filter(|_| t.measure.as_str() != "count").map(|a| value(&Value::Amount(a))).unwrap_or_default()
        }
        "行" => t.rows.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        other => panic!("no column {other}"),
    };
    let found = table(&cols, got.totals.iter().map(|t| cols.iter().map(|c| cell(t, c)).collect()));
    compare(name, "totals", &expected(&cols, totals), &found, wrong);
}

fn findings(name: &str, case: &Case, got: &Extract, wrong: &mut Vec<String>) {
    let Some(findings) = &case.findings else { return };
    let cols = columns(findings, &["代码"]);
    let asked = |code: &str| code != "C301" || findings.iter().any(|f| f["代码"] == code);
    let cell = |f: &sanpi::model::Finding, column: &str| match column {
        "代码" => f.code.to_owned(),
        "单元格" => f.cell.clone().unwrap_or_default(),
        "表" => f.sheet.as_deref().unwrap_or_default().to_owned(),
        "原文" => f.seen.clone().unwrap_or_default(),
        "读作" => f.read_as.clone().unwrap_or_default(),
        other => panic!("no column {other}"),
    };
    let found = got.findings.iter().filter(|f| asked(f.code));
    let found = table(&cols, found.map(|f| cols.iter().map(|c| cell(f, c)).collect()));
    compare(name, "findings", &expected(&cols, findings), &found, wrong);
}

#[test]
fn layouts_are_read_as_a_clerk_reads_them() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/layouts");
    let mut cases: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 12, "the cases were found");
    let spec = spec();
    let mut wrong = Vec::new();
    for case in &cases {
        check(case, &spec, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
