//! One Parquet file, out and in.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnPath;

use super::DatasetError;

/// Who wrote the file. Not the program's version: an update that changes no row must change no byte.
const CREATED_BY: &str = "sanpi version 1";
/// zstd level. Measured over the datasets of 100 submissions: level 6 writes 6 % less than level 3 for 65 % more time.
const ZSTD_LEVEL: i32 = 3;
/// Bytes of a column up to which it is not compressed.
const SMALL: usize = 512;
/// Values, spread over a column, that tell whether values repeat.
const SAMPLE: usize = 128;
/// The one text whose least and greatest value let a reader leave out a file.
const ORDERED: &str = "batch";
/// Rows of a row group: every batch of the campaign so far fits in one.
const ROWS_PER_GROUP: usize = 131_072;
/// Bytes of encoded columns from which a row group is written out: so much of a file in the making is held in memory.
const GROUP_BYTES: usize = 8 << 20;
/// Key of the file's metadata that repeats names and descriptions for readers that do not know Arrow's.
const COLUMNS_KEY: &str = "sanpi.columns";
/// Mode of a file that everybody may read, before the umask.
const MODE_PUBLIC: u32 = 0o666;
/// Mode of a file with personal data.
const MODE_PRIVATE: u32 = 0o600;

/// A file in the making.
pub(super) struct Output {
    writer: ArrowWriter<File>,
}

impl Output {
    /// Creates the file for rows that begin with `first`, and whether these are all; one that is there already is an
    /// error. `columns` is the data dictionary of its columns as JSON.
    pub(super) fn create(
        path: &Path,
        schema: &SchemaRef,
        first: (Option<&RecordBatch>, bool),
        columns: String,
        private: bool,
    ) -> Result<Self, DatasetError> {
        let mode = if private { MODE_PRIVATE } else { MODE_PUBLIC };
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
        let file = file.map_err(|e| DatasetError::io(path, "写入", &e))?;
        let properties = Some(properties(schema, first, columns));
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), properties);
        Ok(Self { writer: writer.map_err(|e| DatasetError::write(path, &e))? })
    }

    /// Appends rows.
    pub(super) fn append(&mut self, path: &Path, batch: &RecordBatch) -> Result<(), DatasetError> {
        let group = |writer: &mut ArrowWriter<File>| match writer.in_progress_size() {
            GROUP_BYTES.. => writer.flush(),
            _ => Ok(()),
        };
        self.writer.write(batch).and_then(|()| group(&mut self.writer)).map_err(|e| DatasetError::write(path, &e))
    }

    /// Completes the file.
    pub(super) fn finish(self, path: &Path) -> Result<(), DatasetError> {
        self.writer.close().map(|_| ()).map_err(|e| DatasetError::write(path, &e))
    }
}

/// How the columns are written. It follows from the first rows alone, and from whether there are more.
///
/// A page index would have one entry, and the least and greatest of texts in no order tell nothing: neither is written.
fn properties(schema: &SchemaRef, (first, is_all): (Option<&RecordBatch>, bool), columns: String) -> WriterProperties {
    let level = ZstdLevel::try_new(ZSTD_LEVEL).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .set_key_value_metadata(Some(vec![KeyValue::new(COLUMNS_KEY.to_owned(), columns)]));
    for (column, field) in schema.fields().iter().enumerate() {
        let values = first.and_then(|batch| batch.columns().get(column));
        let path = || ColumnPath::from(field.name().as_str());
        if *field.data_type() == DataType::Utf8 && field.name() != ORDERED {
            properties = properties.set_column_statistics_enabled(path(), EnabledStatistics::None);
        }
        if !values.is_none_or(repeats) {
            properties = properties.set_column_dictionary_enabled(path(), false);
        }
        if is_all && values.is_none_or(is_small) {
            properties = properties.set_column_compression(path(), Compression::UNCOMPRESSED);
        }
    }
    properties.build()
}

/// Whether a dictionary is worth its while: half of the values have been there before. Where most are new, it takes time
/// to find that out and more room than the values by themselves.
fn repeats(column: &ArrayRef) -> bool {
    match column.data_type() {
        DataType::Decimal128(..) => false,
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            let some = texts.iter().flatten().step_by((texts.len() / SAMPLE).max(1));
            let (mut seen, mut all) = (HashSet::new(), 0usize);
            some.for_each(|text| {
                seen.insert(text);
                all += 1;
            });
            seen.len() * 2 <= all
        }
        _ => true,
    }
}

/// Whether so little is written of a column that compressing gains next to nothing: setting a compressor up takes longer
/// than its work on a page of this size, and a batch has hundreds of columns.
fn is_small(column: &ArrayRef) -> bool {
    weight(column) <= SMALL
}

/// About how many bytes are written of a column.
fn weight(column: &ArrayRef) -> usize {
    let values = column.len() - column.null_count();
    match column.data_type() {
        DataType::Boolean => values / 8,
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            let mut all = texts.iter().flatten();
            match all.next() {
                // A dictionary holds it once.
                Some(first) if all.all(|text| text == first) => first.len(),
                Some(_) => texts.value_data().len(),
                None => 0,
            }
        }
        kind => kind.primitive_width().map_or(usize::MAX, |width| values * width),
    }
}

/// Opens a file to read. All of it is read at once: a page is small, and each would cost several calls of the system.
fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<impl ChunkReader + use<>>, DatasetError> {
    let file = File::open(path).map_err(|e| DatasetError::io(path, "读取", &e))?;
    let size = usize::try_from(file.len()).unwrap_or(usize::MAX);
    let bytes = file.get_bytes(0, size).map_err(|e| DatasetError::read(path, &e))?;
    ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|e| DatasetError::read(path, &e))
}

/// The batches of a file, of these columns (`None`: all), at most `rows` in one.
pub(super) fn read(path: &Path, columns: Option<&[&str]>, rows: usize) -> Result<Vec<RecordBatch>, DatasetError> {
    let mut builder = open(path)?.with_batch_size(rows);
    if let Some(columns) = columns {
        let mask = parquet::arrow::ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    let reader = builder.build().map_err(|e| DatasetError::read(path, &e))?;
    reader.collect::<Result<_, _>>().map_err(|e| DatasetError::read(path, &e.into()))
}

/// Hands over the batches of a file one by one, all columns, at most `rows` in one.
pub(super) fn each(
    path: &Path,
    rows: usize,
    mut take: impl FnMut(&RecordBatch) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let reader = open(path)?.with_batch_size(rows).build().map_err(|e| DatasetError::read(path, &e))?;
    for batch in reader {
        take(&batch.map_err(|e| DatasetError::read(path, &e.into()))?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow::array::StringArray;

    use super::*;

    #[test]
    fn what_repeats_gets_a_dictionary_and_what_is_small_no_compressor() {
        let array = |texts: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        let names = array((0..1000).map(|i| format!("项目{i}")).collect());
        let codes = array((0..1000).map(|i| format!("4{}", i % 10)).collect());
        let batch = array(vec!["02".to_owned(); 1000]);
        let none: ArrayRef = Arc::new(StringArray::new_null(1000));
        let how = [names, codes, batch, none].map(|column| (repeats(&column), is_small(&column)));
        assert_eq!(how, [(false, false), (true, false), (true, true), (true, true)]);
    }
}
