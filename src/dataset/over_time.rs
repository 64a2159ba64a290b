//! Datasets over all batches: what the rows of a published version say about each project, and lives, indicators and
//! laggards out.

use std::path::Path;

use arrow::array::{Array, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type};

use super::file;
use super::published::{get, parquet_of, yuan};
use super::tables::{LaggardRow, indicators, laggards, lifecycle};
use super::verify::Expected;
use super::write::{CHUNK, Target};
use super::{DatasetError, Written};
use crate::model::{
    BatchId, Field, Imprint, ImprintMaker, Indicator, Laggard, Life, PartialDate, Precision, Sighting, Stage,
    date_field, date_of_days,
};
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

/// The rows of a batch of a published version as other batches see them: of `projects`, then those of `rejected` that belong
/// to a list of a unit, each in the order of its dataset; none when it has no such dataset. Of the texts only those that
/// `keep` wants (header, text) are kept.
///
/// # Errors
/// When a file cannot be read.
pub fn imprint(version: &Path, batch: &BatchId, keep: &dyn Fn(&str, &str) -> bool) -> Result<Imprint, DatasetError> {
    let mut maker = ImprintMaker::new(batch);
    for (dataset, accepted) in [("projects", true), ("rejected", false)] {
        for path in parquet_of(&version.join(dataset).join(format!("batch={batch}")))? {
            for batch in file::read(&path, Some(&COLUMNS), CHUNK)? {
                let rows = Rows::of(&path, &batch)?;
                // One that was rejected because nobody could tell whose it is, or of which list, is nothing to others.
                let told =
                    |row: &usize| accepted || (get(rows.stage, *row).is_some() && get(rows.unit, *row).is_some());
                for row in (0..batch.num_rows()).filter(told) {
                    maker.push(&rows.sighting(row, keep)?, accepted);
                }
            }
        }
    }
    Ok(maker.done())
}

/// A date column with the column that tells its precision.
type Dates<'a> = (&'a Date32Array, &'a StringArray);

/// Rows of `projects` as they were published. Columns are looked up once, not for every row.
struct Rows<'a> {
    path: &'a Path,
    batch: &'a StringArray,
    stage: &'a StringArray,
    unit: &'a StringArray,
    id: &'a StringArray,
    name: &'a StringArray,
    county: &'a StringArray,
    code: &'a StringArray,
    owner: &'a StringArray,
    credit: &'a StringArray,
    sector: &'a StringArray,
    remark: &'a StringArray,
    extras: &'a StringArray,
    total: &'a Decimal128Array,
    annual: &'a Decimal128Array,
    completed: &'a Decimal128Array,
    /// In the order of [`Stage::ALL`].
    dates: [Dates<'a>; 3],
}

