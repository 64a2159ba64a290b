//! What can go wrong around a run: each is exit 2 and one sentence with the path and what to do, and the old
//! publication stays. And what must never come out of it: telephones and persons, half a version, a wrong result for
//! want of memory.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sanpi::model::BatchId;
use sanpi::pipeline::{Options, run};
use sanpi::publish::{InputEntry, Look, Store};
use sanpi::query;

use crate::harness::{Tree, lay_over, root, spec, stderr, stdout};
use crate::night::submit;

/// A published tree with its inbox.
fn published() -> (Tree, PathBuf) {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox, 2, 51000);
    assert_eq!(tree.run(&inbox, &["--fail-on", "never"]).status.code(), Some(0));
    (tree, inbox)
}

/// Exit 2, and a line of ours with all these parts.
fn refused(output: &Output, parts: &[&str]) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    let line = said.lines().find(|l| l.starts_with("sanpi: ")).unwrap_or_else(|| panic!("{said}"));
    assert!(parts.iter().all(|part| line.contains(part)), "{parts:?}: {line}");
}

#[test]
fn a_link_that_leads_nowhere_and_a_version_deleted_in_part_are_told() {
    let (tree, inbox) = published();
    let (version, away) = (tree.path().join("versions/000001"), tree.path().join("versions/away"));
    fs::rename(&version, &away).unwrap();
    refused(&tree.run(&inbox, &[]), &["current", "指向的版本不在了", "请用 sanpi history"]);
    refused(&tree.sanpi(&["query", "SELECT 1 FROM projects"]), &["versions/000001", "sanpi"]);
    fs::rename(&away, &version).unwrap();

    fs::remove_file(version.join("cells/batch=02/part-0.parquet")).unwrap();
    let history = stdout(&tree.sanpi(&["history"]));
    assert!(history.contains("不完整") && history.contains("cells/batch=02"), "{history}");
    refused(&tree.sanpi(&["restore", "1"]), &["cells/batch=02", "不完整"]);
    refused(&tree.sanpi(&["diff", "1", "1"]), &["第 1 版不能比较"]);
    let healed = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(healed.status.code(), Some(0), "{}", stderr(&healed));
    assert!(tree.path().join("current/cells/batch=02/part-0.parquet").is_file());
    assert_eq!(fs::read_link(tree.path().join("current")).unwrap(), Path::new("versions/000002"));
}

#[test]
fn an_inbox_that_vanished_and_one_without_files_are_told() {
    let (tree, inbox) = published();
    let before = tree.files();
    fs::rename(&inbox, tree.path().join("away")).unwrap();
    refused(&tree.run(&inbox, &[]), &["收件夹", "inbox", "不存在", "请"]);
    fs::create_dir(&inbox).unwrap();
    refused(&tree.run(&inbox, &[]), &["没有可处理的文件"]);
    fs::write(tree.path().join("file"), "").unwrap();
    refused(&tree.run(&tree.path().join("file"), &[]), &["收件夹", "不是文件夹"]);
    assert_eq!(tree.files(), before);
}

/// `sanpi run` without the right of root to open everything.
fn without_privileges(tree: &Tree, inbox: &Path) -> Option<Output> {
    const RIGHTS: &str = "--bounding-set=-dac_override,-dac_read_search";
    let is_root = fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let mut command = Command::new(if is_root { "setpriv" } else { env!("CARGO_BIN_EXE_sanpi") });
    if is_root {
        if !Command::new("setpriv").args([RIGHTS, "true"]).status().is_ok_and(|s| s.success()) {
            eprintln!("skipped: setpriv is not there, or may not take rights away");
            return None;
        }
        command.args([RIGHTS, env!("CARGO_BIN_EXE_sanpi")]);
    }
    command.current_dir(root()).args(["run", "--fail-on", "never", "--inbox"]).arg(inbox);
    Some(command.arg("--out").arg(tree.path()).output().unwrap())
}

