//! How units laid out their tables in earlier batches, from a published version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;

use super::DatasetError;
use super::file;
use super::published::{get, parts};
use super::write::CHUNK;
use crate::model::{BatchId, CellRef, Field, HeaderColumn, Stage, TableHeaders};

/// The columns of the tables that a published version holds, oldest batch first, each batch in the order of its dataset.
/// Of the batches before `until` only as many are read, latest first, as it takes until `enough` says so of what it was
/// shown, one batch after the other. None for versions from before there was such a dataset.
///
/// # Errors
/// When a file cannot be read.
pub fn past_headers(
    version: &Path,
    until: &BatchId,
    enough: &mut dyn FnMut(&[TableHeaders]) -> bool,
) -> Result<Vec<TableHeaders>, DatasetError> {
    let mut batches: BTreeMap<Option<BatchId>, Vec<PathBuf>> = BTreeMap::new();
    for path in parts(&version.join("headers"))? {
        batches.entry(batch_of(&path)).or_default().push(path);
    }
    let mut tables: Vec<TableHeaders> = Vec::new();
    for (batch, paths) in batches.iter().rev() {
        let before = tables.len();
        for path in paths {
            for rows in file::read(path, None, CHUNK)? {
                read(path, &rows, &mut tables, before)?;
            }
        }
        let is_before = batch.as_ref().is_some_and(|batch| batch < until);
        if is_before && enough(tables.get(before..).unwrap_or_default()) {
            break;
        }
    }
    tables.sort_by(|a, b| a.batch.cmp(&b.batch));
    Ok(tables)
}

/// The batch of a file of the dataset, from its folder `batch=02`.
fn batch_of(path: &Path) -> Option<BatchId> {
    BatchId::parse(path.parent()?.file_name()?.to_str()?.strip_prefix("batch=")?)
}

/// The columns of the dataset, as Arrow has them.
struct Columns<'a> {
    batch: &'a StringArray,
    unit: &'a StringArray,
    file: &'a StringArray,
    sheet: &'a StringArray,
    table: &'a Int64Array,
    header: &'a StringArray,
    field: &'a StringArray,
    cell: &'a StringArray,
    stages: &'a ListArray,
}

impl<'a> Columns<'a> {
    /// `Err` names the column that is not there.
    fn of(batch: &'a RecordBatch) -> Result<Self, &'static str> {
        let column = |name: &'static str| batch.column_by_name(name).ok_or(name);
        let text = |name: &'static str| column(name)?.as_string_opt::<i32>().ok_or(name);
        Ok(Self {
            batch: text("batch")?,
            unit: text("unit_code")?,
            file: text("source_file")?,
            sheet: text("source_sheet")?,
            table: column("table_number")?.as_primitive_opt::<Int64Type>().ok_or("table_number")?,
            header: text("header")?,
            field: text("field")?,
            cell: text("cell")?,
            stages: column("stages")?.as_list_opt::<i32>().ok_or("stages")?,
        })
    }

    fn column(&self, row: usize) -> Option<HeaderColumn> {
        Some(HeaderColumn {
            cell: CellRef::parse(get(self.cell, row)?)?,
            header: get(self.header, row).unwrap_or_default().to_owned(),
            field: get(self.field, row).and_then(Field::from_key),
        })
    }

    /// Whether a row is one more column of this table.
    fn continues(&self, row: usize, open: &TableHeaders) -> bool {
        get(self.file, row) == Some(&*open.file)
            && get(self.batch, row) == Some(open.batch.as_str())
            && self.table.is_valid(row)
            && u32::try_from(self.table.value(row)) == Ok(open.table)
    }

    /// The table of a row, without columns.
    fn table(&self, row: usize) -> Option<TableHeaders> {
        let stages = self.stages.value(row);
        let named = |name: &str| Stage::ALL.into_iter().find(|s| s.as_str() == name);
        Some(TableHeaders {
            batch: BatchId::parse(get(self.batch, row)?)?,
            unit_code: get(self.unit, row).unwrap_or_default().to_owned(),
            stages: stages.as_string_opt::<i32>()?.iter().flatten().filter_map(named).collect(),
            file: Arc::from(get(self.file, row)?),
            sheet: get(self.sheet, row).map(Arc::from),
            sheet_index: 0,
            table: u32::try_from(self.table.is_valid(row).then(|| self.table.value(row))?).ok()?,
            columns: Vec::new(),
        })
    }
}

/// Adds the tables of some rows to those from `first` on, which are of the same batch.
fn read(path: &Path, batch: &RecordBatch, tables: &mut Vec<TableHeaders>, first: usize) -> Result<(), DatasetError> {
    let columns = Columns::of(batch).map_err(|name| {
        DatasetError::new(path, format!("没有 {name} 列，不是 sanpi 写的 headers。请恢复原来的文件"))
    })?;
    for row in 0..batch.num_rows() {
        let damaged = || DatasetError::new(path, format!("第 {} 行没有期、文件或单元格，文件已损坏", row + 1));
        let column = columns.column(row).ok_or_else(damaged)?;
        if let Some(open) =
            tables.get_mut(first..).and_then(<[_]>::last_mut).filter(|open| columns.continues(row, open))
        {
            open.columns.push(column);
        } else {
            let table = columns.table(row).ok_or_else(damaged)?;
            tables.push(TableHeaders { columns: vec![column], ..table });
        }
    }
    Ok(())
}
