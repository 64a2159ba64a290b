//! Over real and synthetic workbooks: every row of every sheet is accounted for, and the headers of foreign tables are
//! joined as a person joins them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use sanpi::discover::{EntryKind, discover};
use sanpi::extract::extract;
use sanpi::model::{Extract, Source};
use sanpi::reader;
use sanpi::spec::Spec;

use crate::harness::{root, shared};

/// `pipelines/` as committed.
pub(crate) fn spec() -> Spec {
    let dir = root().join("pipelines");
    let rules = fs::read_to_string(dir.join("rules.toml")).unwrap();
    let code = |l: &str| Some(l.strip_prefix('[')?.split([']', '.']).next()?.to_owned());
    let codes: BTreeSet<String> = rules.lines().filter_map(code).collect();
    Spec::load(&dir, &codes.iter().map(String::as_str).collect()).expect("pipelines/ is valid")
}

/// What each file of an inbox yields, read in process.
fn extracts(inbox: &Path, spec: &Spec) -> Vec<Extract> {
    let found = discover(inbox).unwrap();
    let files = found.entries.iter().filter(|e| e.kind == EntryKind::File);
    files
        .map(|entry| {
            let outcome = reader::read(&fs::read(&entry.path).unwrap(), &entry.name, &spec.settings.limits);
            let source = Arc::new(Source { file: Arc::clone(&entry.name), sha256: Arc::from("0") });
            extract(&outcome, &source, &entry.batch, spec)
        })
        .collect()
}

fn check_books(inbox: &Path) {
    let spec = spec();
    let extracts = extracts(inbox, &spec);
    assert!(!extracts.is_empty(), "{} holds files", inbox.display());
    for got in &extracts {
        let mut projects = 0;
        for book in &got.sheets {
            assert!(book.rows.balances(), "{} {:?}: {:?}", got.source.file, book.sheet, book.rows);
            projects += book.rows.project;
        }
        assert_eq!(projects as usize, got.records.len(), "{}", got.source.file);
    }
}

#[test]
fn books_of_the_sample_balance() {
    check_books(&root().join("sample_data/inbox"));
}

#[test]
fn books_of_the_gold_set_balance() {
    if let Some(inbox) = shared("cases") {
        check_books(&inbox.join("train/inbox"));
    }
}

#[test]
fn headers_of_real_workbooks_are_joined() {
    let Some(inbox) = shared("real") else { return };
    check_books(&inbox);
    let mut text = String::new();
    for got in extracts(&inbox, &spec()) {
        for sheet in &got.sheets {
            let name = sheet.sheet.as_deref().unwrap_or_default();
            writeln!(text, "{} › {name} › {}", got.source.file, sheet.role).unwrap();
            for header in &sheet.headers {
                writeln!(text, "    {header}").unwrap();
            }
        }
    }
    let path = root().join("tests/it/golden/real_headers.txt");
    if std::env::var_os("SANPI_UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    assert_eq!(text, golden, "reviewed by eye; SANPI_UPDATE_GOLDEN=1 writes it anew");
}