#[test]
fn folders_that_cannot_be_opened_are_told() {
    let (tree, inbox) = published();
    let before = tree.files();
    let close = |folder: &Path, mode| {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    for (folder, said) in [(inbox.clone(), "没有权限"), (inbox.join("02"), "无法打开")] {
        close(&folder, 0);
        let output = without_privileges(&tree, &inbox);
        close(&folder, 0o755);
        let Some(output) = output else { return };
        refused(&output, &[folder.to_str().unwrap(), said, "请"]);
        assert_eq!(tree.files(), before);
    }
    // A unit's folder is the unit's affair: the night goes on, and its report says so.
    close(&inbox.join("02/洛阳市"), 0);
    let output = without_privileges(&tree, &inbox).unwrap();
    close(&inbox.join("02/洛阳市"), 0o755);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let found = tree.query("SELECT source_file, message FROM findings WHERE code = 'F105'");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0][0] == "02/洛阳市" && found[0][1].contains("请检查权限"), "{found:?}");
}

#[test]
fn a_run_that_takes_too_long_is_stopped_and_told() {
    let (tree, inbox) = published();
    let before = tree.files();
    submit(&inbox, 2, 52000);
    let mut spec = spec();
    spec.settings.run.minutes = 5;
    let options = |minutes_ago: u64| Options {
        inbox: inbox.clone(),
        out: tree.path().to_owned(),
        batches: Vec::new(),
        jobs: Some(1),
        exe: env!("CARGO_BIN_EXE_sanpi").into(),
        force: false,
        patience: Duration::ZERO,
        width: 80,
        started: Instant::now().checked_sub(Duration::from_secs(minutes_ago * 60)).expect("a machine that runs longer"),
    };
    let late = run(&options(6), &spec, &|_| {}).expect_err("over its time").to_string();
    assert!(["超过 5 分钟", "未发布", "run.minutes"].iter().all(|part| late.contains(part)), "{late}");
    assert_eq!(tree.files(), before);
    run(&options(1), &spec, &|_| {}).expect("in time");
    assert_ne!(tree.files(), before);
}

#[test]
fn a_clock_that_goes_back_changes_nothing() {
    let (tree, inbox) = published();
    // As if the last run had been in the future.
    let manifest = tree.path().join("versions/000001/manifest.json");
    let future = std::time::SystemTime::now() + std::time::Duration::from_hours(24 * 400);
    fs::File::options().append(true).open(manifest).unwrap().set_modified(future).unwrap();
    fs::write(tree.path().join("logs/20990101T000000Z-1.jsonl"), "").unwrap();
    submit(&inbox, 2, 52000);
    let csv = inbox.join("02/许昌市/许昌市签约项目.csv");
    fs::File::options().append(true).open(csv).unwrap().set_modified(future).unwrap();
    let output = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_link(tree.path().join("current")).unwrap(), Path::new("versions/000002"));
}

/// A small file system for a tree; `None`, and said so, where none can be mounted.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at);
        if command.output().is_ok_and(|o| o.status.success()) {
            return Some(Self(at.to_owned()));
        }
        eprintln!("skipped: no file system can be mounted here");
        None
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_and_a_read_only_one_are_told() {
    let (tree, inbox) = (Tree::new(), tempfile::tempdir().unwrap());
    submit(inbox.path(), 2, 51000);
    let Some(disk) = Disk::mount(tree.path(), "16m") else { return };
    assert_eq!(tree.run(inbox.path(), &["--fail-on", "never"]).status.code(), Some(0));
    let before = tree.files();
    submit(inbox.path(), 2, 52000);
    let filler = tree.path().join("filler");
    let _ = fs::write(&filler, vec![0u8; 20 << 20]);
    refused(&tree.run(inbox.path(), &[]), &["磁盘已满", "请"]);
    assert_eq!(tree.files(), before);
    fs::remove_file(filler).unwrap();
    assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).status().unwrap().success());
    refused(&tree.run(inbox.path(), &[]), &["只读", "请"]);
    assert_eq!(tree.files(), before);
}

