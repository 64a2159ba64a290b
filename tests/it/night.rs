//! The night job: run again at will, killed at any point, rolled back.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::harness::{Tree, lay_over, root, stderr, stdout};

/// Lists of a batch: 洛阳市 with two projects, 许昌市 with one; `first` is 总投资 of the first.
pub(crate) fn submit(inbox: &Path, batch: u32, first: u32) {
    let lists = [
        (
            "洛阳市",
            format!(
                "1,涧西高端轴承产业园{batch}号项目,洛阳甲{batch}装备有限公司,涧西区,{first}\n2,洛龙智能终端{batch}号生产线项目,洛阳乙{batch}电子有限公司,洛龙区,20000\n"
            ),
            first + 20000,
        ),
        ("许昌市", format!("1,魏都区发制品{batch}号产业园项目,许昌丙{batch}发制品有限公司,魏都区,31000\n"), 31000),
    ];
    for (unit, rows, total) in lists {
        let folder = inbox.join(format!("{batch:02}")).join(unit);
        fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "{unit}“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）\n{rows}合计,,,,{total}\n"
        );
        let path = folder.join(format!("{unit}签约项目.csv"));
        fs::write(&path, text).unwrap();
        age(&path, 3600);
    }
}

/// Makes a file as old as so many seconds.
pub(crate) fn age(path: &Path, seconds: u64) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
}

