//! `sanpi run`: the process that does the work.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
use sanpi::model::{BatchResult, Severity};
use sanpi::pipeline::{self, How, Options, RunReport, RunResult};
use sanpi::publish::Outcome;
use sanpi::report::terminal;

use super::args::RunArgs;
use super::console::{Ended, Failure, complain, fail, remark, say, say_coloured, width};
use super::place::{self, Place};
use super::progress::Progress;
use super::supervise::milliseconds;
use super::{log, supervise};

/// Pages that are named at most.
const MOST_PAGES: usize = 4;

/// Runs the night job.
pub(super) fn run(args: &RunArgs) -> Ended {
    match &args.worker {
        None => supervise::run(args),
        Some(run) => work(args, run),
    }
}

/// Does the work of the run with this id.
fn work(args: &RunArgs, run: &str) -> Ended {
    die_with_parent(run)?;
    let Place { inbox, out, spec } = place::settle(&args.tree)?;
    let log = log::start(&out, run)?;
    let started = Instant::now();
    let options = Options {
        inbox,
        out: out.clone(),
        batches: args.batch.clone(),
        jobs: args.jobs.map(usize::from),
        exe: place::exe()?,
        force: args.force,
        patience: Duration::from_secs(args.wait.unwrap_or(0)),
        width: width(),
        started,
    };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), spec = &spec.hash[..], "started");
    let progress = Progress::new(started, args.quiet);
    let mut report = RunReport::begun(run, &spec.hash, Timestamp::now());
    let mut result = pipeline::run(&options, &spec, &|event| progress.on(&event));
    progress.end(&mut report);
    let ended = match &mut result {
        Ok(result) => {
            let level = args.fail_on.threshold();
            let mut asked = result.batches.iter().filter(|b| b.how != How::Followed);
            let reached = level.is_some_and(|level| asked.any(|b| b.tally.reaches(level)));
            report.tell(result);
            Ok(u8::from(reached))
        }
        Err(error) => {
            tracing::error!(error = %error, "failed");
            report.error = Some(error.to_string());
            Err(fail(error))
        }
    };
    let code = *ended.as_ref().unwrap_or(&2);
    report.end(Timestamp::now(), milliseconds(started), code);
    // A run that failed has one thing to say, and most likely that is the reason here too.
    if let (Err(error), true) = (log::write_report(&out, &report), ended.is_ok()) {
        complain(&format!("运行报告无法写入 {}（{error}）", log::report_path(&out, run).display()));
    }
    tracing::info!(exit = code, "ended");
    let code = ended?;
    if let Ok(result) = result {
        tell(&result, &out, &log, args.quiet)?;
    }
    Ok(ExitCode::from(code))
}

/// A worker whose supervisor is killed is killed with it: nobody would tell how it ended.
fn die_with_parent(run: &str) -> Result<(), Failure> {
    let orphan = || fail("--worker 只供 sanpi run 自己使用");
    let parent = run.rsplit('-').next().and_then(|pid| Pid::from_raw(pid.parse().ok()?));
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|_| orphan())?;
    if parent.is_none() || getppid() != parent { Err(orphan()) } else { Ok(()) }
}

/// Whether a finding that counts is at or above a level.
pub(super) fn reaches(batch: &BatchResult, level: Severity) -> bool {
    batch.findings.iter().any(|f| f.severity >= level && !f.waived && !f.trial)
}

/// What a run says at its end.
fn tell(result: &RunResult, out: &Path, log: &Path, quiet: bool) -> Result<(), Failure> {
    for name in &result.outside {
        remark(&format!("收件夹里的“{name}”不是期的文件夹，没有读取"));
    }
    let asked: Vec<_> = result.batches.iter().filter(|b| b.how != How::Followed).collect();
    let summary = match asked.as_slice() {
        [one] => one.summary.text.clone(),
        several => terminal::summary_of_rows(&several.iter().map(|b| b.summary.row.clone()).collect::<Vec<_>>()),
    };
    let (text, version) = match &result.outcome {
        Outcome::Published(number, folder) => (format!("已发布第 {number} 版"), folder),
        Outcome::Unchanged(number, folder) => (format!("内容与第 {number} 版相同，没有发布新版本"), folder),
    };
    if !version.is_dir() {
        complain(&format!("发布目录 {} 不见了", version.display()));
        return Err(fail("发布后无法读到新版本"));
    }
    if quiet {
        return Ok(());
    }
    say_coloured(&summary)?;
    let mut lines = format!("\n{text}：{}\n", out.join("current").display());
    let batches = &result.batches;
    for batch in &batches[batches.len().saturating_sub(MOST_PAGES)..] {
        let page = out.join("current/reports").join(batch.batch.as_str()).join("index.html");
        let title = if batch.how == How::Followed { "报告（随前面的期更新）" } else { "报告" };
        let _ = writeln!(lines, "{title}：{}", page.display());
    }
    let _ = writeln!(lines, "日志：{}", log.display());
    say(&lines)
}
