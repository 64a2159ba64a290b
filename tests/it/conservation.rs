//! No cell is lost silently: whatever stands on a sheet, the books account for each of its cells.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use sanpi::extract::extract;
use sanpi::model::{BatchId, Cell, CellKind, CellRef, Extract, Region, Sheet, Source};

use crate::harness::{Tree, lay_over, shared, stderr};
use crate::layout_property::{lay_out, plan, spec};

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
        6 => select(WORDS.to_vec()).prop_map(|t| CellKind::Text(t.to_owned())),
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
}
