//! One Parquet file, out and in.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::DatasetError;
use super::fingerprint::Fingerprint;

/// Who wrote the file. Not the program's version: an update that changes no row must change no byte.
const CREATED_BY: &str = "sanpi version 1";
/// zstd level. Measured over the datasets of 100 submissions: level 3 writes 1.6 % less than level 1 for a quarter more work
/// of the compressor, level 6 writes 6 % less than level 3 for 65 % more.
const ZSTD_LEVEL: i32 = 1;
/// Bytes of a column up to which it is not compressed.
const SMALL: usize = 1_024;
/// Values, spread over a column, that tell whether values repeat.
const SAMPLE: usize = 128;
/// The one text whose least and greatest value let a reader leave out a file.
const ORDERED: &str = "batch";
/// Key of the file's metadata that repeats names and descriptions for readers that do not know Arrow's.
const COLUMNS_KEY: &str = "sanpi.columns";
/// Mode of a file that everybody may read, before the umask.
const MODE_PUBLIC: u32 = 0o666;
/// Mode of a file with personal data.
const MODE_PRIVATE: u32 = 0o600;

/// A file in the making. It is written a column at a time: no more is held of it than a chunk of one column and what that
/// column has become so far.
pub(super) struct Output<'a> {
    path: &'a Path,
    schema: &'a SchemaRef,
    file: SerializedFileWriter<File>,
    columns: ArrowRowGroupWriterFactory,
    prints: Vec<Fingerprint>,
}

impl<'a> Output<'a> {
    /// Creates the file for `rows` rows, of which `first` are the first; one that is there already is an error. `columns`
    /// is the data dictionary of its columns as JSON; `private`: only its owner may read it.
    pub(super) fn create(
        path: &'a Path,
        schema: &'a SchemaRef,
        (first, rows): (&[ArrayRef], usize),
        columns: String,
        private: bool,
    ) -> Result<Self, DatasetError> {
        let mode = if private { MODE_PRIVATE } else { MODE_PUBLIC };
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
        let file = file.map_err(|e| DatasetError::io(path, "写入", &e))?;
        let properties = Some(properties(schema, (first, rows), columns));
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), properties);
        let parts = writer.and_then(ArrowWriter::into_serialized_writer);
        let (file, columns) = parts.map_err(|e| DatasetError::write(path, &e))?;
        Ok(Self { path, schema, file, columns, prints: vec![Fingerprint::default(); schema.fields().len()] })
    }

    /// Appends a row group; `chunks` gives the values of a column, chunk by chunk.
    pub(super) fn append<I: Iterator<Item = Result<ArrayRef, DatasetError>>>(
        &mut self,
        mut chunks: impl FnMut(usize) -> I,
    ) -> Result<(), DatasetError> {
        let failed = |e: ParquetError| DatasetError::write(self.path, &e);
        let columns = self.columns.create_column_writers(self.file.flushed_row_groups().len()).map_err(failed)?;
        let mut group = self.file.next_row_group().map_err(failed)?;
        let fields = self.schema.fields().iter().zip(&mut self.prints);
        for (position, (mut column, (field, print))) in columns.into_iter().zip(fields).enumerate() {
            for chunk in chunks(position) {
                let chunk = chunk?;
                print.add(&chunk);
                // No column of ours has more than one leaf.
                let leaves = compute_leaves(field, &chunk).map_err(failed)?;
                leaves.iter().try_for_each(|leaf| column.write(leaf)).map_err(failed)?;
            }
            column.close().and_then(|column| column.append_to_row_group(&mut group)).map_err(failed)?;
        }
        group.close().map(|_| ()).map_err(failed)
    }

    /// Completes the file. Gives the fingerprints of its columns.
    pub(super) fn finish(self) -> Result<Vec<Fingerprint>, DatasetError> {
        self.file.close().map_err(|e| DatasetError::write(self.path, &e))?;
        Ok(self.prints)
    }
}

/// How the columns are written. It follows from the first rows alone, and from how many there are.
///
/// A page index would have one entry, and the least and greatest of texts in no order tell nothing: neither is written.
fn properties(schema: &SchemaRef, (first, rows): (&[ArrayRef], usize), columns: String) -> WriterProperties {
    let level = ZstdLevel::try_new(ZSTD_LEVEL).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(vec![KeyValue::new(COLUMNS_KEY.to_owned(), columns)]));
    for (column, field) in schema.fields().iter().enumerate() {
        let path = || ColumnPath::from(field.name().as_str());
        if *field.data_type() == DataType::Utf8 && field.name() != ORDERED {
            properties = properties.set_column_statistics_enabled(path(), EnabledStatistics::None);
        }
        let how = first.get(column).map_or(How { dictionary: true, bytes: 0 }, |values| How::of(values, rows));
        if !how.dictionary {
            properties = properties.set_column_dictionary_enabled(path(), false);
        }
        if how.bytes <= SMALL {
            properties = properties.set_column_compression(path(), Compression::UNCOMPRESSED);
        }
    }
    properties.build()
}

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct How {
    /// A dictionary is worth its while: half of the values have been there before. Where most are new, it takes time to
    /// find that out and more room than the values by themselves.
    dictionary: bool,
    /// About how much is written. Of little, compressing gains next to nothing: setting a compressor up takes longer than
    /// its work on a page of this size, and a batch has hundreds of columns.
    bytes: usize,
}

impl How {
    /// Of a column of so many rows that begins with these.
    fn of(first: &ArrayRef, rows: usize) -> Self {
        let values = (first.len() - first.null_count()) * rows / first.len().max(1);
        match first.data_type() {
            DataType::Boolean => Self { dictionary: true, bytes: values / 8 },
            DataType::Utf8 => Self::of_texts(first.as_string(), rows),
            DataType::Decimal128(..) => Self { dictionary: false, bytes: values * size_of::<i64>() },
            kind => {
                let bytes = kind.primitive_width().map_or(usize::MAX, |width| values * width);
                Self { dictionary: true, bytes }
            }
        }
    }

    fn of_texts(first: &StringArray, rows: usize) -> Self {
        let some = first.iter().flatten().step_by((first.len() / SAMPLE).max(1));
        let (mut seen, mut all) = (HashSet::new(), 0usize);
        some.for_each(|text| {
            seen.insert(text);
            all += 1;
        });
        let dictionary = seen.len() * 2 <= all;
        let bytes = if dictionary {
            // Each text once, and its number in so many bits for each row.
            let bits = usize::BITS - seen.len().saturating_sub(1).leading_zeros();
            seen.iter().map(|text| text.len()).sum::<usize>() + rows * bits as usize / 8
        } else {
            first.value_data().len() * rows / first.len().max(1)
        };
        Self { dictionary, bytes }
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
    use super::*;

    #[test]
    fn what_repeats_gets_a_dictionary_and_what_is_small_no_compressor() {
        let array = |texts: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        let names = array((0..1000).map(|i| format!("项目{i}")).collect());
        let codes = array((0..1000).map(|i| format!("4{}", i % 10)).collect());
        let batch = array(vec!["02".to_owned(); 1000]);
        let none: ArrayRef = Arc::new(StringArray::new_null(1000));
        let how = |column: &ArrayRef, rows| {
            let how = How::of(column, rows);
            (how.dictionary, how.bytes <= SMALL)
        };
        let all = [names, codes, batch, none];
        assert_eq!(all.each_ref().map(|c| how(c, 1000)), [(false, false), (true, true), (true, true), (true, true)]);
        assert_eq!(all.each_ref().map(|c| how(c, 9000)), [(false, false), (true, false), (true, true), (true, true)]);
    }
}
