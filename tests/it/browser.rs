//! The reports in a real browser: sorting, filtering, links, contrast, no request that leaves the pages.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Tree, root, stderr, stdout};

/// Chromium, where `SANPI_CHROMIUM` says or under one of its names; says so and gives `None` where there is none.
fn chromium() -> Option<PathBuf> {
    let given = std::env::var_os("SANPI_CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let found = given.or_else(|| folders.iter().flat_map(|f| names.map(|n| f.join(n))).find(|p| p.is_file()));
    if found.is_none() {
        eprintln!("skipped: there is no chromium");
    }
    found
}

#[test]
fn people_sort_filter_and_follow_links() {
    let Some(chromium) = chromium() else { return };
    let tree = Tree::new();
    let ran = tree.run(&root().join("sample_data/inbox"), &["--fail-on", "never"]);
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    let driver = root().join("tests/browser/drive.py");
    let reports = tree.path().join("current/reports/02");
    let output = match Command::new("python3").arg(driver).arg(chromium).arg(reports).output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: python3 does not start ({error})");
            return;
        }
    };
    println!("{}", stdout(&output));
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}