/// The report of the latest run.
fn report(tree: &Tree) -> Value {
    let mut reports: Vec<PathBuf> = fs::read_dir(tree.path().join("logs"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    reports.sort_by_key(|p| fs::metadata(p).unwrap().modified().unwrap());
    serde_json::from_slice(&fs::read(reports.last().unwrap()).unwrap()).unwrap()
}

fn how(tree: &Tree) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let report = report(tree);
    report["batches"].as_array().unwrap().iter().map(|b| (text(&b["batch"]), text(&b["how"]))).collect()
}

/// `pipelines/` with some of `sanpi.toml` replaced.
fn pipelines(tree: &Tree, changes: &[(&str, &str)]) -> String {
    let to = tree.path().join("pipelines");
    lay_over(&root().join("pipelines"), &to);
    let path = to.join("sanpi.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    fs::write(path, text).unwrap();
    to.to_str().unwrap().to_owned()
}

/// Path, inode and bytes of all files of the current version.
fn inodes(tree: &Tree) -> Vec<(String, u64, Vec<u8>)> {
    let current = tree.path().join("current");
    let inode = |name: &str| fs::metadata(current.join(name)).unwrap().ino();
    tree.files().into_iter().map(|(name, bytes)| (name.clone(), inode(&name), bytes)).collect()
}

#[test]
fn an_unchanged_inbox_is_neither_read_nor_assembled_again() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    (2..=4).for_each(|batch| submit(&inbox, batch, 51000));
    let first = tree.run(&inbox, &["--fail-on", "error"]);
    assert_eq!(first.status.code(), Some(1), "{}", stderr(&first));
    let again = tree.run(&inbox, &["--fail-on", "error"]);
    assert_eq!(again.status.code(), Some(1), "the exit code is that of the findings: {}", stderr(&again));
    let told = |o: &std::process::Output| {
        stdout(o).split("\n已发布").next().unwrap().split("\n内容与").next().unwrap().to_owned()
    };
    assert_eq!(told(&again), told(&first), "and so is the summary");
    assert!(how(&tree).iter().all(|(_, how)| how == "kept"), "{:?}", how(&tree));
    let kept = report(&tree);
    assert_eq!(
        (&kept["outcome"], &kept["files"]["kept"], &kept["files"]["read"]),
        (&"unchanged".into(), &6.into(), &0.into())
    );
    assert_eq!(kept["exit_code"], 1);

    let forced = tree.run(&inbox, &["--fail-on", "never", "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    let report = report(&tree);
    assert_eq!((&report["files"]["read"], &report["files"]["from_cache"]), (&6.into(), &0.into()));
    assert_eq!(report["outcome"], "unchanged");
}

#[test]
fn one_changed_file_is_the_only_one_that_is_read_and_a_damaged_cache_is_no_matter() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    (2..=4).for_each(|batch| submit(&inbox, batch, 51000));
    tree.run(&inbox, &["--fail-on", "never"]);
    submit(&inbox, 4, 52000);
    tree.run(&inbox, &["--fail-on", "never"]);
    let files = report(&tree)["files"].clone();
    assert_eq!((&files["kept"], &files["read"], &files["from_cache"]), (&4.into(), &2.into(), &1.into()));
    let fresh = Tree::new();
    fresh.run(&inbox, &["--fail-on", "never"]);
    assert!(tree.files().iter().zip(fresh.files()).all(|(a, b)| a.0 == "manifest.json" || *a == b), "as from nothing");
    assert_eq!(tree.files().len(), fresh.files().len());

    for extract in walk(&tree.path().join(".cache")) {
        let bytes = fs::read(&extract).unwrap();
        fs::write(&extract, &bytes[..bytes.len() / 2]).unwrap();
    }
    let damaged = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(damaged.status.code(), Some(0), "{}", stderr(&damaged));
    assert_eq!((&report(&tree)["outcome"], &report(&tree)["files"]["from_cache"]), (&"unchanged".into(), &0.into()));
    fs::remove_dir_all(tree.path().join(".cache")).unwrap();
    let deleted = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(deleted.status.code(), Some(0), "{}", stderr(&deleted));
    for file in walk(&tree.path().join(".cache")) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { walk(&p) } else { vec![p] }).collect()
}

/// What other batches left is read from where it is kept, from the datasets, or held in memory: that makes no difference.
#[test]
fn without_a_cache_the_same_is_published() {
    let inbox = root().join("sample_data/inbox");
    let (cached, bare) = (Tree::new(), Tree::new());
    let off = pipelines(&bare, &[("max_mib = 2048", "max_mib = 0")]);
    let bare_args = ["--fail-on", "never", "--pipelines", &off];
    let same = |when: &str| {
        let files =
            |tree: &Tree| tree.files().into_iter().filter(|(path, _)| path != "manifest.json").collect::<Vec<_>>();
        let (a, b) = (files(&cached), files(&bare));
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        assert_eq!(names(&a), names(&b), "{when}");
        let differ: Vec<&String> = a.iter().zip(&b).filter(|(a, b)| a != b).map(|((path, _), _)| path).collect();
        assert!(differ.is_empty(), "{when}: {differ:?}");
    };
    assert!(cached.run(&inbox, &["--fail-on", "never"]).status.success());
    assert!(bare.run(&inbox, &bare_args).status.success());
    assert!(cached.path().join(".cache/imprints/02").is_file() && !bare.path().join(".cache/imprints").exists());
    same("at first");
    fs::remove_dir_all(cached.path().join(".cache/imprints")).unwrap();
    let rerun = ["--batch", "02", "--force"];
    assert!(cached.run(&inbox, &[&rerun[..], &["--fail-on", "never"]].concat()).status.success());
    assert!(bare.run(&inbox, &[&rerun[..], &bare_args].concat()).status.success());
    assert!(cached.path().join(".cache/imprints/01").is_file(), "what is made of datasets is kept");
    same("run again");
    assert_eq!(report(&cached)["outcome"], "unchanged");
    assert_eq!(report(&bare)["outcome"], "unchanged");
}

#[test]
fn a_damaged_published_file_is_made_again() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    (2..=3).for_each(|batch| submit(&inbox, batch, 51000));
    tree.run(&inbox, &["--fail-on", "never"]);
    let before = tree.files();
    fs::write(tree.path().join("versions/000001/reports/02/index.html"), "<html>").unwrap();
    let healed = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(healed.status.code(), Some(0), "{}", stderr(&healed));
    assert!(stdout(&healed).contains("第 2 版"), "{}", stdout(&healed));
    assert!(before.iter().zip(&tree.files()).all(|(a, b)| a.0 == "manifest.json" || a == b));
}

