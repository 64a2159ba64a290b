//! The sample, as `make run` and `make rerun` process it.

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Tree, lay_over, root, stderr, stdout};

fn inbox() -> PathBuf {
    root().join("sample_data/inbox")
}

fn truth() -> Value {
    let text = std::fs::read_to_string(root().join("sample_data/truth.json")).expect("truth.json");
    serde_json::from_str(&text).expect("truth.json")
}

fn corrected(tree: &Tree) -> PathBuf {
    let inbox = tree.path().join("inbox");
    lay_over(&root().join("sample_data/inbox"), &inbox);
    lay_over(&root().join("sample_data/corrections"), &inbox);
    inbox
}

#[test]
fn published_figures_hold_after_the_corrections_and_not_before() {
    let tree = Tree::new();
    let first = tree.run(&inbox(), &[]);
    assert_eq!(first.status.code(), Some(1), "errors are there: {}", stderr(&first));
    let figures = "SELECT stage, measure, verdict, note FROM reconciliation \
                   WHERE batch = '02' AND unit_code = '410000' AND \"left\" = 'detail' AND \"right\" = 'published' ORDER BY stage, measure";
    let before = tree.query(figures);
    assert_eq!(before.len(), 6, "{before:?}");
    assert!(before.iter().any(|r| r[2] == "mismatch"), "{before:?}");
    assert!(before.iter().all(|r| r[2] != "mismatch" || !r[3].is_empty()), "each is explained: {before:?}");

    let rerun = tree.run(&corrected(&tree), &["--batch", "02", "--fail-on", "never"]);
    assert_eq!(rerun.status.code(), Some(0), "{}", stderr(&rerun));
    let after = tree.query(figures);
    assert_eq!(after.len(), 6);
    assert!(after.iter().all(|r| r[2] == "match" || r[2] == "within_rounding"), "{after:?}");
    let accepted = tree.query(
        "SELECT stage, COUNT(*) AS n, SUM(total_investment_wan) AS wan FROM projects WHERE batch = '02' GROUP BY stage ORDER BY n",
    );
    let expected =
        [["签约", "340", "28440000.0000"], ["开工", "519", "46470000.0000"], ["投产", "524", "35590000.0000"]];
    assert_eq!(accepted, expected);
}

#[test]
fn every_row_of_the_sample_is_read() {
    let tree = Tree::new();
    tree.run(&inbox(), &["--fail-on", "never"]);
    let truth = truth();
    let mut checked = 0;
    for (batch, units) in truth["inbox"].as_object().expect("batches") {
        for (unit, stages) in units.as_object().expect("units") {
            for (stage, sums) in stages.as_object().expect("stages") {
                let mut seen = (0u64, String::new());
                let rows = tree.query(&format!(
                    "SELECT COUNT(*) AS n, SUM(total_investment_wan) AS wan FROM \
                     (SELECT total_investment_wan FROM projects WHERE batch='{batch}' AND unit_code='{unit}' AND stage='{stage}' \
                      UNION ALL SELECT total_investment_wan FROM rejected WHERE batch='{batch}' AND unit_code='{unit}' AND stage='{stage}') AS r"
                ));
                seen.0 = rows[0][0].parse().expect("count");
                seen.1.clone_from(&rows[0][1]);
                let wan = sums["wan"].as_str().expect("wan");
                let wan = if sums["count"] == 0 && seen.1.is_empty() { "" } else { wan };
                assert_eq!((Some(seen.0), seen.1.as_str()), (sums["count"].as_u64(), wan), "{batch} {unit} {stage}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 90, "{checked}");
}

#[test]
fn a_rerun_changes_nothing_and_threads_do_not_matter() {
    let (one, two) = (Tree::new(), Tree::new());
    one.run(&inbox(), &["--fail-on", "never", "--jobs", "1"]);
    two.run(&inbox(), &["--fail-on", "never", "--jobs", "2"]);
    let files = one.files();
    assert!(files.len() > 50, "{}", files.len());
    for ((name, a), (other, b)) in files.iter().zip(two.files()) {
        assert_eq!(*name, other);
        assert!(*a == b, "{name} differs between --jobs 1 and --jobs 2");
    }
    let again = one.run(&inbox(), &["--fail-on", "never"]);
    assert!(stdout(&again).contains("没有发布新版本"), "{}", stdout(&again));
    assert_eq!(std::fs::read_link(one.path().join("current")).unwrap(), PathBuf::from("versions/000001"));
}

#[test]
fn planted_mistakes_are_found_where_they_are() {
    let tree = Tree::new();
    tree.run(&inbox(), &["--fail-on", "never"]);
    let found = tree.query("SELECT code, source_file, source_sheet, cell, unit_code FROM findings WHERE batch = '02'");
    for mistake in truth()["mistakes"].as_array().expect("mistakes") {
        let text = |key: &str| mistake[key].as_str().unwrap_or_default();
        let hit = found.iter().any(|f| {
            f[0] == text("code")
                && f[4] == text("unit_code")
                && (text("file").is_empty() || f[1] == text("file"))
                && (text("cell").is_empty() || f[3] == text("cell"))
        });
        assert!(
            hit,
            "{mistake}\nfound for the unit: {:?}",
            found.iter().filter(|f| f[4] == text("unit_code")).collect::<Vec<_>>()
        );
    }
}
