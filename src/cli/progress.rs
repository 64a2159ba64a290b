//! What a run tells while it runs: a progress bar where stderr is a terminal, remarks, and the times of its steps.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use sanpi::pipeline::{Event, FileCounts, RunReport};

use super::console::remark;

/// How often the time is drawn.
const TICK: Duration = Duration::from_millis(200);

/// A bar on stderr, and what the report will say.
pub(super) struct Progress {
    bar: ProgressBar,
    seen: Mutex<Seen>,
}

/// What was seen of the run.
struct Seen {
    step: &'static str,
    since: Instant,
    steps: BTreeMap<String, u64>,
    files: FileCounts,
    remarks: Vec<String>,
}

impl Seen {
    /// A step begins, the one before ends.
    fn step(&mut self, step: &'static str) {
        let now = Instant::now();
        let milliseconds = now.duration_since(self.since).as_millis();
        *self.steps.entry(self.step.to_owned()).or_default() += u64::try_from(milliseconds).unwrap_or(u64::MAX);
        (self.step, self.since) = (step, now);
    }
}

impl Progress {
    /// A bar without length yet; `quiet`: none at all.
    pub(super) fn new(started: Instant, quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} 个文件，已用 {elapsed}，还需 {eta}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        let seen = Seen {
            step: "discover",
            since: started,
            steps: BTreeMap::new(),
            files: FileCounts::default(),
            remarks: Vec::new(),
        };
        Self { bar, seen: Mutex::new(seen) }
    }

    /// Takes note of a step.
    pub(super) fn on(&self, event: &Event) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Waiting(who) => {
                let text = format!("另一个 sanpi 正在写这个发布目录（{who}），等它结束……");
                self.bar.suspend(|| remark(&text));
                seen.remarks.push(text);
            }
            Event::Remark(text) => {
                self.bar.suspend(|| remark(text));
                seen.remarks.push(text.clone());
            }
            Event::Found { files, .. } => {
                seen.step("read");
                seen.files.found = *files as u64;
                self.bar.set_length(*files as u64);
                self.bar.set_message("读取");
            }
            Event::Read { .. } => {
                seen.files.read += 1;
                self.bar.inc(1);
            }
            Event::Kept { files, .. } => {
                seen.files.kept += *files as u64;
                self.bar.inc(*files as u64);
            }
            Event::Checking(batch) => {
                seen.step("check");
                self.bar.set_message(format!("校验 {batch}"));
            }
            Event::Writing => {
                seen.step("write");
                self.bar.set_message("写入");
            }
            Event::Publishing => {
                seen.step("publish");
                self.bar.set_message("发布");
            }
        }
    }

    /// Removes the bar, and tells the report what was seen.
    pub(super) fn end(&self, report: &mut RunReport) {
        self.bar.finish_and_clear();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.step("");
        seen.remarks.sort();
        report.steps.clone_from(&seen.steps);
        report.files = seen.files;
        report.remarks.clone_from(&seen.remarks);
    }
}
