//! `sanpi.toml`: folders, limits, defaults.

use std::path::PathBuf;

use serde::Deserialize;

/// `sanpi.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folders.
    pub folders: Folders,
    /// Limits on input.
    pub limits: Limits,
    /// What goes back to the units.
    #[serde(default)]
    pub returns: ReturnSettings,
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
#[derive(Debug, Clone, Deserialize)]
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