/// Memory from far too little to plenty: the right result, or a clean error and nothing published.
#[test]
fn little_memory_gives_the_right_result_or_a_clean_error() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("skipped: prlimit is not there");
        return;
    }
    let (tree, inbox) = published();
    let right: Vec<_> = tree.files().into_iter().filter(|(name, _)| name != "manifest.json").collect();
    let mut told = Vec::new();
    for mib in [128u64, 192, 256, 384, 512, 768, 1024, 1536, 2048] {
        let out = tempfile::tempdir().unwrap();
        let output = Command::new("prlimit")
            .arg(format!("--as={}", mib << 20))
            .arg(env!("CARGO_BIN_EXE_sanpi"))
            .current_dir(root())
            .args(["run", "--fail-on", "never", "--inbox"])
            .arg(&inbox)
            .arg("--out")
            .arg(out.path())
            .output()
            .unwrap();
        let current = out.path().join("current");
        match output.status.code() {
            Some(0) => {
                let here = Tree::at(out);
                let files: Vec<_> = here.files().into_iter().filter(|(name, _)| name != "manifest.json").collect();
                assert!(files == right, "{mib} MiB: another result");
                told.push(format!("{mib} right"));
            }
            Some(2) => {
                let said = stderr(&output);
                assert!(said.lines().any(|l| l.starts_with("sanpi: ") && l.contains('请')), "{mib} MiB: {said}");
                assert!(!current.exists(), "{mib} MiB: failed, it says, but is published");
                told.push(format!("{mib} clean error"));
            }
            // The system could not even load the program.
            other => {
                assert!(!current.exists() && mib < 512, "{mib} MiB: {other:?} {}", stderr(&output));
                told.push(format!("{mib} not loaded"));
            }
        }
    }
    eprintln!("memory sweep (MiB of address space): {}", told.join(", "));
    assert!(told.last().is_some_and(|t| t.ends_with("right")), "{told:?}");
}

/// Says when it is over, however it ends: readers must not wait for one that has panicked.
struct Publishing<'a>(&'a AtomicBool);

