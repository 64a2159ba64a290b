//! Kills, full disks and failing disks at every call of a run that changes files: what is published is always the old or
//! the new version, complete, and the next run succeeds with nothing to clean by hand. Needs strace.
//!
//! A test run tries points spread over the whole run for `SANPI_CRASH_SECONDS` (20) per kind of accident; `make crash`
//! tries all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::harness::{root, stderr};
use crate::night::submit;

/// System calls that change files.
const CHANGES: &str = "openat,creat,write,pwrite64,writev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,\
                       unlinkat,rmdir,mkdir,mkdirat,fsync,fdatasync,syncfs,ftruncate,truncate,chmod,fchmod,fchmodat,\
                       copy_file_range,sendfile,utimensat";
/// Seconds that a test run spends on one kind of accident.
const SECONDS: u64 = 20;

/// A published tree and an inbox that has changed since.
struct Stage {
    dir: TempDir,
    old: BTreeMap<String, Vec<u8>>,
    new: BTreeMap<String, Vec<u8>>,
}

/// The n-th call of a name in a thread.
type Point = (String, usize);

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let inbox = dir.path().join("inbox");
        (2..=3).for_each(|batch| submit(&inbox, batch, 51000));
        let mut stage = Self { dir, old: BTreeMap::new(), new: BTreeMap::new() };
        let base = stage.path("base");
        assert_eq!(stage.plain(&base).status.code(), Some(0));
        stage.old = published(&base).unwrap();
        submit(&inbox, 3, 52000);
        let after = stage.copy("after");
        assert_eq!(stage.plain(&after).status.code(), Some(0));
        stage.new = published(&after).unwrap();
        assert_ne!(stage.old, stage.new);
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The tree as it was before the accident.
    fn copy(&self, name: &str) -> PathBuf {
        let to = self.path(name);
        let _ = fs::remove_dir_all(&to);
        let copied = Command::new("cp").arg("-a").arg(self.path("base")).arg(&to).status().unwrap();
        assert!(copied.success());
        to
    }

    fn command(&self, program: &str, before: &[&str], out: &Path) -> Output {
        let mut command = Command::new(program);
        command.args(before);
        if program != env!("CARGO_BIN_EXE_sanpi") {
            command.arg(env!("CARGO_BIN_EXE_sanpi"));
        }
        command.current_dir(root()).env_remove("SANPI_PIPELINES").args([
            "run",
            "--fail-on",
            "never",
            "--jobs",
            "1",
            "--inbox",
        ]);
        command.arg(self.path("inbox")).arg("--out").arg(out).output().unwrap()
    }

    fn plain(&self, out: &Path) -> Output {
        self.command(env!("CARGO_BIN_EXE_sanpi"), &[], out)
    }

    /// Every call of a run that changes a file below the tree.
    fn points(&self) -> BTreeSet<Point> {
        let (out, trace) = (self.copy("traced"), self.path("trace"));
        let name = trace.to_str().unwrap();
        let traced = self.command("strace", &["-f", "-qq", "-y", "-e", &format!("trace={CHANGES}"), "-o", name], &out);
        assert_eq!(traced.status.code(), Some(0), "{}", stderr(&traced));
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        let (mut points, mut touching) = (BTreeSet::new(), BTreeSet::new());
        for line in fs::read_to_string(trace).unwrap().lines() {
            let Some((thread, call)) = line.split_once(' ') else { continue };
            let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
            if !name.bytes().all(|b| b.is_ascii_alphanumeric()) && !name.contains('_') {
                continue; // `<... fsync resumed>`
            }
            let count = counts.entry((thread.to_owned(), name.to_owned())).or_default();
            *count += 1;
            let ours = arguments.contains(out.to_str().unwrap());
            if ours {
                touching.insert(thread.to_owned());
            }
            if ours && (name != "openat" || arguments.contains("O_CREAT") || arguments.contains("O_TRUNC")) {
                points.insert((name.to_owned(), *count));
            }
        }
        // strace counts per thread. A call that a reading child reaches as well would hit that child's pipe instead: its
        // file would be F110, which is another matter.
        let elsewhere = |call: &str| {
            let others = counts.iter().filter(|((thread, name), _)| name == call && !touching.contains(thread));
            others.map(|(_, n)| *n).max().unwrap_or(0)
        };
        points.retain(|(call, n)| *n > elsewhere(call));
        points
    }

    /// Lets `accident` happen at points, and looks at what is left.
    fn sweep(&self, accident: &str) {
        let points = spread(&self.points().into_iter().collect::<Vec<_>>());
        let seconds = std::env::var("SANPI_CRASH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(SECONDS);
        let (begun, limit) = (Instant::now(), Duration::from_secs(seconds));
        let (mut done, mut kept, mut switched, mut others) = (0, 0, 0, 0);
        for (call, n) in &points {
            if begun.elapsed() > limit {
                break;
            }
            let at = format!("{accident} at {call} {n}");
            let out = self.copy(&format!("out-{}", accident.replace(['=', ':'], "-")));
            let inject = format!("inject={call}:{accident}:when={n}");
            let (trace, log) = (format!("trace={call}"), self.path(&format!("log-{}", accident.replace('=', "-"))));
            let to = log.to_str().unwrap();
            let run = self.command("strace", &["-f", "-qq", "-y", "-o", to, "-e", &trace, "-e", &inject], &out);
            // A pipe to or from a reading child: its file is F110, which is another matter.
            if !accident.starts_with("signal") && hit_pipe(&log) {
                others += 1;
                continue;
            }
            let left = published(&out).unwrap_or_else(|why| panic!("{at}: {why}\n{}", stderr(&run)));
            assert!(left == self.old || left == self.new, "{at}: mixed\n{}", stderr(&run));
            match run.status.code() {
                Some(0) => assert!(left == self.new, "{at}: published, it says, but it is the old version"),
                Some(2) => {
                    let said = stderr(&run);
                    let told = said.lines().any(|l| l.starts_with("sanpi: ") && l.contains('请'));
                    // A process counts for itself: the same number may also hit the write of that very sentence.
                    assert!(told || hit_stderr(&log), "{at}: {said}");
                    assert!(
                        accident.starts_with("signal") || left == self.old,
                        "{at}: failed, it says, but is published"
                    );
                }
                None if accident.starts_with("signal") => {} // the one that watches was hit
                other => panic!("{at}: exit {other:?}\n{}", stderr(&run)),
            }
            if left == self.old {
                kept += 1;
            } else {
                switched += 1;
            }
            let next = self.plain(&out);
            assert_eq!(next.status.code(), Some(0), "{at}: the next run\n{}", stderr(&next));
            assert_eq!(published(&out).as_ref(), Ok(&self.new), "{at}: after the next run");
            assert_eq!(litter(&out), Vec::<String>::new(), "{at}");
            done += 1;
        }
        eprintln!(
            "crash sweep, {accident}: {done} of {} points, {kept} with the old version, {switched} with the new one; {others} hit a pipe",
            points.len()
        );
        assert!(points.len() > 100 && done > others, "{} points", points.len());
    }
}

