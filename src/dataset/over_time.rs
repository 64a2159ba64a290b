//! Datasets over all batches: what the rows of a published version say about each project, and lives, indicators and
//! laggards out.

use std::path::Path;

use arrow::array::{Array, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use jiff::civil::Date;

use super::file;
use super::history::parts;
use super::tables::{LaggardRow, indicators, laggards, lifecycle};
use super::verify::Expected;
use super::write::{CHUNK, Target};
use super::{DatasetError, Written};
use crate::model::{BatchId, Field, Indicator, Laggard, Life, PartialDate, Precision, Sighting, Stage, date_field};
use crate::spec::Spec;

/// Columns that a sighting is made of.
const COLUMNS: [&str; 21] = [
    "batch",
    "stage",
    "unit_code",
    "county_name",
    "project_id",
    "project_name",
    "project_code",
    "owner",
    "owner_credit_code",
    "sector",
    "total_investment_wan",
    "annual_planned_investment_wan",
    "completed_investment_wan",
    "signing_date",
    "signing_date_precision",
    "start_date",
    "start_date_precision",
    "production_date",
    "production_date_precision",
    "remark",
    "extras",
];

/// The accepted rows of a published version, oldest batch first, each batch in the order of its dataset, without those of
/// batches that `skip` names. Of the texts only those that `keep` wants (header, text) are kept.
///
/// # Errors
/// When a file cannot be read.
pub fn sightings(
    version: &Path,
    skip: &dyn Fn(&BatchId) -> bool,
    keep: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<Sighting>, DatasetError> {
    let mut found = Vec::new();
    for path in parts(&version.join("projects"))? {
        let folder = path.parent().and_then(Path::file_name).and_then(|f| f.to_str()).unwrap_or_default();
        if folder.strip_prefix("batch=").and_then(BatchId::parse).is_some_and(|batch| skip(&batch)) {
            continue;
        }
        for batch in file::read(&path, Some(&COLUMNS), CHUNK)? {
            let rows = Rows { path: &path, batch: &batch };
            for row in 0..batch.num_rows() {
                found.push(rows.sighting(row, keep)?);
            }
        }
    }
    found.sort_by(|a, b| a.batch.cmp(&b.batch));
    Ok(found)
}

/// Rows of `projects` as they were published.
struct Rows<'a> {
    path: &'a Path,
    batch: &'a RecordBatch,
}

impl Rows<'_> {
    fn sighting(&self, row: usize, keep: &dyn Fn(&str, &str) -> bool) -> Result<Sighting, DatasetError> {
        let stage = self.text("stage", row)?.and_then(|name| Stage::ALL.into_iter().find(|s| s.as_str() == name));
        let batch = self.text("batch", row)?.and_then(|id| BatchId::parse(&id));
        let (Some(batch), Some(stage)) = (batch, stage) else {
            return Err(DatasetError::new(self.path, format!("第 {} 行没有期或批次类别，文件已损坏", row + 1)));
        };
        Ok(Sighting {
            batch,
            stage,
            unit_code: self.text("unit_code", row)?.unwrap_or_default(),
            project_id: self.text("project_id", row)?.unwrap_or_default(),
            name: self.text("project_name", row)?.unwrap_or_default(),
            county_name: self.text("county_name", row)?,
            project_code: self.text("project_code", row)?,
            owner: self.text("owner", row)?,
            owner_credit_code: self.text("owner_credit_code", row)?,
            sector: self.text("sector", row)?.filter(|s| !s.is_empty()),
            total_yuan: self.yuan("total_investment_wan", row)?,
            annual_yuan: self.yuan("annual_planned_investment_wan", row)?,
            completed_yuan: self.yuan("completed_investment_wan", row)?,
            date: self.date(date_field(stage).key(), row)?,
            said: self.said(row, keep)?,
        })
    }

    fn missing(&self, name: &str) -> DatasetError {
        DatasetError::new(self.path, format!("没有 {name} 列，不是 sanpi 写的 projects。请恢复原来的文件"))
    }

    fn text(&self, name: &str, row: usize) -> Result<Option<String>, DatasetError> {
        let column: Option<&StringArray> = self.batch.column_by_name(name).and_then(|c| c.as_string_opt());
        let column = column.ok_or_else(|| self.missing(name))?;
        Ok(column.is_valid(row).then(|| column.value(row).to_owned()))
    }

    fn yuan(&self, name: &str, row: usize) -> Result<Option<i64>, DatasetError> {
        let column: Option<&Decimal128Array> =
            self.batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Decimal128Type>());
        let column = column.ok_or_else(|| self.missing(name))?;
        Ok(column.is_valid(row).then(|| column.value(row)).and_then(|yuan| i64::try_from(yuan).ok()))
    }

    fn date(&self, name: &str, row: usize) -> Result<Option<PartialDate>, DatasetError> {
        let column: Option<&Date32Array> =
            self.batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Date32Type>());
        let column = column.ok_or_else(|| self.missing(name))?;
        let written = self.text(&format!("{name}_precision"), row)?;
        let precision = written.and_then(|p| ALL_PRECISIONS.into_iter().find(|known| known.as_str() == p));
        let days = column.is_valid(row).then(|| i64::from(column.value(row)));
        let first =
            days.and_then(|days| Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok());
        Ok(first.zip(precision).map(|(first, precision)| PartialDate { first, precision }))
    }

    /// Other columns and the remark.
    fn said(&self, row: usize, keep: &dyn Fn(&str, &str) -> bool) -> Result<Vec<(String, String)>, DatasetError> {
        let extras = self.text("extras", row)?.unwrap_or_else(|| "{}".to_owned());
        let extras: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&extras)
            .map_err(|e| DatasetError::new(self.path, format!("第 {} 行的 extras 不是 JSON（{e}）", row + 1)))?;
        let remark = self.text("remark", row)?.map(|remark| (Field::Remark.title().to_owned(), remark));
        let mut said: Vec<(String, String)> = extras
            .into_iter()
            .map(|(name, value)| (header(&name).to_owned(), value.as_str().unwrap_or_default().to_owned()))
            .filter(|(header, text)| keep(header, text))
            .collect();
        said.extend(remark.filter(|(header, text)| keep(header, text)));
        said.sort();
        Ok(said)
    }
}

