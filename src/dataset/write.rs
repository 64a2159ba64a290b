//! Datasets of a batch to Parquet.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;

use super::file::Output;
use super::fingerprint::Fingerprint;
use super::tables::{
    self, CellRow, EncodeError, HeaderRow, ProjectRow, SubmissionEntry, Table, cells, contacts, declared_totals,
    findings, headers, projects, reconciliation, rejected, submissions,
};
use super::verify::{Expected, verify};
use super::{DatasetError, dictionary};
use crate::model::{BatchId, BatchResult, CellTrace, Source};
use crate::spec::Spec;

/// Rows that are turned into columns at a time.
pub(super) const CHUNK: usize = 4_096;
/// Rows of a row group: every batch of the campaign so far fits in one. Whole chunks.
const GROUP: usize = 32 * CHUNK;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path below the version's folder, `/`-separated.
    pub path: String,
    /// Rows.
    pub rows: u64,
}

/// Writes `<dir>/<dataset>/batch=NN/part-0.parquet` for every dataset of the batch but `cells` (see [`write_cells`]), also
/// an empty one, and reads each back: rows and amounts must be those of `result`. `contacts` can be read by its owner
/// only.
///
/// # Errors
/// When a folder or file cannot be written, when what is read back is not what was written, and when an amount does not
/// fit `DECIMAL(18,4)`.
pub fn write(result: &BatchResult, spec: &Spec, dir: &Path) -> Result<Vec<Written>, DatasetError> {
    let target = Target { batch: Some(result.batch.as_str()), spec, dir };
    let accepted: Vec<ProjectRow<'_>> =
        result.accepted.iter().map(|(record, id)| ProjectRow { record, id: Some(id), reasons: &[] }).collect();
    let refused: Vec<ProjectRow<'_>> = result
        .rejected
        .iter()
        .map(|(r, id)| ProjectRow { record: &r.record, id: Some(id), reasons: &r.reasons })
        .collect();
    let found: Vec<_> = result.findings.iter().collect();
    let totals: Vec<_> = result.totals.iter().collect();
    let compared: Vec<_> = result.comparisons.iter().collect();
    let files: Vec<_> = result.submissions.iter().map(|row| SubmissionEntry { batch: &result.batch, row }).collect();
    let persons: Vec<_> = accepted.iter().chain(&refused).flat_map(tables::contact_rows).collect();
    let columns: Vec<HeaderRow<'_>> = tables::header_rows(&result.headers).collect();
    let all = [
        target.write(&projects(), &accepted, &Expected::records(result.accepted.iter().map(|(r, _)| r)))?,
        target.write(&rejected(), &refused, &Expected::records(result.rejected.iter().map(|(r, _)| &r.record)))?,
        target.write(&findings(), &found, &Expected::rows(result.findings.len()))?,
        target.write(&declared_totals(), &totals, &Expected::totals(&result.totals))?,
        target.write(&reconciliation(), &compared, &Expected::rows(result.comparisons.len()))?,
        target.write(&submissions(), &files, &Expected::submissions(&result.submissions))?,
        target.write(&contacts(), &persons, &Expected::rows(persons.len()))?,
        target.write(&headers(), &columns, &Expected::rows(result.headers.iter().map(|t| t.columns.len()).sum()))?,
    ];
    Ok(all.into())
}

/// Writes `<dir>/cells/batch=NN/part-0.parquet`: what became of every cell of the files of a batch. As large as all other
/// datasets together, so it can be written beside them.
///
/// # Errors
/// As [`write`].
pub fn write_cells(
    batch: &BatchId,
    of_files: &[(Arc<Source>, Vec<CellTrace>)],
    spec: &Spec,
    dir: &Path,
) -> Result<Written, DatasetError> {
    let target = Target { batch: Some(batch.as_str()), spec, dir };
    let rows: Vec<CellRow<'_>> =
        of_files.iter().flat_map(|(source, cells)| cells.iter().map(|cell| CellRow { batch, source, cell })).collect();
    target.write(&cells(), &rows, &Expected::rows(of_files.iter().map(|(_, c)| c.len()).sum()))
}

/// Where datasets are written to.
pub(super) struct Target<'a> {
    /// The batch; `None` for a dataset over all batches.
    pub(super) batch: Option<&'a str>,
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// Folder of the version.
    pub(super) dir: &'a Path,
}

impl Target<'_> {
    /// Writes one dataset and reads it back.
    pub(super) fn write<R>(&self, table: &Table<R>, rows: &[R], expected: &Expected) -> Result<Written, DatasetError> {
        let folder = self.batch.map_or_else(String::new, |batch| format!("batch={batch}/"));
        self.write_to(format!("{}/{folder}part-0.parquet", table.name), table, rows, expected)
    }

    /// As [`Target::write`], to a file of this name below the version.
    pub(super) fn write_to<R>(
        &self,
        name: String,
        table: &Table<R>,
        rows: &[R],
        expected: &Expected,
    ) -> Result<Written, DatasetError> {
        let path = self.dir.join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| DatasetError::io(folder, "写入", &e))?;
        }
        let columns = Columns { table, rows, schema: table.schema(), spec: self.spec, path: &path };
        let prints = columns.write(table.name == contacts().name)?;
        verify(&path, &prints, expected)?;
        Ok(Written { path: name, rows: rows.len() as u64 })
    }
}

/// Rows of a dataset as columns, a chunk at a time: of a dataset of any size no more than that is held.
pub(super) struct Columns<'a, R> {
    /// What the columns are.
    pub(super) table: &'a Table<R>,
    /// The rows.
    pub(super) rows: &'a [R],
    /// Of the table.
    pub(super) schema: SchemaRef,
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// The file that they are for.
    pub(super) path: &'a Path,
}

impl<R> Columns<'_, R> {
    /// Writes the file; `private`: only its owner may read it. Gives the fingerprints of the columns.
    pub(super) fn write(&self, private: bool) -> Result<Vec<Fingerprint>, DatasetError> {
        // How a column is written follows from its beginning, and all are asked before the first is written.
        let beginning = self.rows.get(..CHUNK).unwrap_or(self.rows);
        let first = (0..self.table.columns.len()).map(|column| self.array(column, beginning));
        let first = first.collect::<Result<Vec<_>, _>>()?;
        let about = dictionary::columns_json(self.table);
        let mut output = Output::create(self.path, &self.schema, (&first, self.rows.len()), about, private)?;
        // What is at hand of a column is given away with it.
        let mut first: Vec<Option<ArrayRef>> = first.into_iter().map(Some).collect();
        for group in self.rows.chunks(GROUP) {
            output.append(|column| {
                let known = first.get_mut(column).and_then(Option::take);
                let rest = group.chunks(CHUNK).skip(usize::from(known.is_some()));
                known.map(Ok).into_iter().chain(rest.map(move |rows| self.array(column, rows)))
            })?;
        }
        output.finish()
    }

    fn array(&self, column: usize, rows: &[R]) -> Result<ArrayRef, DatasetError> {
        self.table.array(column, rows, self.spec).map_err(|e| of_encoding(self.path, e))
    }
}

/// Amounts of projects are bounded when they are read; one that gets here is a defect of the program.
fn of_encoding(path: &Path, error: EncodeError) -> DatasetError {
    let message = match error {
        EncodeError::Overflow { column, place } => {
            format!("{place} 的金额（{column}）超出 DECIMAL(18,4)，无法写入。请核对这一行的金额后重新运行")
        }
        EncodeError::Arrow(error) => format!("无法组成数据集（{error}）。请把本行反馈给维护人员"),
    };
    DatasetError::new(path, message)
}
