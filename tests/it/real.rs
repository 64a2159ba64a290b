//! Real workbooks by other people: none may be lost, none may end the run.

use std::fs;

use sanpi::model::{CellKind, ReadOutcome};
use sanpi::reader::read;
use sanpi::spec::Limits;

use crate::harness::{Tree, shared, stderr};

/// File, cells more than the second reader counts, sum more than its, and why.
const DIFFERENCES: [(&str, i64, f64, &str); 0] = [];

#[test]
fn every_real_file_gets_one_outcome() {
    let Some(inbox) = shared("real") else { return };
    let tree = Tree::new();
    let output = tree.run(&inbox, &["--batch", "02", "--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows =
        tree.query("SELECT source_file, COUNT(*) AS n FROM submissions GROUP BY source_file ORDER BY source_file");
    assert_eq!(rows.len(), 10, "{rows:?}");
    assert!(rows.iter().all(|r| r[1] == "1"), "{rows:?}");
}

/// openpyxl and xlrd counted the cells with a stored value and added the numbers among them.
#[test]
fn cells_and_sums_are_those_of_other_readers() {
    let Some(folder) = shared("real") else { return };
    let table = fs::read_to_string(folder.join("README.md")).expect("README.md");
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|l| l.starts_with('|')) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, file, _, cells, sum, ..] = columns[..] else { continue };
        let (Ok(cells), Ok(sum)) = (cells.parse::<i64>(), sum.parse::<f64>()) else { continue };
        let bytes = fs::read(folder.join("02").join(file)).expect("a file of the table");
        let (our_cells, our_sum) = figures(&read(&bytes, file, &Limits::default()));
        let known = DIFFERENCES.iter().find(|d| d.0 == file).map_or((0, 0.0), |d| (d.1, d.2));
        if our_cells != cells + known.0 || (our_sum - sum - known.1).abs() > 0.005 {
            wrong.push(format!("{file}: {our_cells} cells, sum {our_sum}; they read {cells} and {sum}"));
        }
        compared += 1;
    }
    assert_eq!(compared, 10, "files in the table");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cells with a stored value, and the sum of the numbers among them.
fn figures(outcome: &ReadOutcome) -> (i64, f64) {
    let sheets = outcome.workbook.iter().flat_map(|w| &w.sheets);
    sheets.flat_map(|s| &s.cells).fold((0, 0.0), |(cells, sum), cell| match &cell.kind {
        CellKind::Empty => (cells, sum),
        CellKind::Number(n) => (cells + 1, sum + n),
        _ => (cells + 1, sum),
    })
}
