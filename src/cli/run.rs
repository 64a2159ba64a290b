//! `sanpi run`.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use sanpi::model::{BatchResult, Severity};
use sanpi::pipeline::{self, Options, RunResult};
use sanpi::publish::Outcome;
use sanpi::report::terminal;

use super::args::RunArgs;
use super::console::{Ended, Failure, complain, fail, remark, say, say_coloured, width};
use super::log;
use super::place::{self, Place};
use super::progress::Progress;

/// Pages that are named at most.
const MOST_PAGES: usize = 4;

/// Runs the night job.
pub(super) fn run(args: &RunArgs) -> Ended {
    let Place { inbox, out, spec } = place::settle(&args.tree)?;
    let log = log::start(&out)?;
    let options = Options {
        inbox,
        out: out.clone(),
        batches: args.batch.clone(),
        jobs: args.jobs.map(usize::from),
        exe: place::exe()?,
    };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), spec = &spec.hash[..], "started");
    let progress = Progress::new(args.quiet);
    let result = pipeline::run(&options, &spec, &|event| progress.on(&event));
    progress.end();
    let result = result.map_err(|error| {
        tracing::error!(error = %error, "failed");
        fail(error)
    })?;
    for name in &result.outside {
        remark(&format!("收件夹里的“{name}”不是期的文件夹，没有读取"));
    }
    let where_it_is = whereabouts(&result, &out, &log)?;
    if !args.quiet {
        say_coloured(&terminal::summary(&result.batches, &spec, width()))?;
        say(&where_it_is)?;
    }
    let bad = args.fail_on.threshold().is_some_and(|level| result.batches.iter().any(|b| reaches(b, level)));
    tracing::info!(exit = u8::from(bad), "ended");
    Ok(ExitCode::from(u8::from(bad)))
}

/// Whether a finding that counts is at or above a level.
pub(super) fn reaches(batch: &BatchResult, level: Severity) -> bool {
    batch.findings.iter().any(|f| f.severity >= level && !f.waived && !f.trial)
}

fn whereabouts(result: &RunResult, out: &Path, log: &Path) -> Result<String, Failure> {
    let (text, version) = match &result.outcome {
        Outcome::Published(number, folder) => (format!("已发布第 {number} 版"), folder),
        Outcome::Unchanged(number, folder) => (format!("内容与第 {number} 版相同，没有发布新版本"), folder),
    };
    if !version.is_dir() {
        complain(&format!("发布目录 {} 不见了", version.display()));
        return Err(fail("发布后无法读到新版本"));
    }
    let mut lines = format!("\n{text}：{}\n", out.join("current").display());
    let batches = &result.batches;
    for batch in &batches[batches.len().saturating_sub(MOST_PAGES)..] {
        let page = out.join("current/reports").join(batch.batch.as_str()).join("index.html");
        let _ = writeln!(lines, "报告：{}", page.display());
    }
    let _ = writeln!(lines, "日志：{}", log.display());
    Ok(lines)
}
