//! Files of a published version, and values of their rows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::{Array, Decimal128Array, StringArray};

use super::DatasetError;

/// Parquet files of a dataset, in name order; none when there is no such dataset.
pub(super) fn parts(dataset: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let mut parts = Vec::new();
    for folder in list(dataset)? {
        parts.extend(parquet_of(&folder)?);
    }
    Ok(parts)
}

/// Parquet files of a folder, in name order; none when there is no such folder.
pub(super) fn parquet_of(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let files = list(folder)?;
    Ok(files.into_iter().filter(|p| p.extension().is_some_and(|e| e == "parquet")).collect())
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let failed = |e: io::Error| DatasetError::io(folder, "读取", &e);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut paths = entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// Text of a row, when there is one.
pub(super) fn get(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// Money of a row in 元, when there is any.
pub(super) fn yuan(column: &Decimal128Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row)).and_then(|yuan| i64::try_from(yuan).ok())
}
