//! The datasets as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::ipc::reader::StreamReader;
use tempfile::TempDir;

use super::fixture::{TELEPHONE, record, result, spec};
use super::{DatasetError, Written, dictionary, file, imprint, ipc, markdown, past_headers, write, write_cells};
use crate::model::{BatchId, BatchResult, Extract, Field, FileOutcome, Imprint, PastProject, Stage, TableHeaders};

/// The columns of the contract, in its order; a date stands for itself and its precision.
const CONTRACT: [(&str, &str); 9] = [
    (
        "projects",
        "batch stage unit_code unit_name county_code county_name project_id project_name project_code owner \
         owner_credit_code content nature sector chain six_new is_reconstruction total_investment_wan \
         annual_planned_investment_wan completed_investment_wan contracted_capital_wan signing_date \
         signing_date_precision start_date start_date_precision completion_date completion_date_precision \
         production_date production_date_precision remark extras source_file source_sha256 source_sheet source_row",
    ),
    ("rejected", ""),
    (
        "findings",
        "batch unit_code unit_name code rule severity message source_file source_sheet cell field seen read_as help \
         project_name stage waived",
    ),
    (
        "declared_totals",
        "batch unit_code stage scope measure value value_wan precision source_file source_sheet cell formula",
    ),
    (
        "reconciliation",
        "batch unit_code stage group measure left right left_value right_value difference tolerance verdict cause \
         left_at right_at",
    ),
    (
        "submissions",
        "batch unit_code source_file source_sha256 outcome sheets rows_read rows_accepted rows_rejected \
         amount_accepted_wan version superseded_by",
    ),
    ("cells", "batch source_file source_sheet cell raw raw_kind field value rule"),
    ("contacts", "batch"),
    ("headers", "batch unit_code source_file source_sheet table_number column_letter header field"),
];

fn written(result: &BatchResult) -> (TempDir, Vec<Written>) {
    let dir = tempfile::tempdir().unwrap();
    let mut files = write(result, &spec(), dir.path()).unwrap_or_else(|e| panic!("{e}"));
    let cells = write_cells(&result.batch, &result.cells, &spec(), dir.path()).unwrap_or_else(|e| panic!("{e}"));
    // Where the dictionary has them.
    files.insert(6, cells);
    (dir, files)
}

fn read(dir: &Path, dataset: &str) -> RecordBatch {
    let path = dir.join(dataset).join("batch=02/part-0.parquet");
    file::read(&path, None, 100).unwrap().remove(0)
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<Option<String>> {
    let array = batch.column_by_name(column).unwrap_or_else(|| panic!("{column}")).as_string::<i32>();
    array.iter().map(|v| v.map(str::to_owned)).collect()
}

fn bytes(dir: &Path, files: &[Written]) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|w| (w.path.clone(), fs::read(dir.join(&w.path)).unwrap())).collect()
}

#[test]
fn columns_are_those_of_the_contract_and_documented() {
    let (dir, files) = written(&result());
    let documents = dictionary();
    for ((dataset, fixed), (file, document)) in CONTRACT.iter().zip(files.iter().zip(&documents)) {
        assert_eq!(file.path, format!("{dataset}/batch=02/part-0.parquet"));
        let schema = read(dir.path(), dataset).schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let fixed = if *dataset == "rejected" { format!("{} reasons", CONTRACT[0].1) } else { (*fixed).to_owned() };
        let fixed: Vec<&str> = fixed.split_whitespace().collect();
        assert_eq!(names[..fixed.len()], fixed, "{dataset}");
        assert_eq!(document.name, *dataset);
        for (field, column) in schema.fields().iter().zip(&document.columns) {
            assert_eq!((field.name(), &field.metadata()["title"]), (&column.name, &column.title));
            assert_eq!(field.metadata()["description"], column.description);
            let wan = field.name().ends_with("_wan");
            assert!(!wan || *field.data_type() == DataType::Decimal128(18, 4), "{dataset}.{}", field.name());
            assert!(!column.title.is_empty() && !column.description.is_empty(), "{dataset}.{}", field.name());
        }
    }
}

