//! What a published version says about earlier batches.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, Decimal128Array, RecordBatch, StringArray};
use arrow::datatypes::Decimal128Type;

use super::DatasetError;
use super::file;
use super::write::CHUNK;
use crate::model::{BatchId, History, PastProject, Stage};

/// Columns that a past project is made of.
const COLUMNS: [&str; 10] = [
    "batch",
    "stage",
    "unit_code",
    "county_name",
    "project_id",
    "project_name",
    "project_code",
    "owner",
    "owner_credit_code",
    "total_investment_wan",
];

/// The projects that a published version holds: of each batch those of `projects`, then those of `rejected` that belong
/// to a list of a unit, each in the order of its dataset.
///
/// # Errors
/// When a file cannot be read.
pub fn history(version: &Path) -> Result<History, DatasetError> {
    let mut past = History::default();
    for (dataset, accepted) in [("projects", true), ("rejected", false)] {
        for path in parts(&version.join(dataset))? {
            for batch in file::read(&path, Some(&COLUMNS), CHUNK)? {
                read(&path, &batch, accepted, &mut past)?;
            }
        }
    }
    Ok(past)
}

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

fn read(path: &Path, batch: &RecordBatch, accepted: bool, past: &mut History) -> Result<(), DatasetError> {
    let missing =
        |name: &str| DatasetError::new(path, format!("没有 {name} 列，不是 sanpi 写的 projects。请恢复原来的文件"));
    let text = |name: &str| -> Result<&StringArray, DatasetError> {
        batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>()).ok_or_else(|| missing(name))
    };
    let investment: &Decimal128Array = batch
        .column_by_name("total_investment_wan")
        .and_then(|c| c.as_primitive_opt::<Decimal128Type>())
        .ok_or_else(|| missing("total_investment_wan"))?;
    let (batches, stages, ids) = (text("batch")?, text("stage")?, text("project_id")?);
    let (units, names, owners) = (text("unit_code")?, text("project_name")?, text("owner")?);
    let (credits, codes, counties) = (text("owner_credit_code")?, text("project_code")?, text("county_name")?);
    for row in 0..batch.num_rows() {
        let stage = get(stages, row).and_then(|name| Stage::ALL.into_iter().find(|s| s.as_str() == name));
        let batch = get(batches, row).and_then(BatchId::parse);
        if !accepted && (stage.is_none() || get(units, row).is_none()) {
            continue; // rejected because nobody could tell whose it is, or of which list
        }
        let (Some(batch), Some(stage)) = (batch, stage) else {
            return Err(DatasetError::new(path, format!("第 {} 行没有期或批次类别，文件已损坏", row + 1)));
        };
        past.push(&PastProject {
            batch,
            stage,
            unit_code: get(units, row).unwrap_or_default(),
            project_id: get(ids, row).unwrap_or_default(),
            name: get(names, row).unwrap_or_default(),
            owner: get(owners, row),
            owner_credit_code: get(credits, row),
            project_code: get(codes, row),
            county_name: get(counties, row),
            total_yuan: yuan(investment, row),
            accepted,
        });
    }
    Ok(())
}

/// Text of a row, when there is one.
pub(super) fn get(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// Money of a row in 元, when there is any.
pub(super) fn yuan(column: &Decimal128Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row)).and_then(|yuan| i64::try_from(yuan).ok())
}
