//! Reading back what was written.

use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Decimal128Type;

use super::DatasetError;
use super::file;
use super::fingerprint::Fingerprint;
use super::write::CHUNK;
use crate::model::{DeclaredTotal, Field, FieldKind, Measure, Record, SubmissionRow};

/// What a file must hold, counted from the result of the run and not from its columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    rows: usize,
    /// Money column and its sum in 元.
    sums: Vec<(String, i128)>,
}

impl Expected {
    /// Only a number of rows.
    pub(super) fn rows(rows: usize) -> Self {
        Self { rows, sums: Vec::new() }
    }

    /// Project rows with all their amounts.
    pub(super) fn records<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let records: Vec<&Record> = records.into_iter().collect();
        let money = Field::ALL.iter().copied().filter(|f| f.kind() == FieldKind::Amount);
        let sum = |field| records.iter().filter_map(|r| r.amount(field)).map(|a| i128::from(a.yuan)).sum();
        Self { rows: records.len(), sums: money.map(|field| (format!("{}_wan", field.key()), sum(field))).collect() }
    }

    /// Stated totals.
    pub(super) fn totals(totals: &[DeclaredTotal]) -> Self {
        let money = totals.iter().filter(|t| t.measure == Measure::TotalInvestment);
        let sum = money.filter_map(|t| t.amount).map(|a| a.yuan).filter(|y| within(*y)).map(i128::from).sum();
        Self { rows: totals.len(), sums: vec![("value_wan".to_owned(), sum)] }
    }

    /// Input files with the amounts accepted of each.
    pub(super) fn submissions(rows: &[SubmissionRow]) -> Self {
        let sum = rows.iter().map(|r| r.amount_accepted).filter(|y| within(*y)).map(i128::from).sum();
        Self { rows: rows.len(), sums: vec![("amount_accepted_wan".to_owned(), sum)] }
    }
}

/// Whether `DECIMAL(18,4)` holds it.
fn within(yuan: i64) -> bool {
    yuan.unsigned_abs() < 10u64.pow(18)
}

/// Reads the file back. Its columns must have the fingerprints of what was `written`, and their number and amounts must be
/// those expected.
pub(super) fn verify(path: &Path, written: &[Fingerprint], expected: &Expected) -> Result<(), DatasetError> {
    let wrong = |what: String| DatasetError::new(path, format!("写入后读回不符：{what}。请检查磁盘后重新运行"));
    let mut count = 0;
    let mut sums: Vec<Option<i128>> = vec![Some(0); expected.sums.len()];
    let mut prints = vec![Fingerprint::default(); written.len()];
    file::each(path, CHUNK, |batch| {
        count += batch.num_rows();
        // A file with more columns, or fewer, has other prints.
        prints.resize(batch.num_columns(), Fingerprint::default());
        prints.iter_mut().zip(batch.columns()).for_each(|(print, column)| print.add(column));
        for (sum, (column, _)) in sums.iter_mut().zip(&expected.sums) {
            *sum = sum.and_then(|s| Some(s + total(batch, column)?));
        }
        Ok(())
    })?;
    if count != expected.rows {
        return Err(wrong(format!("应有 {} 行，读回 {count} 行", expected.rows)));
    }
    for ((column, sum), found) in expected.sums.iter().zip(sums) {
        if found != Some(*sum) {
            return Err(wrong(format!("{column} 合计应为 {sum} 元，读回 {found:?}")));
        }
    }
    if prints != written {
        return Err(wrong("内容与写入的不同".to_owned()));
    }
    Ok(())
}

/// Sum of a money column in its fixed point; `None` when there is no such column.
fn total(batch: &RecordBatch, column: &str) -> Option<i128> {
    Some(batch.column_by_name(column)?.as_primitive_opt::<Decimal128Type>()?.iter().flatten().sum())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{record, spec};
    use super::super::tables::{ProjectRow, projects};
    use super::super::write::Columns;
    use super::*;

    #[test]
    fn what_reads_back_differently_is_told() {
        let records = [record(5, 510_000_000), record(6, 20_000)];
        let rows = records.each_ref().map(|record| ProjectRow { record, id: Some("a"), reasons: &[] });
        let renamed = rows.map(|row| ProjectRow { id: Some("b"), ..row });
        let (spec, table) = (spec(), projects());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.parquet");
        let other_path = dir.path().join("b.parquet");
        let columns = Columns { table: &table, rows: &rows, schema: table.schema(), spec: &spec, path: &path };
        let other_rows = Columns { rows: &renamed, schema: table.schema(), path: &other_path, ..columns };
        let (written, others) = (columns.write(false).unwrap(), other_rows.write(false).unwrap());
        verify(&path, &written, &Expected::records(&records)).unwrap();
        let other = Expected::records(&[record(5, 510_000_000), record(6, 20_001)]);
        for (prints, expected, told) in [
            (&written, Expected::rows(3), "应有 3 行，读回 2 行"),
            (&written, other, "total_investment_wan 合计应为 510020001 元"),
            (&others, Expected::rows(2), "内容与写入的不同"),
        ] {
            let error = verify(&path, prints, &expected).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
        std::fs::write(&path, "PAR1").unwrap();
        let error = verify(&path, &written, &Expected::rows(2)).unwrap_err().to_string();
        assert!(error.contains("a.parquet"), "{error}");
    }

    #[test]
    fn what_changed_on_the_way_to_the_disk_is_told() {
        let records = [record(5, 510_000_000), record(6, 20_000)];
        let rows = records.each_ref().map(|record| ProjectRow { record, id: Some("a"), reasons: &[] });
        let (spec, table, dir) = (spec(), projects(), tempfile::tempdir().unwrap());
        let path = dir.path().join("a.parquet");
        let columns = Columns { table: &table, rows: &rows, schema: table.schema(), spec: &spec, path: &path };
        let written = columns.write(false).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.windows(9).position(|part| part == "洛阳市".as_bytes()).unwrap();
        bytes[at..at + 9].copy_from_slice("洛阳县".as_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = verify(&path, &written, &Expected::records(&records)).unwrap_err().to_string();
        assert!(error.contains("内容与写入的不同"), "{error}");
    }

    #[test]
    fn a_dataset_of_several_chunks_comes_back_whole() {
        let records: Vec<Record> = (0..4).map(|n| record(5 + n, 10_000 * i64::from(n + 1))).collect();
        let rows: Vec<ProjectRow<'_>> = (0..CHUNK * 2 + 5)
            .map(|n| ProjectRow { record: &records[n % 4], id: Some(if n < CHUNK { "a" } else { "b" }), reasons: &[] })
            .collect();
        let (spec, table, dir) = (spec(), projects(), tempfile::tempdir().unwrap());
        let path = dir.path().join("a.parquet");
        let columns = Columns { table: &table, rows: &rows, schema: table.schema(), spec: &spec, path: &path };
        let written = columns.write(false).unwrap();
        let expected = Expected::records(rows.iter().map(|r| r.record));
        verify(&path, &written, &expected).unwrap();
        let fewer_path = dir.path().join("b.parquet");
        let fewer = Columns { rows: &rows[..CHUNK], schema: table.schema(), path: &fewer_path, ..columns };
        assert!(verify(&path, &fewer.write(false).unwrap(), &expected).is_err());
    }
}
