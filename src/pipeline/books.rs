//! Our own books: nothing may get lost between the inbox, a sheet and a dataset.

use std::collections::BTreeMap;

use crate::model::{BatchId, BatchResult, Books, Entry, Extract, FACTOR_WAN, Record};

use super::RunError;

/// Every non-empty row and every cell of every sheet has one role, and every project row became one record.
pub(super) fn of_file(extract: &Extract) -> Result<(), RunError> {
    let file = &extract.source.file;
    for book in &extract.sheets {
        if !book.rows.balances() {
            let sheet = book.sheet.as_deref().unwrap_or("");
            return Err(RunError::Books(format!("{file} › {sheet}：行数不平 {:?}", book.rows)));
        }
        if !book.cells.balances() {
            let sheet = book.sheet.as_deref().unwrap_or("");
            return Err(RunError::Books(format!("{file} › {sheet}：单元格不平 {:?}", book.cells)));
        }
    }
    let rows: usize = extract.sheets.iter().map(|s| s.rows.project as usize).sum();
    if rows != extract.records.len() {
        let records = extract.records.len();
        return Err(RunError::Books(format!("{file}：表内项目 {rows} 行，记录 {records} 条")));
    }
    Ok(())
}

/// Every entry of the inbox has one row in `submissions`, whatever became of it.
pub(super) fn of_inbox(batch: &BatchId, entries: usize, result: &BatchResult) -> Result<(), RunError> {
    let rows = result.submissions.len();
    if rows == entries {
        return Ok(());
    }
    Err(RunError::Books(format!("期 {batch}：收件夹中 {entries} 个文件，报送记录 {rows} 条")))
}

/// Rows and amounts of a batch before they were split into accepted and rejected ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Read {
    rows: usize,
    yuan: i128,
}

impl Read {
    /// Counts the records.
    pub(super) fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        records.into_iter().fold(Self::default(), |sum, r| Self {
            rows: sum.rows + 1,
            yuan: sum.yuan + i128::from(r.total_yuan().unwrap_or(0)),
        })
    }

    /// For the manifest.
    fn entry(self) -> Entry {
        let (sign, yuan) = (if self.yuan < 0 { "-" } else { "" }, self.yuan.unsigned_abs());
        let wan = FACTOR_WAN.unsigned_abs();
        let total = format!("{sign}{}.{:04}", yuan / u128::from(wan), yuan % u128::from(wan));
        Entry { rows: self.rows as u64, total_investment_wan: total }
    }

    /// Accepted and rejected rows together are the rows that were read, in number and amount, per batch and per file.
    pub(super) fn balances(self, result: &BatchResult) -> Result<(), RunError> {
        let accepted = result.accepted.iter().map(|(r, _)| r);
        let split = Self::of(accepted.chain(result.rejected.iter().map(|(r, _)| &r.record)));
        let files = result.submissions.iter().map(|s| (s.rows_accepted + s.rows_rejected) as usize).sum::<usize>();
        if self == split && files == split.rows {
            return Ok(());
        }
        let batch = &result.batch;
        Err(RunError::Books(format!("期 {batch}：读到 {self:?}，采用与退回合计 {split:?}，各文件合计 {files} 行")))
    }
}

/// Datasets that change with other batches: no part of what became of a batch's sheets.
const OVER_TIME: [&str; 2] = ["indicators", "laggards"];