/// A header without the number that it got when the same one came before it.
fn header(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((header, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => header,
        _ => name,
    }
}

const ALL_PRECISIONS: [Precision; 5] =
    [Precision::Day, Precision::Month, Precision::Quarter, Precision::Half, Precision::Year];

/// Writes `lifecycle/part-0.parquet`.
///
/// # Errors
/// As [`super::write`].
pub fn write_lives(lives: &[Life], spec: &Spec, dir: &Path) -> Result<Written, DatasetError> {
    let rows: Vec<&Life> = lives.iter().collect();
    Target { batch: None, spec, dir }.write(&lifecycle(), &rows, &Expected::rows(rows.len()))
}

/// Writes `indicators` and `laggards` of one batch.
///
/// # Errors
/// As [`super::write`].
pub fn write_indicators(
    batch: &BatchId,
    found: (&[Indicator], &[Laggard]),
    spec: &Spec,
    dir: &Path,
) -> Result<[Written; 2], DatasetError> {
    let target = Target { batch: Some(batch.as_str()), spec, dir };
    let figures: Vec<&Indicator> = found.0.iter().collect();
    let lagging: Vec<LaggardRow<'_>> = found.1.iter().map(|row| LaggardRow { batch, row }).collect();
    Ok([
        target.write(&indicators(), &figures, &Expected::rows(figures.len()))?,
        target.write(&laggards(), &lagging, &Expected::rows(lagging.len()))?,
    ])
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{result, spec};
    use super::*;

    #[test]
    fn documented_columns_are_those_of_the_contract() {
        let fixed = [
            ("lifecycle", "project_id"),
            ("indicators", "batch unit_code stage sector measure numerator denominator value previous change rank"),
            ("laggards", "batch unit_code lag project_id since months allowed_months"),
        ];
        for (name, columns) in fixed {
            let documents = super::super::dictionary();
            let document = documents.iter().find(|d| d.name == name).unwrap();
            let known: Vec<&str> = document.columns.iter().map(|c| c.name.as_str()).collect();
            assert!(columns.split(' ').all(|c| known.contains(&c)), "{name}: {known:?}");
            for stage in ["signing", "start", "production"].iter().filter(|_| name == "lifecycle") {
                for part in ["batch", "date", "date_precision", "unit_code", "investment_wan", "match"] {
                    assert!(known.contains(&format!("{stage}_{part}").as_str()), "{stage}_{part}");
                }
            }
            assert!(document.columns.iter().all(|c| !c.title.is_empty() && !c.description.is_empty()), "{name}");
        }
    }

    #[test]
    fn rows_read_back_say_what_they_said_in_the_run() {
        let mut result = result();
        for (record, _) in &mut result.accepted {
            record.extras = ["是否达效", "备用", "是否达效"].map(|h| (h.to_owned(), format!("{h}13812345678"))).into();
        }
        let dir = tempfile::tempdir().unwrap();
        super::super::write(&result, &spec(), dir.path()).unwrap();
        let keep = |header: &str, _: &str| header != "备用";
        let read = sightings(dir.path(), &|_| false, &keep).unwrap();
        let seen: Vec<_> = result.accepted.iter().filter_map(|(r, id)| Sighting::of(r, id, &keep)).collect();
        assert_eq!(read, seen);
        assert_eq!(read[0].said.len(), 3, "{:?}", read[0].said);
        assert!(sightings(dir.path(), &|batch| *batch == result.batch, &keep).unwrap().is_empty());
    }
}
