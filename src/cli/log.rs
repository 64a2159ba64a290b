//! One JSON log a run: `<out>/logs/<run id>.jsonl`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use tracing::level_filters::LevelFilter;

use super::console::{Failure, fail};

/// Starts logging; gives the path of the log. The run id is the time of its start and the process, and appears nowhere
/// but here.
pub(super) fn start(out: &Path) -> Result<PathBuf, Failure> {
    let folder = out.join("logs");
    let complain = |error| fail(format!("日志无法写入 {}：{error}。请检查磁盘空间和权限", folder.display()));
    fs::create_dir_all(&folder).map_err(complain)?;
    let id = format!("{}-{}", Timestamp::now().strftime("%Y%m%dT%H%M%SZ"), std::process::id());
    let path = folder.join(format!("{id}.jsonl"));
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
