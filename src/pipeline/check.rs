//! `sanpi check`: the same checks for one submitter's files; nothing is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::discover::{Entry, EntryKind};
use crate::model::{BatchId, BatchResult};
use crate::reader::Pool;
use crate::spec::Spec;
use crate::submissions::Received;

use super::RunError;
use super::batch::{Extent, assemble};
use super::earlier::Earlier;
use super::file::read_entry;

/// What to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Files.
    pub files: Vec<PathBuf>,
    /// Batch that they are meant for.
    pub batch: BatchId,
    /// Name of the submitting unit, when it is said.
    pub unit: Option<String>,
    /// The program that serves `read-child`.
    pub exe: PathBuf,
}

/// Reads and checks the files as one submission. Published figures and missing units are no matter of one submitter.
///
/// # Errors
/// When a file is not there.
pub fn check(options: &CheckOptions, spec: &Spec) -> Result<BatchResult, RunError> {
    let mut spec = spec.clone();
    if let Some(batch) = spec.batches.get_mut(&options.batch) {
        batch.published.clear();
        batch.breakdown.clear();
    }
    let pool = Pool::new(options.exe.clone(), spec.settings.limits, 1);
    let mut files = Vec::new();
    for path in &options.files {
        let entry = entry(path, options)?;
        files.push(Received::new(read_entry(&entry, &pool, &spec), entry.modified));
    }
    assemble(&options.batch, files, Earlier::default().others(&options.batch), &spec, Extent::Submission)
}

fn entry(path: &Path, options: &CheckOptions) -> Result<Entry, RunError> {
    let meta = std::fs::metadata(path).map_err(|source| RunError::File { path: path.to_owned(), source })?;
    let modified = meta.modified().ok().and_then(|t| jiff::Timestamp::try_from(t).ok());
    Ok(Entry {
        batch: options.batch.clone(),
        name: Arc::from(name(path, options.unit.as_deref())),
        path: path.to_owned(),
        kind: if meta.is_file() { EntryKind::File } else { EntryKind::Special },
        size: meta.len(),
        modified,
    })
}

/// The file as the clerk named it, below the unit that she named: the unit is told from the path.
fn name(path: &Path, unit: Option<&str>) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    match (unit, path.parent().and_then(Path::file_name)) {
        (Some(unit), _) => format!("{unit}/{file}"),
        (None, Some(folder)) => format!("{}/{file}", folder.to_string_lossy()),
        (None, None) => file.into_owned(),
    }
}
