//! Real workbooks by other people: none may be lost, none may end the run.

use std::fs;

use sanpi::model::{CellKind, ReadOutcome};
use sanpi::reader::read;
use sanpi::spec::Limits;

use crate::harness::{Tree, shared, stderr};

/// Where we say more than the other readers: stored numbers that are dates, per file. Their cells have the built-in
/// format 57, which Excel in Chinese shows as 2020年12月 and openpyxl takes for a number, so its sum has them.
const DATES: [(&str, usize); 2] = [("collect_district/东兴区.xlsx", 11), ("collect_district/汇总资中.xlsx", 9)];

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
        let (Ok(cells), Ok(sum)) = (cells.parse::<usize>(), sum.parse::<f64>()) else { continue };
        let bytes = fs::read(folder.join("02").join(file)).expect("a file of the table");
        let ours = figures(&read(&bytes, file, &Limits::default()));
        let dates = DATES.iter().find(|d| d.0 == file).map_or(0, |d| d.1);
        if ours.cells != cells || (ours.sum - sum).abs() > 0.005 || ours.dates != dates {
            wrong.push(format!("{file}: {ours:?}; the others read {cells} cells and {sum}"));
        }
        compared += 1;
    }
    assert_eq!(compared, 10, "files in the table");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Debug, Default)]
struct Figures {
    /// Cells with a stored value.
    cells: usize,
    /// Sum of the stored numbers, dates among them.
    sum: f64,
    /// Numbers that are dates.
    dates: usize,
}

fn figures(outcome: &ReadOutcome) -> Figures {
    let mut figures = Figures::default();
    for cell in outcome.workbook.iter().flat_map(|w| &w.sheets).flat_map(|s| &s.cells) {
        figures.cells += usize::from(cell.kind != CellKind::Empty);
        figures.dates += usize::from(matches!(cell.kind, CellKind::Date(_)));
        if let CellKind::Number(n) | CellKind::Date(n) = cell.kind {
            figures.sum += n;
        }
    }
    figures
}

/// The workbooks are not ours to copy: the golden file holds places, levels and fields, not the words.
#[test]
fn headers_of_real_tables_are_joined_as_a_person_reads_them() {
    let Some(inbox) = shared("real") else { return };
    let tree = Tree::new();
    tree.run(&inbox, &["--batch", "02", "--fail-on", "never"]);
    let rows = tree.query(
        "SELECT source_file, table_number, column_letter, header, field FROM headers \
         WHERE source_file LIKE '%东兴区%' OR source_file LIKE '%项目汇总表%'",
    );
    let levels = |header: &str| header.split('/').count();
    let line = |r: &Vec<String>| format!("{} {} {} {} {}", r[0], r[1], r[2], levels(&r[3]), r[4]).trim_end().to_owned();
    insta::assert_snapshot!("headers_of_real_tables", rows.iter().map(line).collect::<Vec<_>>().join("\n"));
    let joined = rows.iter().find(|r| r[0].contains("东兴区") && r[2] == "F").map(|r| r[3].as_str());
    assert_eq!(joined, Some("2019/完成投资（万元）"), "the year above and the header below");
}