/// A history of 15 batches; only one is run again.
#[test]
fn a_rerun_of_one_batch_leaves_the_others_alone() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    (1..=15).for_each(|batch| submit(&inbox, batch, 51000));
    let first = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let before = inodes(&tree);
    submit(&inbox, 2, 52000);
    // Not asked for, so not read, whatever it is by now.
    submit(&inbox, 9, 99000);
    let rerun = tree.run(&inbox, &["--batch", "02", "--fail-on", "never"]);
    assert_eq!(rerun.status.code(), Some(0), "{}", stderr(&rerun));
    let after = inodes(&tree);
    let of_others = |name: &str| !name.contains("batch=02") && !name.starts_with("reports/02/") && name.contains('/');
    let mut others = 0;
    for (name, inode, bytes) in before.iter().filter(|(name, ..)| of_others(name)) {
        let Some(now) = after.iter().find(|(n, ..)| n == name) else { panic!("{name} is gone") };
        // Trends and lives over all batches contain batch 02's figures.
        let over_time = ["indicators/", "laggards/", "lifecycle/", "reports/"].iter().any(|d| name.starts_with(d));
        if over_time && now.2 != *bytes {
            continue;
        }
        assert_eq!((now.1, now.2 == *bytes), (*inode, true), "{name}");
        others += 1;
    }
    assert!(others >= 14 * 9, "{others}");
    assert_eq!(tree.query("SELECT SUM(total_investment_wan) AS s FROM projects WHERE batch = '02'"), [["103000.0000"]]);
    assert_eq!(tree.query("SELECT SUM(total_investment_wan) AS s FROM projects WHERE batch = '09'"), [["102000.0000"]]);
}

#[test]
fn later_batches_follow_a_rerun_where_they_depend_on_it() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox, 2, 51000);
    submit(&inbox, 3, 51000);
    submit(&inbox, 4, 61000);
    // Batch 03 lists a project of batch 02 again.
    let again = inbox.join("03/洛阳市/洛阳市签约项目.csv");
    fs::copy(inbox.join("02/洛阳市/洛阳市签约项目.csv"), &again).unwrap();
    age(&again, 3600);
    tree.run(&inbox, &["--fail-on", "never"]);
    let twice = "SELECT COUNT(*) AS n FROM findings WHERE batch = '03' AND code = 'X603'";
    assert_eq!(tree.query(twice), [["2"]]);
    // Batch 02 loses both projects: in 03 nothing is listed twice any more.
    fs::remove_file(inbox.join("02/洛阳市/洛阳市签约项目.csv")).unwrap();
    let rerun = tree.run(&inbox, &["--batch", "02", "--fail-on", "never"]);
    assert_eq!(rerun.status.code(), Some(0), "{}", stderr(&rerun));
    assert_eq!(tree.query(twice), [["0"]], "{}", stderr(&rerun));
    assert_eq!(how(&tree)[..2], [("02".to_owned(), "made".to_owned()), ("03".to_owned(), "followed".to_owned())]);
    let (fresh, all) = (Tree::new(), tree.files());
    fresh.run(&inbox, &["--fail-on", "never"]);
    for (a, b) in all.iter().zip(fresh.files()) {
        assert!(a.0 == "manifest.json" || *a == b, "{} is not as from nothing", a.0);
    }

    // Without its files a batch cannot follow: it stays, and that is told.
    submit(&inbox, 2, 51000);
    fs::remove_dir_all(tree.path().join(".cache")).unwrap();
    fs::remove_file(&again).unwrap();
    let stuck = tree.run(&inbox, &["--batch", "02", "--fail-on", "never"]);
    assert_eq!(stuck.status.code(), Some(0), "{}", stderr(&stuck));
    assert!(stderr(&stuck).contains("期 03 没有随之更新"), "{}", stderr(&stuck));
    assert_eq!(tree.query(twice), [["0"]]);
    assert!(report(&tree)["remarks"].to_string().contains("期 03"));
}