impl<'a> Rows<'a> {
    fn of(path: &'a Path, batch: &'a RecordBatch) -> Result<Self, DatasetError> {
        let missing =
            |name: &str| DatasetError::new(path, format!("没有 {name} 列，不是 sanpi 写的 projects。请恢复原来的文件"));
        let text = |name: &str| -> Result<&'a StringArray, DatasetError> {
            batch.column_by_name(name).and_then(|c| c.as_string_opt()).ok_or_else(|| missing(name))
        };
        let money = |name: &str| -> Result<&'a Decimal128Array, DatasetError> {
            let column = batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Decimal128Type>());
            column.ok_or_else(|| missing(name))
        };
        let date = |stage: Stage| -> Result<Dates<'a>, DatasetError> {
            let name = date_field(stage).key();
            let column = batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Date32Type>());
            Ok((column.ok_or_else(|| missing(name))?, text(&format!("{name}_precision"))?))
        };
        let [first, second, third] = Stage::ALL;
        Ok(Self {
            path,
            batch: text("batch")?,
            stage: text("stage")?,
            unit: text("unit_code")?,
            id: text("project_id")?,
            name: text("project_name")?,
            county: text("county_name")?,
            code: text("project_code")?,
            owner: text("owner")?,
            credit: text("owner_credit_code")?,
            sector: text("sector")?,
            remark: text("remark")?,
            extras: text("extras")?,
            total: money("total_investment_wan")?,
            annual: money("annual_planned_investment_wan")?,
            completed: money("completed_investment_wan")?,
            dates: [date(first)?, date(second)?, date(third)?],
        })
    }

    fn sighting(&self, row: usize, keep: &dyn Fn(&str, &str) -> bool) -> Result<Sighting, DatasetError> {
        let stage = get(self.stage, row).and_then(|name| Stage::ALL.into_iter().find(|s| s.as_str() == name));
        let batch = get(self.batch, row).and_then(BatchId::parse);
        let (Some(batch), Some(stage)) = (batch, stage) else {
            return Err(DatasetError::new(self.path, format!("第 {} 行没有期或批次类别，文件已损坏", row + 1)));
        };
        let text = |column| get(column, row).map(str::to_owned);
        Ok(Sighting {
            batch,
            stage,
            unit_code: text(self.unit).unwrap_or_default(),
            project_id: text(self.id).unwrap_or_default(),
            name: text(self.name).unwrap_or_default(),
            county_name: text(self.county),
            project_code: text(self.code),
            owner: text(self.owner),
            owner_credit_code: text(self.credit),
            sector: text(self.sector).filter(|s| !s.is_empty()),
            total_yuan: yuan(self.total, row),
            annual_yuan: yuan(self.annual, row),
            completed_yuan: yuan(self.completed, row),
            date: self.dates.get(stage.index()).and_then(|dates| date(*dates, row)),
            said: self.said(row, keep)?,
        })
    }

    /// Other columns and the remark.
    fn said(&self, row: usize, keep: &dyn Fn(&str, &str) -> bool) -> Result<Vec<(String, String)>, DatasetError> {
        let mut said = Vec::new();
        // Most rows have no other columns.
        if let Some(extras) = get(self.extras, row).filter(|text| *text != "{}") {
            let extras: serde_json::Map<String, serde_json::Value> = serde_json::from_str(extras)
                .map_err(|e| DatasetError::new(self.path, format!("第 {} 行的 extras 不是 JSON（{e}）", row + 1)))?;
            let texts = extras.iter().map(|(name, value)| (header(name), value.as_str().unwrap_or_default()));
            said.extend(texts.filter(|(header, text)| keep(header, text)).map(owned));
        }
        let remark = get(self.remark, row).map(|remark| (Field::Remark.title(), remark));
        said.extend(remark.filter(|(header, text)| keep(header, text)).map(owned));
        said.sort();
        Ok(said)
    }
}

fn owned((header, text): (&str, &str)) -> (String, String) {
    (header.to_owned(), text.to_owned())
}

fn date((column, precisions): Dates<'_>, row: usize) -> Option<PartialDate> {
    let written = get(precisions, row);
    let precision = written.and_then(|p| Precision::ALL.into_iter().find(|known| known.as_str() == p))?;
    let first = column.is_valid(row).then(|| column.value(row)).and_then(date_of_days)?;
    Some(PartialDate { first, precision })
}

/// A header without the number that it got when the same one came before it.
fn header(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((header, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => header,
        _ => name,
    }
}

/// Path of the part of `lifecycle` with the projects that were first listed in this batch, below the version.
#[must_use]
pub fn lives_path(first: &BatchId) -> String {
    format!("{LIFECYCLE}/part-{first}.parquet")
}

/// Name of the dataset of lives.
pub const LIFECYCLE: &str = "lifecycle";

/// Writes the part of `lifecycle` with the projects that were first listed in this batch.
///
/// # Errors
/// As [`super::write`].
pub fn write_lives(first: &BatchId, lives: &[Life], spec: &Spec, dir: &Path) -> Result<Written, DatasetError> {
    let rows: Vec<&Life> = lives.iter().collect();
    Target { batch: None, spec, dir }.write_to(lives_path(first), &lifecycle(), &rows, &Expected::rows(rows.len()))
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
        result.rejected[0].0.record.stage = Some(Stage::Start);
        for (record, _) in &mut result.accepted {
            record.extras =
                ["是否达效", "备用", "是否达效"].map(|h| (h.into(), format!("{h}13812345678").into())).into();
        }
        let dir = tempfile::tempdir().unwrap();
        super::super::write(&result, &spec(), dir.path()).unwrap();
        let keep = |header: &str, _: &str| header != "备用";
        let read = imprint(dir.path(), &result.batch, &keep).unwrap();
        assert_eq!(read, result.imprint(&keep));
        assert!(read.lines().iter().any(|l| !l.accepted) && read.lines().iter().any(|l| l.accepted), "{read:?}");
        let first = read.sighting(0).unwrap();
        assert_eq!(first.said.len(), 3, "{:?}", first.said);
        assert!(imprint(dir.path(), &BatchId::from_number(99), &keep).unwrap().lines().is_empty());
    }
}
