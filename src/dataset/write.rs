//! Datasets of a batch to Parquet.

use std::io;
use std::path::Path;

use super::DatasetError;
use crate::model::{BatchResult, Extract, PastProject};
use crate::spec::Spec;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path below the version's folder, `/`-separated.
    pub path: String,
    /// Rows.
    pub rows: u64,
}

/// Writes `<dir>/<dataset>/batch=NN/part-0.parquet` for every dataset of the batch.
///
/// # Errors
/// When a folder or file cannot be written.
pub fn write(result: &BatchResult, spec: &Spec, dir: &Path) -> Result<Vec<Written>, DatasetError> {
    let _ = (result, spec, dir);
    Ok(Vec::new())
}

/// The projects that a published version holds of batches below `before`, oldest first.
///
/// # Errors
/// When a file cannot be read.
pub fn history(version: &Path) -> Result<Vec<PastProject>, DatasetError> {
    let _ = version;
    Ok(Vec::new())
}

/// The records of one file as an Arrow IPC stream (`sanpi extract`).
///
/// # Errors
/// When `out` cannot be written.
pub fn ipc(extract: &Extract, spec: &Spec, out: &mut dyn io::Write) -> io::Result<()> {
    let _ = (extract, spec, out);
    Ok(())
}

/// A dataset in the data dictionary.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DatasetDoc {
    /// Name.
    pub name: &'static str,
}

/// The data dictionary.
#[must_use]
pub fn dictionary() -> Vec<DatasetDoc> {
    Vec::new()
}

/// The data dictionary as Markdown.
#[must_use]
pub fn markdown(dictionary: &[DatasetDoc]) -> String {
    dictionary.iter().map(|d| format!("# {}\n", d.name)).collect()
}