#[test]
fn values_arrive_as_they_are() {
    let (dir, files) = written(&result());
    assert_eq!(files.iter().map(|w| w.rows).collect::<Vec<_>>(), [2, 1, 2, 2, 1, 1, 3, 6, 3]);
    let projects = read(dir.path(), "projects");
    assert_eq!(texts(&projects, "batch"), [Some("02".to_owned()), Some("02".to_owned())]);
    let first = |column: &str| texts(&projects, column)[0].clone().unwrap_or_default();
    assert_eq!(
        (first("unit_name"), first("county_code"), first("county_name")),
        ("洛阳市".to_owned(), "410305".to_owned(), "涧西区".to_owned())
    );
    assert_eq!(first("start_date_precision"), "month");
    assert_eq!(first("extras"), "{\"用地（亩）\":\"12\",\"其他电话\":\"138********\"}");
    let wan = projects.column_by_name("total_investment_wan").unwrap().as_primitive::<Decimal128Type>();
    assert_eq!(wan.value_as_string(1), "51000.5000");
    let start = projects.column_by_name("start_date").unwrap().as_primitive::<Date32Type>();
    assert_eq!(start.value(0), 18_901);
    assert_eq!(projects.column_by_name("source_row").unwrap().as_primitive::<Int64Type>().value(1), 6);
    assert!(!projects.column_by_name("is_reconstruction").unwrap().as_boolean().value(0));

    let rejected = read(dir.path(), "rejected");
    assert_eq!(texts(&rejected, "stage"), [None]);
    let reasons = rejected.column_by_name("reasons").unwrap().as_list::<i32>().value(0);
    assert_eq!(reasons.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["L208", "V502"]);

    let totals = read(dir.path(), "declared_totals");
    assert_eq!(texts(&totals, "value"), [Some("10.2".to_owned()), Some("3".to_owned())]);
    let (value, precision) = (totals.column_by_name("value_wan").unwrap(), totals.column_by_name("precision").unwrap());
    assert!(value.is_null(1));
    assert_eq!(precision.as_primitive::<Decimal128Type>().value_as_string(0), "1000.0000");
    assert_eq!(precision.as_primitive::<Decimal128Type>().value_as_string(1), "1.0000");
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let ((one, files), (two, _)) = (written(&result()), written(&result()));
    assert_eq!(bytes(one.path(), &files), bytes(two.path(), &files));
}

#[test]
fn telephones_and_persons_are_only_in_contacts() {
    let (dir, files) = written(&result());
    for file in &files {
        let dataset = file.path.split('/').next().unwrap();
        let batch = read(dir.path(), dataset);
        let text: String = batch
            .columns()
            .iter()
            .filter_map(|c| c.as_string_opt::<i32>())
            .flat_map(|c| c.iter().flatten().collect::<Vec<_>>())
            .collect();
        assert_eq!(text.contains(TELEPHONE), dataset == "contacts", "{dataset}");
        assert_eq!(text.contains("张三"), dataset == "contacts", "{dataset}");
        let mode = fs::metadata(dir.path().join(&file.path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777 == 0o600, dataset == "contacts", "{dataset} {mode:o}");
    }
}

#[test]
fn an_empty_batch_has_all_its_files() {
    let empty = BatchResult {
        batch: BatchId::from_number(2),
        submissions: vec![],
        accepted: vec![],
        rejected: vec![],
        findings: vec![],
        totals: vec![],
        comparisons: vec![],
        cells: vec![],
        headers: vec![],
        indicators: Vec::new(),
        earlier_indicators: Vec::new(),
        laggards: Vec::new(),
    };
    let (dir, files) = written(&empty);
    assert_eq!(files.len(), CONTRACT.len());
    assert!(files.iter().all(|w| w.rows == 0 && dir.path().join(&w.path).is_file()));
    assert!(published(dir.path()).unwrap().lines().is_empty());
    assert_eq!(all_headers(dir.path()).unwrap(), []);
}

#[test]
fn an_amount_beyond_the_column_is_told_with_its_row() {
    let mut result = result();
    result.accepted[1].0 = record(6, i64::MAX);
    let dir = tempfile::tempdir().unwrap();
    let error = write(&result, &spec(), dir.path()).unwrap_err().to_string();
    for part in ["projects", "02/洛阳市/洛阳市签约项目.xlsx › 签约 › 第 6 行", "total_investment_wan"]
    {
        assert!(error.contains(part), "{error}");
    }
    result.accepted.truncate(1);
    result.comparisons[0].left_value = Some(i64::MIN);
    result.submissions[0].amount_accepted = i64::MAX;
    result.totals[0].amount = Some(crate::model::Amount::new(i64::MAX, 1, 0));
    let (dir, _) = written(&result);
    assert!(read(dir.path(), "reconciliation").column_by_name("left_value").unwrap().is_null(0));
    assert!(read(dir.path(), "submissions").column_by_name("amount_accepted_wan").unwrap().is_null(0));
    assert!(read(dir.path(), "declared_totals").column_by_name("value_wan").unwrap().is_null(0));
}

#[test]
fn a_file_that_is_there_already_is_not_overwritten() {
    let (dir, _) = written(&result());
    assert!(write(&result(), &spec(), dir.path()).is_err());
}

/// The rows of batch 02 as other batches see them.
fn published(version: &Path) -> Result<Imprint, DatasetError> {
    imprint(version, &BatchId::from_number(2), &|_, _| true)
}

#[test]
fn history_gives_the_projects_back() {
    let (dir, _) = written(&result());
    let rows = published(dir.path()).unwrap();
    let past: Vec<PastProject<'_>> = (0..rows.lines().len()).filter_map(|row| rows.past(row)).collect();
    assert_eq!(past.len(), 2, "a rejected row of no list belongs to no stage");
    let expected = PastProject {
        batch: BatchId::from_number(2),
        unit_code: "410300",
        stage: Stage::Signing,
        project_id: "00000000000000a2",
        name: "高端轴承产业园项目6",
        owner: Some("洛阳甲装备有限公司"),
        owner_credit_code: None,
        project_code: None,
        county_name: Some("涧西区"),
        total_yuan: Some(510_005_000),
        accepted: true,
    };
    assert_eq!(past[1], expected);
    let mut with_stage = result();
    with_stage.rejected[0].0.record.stage = Some(Stage::Start);
    let (whole, _) = written(&with_stage);
    let past = published(whole.path()).unwrap();
    assert_eq!(past.lines().iter().map(|line| line.accepted).collect::<Vec<_>>(), [true, true, false]);
    assert!(published(&dir.path().join("nothing")).unwrap().lines().is_empty());

    let file = dir.path().join("projects/batch=02/part-0.parquet");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let error = published(dir.path()).unwrap_err().to_string();
    assert!(error.contains("part-0.parquet") && error.contains("损坏"), "{error}");
}

#[test]
fn headers_come_back_as_they_were() {
    let result = result();
    let (dir, _) = written(&result);
    assert_eq!(all_headers(dir.path()).unwrap(), result.headers);
    assert_eq!(all_headers(&dir.path().join("nothing")).unwrap(), [], "versions from before there were any");

    let file = dir.path().join("headers/batch=02/part-0.parquet");
    fs::copy(dir.path().join("submissions/batch=02/part-0.parquet"), &file).unwrap();
    let error = all_headers(dir.path()).unwrap_err().to_string();
    assert!(error.contains("headers/batch=02") && error.contains("source_sheet"), "{error}");
}

/// Only as many batches are read as are asked for, and those later than the first that the run makes.
#[test]
fn headers_are_read_backwards_until_it_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let numbers = [8u32, 9, 10, 11, 100];
    for n in numbers {
        let mut result = result();
        result.batch = BatchId::from_number(n);
        result.headers.iter_mut().for_each(|table| table.batch = result.batch.clone());
        write(&result, &spec(), dir.path()).unwrap();
    }
    let batches = |until: u32, enough: u32| {
        let mut shown = Vec::new();
        let mut enough = |tables: &[TableHeaders]| {
            assert_eq!(tables.len(), 2, "a batch at a time");
            shown.push(tables[0].batch.clone());
            tables[0].batch == BatchId::from_number(enough)
        };
        let read = past_headers(dir.path(), &BatchId::from_number(until), &mut enough).unwrap();
        let plain: Vec<TableHeaders> = all_headers(dir.path()).unwrap();
        assert_eq!(read, plain[plain.len() - read.len()..], "the latest of all, in their order");
        let number = |batch: &BatchId| batch.as_str().parse::<u32>().unwrap();
        (shown.iter().map(number).collect::<Vec<_>>(), read.len() / 2)
    };
    assert_eq!(batches(10, 9), (vec![9], 4));
    assert_eq!(batches(11, 8), (vec![10, 9, 8], 5));
    assert_eq!(batches(101, 100), (vec![100], 1));
    assert_eq!(batches(9, 1), (vec![8], 5));
    assert_eq!(batches(1, 1), (vec![], 5));
}

