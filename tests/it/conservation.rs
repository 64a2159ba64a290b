//! No cell is lost silently: whatever stands on a sheet, the books account for each of its cells.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use sanpi::extract::extract;
use sanpi::model::{BatchId, Cell, CellKind, CellRef, Extract, Region, Sheet, Source};

use crate::harness::{Tree, lay_over, root, shared, spec, stderr};
use crate::layout_property::{lay_out, plan};

/// What people leave beside and inside their lists.
const WORDS: [&str; 16] = [
    "合计",
    "小计",
    "其中：",
    "注：以上",
    "一、签约项目",
    "（二）嵩县",
    "项目名称",
    "总投资（万元）",
    "起止年限",
    "2024-2026",
    "同上",
    "涧西区",
    "开工",
    "√",
    "  ",
    "填表人：某某",
];

fn kind() -> impl Strategy<Value = CellKind> {
    prop_oneof![
        6 => select(WORDS.to_vec()).prop_map(|t| CellKind::Text(t.into())),
        3 => (0u32..90_000).prop_map(|n| CellKind::Number(f64::from(n))),
        1 => Just(CellKind::Date(46_000.0)),
        1 => Just(CellKind::Error("#REF!".to_owned())),
        1 => Just(CellKind::Empty),
    ]
}

fn scatter(sheet: &mut Sheet, noise: Vec<((u32, u32), CellKind, bool)>, merges: Vec<((u32, u32), (u32, u32))>) {
    let mut cells: BTreeMap<CellRef, Cell> = sheet.cells.drain(..).map(|c| (c.at, c)).collect();
    for ((row, col), kind, uncached) in noise {
        let at = CellRef::new(row, col);
        let uncached = uncached && kind == CellKind::Empty;
        cells.insert(at, Cell { uncached, ..Cell::new(at, kind) });
    }
    sheet.cells = cells.into_values().collect();
    sheet.merges.extend(merges.into_iter().filter(|(_, size)| *size != (0, 0)).map(|((row, col), (down, right))| {
        Region { start: CellRef::new(row, col), end: CellRef::new(row + down, col + right) }
    }));
}

fn assert_books(got: &Extract, sheets: &[Sheet]) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.sheets.len(), sheets.len());
    for (book, sheet) in got.sheets.iter().zip(sheets) {
        prop_assert!(book.cells.balances(), "{:?}", book.cells);
        prop_assert_eq!(book.cells.read as usize, sheet.cells.len());
        prop_assert!(book.rows.balances(), "{:?}", book.rows);
    }
    let rows: u32 = got.sheets.iter().map(|b| b.rows.project).sum();
    prop_assert_eq!(rows as usize, got.records.len());
    Ok(())
}

