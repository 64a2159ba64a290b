//! The published tree, through its life and its accidents.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::{Checksum, FileEntry, InputEntry, Look, Outcome, PublishError, Staging, Store};
use crate::model::BatchId;
use crate::spec::Retention;

fn batch(n: u32) -> BatchId {
    BatchId::from_number(n)
}

pub(super) fn tree() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

/// Writes a dataset and a report of each batch and tells its rows.
fn fill(staging: &Staging, batches: &[u32], content: &str) -> Vec<(String, u64)> {
    let mut rows = Vec::new();
    for n in batches {
        let path = format!("projects/batch={n:02}/part-0.parquet");
        let report = format!("reports/{n:02}/index.html");
        for (path, text) in [(&path, content), (&report, "<html>")] {
            let path = staging.dir().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        rows.push((path, 7));
    }
    rows
}

pub(super) fn run(store: &Store, batches: &[u32], content: &str) -> Result<Outcome, PublishError> {
    look(store, batches, content, Look::Thorough)
}

pub(super) fn look(store: &Store, batches: &[u32], content: &str, look: Look) -> Result<Outcome, PublishError> {
    let ids: Vec<BatchId> = batches.iter().map(|n| batch(*n)).collect();
    let staging = store.stage(&ids, look)?.on_threads(3);
    let rows = fill(&staging, batches, content);
    let input = |batch| InputEntry { batch, path: Arc::from("收件.xlsx"), sha256: Some(Checksum([0xab; 32])) };
    let (outcome, manifest) = staging.publish(&rows, ids.into_iter().map(input).collect(), "spec")?;
    assert_eq!(Some(manifest), store.manifest());
    Ok(outcome)
}

pub(super) fn project(dir: &Path, version: u64, n: u32) -> PathBuf {
    dir.join(format!("versions/{version:06}/projects/batch={n:02}/part-0.parquet"))
}

/// Names in `versions`, and whether anything else than the lock, the link and the versions lies in the tree.
pub(super) fn names(dir: &Path) -> (Vec<String>, Vec<String>) {
    let list = |folder: &Path| {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    (list(&dir.join("versions")), list(dir))
}

#[test]
fn the_first_version_is_complete_and_described() {
    let (dir, store) = tree();
    assert_eq!(store.current(), None);
    let outcome = run(&store, &[1, 2], "a").unwrap();
    assert_eq!(outcome, Outcome::Published(1, dir.path().join("versions/000001")));
    assert_eq!(fs::read_link(dir.path().join("current")).unwrap(), Path::new("versions/000001"));
    assert_eq!(store.current(), Some(dir.path().join("versions/000001")));
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(dir.path().join("current/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["batches"], serde_json::json!(["01", "02"]));
    assert_eq!(manifest["spec_hash"], "spec");
    assert_eq!(manifest["files"].as_array().unwrap().len(), 4);
    assert_eq!(
        manifest["files"][0],
        serde_json::json!({
            "path": "projects/batch=01/part-0.parquet", "rows": 7, "bytes": 1,
            "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        })
    );
    assert!(manifest["files"][2]["rows"].is_null(), "reports have no rows");
    assert_eq!(
        manifest["inputs"][1],
        serde_json::json!({"batch": "02", "path": "收件.xlsx", "sha256": "ab".repeat(32)})
    );
    assert_eq!(names(dir.path()).1, [".lock", "current", "versions"]);
}

#[test]
fn a_run_that_changes_nothing_publishes_nothing() {
    let (dir, store) = tree();
    run(&store, &[1, 2], "a").unwrap();
    let before = fs::read(dir.path().join("current/manifest.json")).unwrap();
    for batches in [&[1, 2][..], &[2]] {
        let outcome = run(&store, batches, "a").unwrap();
        assert_eq!(outcome, Outcome::Unchanged(1, dir.path().join("versions/000001")));
        assert_eq!(names(dir.path()).0, ["000001"]);
    }
    assert_eq!(fs::read(dir.path().join("current/manifest.json")).unwrap(), before);
}

#[test]
fn other_batches_and_equal_files_keep_their_inodes() {
    let (dir, store) = tree();
    run(&store, &[1, 2], "a").unwrap();
    let old = project(dir.path(), 1, 1);
    fs::set_permissions(&old, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(run(&store, &[2], "b").unwrap(), Outcome::Published(2, dir.path().join("versions/000002")));
    let inode = |path: &Path| fs::metadata(path).unwrap().ino();
    assert_eq!(inode(&old), inode(&project(dir.path(), 2, 1)), "batch 01 was not rerun");
    assert_eq!(fs::metadata(project(dir.path(), 2, 1)).unwrap().mode() & 0o777, 0o600);
    assert_ne!(inode(&project(dir.path(), 1, 2)), inode(&project(dir.path(), 2, 2)));
    let report = |n| dir.path().join(format!("versions/{n:06}/reports/02/index.html"));
    assert_eq!(inode(&report(1)), inode(&report(2)), "rewritten with the same bytes");
    assert_eq!(fs::read(project(dir.path(), 1, 2)).unwrap(), b"a", "old versions never change");
    let versions = store.history().unwrap();
    let seen: Vec<_> = versions.iter().map(|v| (v.number, v.current, v.batches.len(), v.files, v.rows)).collect();
    assert_eq!(seen, [(2, true, 2, 4, 14), (1, false, 2, 4, 14)]);
    assert!(versions.iter().all(|v| v.fault.is_none() && v.modified.is_some()));
}

#[test]
fn a_file_that_the_batch_no_longer_has_is_gone() {
    let (dir, store) = tree();
    let staging = store.stage(&[batch(2)], Look::Thorough).unwrap();
    let rows = fill(&staging, &[2], "a");
    fs::write(staging.dir().join("reports/02/more.html"), "x").unwrap();
    staging.publish(&rows, Vec::new(), "spec").unwrap();
    assert!(matches!(run(&store, &[2], "a").unwrap(), Outcome::Published(2, _)));
    assert!(!dir.path().join("current/reports/02/more.html").exists());
}

#[test]
fn of_a_dataset_without_batches_only_named_files_stay() {
    let (dir, store) = tree();
    let lives = |staging: &Staging, parts: &[(&str, &str)]| {
        fs::create_dir_all(staging.dir().join("lifecycle")).unwrap();
        let part = |(name, text): &(&str, &str)| {
            let path = format!("lifecycle/part-{name}.parquet");
            fs::write(staging.dir().join(&path), text).unwrap();
            (path, 1)
        };
        parts.iter().map(part).collect::<Vec<_>>()
    };
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    let rows = [fill(&staging, &[1], "a"), lives(&staging, &[("01", "a"), ("02", "b"), ("03", "c")])].concat();
    staging.publish(&rows, Vec::new(), "spec").unwrap();
    let found = || {
        let path = |file: crate::publish::FileEntry| file.path.strip_prefix("lifecycle/part-").map(str::to_owned);
        let told: Vec<String> = store.manifest().unwrap().files.into_iter().filter_map(path).collect();
        let mut there: Vec<String> = fs::read_dir(dir.path().join("current/lifecycle"))
            .unwrap()
            .map(|e| e.unwrap().file_name().to_str().unwrap()["part-".len()..].to_owned())
            .collect();
        there.sort();
        assert_eq!(there, told);
        told
    };

    let mut staging = store.stage(&[batch(1)], Look::Quick).unwrap();
    let rows = [fill(&staging, &[1], "a"), lives(&staging, &[("02", "B"), ("04", "d")])].concat();
    let named: BTreeSet<String> = ["01", "02"].iter().map(|n| format!("lifecycle/part-{n}.parquet")).collect();
    staging.keep_only("lifecycle", named.clone());
    assert!(matches!(staging.publish(&rows, Vec::new(), "spec").unwrap().0, Outcome::Published(2, _)));
    assert_eq!(found(), ["01.parquet", "02.parquet", "04.parquet"]);
    assert_eq!(fs::read(dir.path().join("current/lifecycle/part-02.parquet")).unwrap(), b"B", "written anew");
    assert!(matches!(run(&store, &[1], "b").unwrap(), Outcome::Published(3, _)));
    assert_eq!(found().len(), 3, "all of them, where nothing is said");

    let mut staging = store.stage(&[], Look::Quick).unwrap();
    staging.keep_only("lifecycle", named.into_iter().chain(["lifecycle/part-05.parquet".to_owned()]).collect());
    assert!(staging.publish(&[], Vec::new(), "spec").unwrap_err().to_string().contains("沿用"));
    let mut staging = store.stage(&[], Look::Quick).unwrap();
    staging.keep_only("lifecycle", BTreeSet::new());
    assert!(matches!(staging.publish(&[], Vec::new(), "spec").unwrap().0, Outcome::Published(4, _)));
    assert!(!dir.path().join("current/lifecycle").exists());
    assert!(project(dir.path(), 4, 1).is_file(), "other datasets are not meant");
}

#[test]
fn a_staging_that_is_dropped_leaves_nothing() {
    let (dir, store) = tree();
    run(&store, &[1], "a").unwrap();
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    fill(&staging, &[1], "b");
    drop(staging);
    assert_eq!(names(dir.path()).0, ["000001"]);
    assert_eq!(fs::read(dir.path().join("current/projects/batch=01/part-0.parquet")).unwrap(), b"a");
    assert!(matches!(run(&store, &[1], "b").unwrap(), Outcome::Published(2, _)));
}

#[test]
fn what_a_killed_run_left_is_removed_by_the_next() {
    let (dir, store) = tree();
    run(&store, &[1], "a").unwrap();
    for accident in ["staging", "numbered", "link"] {
        let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
        fill(&staging, &[1], "half");
        let number: u64 = staging.dir().to_str().unwrap().rsplit('-').next().unwrap().parse().unwrap();
        match accident {
            "staging" => {}
            "numbered" => {
                fs::rename(staging.dir(), dir.path().join(format!("versions/{number:06}"))).unwrap();
            }
            _ => std::os::unix::fs::symlink("versions/000099", dir.path().join(".current-next")).unwrap(),
        }
        // As a kill would: the lock goes with the process, the files stay.
        let kept = staging.dir().to_owned();
        let copy = dir.path().join("kept");
        if kept.exists() {
            fs::rename(&kept, &copy).unwrap();
        }
        drop(staging);
        if copy.exists() {
            fs::rename(&copy, &kept).unwrap();
        }
        assert_eq!(fs::read(dir.path().join("current/projects/batch=01/part-0.parquet")).unwrap(), b"a", "{accident}");
        assert_eq!(run(&store, &[1], "a").unwrap(), Outcome::Unchanged(1, dir.path().join("versions/000001")));
        let (versions, top) = names(dir.path());
        assert!(versions.iter().all(|v| !v.starts_with('.')), "{accident}: {versions:?}");
        assert_eq!(top, [".lock", "current", "versions"], "{accident}");
    }
    let half = store.history().unwrap();
    assert!(half[0].fault.as_ref().is_some_and(|f| f.contains("manifest.json")), "never current, and told: {half:?}");
    assert!(matches!(run(&store, &[1], "b").unwrap(), Outcome::Published(3, _)), "its number is not used again");
}

#[test]
fn a_second_run_is_told_who_is_first() {
    let (dir, store) = tree();
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    let other = Store::open(dir.path()).unwrap();
    for error in [
        other.stage(&[batch(2)], Look::Thorough).map(|_| ()).unwrap_err(),
        run(&other, &[1], "a").map(|_| ()).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.contains(&format!("进程 {}", std::process::id())) && text.contains("开始"), "{text}");
    }
    assert!(staging.dir().is_dir(), "the first run is undisturbed");
    drop(staging);
    assert!(run(&other, &[1], "a").is_ok());
}

#[test]
fn restore_is_a_switch() {
    let (dir, store) = tree();
    run(&store, &[1], "a").unwrap();
    run(&store, &[1], "b").unwrap();
    assert_eq!(store.restore(1).unwrap(), dir.path().join("versions/000001"));
    assert_eq!(fs::read_link(dir.path().join("current")).unwrap(), Path::new("versions/000001"));
    assert!(store.history().unwrap()[1].current);
    assert!(matches!(run(&store, &[1], "c").unwrap(), Outcome::Published(3, _)), "newer versions are kept");
    let missing = store.restore(9).unwrap_err().to_string();
    assert!(missing.contains("没有第 9 版"), "{missing}");
    fs::remove_file(project(dir.path(), 2, 1)).unwrap();
    let half = store.restore(2).unwrap_err().to_string();
    assert!(half.contains("part-0.parquet") && half.contains("不完整"), "{half}");
    assert_eq!(fs::read_link(dir.path().join("current")).unwrap(), Path::new("versions/000003"));
}

#[test]
fn damage_to_the_current_version_is_told_and_not_spread() {
    let (dir, store) = tree();
    run(&store, &[1, 2], "a").unwrap();
    fs::write(project(dir.path(), 1, 1), "x").unwrap();
    let error = run(&store, &[2], "b").unwrap_err().to_string();
    assert!(error.contains("batch=01") && error.contains("期 01"), "{error}");
    fs::write(project(dir.path(), 1, 1), "longer").unwrap();
    let error = run(&store, &[2], "b").unwrap_err().to_string();
    assert!(error.contains("应有 1 字节"), "{error}");
    fs::remove_file(project(dir.path(), 1, 1)).unwrap();
    assert!(run(&store, &[2], "b").unwrap_err().to_string().contains("不在"));
    assert_eq!(names(dir.path()).0, ["000001"]);
    assert!(matches!(run(&store, &[1, 2], "a").unwrap(), Outcome::Published(2, _)), "rerunning the batch heals it");
    fs::write(project(dir.path(), 2, 1), "x").unwrap();
    assert!(matches!(run(&store, &[1], "a").unwrap(), Outcome::Published(3, _)), "also when nothing else has changed");
    assert_eq!(fs::read(project(dir.path(), 3, 1)).unwrap(), b"a");
}

#[test]
fn a_link_that_leads_nowhere_is_not_an_empty_tree() {
    let (dir, store) = tree();
    run(&store, &[1], "a").unwrap();
    fs::rename(dir.path().join("versions/000001"), dir.path().join("away")).unwrap();
    let error = run(&store, &[2], "b").unwrap_err().to_string();
    assert!(error.contains("current") && error.contains("restore"), "{error}");
    fs::rename(dir.path().join("away"), dir.path().join("versions/000001")).unwrap();
    assert!(matches!(run(&store, &[2], "b").unwrap(), Outcome::Published(2, _)));

    let (other, store) = tree();
    fs::create_dir(other.path().join("current")).unwrap();
    assert!(run(&store, &[1], "a").unwrap_err().to_string().contains("链接"));
}

#[test]
fn what_changes_after_it_was_described_is_not_published() {
    let (dir, store) = tree();
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    let rows = fill(&staging, &[1], "a");
    let described = staging.describe(&rows[0].0, Some(7)).unwrap();
    assert_eq!((described.bytes, described.rows), (1, Some(7)));
    fs::write(staging.dir().join(&rows[0].0), "b").unwrap();
    assert!(staging.publish(&rows, Vec::new(), "spec").unwrap_err().to_string().contains("读回不符"));
    assert!(names(dir.path()).0.is_empty());
}

#[test]
fn files_of_finished_batches_are_synced_while_others_are_made() {
    let (dir, store) = tree();
    let wait = |staging: &Staging, batches| {
        while !staging.ahead.has_come_to(batches) {
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let staging = store.stage(&[batch(1), batch(2)], Look::Thorough).unwrap();
    let rows = staging.beside(|| {
        let rows = fill(&staging, &[1, 2], "a");
        [1, 2].map(batch).iter().for_each(|batch| staging.finished(batch));
        wait(&staging, 2);
        rows
    });
    let synced: Vec<_> = staging.ahead.synced().unwrap().into_iter().collect();
    assert_eq!(synced, [(batch(1), 2), (batch(2), 2)]);
    fs::write(staging.dir().join("reports/02/more.html"), "x").unwrap();
    let files = ["projects/batch=01/a", "reports/01/a", "projects/batch=02/a", "reports/02/a", "reports/02/more.html"];
    let files = files.map(|path| FileEntry { path: path.to_owned(), rows: None, bytes: 0, sha256: Checksum([0; 32]) });
    assert_eq!(
        staging.synced(files.iter()).unwrap(),
        BTreeSet::from([batch(1)]),
        "what was written later is synced later"
    );
    staging.publish(&rows, Vec::new(), "spec").unwrap();
    assert_eq!(names(dir.path()).0, ["000001"]);

    let staging = store.stage(&[batch(3)], Look::Thorough).unwrap();
    let rows = staging.beside(|| {
        let rows = fill(&staging, &[3], "a");
        std::os::unix::fs::symlink("index.html", staging.dir().join("reports/03/link.html")).unwrap();
        staging.finished(&batch(3));
        wait(&staging, 1);
        fs::remove_file(staging.dir().join("reports/03/link.html")).unwrap();
        rows
    });
    let failed = staging.publish(&rows, Vec::new(), "spec").unwrap_err().to_string();
    assert!(failed.contains("link.html"), "a failure is told, whenever it was: {failed}");
}

#[test]
fn files_and_their_rows_must_agree() {
    let (dir, store) = tree();
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    fill(&staging, &[1], "a");
    assert!(staging.publish(&[], Vec::new(), "spec").unwrap_err().to_string().contains("多少行"));
    let staging = store.stage(&[batch(1)], Look::Thorough).unwrap();
    let mut rows = fill(&staging, &[1], "a");
    rows.push(("cells/batch=01/part-0.parquet".to_owned(), 1));
    assert!(staging.publish(&rows, Vec::new(), "spec").unwrap_err().to_string().contains("不见了"));
    assert_eq!(store.current(), None);
    assert!(names(dir.path()).0.is_empty());
}

#[test]
fn a_tree_that_cannot_be_written_is_told_with_its_path() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(Store::open(&file).unwrap_err().to_string().contains("不是文件夹"));
    let below = Store::open(&file.join("below"));
    assert!(below.is_err() || below.unwrap().stage(&[batch(1)], Look::Thorough).is_err());
    let new = Store::open(&dir.path().join("a/b")).unwrap();
    assert_eq!(new.history().unwrap(), []);
    assert!(!dir.path().join("a").exists(), "looking makes nothing");
    assert!(matches!(run(&new, &[1], "a").unwrap(), Outcome::Published(1, _)));
}

#[test]
fn a_version_that_was_numbered_but_never_current_is_mended() {
    let (dir, store) = tree();
    run(&store, &[1], "a").unwrap();
    run(&store, &[1], "b").unwrap();
    // As a kill between numbering and switching leaves it.
    let marker = dir.path().join(".publishing");
    store.restore(1).unwrap();
    fs::write(&marker, "2\n").unwrap();
    let told = store.history().unwrap();
    assert!(told[0].fault.as_ref().is_some_and(|f| f.contains("从未生效")), "{told:?}");
    assert_eq!(run(&store, &[1], "a").unwrap(), Outcome::Unchanged(1, dir.path().join("versions/000001")));
    assert_eq!(
        names(dir.path()),
        (vec!["000001".to_owned()], vec![".lock".to_owned(), "current".to_owned(), "versions".to_owned()])
    );
    // After the switch the version stays.
    run(&store, &[1], "b").unwrap();
    fs::write(&marker, "2\n").unwrap();
    assert!(matches!(run(&store, &[1], "b").unwrap(), Outcome::Unchanged(2, _)));
    fs::write(&marker, "").unwrap();
    assert!(matches!(run(&store, &[1], "b").unwrap(), Outcome::Unchanged(2, _)), "a marker cut short says nothing");
    assert!(!marker.exists());
}

#[test]
fn retention_deletes_whole_versions_and_never_the_current() {
    let (dir, store) = tree();
    for content in ["a", "b", "c", "d"] {
        run(&store, &[1], content).unwrap();
    }
    store.restore(1).unwrap();
    let keep = |versions| Retention { versions, months: 0 };
    assert_eq!(store.prune(&keep(0)).unwrap(), [0u64; 0], "0 keeps all");
    assert_eq!(store.prune(&keep(2)).unwrap(), [2]);
    assert_eq!(names(dir.path()).0, ["000001", "000003", "000004"]);
    let busy = store.stage(&[batch(1)], Look::Thorough).unwrap();
    assert_eq!(store.prune(&keep(1)).unwrap(), [0u64; 0], "the other run does it");
    drop(busy);
    // As a kill amid deleting leaves it.
    fs::rename(dir.path().join("versions/000003"), dir.path().join("versions/.removing-000003")).unwrap();
    assert!(store.history().unwrap().iter().all(|v| v.fault.is_none()), "half of it is no version");
    run(&store, &[1], "a").unwrap();
    assert_eq!(names(dir.path()).0, ["000001", "000004"]);
}

#[test]
fn whoever_waits_gets_the_lock_when_it_is_free() {
    let (dir, store) = tree();
    let first = store.stage(&[batch(1)], Look::Thorough).unwrap();
    assert!(store.holder().is_some_and(|who| who.contains(&format!("进程 {}", std::process::id()))));
    let other = Store::open(dir.path()).unwrap();
    let waiting = std::thread::spawn(move || run(&other.patient(Duration::from_secs(20)), &[1], "a").map(|_| ()));
    std::thread::sleep(Duration::from_millis(150));
    drop(first);
    waiting.join().unwrap().unwrap();
    assert_eq!(store.holder(), None);
    let _held = store.stage(&[batch(1)], Look::Thorough).unwrap();
    let late = Store::open(dir.path()).unwrap().patient(Duration::from_millis(200));
    assert!(late.stage(&[batch(1)], Look::Thorough).unwrap_err().to_string().contains("--wait"));
}
