//! Who may import whom. The architecture of the crate docs, as a test and not as a wish.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules that any step may use.
const SHARED: &[&str] = &["model", "spec"];

/// Per module: the modules of this crate that it may use besides itself and [`SHARED`].
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("spec", &["model"]),
    ("discover", &[]),
    ("reader", &[]),
    ("identify", &[]),
    ("locate", &[]),
    ("columns", &[]),
    ("normalize", &[]),
    ("extract", &["identify", "locate", "columns", "normalize"]),
    ("identity", &[]),
    ("lifecycle", &[]),
    ("indicators", &[]),
    ("submissions", &[]),
    ("rules", &[]),
    ("dataset", &[]),
    ("reconcile", &[]),
    ("query", &[]),
    ("diff", &["query"]),
    ("publish", &[]),
    ("report", &[]),
    ("workbook", &[]),
    (
        "pipeline",
        &[
            "discover",
            "reader",
            "extract",
            "identity",
            "lifecycle",
            "indicators",
            "submissions",
            "rules",
            "dataset",
            "reconcile",
            "publish",
            "report",
            "workbook",
        ],
    ),
];

/// Crates that only the named modules may use.
const HEAVY: &[(&str, &[&str])] = &[
    ("calamine", &["reader"]),
    ("zip", &["reader", "workbook"]),
    ("quick_xml", &["reader", "workbook"]),
    ("arrow", &["dataset"]),
    ("parquet", &["dataset"]),
    ("polars", &["query"]),
    ("rayon", &["pipeline"]),
    ("clap", &["cli"]),
    ("minijinja", &["report"]),
    ("rust_xlsxwriter", &["workbook"]),
];

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Every file of `src` as (module below the crate root, path, text without comments).
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.sort();
    assert!(files.len() > 30, "src was found");
    let module = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
    };
    let code = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|l| l.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
    };
    files.into_iter().map(|p| (module(&p), p.clone(), code(&p))).collect()
}

/// First path segments after each occurrence of `prefix` that starts a path.
fn segments_after<'a>(code: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let starts_path = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let ident = |rest: &'a str| &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())];
    code.match_indices(prefix)
        .filter(|(at, _)| starts_path(*at))
        .map(|(at, _)| ident(&code[at + prefix.len()..]))
        .collect()
}

#[test]
fn steps_do_not_import_each_other() {
    let known: BTreeSet<&str> = ALLOWED.iter().map(|(m, _)| *m).collect();
    let mut wrong = Vec::new();
    for (module, path, code) in sources() {
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(m, _)| *m == module) else {
            wrong.push(format!("{}: module {module} is not in ALLOWED", path.display()));
            continue;
        };
        for used in segments_after(&code, "crate::") {
            if known.contains(used) && used != module && !SHARED.contains(&used) && !allowed.contains(&used) {
                wrong.push(format!("{}: {module} may not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn model_uses_nothing() {
    for (module, path, code) in sources().into_iter().filter(|(m, ..)| m == "model") {
        let used: Vec<_> = segments_after(&code, "crate::").into_iter().filter(|u| *u != module).collect();
        assert!(used.is_empty(), "{}: {used:?}", path.display());
    }
}

#[test]
fn each_heavy_crate_is_known_to_one_place() {
    let mut wrong = Vec::new();
    for (module, path, code) in sources() {
        for (heavy, homes) in HEAVY {
            let used = code
                .match_indices(&format!("{heavy}::"))
                .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            if used && !homes.contains(&module.as_str()) {
                wrong.push(format!("{}: {heavy} is only for {homes:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    for (module, path, code) in sources() {
        let prints = code.contains("println!(") || code.contains("print!(");
        assert!(!prints || module == "cli" || module == "main", "{} prints", path.display());
    }
}

#[test]
fn files_stay_readable() {
    for (_, path, _) in sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines: redraw the rooms", path.display());
    }
}
