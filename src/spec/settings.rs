//! `sanpi.toml`: folders, limits, defaults.

use std::path::PathBuf;

use serde::Deserialize;

/// `sanpi.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folders.
    pub folders: Folders,
    /// Limits on input.
    pub limits: Limits,
    /// What goes back to the units.
    #[serde(default)]
    pub returns: ReturnSettings,
    /// The run as a whole.
    #[serde(default)]
    pub run: RunSettings,
    /// Which published versions stay.
    #[serde(default)]
    pub retention: Retention,
    /// What is kept of files that were read.
    #[serde(default)]
    pub cache: CacheSettings,
    /// Logs and run reports.
    #[serde(default)]
    pub logs: Logs,
    /// Figures for Prometheus.
    #[serde(default)]
    pub metrics: Metrics,
    /// Whom to tell of a failed run.
    #[serde(default)]
    pub notify: Notify,
}

impl Settings {
    /// What of these settings decides on the content of datasets and reports: folders, logs and the like do not.
    #[must_use]
    pub fn of_content(&self) -> String {
        format!("{:?} {:?}", self.limits, self.returns)
    }
}

/// `[run]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunSettings {
    /// Minutes after which a run gives up; 0: never.
    pub minutes: u64,
    /// Hours for which a lock file of a spreadsheet program beside a file is believed.
    pub lock_hours: u64,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { minutes: 360, lock_hours: 12 }
    }
}

/// `[retention]`. The current version always stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Newest versions that stay; 0: all versions stay.
    pub versions: usize,
    /// Months of which the last version stays too, counted from the newest.
    pub months: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { versions: 60, months: 36 }
    }
}

/// `[cache]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CacheSettings {
    /// Folder; empty: `.cache` in the published tree.
    pub folder: PathBuf,
    /// Most MiB; 0: no cache.
    pub max_mib: u64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { folder: PathBuf::new(), max_mib: 2048 }
    }
}

/// `[logs]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logs {
    /// Runs whose log and report stay; 0: all.
    pub runs: usize,
}

impl Default for Logs {
    fn default() -> Self {
        Self { runs: 90 }
    }
}

/// `[metrics]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// File for the textfile collector of the node exporter; empty: none.
    pub file: PathBuf,
}

/// When somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NotifyOn {
    /// Nothing was published (exit code 2).
    #[default]
    Failure,
    /// That, and findings at or above `--fail-on` (exit code 1).
    Findings,
}

/// `[notify]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// Program and arguments; empty: none.
    pub command: Vec<String>,
    /// When.
    pub on: NotifyOn,
    /// Seconds after which the command is ended.
    pub seconds: u64,
}

impl Default for Notify {
    fn default() -> Self {
        Self { command: Vec::new(), on: NotifyOn::Failure, seconds: 30 }
    }
}

/// `[returns]`: annotated copies.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnSettings {
    /// Bytes of a file above which no annotated copy is made.
    pub file_bytes: u64,
}

impl Default for ReturnSettings {
    fn default() -> Self {
        Self { file_bytes: 16 << 20 }
    }
}

/// `[folders]`: relative paths are below the working directory.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folders {
    /// Inbox.
    pub inbox: PathBuf,
    /// Published tree.
    pub out: PathBuf,
}

/// `[limits]`: a file over one of them is F109.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Inflated bytes of one part of a zip workbook.
    pub part_bytes: u64,
    /// Inflated bytes of all parts of a zip workbook.
    pub inflated_bytes: u64,
    /// Entries of a zip workbook.
    pub zip_entries: u64,
    /// Sheets of a workbook.
    pub sheets: u32,
    /// Non-empty cells of a workbook.
    pub cells: u64,
    /// Address space of the reading child, in MiB.
    pub child_memory_mib: u64,
    /// CPU seconds of the reading child per file.
    pub child_cpu_seconds: u64,
    /// Wall-clock seconds per file.
    pub child_wall_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            part_bytes: 256 << 20,
            inflated_bytes: 512 << 20,
            zip_entries: 10_000,
            sheets: 256,
            cells: 2_000_000,
            child_memory_mib: 1024,
            child_cpu_seconds: 5,
            child_wall_seconds: 20,
        }
    }
}