/// The books of a batch for the manifest, from sheet to dataset: what was written of it (path below the version, rows) must
/// hold every accepted and every rejected row.
pub(super) fn of_datasets(result: &BatchResult, written: &[(String, u64)]) -> Result<Books, RunError> {
    let batch = &result.batch;
    let folder = format!("batch={batch}");
    let datasets: BTreeMap<String, u64> = written
        .iter()
        .filter_map(|(path, rows)| {
            let mut parts = path.split('/');
            let dataset = parts.next()?;
            let own = parts.next()? == folder && !OVER_TIME.contains(&dataset);
            own.then(|| (dataset.to_owned(), *rows))
        })
        .collect();
    let accepted = Read::of(result.accepted.iter().map(|(r, _)| r));
    let rejected = Read::of(result.rejected.iter().map(|(r, _)| &r.record));
    for (dataset, rows) in [("projects", accepted.rows), ("rejected", rejected.rows)] {
        if datasets.get(dataset) != Some(&(rows as u64)) {
            let written = datasets.get(dataset);
            return Err(RunError::Books(format!("期 {batch}：{dataset} 应有 {rows} 行，写入 {written:?} 行")));
        }
    }
    let read = Read { rows: accepted.rows + rejected.rows, yuan: accepted.yuan + rejected.yuan };
    let in_files: u64 = result.submissions.iter().map(|s| u64::from(s.rows_read)).sum();
    let Some(unused_rows) = in_files.checked_sub(read.rows as u64) else {
        let used = read.rows;
        return Err(RunError::Books(format!("期 {batch}：各文件共读到 {in_files} 行，采用与退回却有 {used} 行")));
    };
    Ok(Books { read: read.entry(), accepted: accepted.entry(), rejected: rejected.entry(), unused_rows, datasets })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{CellBook, FileOutcome, RowBook, SheetBook, Source};

    fn file(rows: RowBook, cells: CellBook) -> Extract {
        Extract {
            source: Arc::new(Source { file: Arc::from("02/洛阳市/a.xlsx"), sha256: Arc::from("") }),
            batch: BatchId::from_number(2),
            unit_code: None,
            format: None,
            outcome: FileOutcome::Read,
            records: Vec::new(),
            totals: Vec::new(),
            cells: Vec::new(),
            headers: Vec::new(),
            sheets: vec![SheetBook {
                sheet: Some(Arc::from("签约")), rows, cells, role: "table", headers: Vec::new()
            }],
            stages: Vec::new(),
            supplement: false,
            explanations: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn nothing(batch: &BatchId) -> BatchResult {
        BatchResult {
            batch: batch.clone(),
            submissions: Vec::new(),
            accepted: Vec::new(),
            rejected: Vec::new(),
            findings: Vec::new(),
            totals: Vec::new(),
            comparisons: Vec::new(),
            cells: Vec::new(),
            headers: Vec::new(),
            indicators: Vec::new(),
            earlier_indicators: Vec::new(),
            laggards: Vec::new(),
        }
    }

    #[test]
    fn what_is_missing_is_told_with_its_sheet() {
        let note = RowBook { non_empty: 1, note: 1, ..RowBook::default() };
        let cells = CellBook { read: 3, note: 1, lost: 1, covered: 1, ..CellBook::default() };
        assert!(of_file(&file(note, cells)).is_ok());
        let wrong = [
            (RowBook { non_empty: 2, ..note }, cells, "行数"),
            (note, CellBook { read: 4, ..cells }, "单元格"),
            (RowBook { non_empty: 2, project: 1, ..note }, cells, "记录"),
        ];
        for (rows, cells, word) in wrong {
            let told = of_file(&file(rows, cells)).unwrap_err().to_string();
            assert!(told.contains(word) && told.contains("a.xlsx"), "{told}");
        }
    }

    #[test]
    fn datasets_hold_what_was_read() {
        let batch = BatchId::from_number(2);
        let result = nothing(&batch);
        let written = |projects: u64| {
            let path = |dataset: &str| format!("{dataset}/batch=02/part-0.parquet");
            vec![
                (path("projects"), projects),
                (path("rejected"), 0),
                ("indicators/batch=02/part-0.parquet".to_owned(), 9),
            ]
        };
        let books = of_datasets(&result, &written(0)).unwrap();
        assert_eq!(books.datasets, BTreeMap::from([("projects".to_owned(), 0), ("rejected".to_owned(), 0)]));
        assert_eq!(books.read.total_investment_wan, "0.0000");
        let told = of_datasets(&result, &written(1)).unwrap_err().to_string();
        assert!(told.contains("projects 应有 0 行"), "{told}");
        assert_eq!(Read { rows: 1, yuan: -12_345_678 }.entry().total_investment_wan, "-1234.5678");
    }

    #[test]
    fn a_file_without_a_row_is_told() {
        let batch = BatchId::from_number(2);
        let result = nothing(&batch);
        assert!(of_inbox(&batch, 0, &result).is_ok());
        assert!(of_inbox(&batch, 1, &result).unwrap_err().to_string().contains("1 个文件"));
    }
}