#[test]
fn versions_can_be_compared() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox, 2, 51000);
    tree.run(&inbox, &["--fail-on", "never"]);
    submit(&inbox, 2, 52000);
    fs::remove_file(inbox.join("02/许昌市/许昌市签约项目.csv")).unwrap();
    tree.run(&inbox, &["--fail-on", "never"]);
    let json: Value = serde_json::from_slice(&tree.sanpi(&["diff", "1", "2", "--format", "json"]).stdout).unwrap();
    assert_eq!((json["added"].as_array().unwrap().len(), json["removed"].as_array().unwrap().len()), (0, 1));
    let change = &json["changed"][0];
    assert_eq!(
        (&change["project_name"], &change["fields"][0]["field"]),
        (&"涧西高端轴承产业园2号项目".into(), &"total_investment_wan".into())
    );
    assert_eq!(
        (&change["fields"][0]["from"], &change["fields"][0]["to"]),
        (&"51000.0000".into(), &"52000.0000".into())
    );
    assert_eq!(json["totals"].as_array().unwrap().len(), 2);
    let text = stdout(&tree.sanpi(&["diff", "1"]));
    for part in ["减少 1 个", "改动 1 个", "魏都区发制品2号产业园项目", "总投资", "52000.0000"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(stdout(&tree.sanpi(&["diff", "2", "2"])).contains("完全相同"));
    let csv = stdout(&tree.sanpi(&["diff", "1", "2", "--format", "csv"]));
    assert!(csv.starts_with("kind,batch,") && csv.contains("removed,02,签约,411000"), "{csv}");
    let missing = tree.sanpi(&["diff", "1", "9"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("没有第 9 版"));
}

#[test]
fn settings_of_the_night_are_followed() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    let told = tree.path().join("told");
    let script =
        format!("[\"/bin/sh\", \"-c\", \"echo $SANPI_EXIT_CODE > '{0}'; cat $SANPI_REPORT >> '{0}'\"]", told.display());
    let metrics = tree.path().join("sanpi.prom");
    let pipelines = pipelines(
        &tree,
        &[
            ("versions = 60", "versions = 2"),
            ("months = 36", "months = 0"),
            ("runs = 90", "runs = 3"),
            ("file = \"\"", &format!("file = \"{}\"", metrics.display())),
            ("command = []", &format!("command = {script}")),
        ],
    );
    let args = ["--fail-on", "never", "--pipelines", &pipelines];
    for first in [51000, 52000, 53000, 54000] {
        submit(&inbox, 2, first);
        let output = tree.run(&inbox, &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let mut versions: Vec<_> =
        fs::read_dir(tree.path().join("versions")).unwrap().map(|e| e.unwrap().file_name()).collect();
    versions.sort();
    assert_eq!(versions, ["000003", "000004"]);
    assert_eq!(report(&tree)["removed_versions"], serde_json::json!([2]));
    assert_eq!(fs::read_dir(tree.path().join("logs")).unwrap().count(), 6, "three runs, each a log and a report");
    let text = fs::read_to_string(&metrics).unwrap();
    assert!(text.contains("sanpi_published_version 4\n") && text.contains("sanpi_last_run_exit_code 0\n"), "{text}");
    assert!(text.contains("sanpi_rows{batch=\"02\",state=\"accepted\"} 3\n"), "{text}");
    assert_eq!(fs::metadata(&metrics).unwrap().permissions().mode() & 0o777, 0o644);
    assert!(!told.exists(), "nothing failed");

    let failed = tree.run(&tree.path().join("没有"), &args);
    assert_eq!(failed.status.code(), Some(2));
    let told = fs::read_to_string(&told).unwrap();
    assert!(told.starts_with("2\n") && told.contains("收件夹") && told.contains("\"outcome\": \"failed\""), "{told}");
    let text = fs::read_to_string(&metrics).unwrap();
    assert!(
        text.contains("sanpi_last_run_exit_code 2\n") && text.contains("sanpi_last_published_timestamp_seconds"),
        "{text}"
    );
    assert_eq!(
        fs::read_dir(tree.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().ends_with(".new"))
            .count(),
        0
    );
}

#[test]
fn a_second_run_waits_or_says_who_is_first() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox, 2, 51000);
    fs::create_dir_all(tree.path()).unwrap();
    let held = fs::File::create(tree.path().join(".lock")).unwrap();
    held.try_lock().unwrap();
    let refused = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("另一个 sanpi") && stderr(&refused).contains("开始"), "{}", stderr(&refused));
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        drop(held);
    });
    let waited = tree.run(&inbox, &["--fail-on", "never", "--wait", "60"]);
    release.join().unwrap();
    assert_eq!(waited.status.code(), Some(0), "{}", stderr(&waited));
    assert!(stderr(&waited).contains("等它结束"), "{}", stderr(&waited));
}

