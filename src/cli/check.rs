//! `sanpi check`.

use std::process::ExitCode;

use sanpi::model::{BatchId, FileOutcome, Severity};
use sanpi::pipeline::{self, CheckOptions};
use sanpi::report::terminal;

use super::args::CheckArgs;
use super::console::{Ended, fail, remark, say};
use super::place;
use super::run::reaches;

/// Checks one submitter's files; writes nothing.
pub(super) fn check(args: &CheckArgs) -> Ended {
    let spec = place::spec(&args.pipelines)?;
    let named = args.batch.clone().or_else(|| args.files.iter().find_map(|f| batch_in(&f.to_string_lossy())));
    let batch = named.unwrap_or_else(|| BatchId::from_number(0));
    let options = CheckOptions { files: args.files.clone(), batch, unit: args.unit.clone(), exe: place::exe()? };
    let result = pipeline::check(&options, &spec).map_err(fail)?;
    say(&terminal::findings(&result.findings, &spec))?;
    let rows = result.accepted.len() + result.rejected.len();
    remark(&format!("读到项目 {rows} 个，其中 {} 个会被退回", result.rejected.len()));
    let unreadable = |o| matches!(o, FileOutcome::Unreadable | FileOutcome::Unsupported | FileOutcome::NoTable);
    let bad = reaches(&result, Severity::Error) || result.submissions.iter().any(|s| unreadable(s.outcome));
    Ok(ExitCode::from(u8::from(bad)))
}

/// The period that a path names: 第二期 anywhere in it.
fn batch_in(path: &str) -> Option<BatchId> {
    path.match_indices('第').find_map(|(at, _)| BatchId::parse(&path[at..]))
}