fn all_headers(version: &Path) -> Result<Vec<TableHeaders>, super::DatasetError> {
    past_headers(version, &BatchId::from_number(1), &mut |_| false)
}

#[test]
fn one_file_streams_its_rows() {
    let (spec, result) = (spec(), result());
    let records = vec![record(5, 510_000_000), result.rejected[0].0.record.clone()];
    let extract = Extract {
        source: records[0].origin.source.clone(),
        batch: BatchId::from_number(2),
        unit_code: Some("410300".to_owned()),
        format: None,
        outcome: FileOutcome::Read,
        records,
        totals: vec![],
        cells: vec![],
        sheets: vec![],
        headers: vec![],
        stages: vec![],
        supplement: false,
        explanations: Vec::new(),
        findings: vec![],
    };
    let mut out = Vec::new();
    ipc(&extract, &spec, &mut out).unwrap();
    let batches: Vec<RecordBatch> = StreamReader::try_new(out.as_slice(), None).unwrap().map(Result::unwrap).collect();
    assert_eq!(batches[0].num_rows(), 2);
    assert_eq!(texts(&batches[0], "project_id"), [None, None]);
    assert_eq!(texts(&batches[0], "project_name")[0].as_deref(), extract.records[0].name());
    assert!(batches[0].column_by_name(Field::Telephone.key()).is_none());
}

#[test]
fn the_dictionary_has_every_column_in_words() {
    let text = markdown(&dictionary());
    for part in
        ["## projects 项目", "| `total_investment_wan` | decimal(18,4) | 总投资 |", "| `reasons` | list<string> |"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
