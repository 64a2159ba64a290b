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

#[test]
fn each_wrong_total_of_the_sample_is_explained_with_its_cell() {
    let tree = Tree::new();
    tree.run(&inbox(), &["--fail-on", "never"]);
    let wrong = tree.query(
        "SELECT batch, unit_code, stage, cause, right_at, note FROM reconciliation \
         WHERE verdict = 'mismatch' AND \"right\" IN ('sheet_total', 'group_total', 'cover')",
    );
    let truth = truth();
    let planted: Vec<&Value> =
        truth["mistakes"].as_array().expect("mistakes").iter().filter(|m| m["code"] == "R701").collect();
    assert_eq!(wrong.len(), planted.len(), "{wrong:?}");
    for mistake in planted {
        let text = |key: &str| mistake[key].as_str().unwrap_or_default();
        let at = format!("{} › {} › {}", text("file"), text("sheet"), text("cell"));
        let told = wrong.iter().find(|r| r[4] == at).unwrap_or_else(|| panic!("{mistake}: {wrong:?}"));
        assert_eq!(told[..4], [text("batch"), text("unit_code"), text("stage"), text("cause")], "{told:?}");
        // A certain explanation: the row by its number and its cell.
        assert!(told[5].contains(" = ") && told[5].contains("第 "), "{told:?}");
    }
    // The row that the total leaves out is named where the generator says that it is.
    let hidden = truth["mistakes"].as_array().expect("mistakes").iter().find(|m| m["code"] == "L202").expect("planted");
    let row = hidden["cell"].as_str().expect("cell").split(':').next().expect("row");
    assert!(wrong.iter().any(|r| r[5].contains(&format!("隐藏的第 {row} 行"))), "{wrong:?}");
    // What the published figures lack is told with the cells that are to blame.
    let blamed = tree.query("SELECT note FROM reconciliation WHERE \"right\" = 'published' AND verdict = 'mismatch'");
    for mistake in truth["mistakes"].as_array().expect("mistakes") {
        let what = mistake["code"].as_str().unwrap_or_default();
        let file = mistake["file"].as_str().unwrap_or_default();
        if ["V504", "V502", "X601"].contains(&what) {
            assert!(blamed.iter().any(|n| n[0].contains(file)), "{mistake}: {blamed:?}");
        }
    }
    assert!(blamed.iter().any(|n| n[0].contains("漯河市未报送")), "{blamed:?}");
}

#[test]
fn batches_one_by_one_give_the_figures_of_both_together() {
    let (together, apart) = (Tree::new(), Tree::new());
    together.run(&inbox(), &["--fail-on", "never"]);
    for batch in ["01", "02"] {
        apart.run(&inbox(), &["--batch", batch, "--fail-on", "never"]);
    }
    let over_time = |tree: &Tree| -> Vec<(String, Vec<u8>)> {
        let own = |name: &str| ["lifecycle/", "indicators/", "laggards/"].iter().any(|d| name.starts_with(d));
        tree.files().into_iter().filter(|(name, _)| own(name)).collect()
    };
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    let expected = over_time(&together);
    assert_eq!(names(&expected).len(), 6);
    assert!(over_time(&apart) == expected, "{:?}", names(&over_time(&apart)));
    // Batch 01 run again with less in it: the rates of batch 02 follow, the projects of batch 02 stay.
    let smaller = apart.path().join("inbox");
    lay_over(&inbox(), &smaller);
    let mut units: Vec<PathBuf> =
        std::fs::read_dir(smaller.join("01")).expect("batch 01").map(|e| e.expect("entry").path()).collect();
    units.sort();
    for path in units.iter().take(4) {
        if path.is_dir() {
            std::fs::remove_dir_all(path).expect("removed");
        } else {
            std::fs::remove_file(path).expect("removed");
        }
    }
    let rate = |tree: &Tree| {
        tree.query(
            "SELECT denominator, previous FROM indicators \
             WHERE batch = '02' AND unit_code = '410000' AND measure = 'start_rate' AND sector IS NULL",
        )
    };
    let before = (rate(&apart), apart.query("SELECT COUNT(*) AS n FROM projects WHERE batch = '02'"));
    apart.run(&smaller, &["--batch", "01", "--fail-on", "never"]);
    let after = (rate(&apart), apart.query("SELECT COUNT(*) AS n FROM projects WHERE batch = '02'"));
    assert_ne!(before.0, after.0);
    assert_eq!(before.1, after.1);
}