#[test]
fn a_file_that_is_being_written_keeps_what_was_published() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox, 2, 51000);
    let lock = inbox.join("02/洛阳市/~$洛阳市签约项目.csv");
    // A lock file beside a file that nobody knows yet hides nothing.
    fs::write(&lock, "x").unwrap();
    let first = tree.run(&inbox, &["--fail-on", "never"]);
    assert!(stderr(&first).contains("正被打开"), "{}", stderr(&first));
    let total = "SELECT SUM(total_investment_wan) AS s FROM projects WHERE unit_code = '410300'";
    assert_eq!(tree.query(total), [["71000.0000"]]);
    // Saved meanwhile, still open: the next run.
    submit(&inbox, 2, 52000);
    let open = tree.run(&inbox, &["--fail-on", "never"]);
    assert!(stderr(&open).contains("留待下次运行"), "{}", stderr(&open));
    assert_eq!(tree.query(total), [["71000.0000"]]);
    assert_eq!(tree.query("SELECT severity FROM findings WHERE code = 'F114'"), [["info"]]);
    // Left behind by a crash: not for ever.
    age(&lock, 13 * 3600);
    tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(tree.query(total), [["72000.0000"]]);
    assert!(tree.query("SELECT code FROM findings WHERE code = 'F114'").is_empty());

    // A file that grows while it is looked at.
    let path = inbox.join("02/许昌市/许昌市签约项目.csv");
    let growing = path.clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        use std::io::Write;
        let mut file = fs::File::options().append(true).open(growing).unwrap();
        while stopped.try_recv().is_err() {
            file.write_all(b" ").unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    std::thread::sleep(Duration::from_millis(50));
    let grown = tree.run(&inbox, &["--fail-on", "never"]);
    let fresh = Tree::new();
    fresh.run(&inbox, &["--fail-on", "never"]);
    stop.send(()).unwrap();
    writer.join().unwrap();
    assert!(stderr(&grown).contains("许昌市签约项目.csv：文件还在写入"), "{}", stderr(&grown));
    let xuchang = "SELECT COUNT(*) AS n FROM projects WHERE unit_code = '411000'";
    assert_eq!(tree.query(xuchang), [["1"]], "as it was published");
    let outcome = "SELECT outcome FROM submissions WHERE unit_code = '411000'";
    assert_eq!(
        (fresh.query(xuchang), fresh.query(outcome)),
        (vec![vec!["0".to_owned()]], vec![vec!["in_progress".to_owned()]])
    );
    assert_eq!(fs::read_link(tree.path().join("current")).unwrap(), PathBuf::from("versions/000004"));
}

#[test]
fn the_timer_has_the_paths_of_this_installation() {
    let tree = Tree::new();
    let output = tree.sanpi(&["install-timer", "--print", "--inbox", "收件", "--at", "02:15", "--user", "report"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let inbox = root().join("收件");
    for part in [
        format!("ExecStart={} run --inbox {}", env!("CARGO_BIN_EXE_sanpi"), inbox.display()),
        format!("ReadWritePaths={}", tree.path().display()),
        "OnCalendar=*-*-* 02:15:00".to_owned(),
        "User=report".to_owned(),
        "15 2 * * * ".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
    assert_eq!(tree.sanpi(&["install-timer"]).status.code(), Some(2), "it never installs");
}
