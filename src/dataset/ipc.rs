//! One file's records as an Arrow stream.

use std::io;

use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;

use super::tables::{EncodeError, ProjectRow, projects};
use crate::model::Extract;
use crate::spec::Spec;

/// Rows of a batch of the stream.
const CHUNK: usize = 16_384;

/// The records of one file as an Arrow IPC stream with the columns of `projects` (`sanpi extract`). Every project row
/// is there, whatever the rules will say about it; `project_id` is null, since ids are given over a whole batch.
///
/// # Errors
/// When `out` cannot be written, or an amount does not fit `DECIMAL(18,4)`.
pub fn ipc(extract: &Extract, spec: &Spec, out: &mut dyn io::Write) -> io::Result<()> {
    let table = projects();
    let rows: Vec<ProjectRow<'_>> =
        extract.records.iter().map(|record| ProjectRow { record, id: None, reasons: &[] }).collect();
    let schema = table.schema();
    let mut stream = StreamWriter::try_new(out, &schema).map_err(as_io)?;
    for chunk in rows.chunks(CHUNK) {
        let batch = table.encode(chunk, &schema, spec).map_err(|error| match error {
            EncodeError::Overflow { column, place } => {
                let message = format!("{place} 的金额（{column}）超出 DECIMAL(18,4)");
                io::Error::new(io::ErrorKind::InvalidData, message)
            }
            EncodeError::Arrow(error) => as_io(error),
        })?;
        stream.write(&batch).map_err(as_io)?;
    }
    stream.finish().map_err(as_io)
}

fn as_io(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
