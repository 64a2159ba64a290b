//! Real workbooks by other people: none may be lost, none may end the run.

use crate::harness::{Tree, shared, stderr};

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