/// Points in an order in which every beginning is spread over the whole run.
fn spread(points: &[Point]) -> Vec<Point> {
    let bits = usize::BITS - points.len().leading_zeros();
    let mut order: Vec<usize> = (0..1usize << bits).map(|i| i.reverse_bits() >> (usize::BITS - bits)).collect();
    order.retain(|i| *i < points.len());
    order.into_iter().map(|i| points[i].clone()).collect()
}

/// Every file of the current version by its path, the manifest without its number; all that the manifest names is there.
fn published(out: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let current = out.join("current");
    let version = fs::read_link(&current).map(|target| out.join(target)).map_err(|e| format!("current: {e}"))?;
    let mut files = BTreeMap::new();
    collect(&version, &version, &mut files);
    let manifest = files.remove("manifest.json").ok_or("no manifest")?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).map_err(|e| e.to_string())?;
    let named: BTreeSet<&str> =
        manifest["files"].as_array().unwrap().iter().filter_map(|f| f["path"].as_str()).collect();
    let there: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    if named == there { Ok(files) } else { Err("files are not those of the manifest".to_owned()) }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for path in fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path()) {
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap());
        }
    }
}

/// Whether a failure was put on what the program says, not only on what it stores.
fn hit_stderr(log: &Path) -> bool {
    hits(log).any(|l| l.contains(" write(2<"))
}

/// Whether a pipe other than that was hit.
fn hit_pipe(log: &Path) -> bool {
    hits(log).any(|l| l.contains("<pipe:[") && !l.contains(" write(2<"))
}

/// The calls that were hit.
fn hits(log: &Path) -> impl Iterator<Item = String> {
    let log = fs::read_to_string(log).unwrap();
    log.lines().filter(|l| l.contains("(INJECTED)")).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// What an interrupted run left and the next one should have removed.
fn litter(out: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    };
    let known = [".cache", ".lock", "current", "logs", "versions"];
    let top = names(out).into_iter().filter(|n| !known.contains(&n.as_str()));
    top.chain(names(&out.join("versions")).into_iter().filter(|n| n.starts_with('.'))).collect()
}

/// Whether strace is there and may look into another process.
fn strace_works() -> bool {
    let works = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"])
        .output()
        .is_ok_and(|o| o.status.success());
    if !works {
        eprintln!("skipped: strace is not there, or may not look into processes");
    }
    works
}

#[test]
fn a_kill_leaves_the_old_version_or_the_new_one() {
    if strace_works() {
        Stage::new().sweep("signal=KILL");
    }
}

#[test]
fn a_full_disk_leaves_the_old_version_or_the_new_one() {
    if strace_works() {
        Stage::new().sweep("error=ENOSPC");
    }
}

#[test]
fn a_failing_disk_leaves_the_old_version_or_the_new_one() {
    if strace_works() {
        Stage::new().sweep("error=EIO");
    }
}