impl Drop for Publishing<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Readers that follow `current` once and then read never see a mixture of versions, and never none.
#[test]
fn readers_see_one_version_through_two_hundred_publications() {
    // In memory where that can be: what is tried is the order of the steps, not how long a disk takes to sync.
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let inbox = tempfile::tempdir().unwrap();
    let variants: Vec<Tree> = [51000, 52000]
        .into_iter()
        .map(|first| {
            submit(inbox.path(), 2, first);
            let tree = Tree::new();
            assert_eq!(tree.run(inbox.path(), &["--fail-on", "never"]).status.code(), Some(0));
            tree
        })
        .collect();
    let batch = BatchId::from_number(2);
    let input = InputEntry { batch: batch.clone(), path: "a".into(), sha256: None };
    let publish = |variant: &Tree| {
        let staging = Store::open(dir.path()).unwrap().stage(std::slice::from_ref(&batch), Look::Thorough).unwrap();
        let mut rows = Vec::new();
        for dataset in ["projects", "declared_totals"] {
            let path = format!("{dataset}/batch=02/part-0.parquet");
            let to = staging.dir().join(&path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(variant.path().join("current").join(&path), to).unwrap();
            rows.push((path, 1));
        }
        staging.publish(&rows, vec![input.clone()], "spec").unwrap();
    };
    publish(&variants[0]);
    let (done, reads, seen) = (AtomicBool::new(false), AtomicUsize::new(0), std::sync::Mutex::new(BTreeSet::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let store = Store::open(dir.path()).unwrap();
                while !done.load(Ordering::Relaxed) {
                    let version = store.current().expect("there is always a version");
                    let sum = |sql: &str| query::run(&version, &[], sql).unwrap().rows[0][0].clone().unwrap();
                    let detail = sum("SELECT SUM(total_investment_wan) AS s FROM projects");
                    let stated =
                        sum("SELECT SUM(value_wan) AS s FROM declared_totals WHERE measure = 'total_investment'");
                    assert_eq!(detail, stated, "{}", version.display());
                    seen.lock().unwrap().insert(detail);
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let publishing = Publishing(&done);
        for n in 0..200 {
            publish(&variants[(n + 1) % 2]);
        }
        drop(publishing);
    });
    eprintln!("{} reads during 200 publications", reads.load(Ordering::Relaxed));
    assert_eq!(seen.into_inner().unwrap().len(), 2, "both versions were seen");
}

/// Telephones of the sample and persons of a list of our own, in every output that others may read.
#[test]
fn no_telephone_and_no_person_gets_out() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    lay_over(&root().join("sample_data/inbox"), &inbox);
    let folder = inbox.join("02/漯河市");
    fs::create_dir_all(&folder).unwrap();
    let list = "漯河市“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）,联系人,联系电话\n\
                1,召陵智能装备产业园项目,漯河丁装备有限公司,召陵区,51000,诸葛慕容,13800138123\n\
                2,源汇食品加工基地项目,漯河戊食品有限公司,源汇区,,欧阳长风,0395-3123456\n";
    fs::write(folder.join("漯河市补报签约.csv"), list).unwrap();
    let metrics = tree.path().join("sanpi.prom");
    let run = tree.run(&inbox, &["--fail-on", "never", "--metrics", metrics.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let mut secret: BTreeSet<String> = ["诸葛慕容", "欧阳长风"].into_iter().map(str::to_owned).collect();
    let contacts = tree.query("SELECT DISTINCT value FROM contacts WHERE kind = 'telephone'");
    secret.extend(
        contacts.into_iter().map(|row| row[0].clone()).filter(|t| t.chars().filter(char::is_ascii_digit).count() >= 7),
    );
    assert!(secret.len() > 3, "{secret:?}");

    let mut outputs = vec![("stdout".to_owned(), run.stdout), ("stderr".to_owned(), run.stderr)];
    // Annotated copies are the unit's own workbook: only the owner may read them, as with contacts.
    outputs.extend(tree.files().into_iter().filter(|(n, _)| !n.contains("批注") && !n.ends_with(".parquet")));
    for name in fs::read_dir(tree.path().join("logs")).unwrap().map(|e| e.unwrap().path()) {
        outputs.push((name.display().to_string(), fs::read(&name).unwrap()));
    }
    outputs.push(("metrics".to_owned(), fs::read(&metrics).unwrap()));
    // Parquet is compressed: its rows as texts.
    for dataset in [
        "projects",
        "rejected",
        "findings",
        "declared_totals",
        "reconciliation",
        "submissions",
        "cells",
        "headers",
        "lifecycle",
        "indicators",
        "laggards",
    ] {
        let rows = tree.sanpi(&["query", &format!("SELECT * FROM {dataset}"), "--format", "csv"]);
        assert_eq!(rows.status.code(), Some(0), "{dataset} {}", stderr(&rows));
        outputs.push((dataset.to_owned(), rows.stdout));
    }
    assert!(outputs.len() > 50);
    for (name, bytes) in &outputs {
        let text = String::from_utf8_lossy(bytes);
        let out: Vec<_> = secret.iter().filter(|s| text.contains(s.as_str())).collect();
        assert!(out.is_empty(), "{name}: {out:?}");
    }
    let mode = |path: &str| {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(tree.path().join(path)).unwrap().permissions())
    };
    assert_eq!(mode("current/contacts/batch=02/part-0.parquet") & 0o777, 0o600);
}

/// Names of folders and files of a version come from the roster and from the program, whatever files are called.
#[test]
fn no_published_name_comes_from_a_file() {
    let (tree, inbox) = (Tree::new(), tempfile::tempdir().unwrap());
    submit(inbox.path(), 2, 51000);
    let odd = inbox.path().join("02/洛阳市/=cmd|' calc'!A0 <b>$(x).csv");
    fs::rename(inbox.path().join("02/洛阳市/洛阳市签约项目.csv"), &odd).unwrap();
    let text = fs::read_to_string(&odd).unwrap().replace("涧西高端", "=1+1@高端").replace(",20000\n", ",\n");
    fs::write(&odd, text).unwrap();
    assert_eq!(tree.run(inbox.path(), &["--fail-on", "never"]).status.code(), Some(0));
    for (name, _) in tree.files() {
        assert!(!name.contains(['=', '$', '<', '|', '\'']) || name.contains("/batch=02/"), "{name}");
    }
    let csv = stdout(&tree.sanpi(&["query", "SELECT project_name, source_file FROM projects", "--format", "csv"]));
    assert!(csv.contains("'=1+1@高端"), "{csv}");
    for (name, bytes) in tree.files().into_iter().filter(|(n, _)| n.contains(".html")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("A0 <b>$(x)"), "{name}: markup of a file name");
    }
}
