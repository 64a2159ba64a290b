//! Running the program as users do, in folders of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use sanpi::spec::Spec;
use tempfile::TempDir;

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of the material that CI has beside the checkout, or where `SANPI_SHARED` says; says so and gives `None` where it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let beside = || root().parent().map(|parent| parent.join("shared"));
    let path = std::env::var_os("SANPI_SHARED").map(PathBuf::from).or_else(beside)?.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// The project's configuration.
pub(crate) fn spec() -> Spec {
    Spec::load(&root().join("pipelines"), &sanpi::rules::codes()).unwrap_or_else(|e| panic!("{e}"))
}

/// A published tree that vanishes with it.
pub(crate) struct Tree {
    dir: TempDir,
}

impl Tree {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("temporary folder") }
    }

    /// One that is there already.
    pub(crate) fn at(dir: TempDir) -> Self {
        Self { dir }
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// `sanpi ARGS` on this tree with the project's configuration; no variable of the caller's environment gets in.
    pub(crate) fn sanpi(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_sanpi"))
            .current_dir(root())
            .env_remove("SANPI_INBOX")
            .env_remove("SANPI_PIPELINES")
            .env("SANPI_OUT", self.path())
            .args(args)
            .output()
            .expect("sanpi starts")
    }

    /// `sanpi run --inbox INBOX ARGS`.
    pub(crate) fn run(&self, inbox: &Path, args: &[&str]) -> Output {
        let inbox = inbox.to_str().expect("UTF-8 path");
        self.sanpi(&[&["run", "--inbox", inbox], args].concat())
    }

    /// Rows of a query as texts, NULL as an empty one.
    pub(crate) fn query(&self, sql: &str) -> Vec<Vec<String>> {
        let output = self.sanpi(&["query", sql, "--format", "csv"]);
        assert!(output.status.success(), "{sql}\n{}", stderr(&output));
        let mut reader = csv::ReaderBuilder::new().from_reader(output.stdout.as_slice());
        reader.records().map(|r| r.expect("csv").iter().map(str::to_owned).collect()).collect()
    }

    /// Every published file of the current version with its bytes, by path below it.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let current = self.path().join("current");
        let mut files = Vec::new();
        collect(&current, &current, &mut files);
        files.sort();
        files
    }
}

/// Standard error of a command.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Standard output of a command.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Copies a folder over another.
pub(crate) fn lay_over(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folder");
    for entry in fs::read_dir(from).expect("folder").map(|e| e.expect("entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            lay_over(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copy");
        }
    }
}

fn collect(root: &Path, folder: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("published folder").map(|e| e.expect("entry")) {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, out);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            out.push((name, fs::read(&path).expect("published file")));
        }
    }
}
