//! What a run leaves in `<out>/logs`: a JSON log, and its report.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sanpi::pipeline::RunReport;
use tracing::level_filters::LevelFilter;

use super::console::{Failure, fail};

/// Folder below the published tree.
const LOGS: &str = "logs";

/// `<out>/logs/<run id>.jsonl`.
pub(super) fn log_path(out: &Path, run: &str) -> PathBuf {
    out.join(LOGS).join(format!("{run}.jsonl"))
}

/// `<out>/logs/<run id>.json`.
pub(super) fn report_path(out: &Path, run: &str) -> PathBuf {
    out.join(LOGS).join(format!("{run}.json"))
}

/// Starts logging; gives the path of the log.
pub(super) fn start(out: &Path, run: &str) -> Result<PathBuf, Failure> {
    let folder = out.join(LOGS);
    let complain = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::StorageFull => "磁盘已满".to_owned(),
            std::io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
            std::io::ErrorKind::ReadOnlyFilesystem => "文件系统只读".to_owned(),
            std::io::ErrorKind::NotADirectory => "不是文件夹".to_owned(),
            _ => error.to_string(),
        };
        fail(format!(
            "日志无法写入 {}（{why}），没有运行。请检查磁盘空间和权限，或用 --out 换一个发布目录；原来的发布没有受影响",
            folder.display()
        ))
    };
    fs::create_dir_all(&folder).map_err(complain)?;
    let path = log_path(out, run);
    let file = File::create(&path).map_err(complain)?;
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_max_level(LevelFilter::INFO)
        .with_writer(Mutex::new(file))
        .finish();
    // Set once a process; a second run in one process would keep the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(path)
}

/// Writes the report of a run in one step.
pub(super) fn write_report(out: &Path, report: &RunReport) -> std::io::Result<()> {
    let path = report_path(out, &report.run);
    let text = serde_json::to_string_pretty(report).map_err(std::io::Error::other)? + "\n";
    replace(&path, &text)
}

/// The report of a run, when it wrote one.
pub(super) fn read_report(out: &Path, run: &str) -> Option<RunReport> {
    serde_json::from_slice(&fs::read(report_path(out, run)).ok()?).ok()
}

/// Puts a text in place of a file, so that readers see the old or the new one.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

/// Ids of the runs that left something, newest first: they begin with the time.
pub(super) fn runs(out: &Path) -> Vec<String> {
    let names = fs::read_dir(out.join(LOGS)).into_iter().flatten().filter_map(Result::ok);
    let run = |name: String| name.strip_suffix(".jsonl").or_else(|| name.strip_suffix(".json")).map(str::to_owned);
    let mut runs: Vec<String> = names.filter_map(|e| run(e.file_name().into_string().ok()?)).collect();
    runs.sort_unstable_by(|a, b| b.cmp(a));
    runs.dedup();
    runs
}

/// Deletes what all but the newest `most` runs left; 0: nothing. That of `own` stays whatever the clock says.
pub(super) fn rotate(out: &Path, most: usize, own: &str) {
    let others = runs(out).into_iter().filter(|run| run != own);
    for run in others.skip(most.saturating_sub(1)).filter(|_| most > 0) {
        // What cannot be deleted now is tried again after the next run.
        let _ = fs::remove_file(log_path(out, &run));
        let _ = fs::remove_file(report_path(out, &run));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_runs_stay_and_always_the_own() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(LOGS)).unwrap();
        for run in ["20260101T000000Z-1", "20260102T000000Z-1", "20260103T000000Z-1", "20200101T000000Z-9"] {
            fs::write(log_path(dir.path(), run), "").unwrap();
            fs::write(report_path(dir.path(), run), "").unwrap();
        }
        rotate(dir.path(), 0, "20200101T000000Z-9");
        assert_eq!(runs(dir.path()).len(), 4);
        rotate(dir.path(), 2, "20200101T000000Z-9");
        assert_eq!(runs(dir.path()), ["20260103T000000Z-1", "20200101T000000Z-9"], "the clock went back");
        assert_eq!(fs::read_dir(dir.path().join(LOGS)).unwrap().count(), 4);
    }
}