#[test]
fn every_cell_of_any_grid_is_accounted_for() {
    let spec = spec();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let noise = prop::collection::vec(((0u32..45, 0u32..18), kind(), any::<bool>()), 0..40);
    let merges = prop::collection::vec(((0u32..45, 0u32..16), (0u32..4, 0u32..4)), 0..6);
    let result = runner.run(&(plan(), noise, merges), |(plan, noise, merges)| {
        let mut laid = lay_out(&plan);
        let sheets = &mut laid.outcome.workbook.as_mut().expect("laid out").sheets;
        scatter(&mut sheets[0], noise, merges);
        let sheets = sheets.clone();
        let source = Arc::new(Source { file: Arc::from(laid.file.as_str()), sha256: Arc::from("0") });
        assert_books(&extract(&laid.outcome, &source, &BatchId::from_number(21), &spec), &sheets)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("folder").map(|e| e.expect("entry").path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// The run itself checks rows and cells; here that every file is told of once.
#[test]
fn every_input_file_has_one_row_in_submissions() {
    let (Some(hostile), Some(gold)) = (shared("hostile"), shared("cases/train/inbox")) else { return };
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    lay_over(&gold, &inbox);
    let folder = inbox.join("22/洛阳市");
    let made = std::process::Command::new("python3").arg(hostile.join("make_hostile.py")).arg(&folder).output();
    assert!(made.is_ok_and(|o| o.status.success()), "make_hostile.py runs");
    let output = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let outcomes = tree.query("SELECT outcome, COUNT(*) AS n FROM submissions GROUP BY outcome ORDER BY outcome");
    let told: usize = outcomes.iter().map(|r| r[1].parse::<usize>().expect("a count")).sum();
    assert_eq!(told, files(&inbox), "{outcomes:?}");
    eprintln!("{told} files: {outcomes:?}");
    rows_are_those_listed(&tree, &folder);
}

/// The whole program reads as many project rows from each hostile file that it reads as the set says.
fn rows_are_those_listed(tree: &Tree, folder: &Path) {
    let read = tree.query("SELECT source_file, rows_read FROM submissions WHERE batch = '22' AND sheets > 0");
    let read: BTreeMap<String, String> = read.into_iter().map(|r| (r[0].clone(), r[1].clone())).collect();
    let mut list = csv::Reader::from_path(folder.join("expected.csv")).expect("expected.csv");
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in list.records().map(|r| r.expect("csv")) {
        let Some(rows) = read.get(&format!("22/洛阳市/{}", &line[0])).filter(|_| !line[4].is_empty()) else {
            continue;
        };
        compared += 1;
        if rows != &line[4] {
            wrong.push(format!("{}: {rows} rows, expected {}", &line[0], &line[4]));
        }
    }
    assert!(compared > 85, "{compared} files with listed rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A period beside columns of its own for start and end says nothing new, and still is accounted for.
#[test]
fn a_period_that_nothing_needs_leaves_its_trace() {
    let text = "洛阳市“三个一批”开工项目清单\n单位：万元\n序号,项目名称,项目单位,总投资,开工时间,竣工时间,建设起止年限\n\
                1,涧西高端轴承产业园项目,洛阳甲装备有限公司,51000,2026年3月,2027年12月,2026-2027\n";
    let batch = BatchId::from_number(21);
    let got = sanpi::pipeline::extract_bytes(text.as_bytes(), "21/洛阳市/开工.csv", &batch, &spec());
    assert_eq!(got.records.len(), 1);
    let book = got.sheets[0].cells;
    assert!(book.balances(), "{book:?}");
    assert_eq!((book.mapped, book.unmapped), (7, 0), "{book:?}");
    let period = got.cells.iter().find(|c| *c.raw == *"2026-2027").expect("a trace");
    assert_eq!(period.field, Some(sanpi::model::Field::Period));
}

#[test]
fn the_manifest_keeps_the_books_from_sheet_to_dataset() {
    let tree = Tree::new();
    tree.run(&root().join("sample_data/inbox"), &["--fail-on", "never"]);
    let books = |tree: &Tree| -> serde_json::Value {
        let text = std::fs::read_to_string(tree.path().join("current/manifest.json")).expect("manifest");
        serde_json::from_str::<serde_json::Value>(&text).expect("json")["books"].clone()
    };
    let all = books(&tree);
    for batch in ["01", "02"] {
        let book = &all[batch];
        let rows = |part: &str| book[part]["rows"].as_u64().expect("rows");
        assert_eq!(rows("read"), rows("accepted") + rows("rejected"), "{book}");
        for (part, dataset) in [("accepted", "projects"), ("rejected", "rejected")] {
            let sql = format!(
                "SELECT COUNT(*) AS n, SUM(total_investment_wan) AS wan FROM {dataset} WHERE batch = '{batch}'"
            );
            let found = &tree.query(&sql)[0];
            assert_eq!(found[0], rows(part).to_string(), "{dataset}");
            let wan = book[part]["total_investment_wan"].as_str().expect("amount");
            assert!(found[1] == wan || (found[1].is_empty() && wan == "0.0000"), "{found:?} {wan}");
            assert_eq!(book["datasets"][dataset].as_u64(), Some(rows(part)));
        }
        let read = &tree.query(&format!("SELECT SUM(rows_read) AS n FROM submissions WHERE batch = '{batch}'"))[0][0];
        let unused = book["unused_rows"].as_u64().expect("unused");
        assert_eq!(*read, (rows("read") + unused).to_string());
    }
    // A rerun of one batch keeps the books of the others.
    let corrected = tree.path().join("inbox");
    lay_over(&root().join("sample_data/inbox"), &corrected);
    lay_over(&root().join("sample_data/corrections"), &corrected);
    tree.run(&corrected, &["--batch", "02", "--fail-on", "never"]);
    let after = books(&tree);
    assert_eq!(after["01"], all["01"]);
    assert_eq!(after["02"]["accepted"]["rows"].as_u64(), Some(340 + 519 + 524));
    assert!(after["02"]["unused_rows"].as_u64() > Some(0), "superseded files: {}", after["02"]);
}
