//! What the reading child costs: the sample read through the pool and in process, in turns. Prints the ratio of medians.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sanpi::reader::{Pool, read};
use sanpi::spec::Limits;

/// Readings of the whole sample each way.
const ROUNDS: usize = 15;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("sample_data/inbox"), &mut paths);
    paths.sort();
    let name = |path: &PathBuf| path.to_string_lossy().into_owned();
    let files: Vec<(String, Vec<u8>)> = paths.iter().map(|p| (name(p), fs::read(p).expect("sample"))).collect();
    let limits = Limits::default();
    let pool = Pool::new(PathBuf::from(env!("CARGO_BIN_EXE_sanpi")), limits, 1);
    // Once unmeasured: the child starts, the page cache fills. The answers must be the same.
    for (name, bytes) in &files {
        assert_eq!(pool.read(bytes, name), read(bytes, name, &limits), "{name}");
    }
    let (mut child, mut here) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        child.push(timed(&files, |name, bytes| drop(pool.read(bytes, name))));
        here.push(timed(&files, |name, bytes| drop(read(bytes, name, &limits))));
    }
    // The fastest round says what it costs when nobody else wants the processor.
    for (what, pick) in [("median", ROUNDS / 2), ("fastest", 0)] {
        let (child, here) = (nth(&mut child, pick), nth(&mut here, pick));
        let ratio = child.as_secs_f64() / here.as_secs_f64();
        println!(
            "{} files, {what} of {ROUNDS}: child {child:.1?}, in process {here:.1?}, ratio {ratio:.3}",
            files.len()
        );
    }
}

fn timed(files: &[(String, Vec<u8>)], one: impl Fn(&str, &[u8])) -> Duration {
    let start = Instant::now();
    for (name, bytes) in files {
        one(name, bytes);
    }
    start.elapsed()
}

fn nth(times: &mut [Duration], nth: usize) -> Duration {
    times.sort();
    times[nth]
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("sample").map(|e| e.expect("entry")) {
        if entry.path().is_dir() {
            collect(&entry.path(), out);
        } else {
            out.push(entry.path());
        }
    }
}
