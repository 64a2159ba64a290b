//! Worlds written as Markdown tables: the examples of the rules, judged by all rules at once, so that a test also shows
//! that one cause gives one finding and that good rows are passed in silence.
//!
//! Columns: `单位`, `批次`, `结果` (codes expected on the row), optionally `期` (rows of batches before the last one are
//! history; 结果 退回 says that they were rejected) and the Chinese names of fields. An amount is in 万元 unless it says 亿元; a `？` before a value means that
//! the cell could not be read. Row n of a table stands in line n + 2, as in the text.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;

use super::{Scope, check, codes};
use crate::model::{
    Amount, BatchId, CellRef, FACTOR_WAN, FACTOR_YI, Field, FieldKind, FieldValue, Finding, History, Origin,
    PartialDate, PastProject, Precision, Record, Slot, Source, Stage, Value, Values, name_key, project_code_key,
};
use crate::spec::{Batch, ColumnSpec, Columns, ExplanationWords, Spec};

/// A table with its records and what is expected of each.
struct World {
    batch: BatchId,
    records: Vec<Record>,
    ids: Vec<String>,
    expected: Vec<String>,
    history: History<'static>,
}

/// Judges a table: the codes found on each row must be those of its column 结果.
pub(super) fn judge(table: &str) {
    let world = World::read(table);
    let found = world.findings();
    let mut codes_of: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for finding in &found {
        codes_of.entry(finding.row.expect("a finding about a record")).or_default().push(finding.code);
    }
    for (record, expected) in world.records.iter().zip(&world.expected) {
        let codes = codes_of.remove(&record.origin.row).unwrap_or_default();
        let messages: Vec<&str> =
            found.iter().filter(|f| f.row == Some(record.origin.row)).map(|f| f.message.as_str()).collect();
        assert_eq!(codes.join(" "), *expected, "row {} of\n{table}\nfound: {messages:?}", record.origin.row);
    }
    assert!(codes_of.is_empty(), "{codes_of:?}");
}

/// All findings on a table.
pub(super) fn findings(table: &str) -> Vec<Finding> {
    World::read(table).findings()
}

/// The records of a table.
pub(super) fn records(table: &str) -> Vec<Record> {
    World::read(table).records
}

impl World {
    fn read(table: &str) -> Self {
        let rows: Vec<Vec<&str>> = table
            .lines()
            .map(|l| l.trim().trim_start_matches('|').trim_end_matches('|').split('|').map(str::trim).collect())
            .collect();
        let (header, body) = rows.split_first().expect("a header");
        let column = |name: &str| header.iter().position(|h| *h == name);
        let cell = |row: &[&str], name: &str| column(name).map_or_else(String::new, |c| row[c].to_owned());
        let body = &body[1..];
        let batch_of = |row: &[&str]| BatchId::parse(&cell(row, "期")).unwrap_or_else(|| BatchId::from_number(3));
        let batch = body.iter().map(|r| batch_of(r)).max().expect("rows");
        let spec = spec();
        let mut world =
            World { batch, records: Vec::new(), ids: Vec::new(), expected: Vec::new(), history: History::default() };
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut past: Vec<(Record, String, bool)> = Vec::new();
        for (line, row) in (3u32..).zip(body) {
            let record = record(line, row, header, &batch_of(row), &spec);
            let id = project_id(&record, &mut known);
            if record.batch == world.batch {
                world.records.push(record);
                world.ids.push(id);
                world.expected.push(cell(row, "结果"));
            } else {
                past.push((record, id, cell(row, "结果") != "退回"));
            }
        }
        let told = past.iter().map(|(record, id, accepted)| PastProject::of(record, id, *accepted));
        world.history = told.map(|past| past.expect("a list and a unit")).collect();
        let mut order: Vec<usize> = (0..world.records.len()).collect();
        let key = |i: &usize| {
            let r = &world.records[*i];
            (spec.roster.position(&r.unit_code), r.stage, r.origin.row)
        };
        order.sort_by_key(key);
        world.records = order.iter().map(|&i| world.records[i].clone()).collect();
        world.ids = order.iter().map(|&i| world.ids[i].clone()).collect();
        world.expected = order.iter().map(|&i| world.expected[i].clone()).collect();
        world
    }

    fn findings(&self) -> Vec<Finding> {
        let records: Vec<(&Record, &str)> =
            self.records.iter().zip(&self.ids).map(|(r, id)| (r, id.as_str())).collect();
        check(&Scope { batch: &self.batch, records: &records, history: &self.history, spec: &spec() })
    }
}

/// The real configuration with required columns of its own, and an event on 2022-07-05 for batch 05.
pub(super) fn spec() -> Spec {
    let pipelines = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let mut spec = Spec::load(&pipelines, &codes()).unwrap_or_else(|e| panic!("{e}"));
    let required = [Field::ProjectName, Field::Owner, Field::TotalInvestment];
    let column = |field: Field| ColumnSpec {
        field,
        headers: vec![field.title().to_owned()],
        required: Stage::ALL.to_vec(),
        choices: Vec::new(),
    };
    spec.columns =
        Columns { column: required.map(column).to_vec(), other: Vec::new(), explanation: ExplanationWords::default() };
    // The dates of the tables are invented: no event but this one judges them.
    spec.batches.clear();
    let event = Batch {
        id: "05".to_owned(),
        date: Some(date(2022, 7, 5)),
        deadline: None,
        sectors: Vec::new(),
        published: Vec::new(),
        breakdown: Vec::new(),
    };
    spec.batches.insert(BatchId::from_number(5), event);
    spec
}

fn record(line: u32, row: &[&str], header: &[&str], batch: &BatchId, spec: &Spec) -> Record {
    let mut record = Record {
        batch: batch.clone(),
        unit_code: String::new(),
        stage: None,
        origin: Origin {
            source: Arc::new(Source { file: Arc::from("表.xlsx"), sha256: Arc::from("") }),
            sheet: Some(Arc::from("Sheet1")),
            sheet_index: 0,
            row: line,
            slot: Slot { table: 1, line },
        },
        group: None,
        values: Values::new(),
        extras: Vec::new(),
        hidden: false,
        after_total: false,
    };
    for (col, (name, text)) in (0u32..).zip(header.iter().zip(row)) {
        match *name {
            "期" | "结果" => {}
            "单位" => {
                let unit = spec.roster.unit.iter().find(|u| u.name == *text);
                unit.unwrap_or_else(|| panic!("no unit {text}")).code.clone_into(&mut record.unit_code);
            }
            "文件" => record.origin.source = Arc::new(Source { file: Arc::from(*text), sha256: Arc::from("") }),
            "批次" => record.stage = Stage::ALL.into_iter().find(|s| s.as_str() == *text),
            _ if text.is_empty() => {}
            _ => {
                let field = Field::ALL.iter().find(|f| f.title() == *name);
                let field = *field.unwrap_or_else(|| panic!("no field {name}"));
                let raw = text.trim_start_matches('？').to_owned();
                let value = if text.starts_with('？') { None } else { value(field, text) };
                record.values.insert(field, FieldValue { value, raw: raw.into(), cell: CellRef::new(line - 1, col) });
            }
        }
    }
    record
}

fn value(field: Field, text: &str) -> Option<Value> {
    Some(match field.kind() {
        FieldKind::Amount => Value::Amount(amount(text)?),
        FieldKind::Date => Value::Date(partial_date(text)),
        FieldKind::County => Value::County { name: text.into(), code: None },
        _ => Value::Text(text.into()),
    })
}

/// `51000`, `5.1亿元`; `None` for a mark like `/`.
fn amount(text: &str) -> Option<Amount> {
    let (figure, factor) = text.strip_suffix("亿元").map_or((text, FACTOR_WAN), |f| (f, FACTOR_YI));
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
    let decimals = u8::try_from(fraction.len()).ok()?;
    Some(Amount::new(digits * factor / 10i64.pow(decimals.into()), factor, decimals))
}

/// `2026`, `2026-03`, `2026-03-01`.
fn partial_date(text: &str) -> PartialDate {
    let parts: Vec<i16> = text.split('-').map(|p| p.parse().expect("a date")).collect();
    let part = |n: usize| parts.get(n).map_or(1, |p| i8::try_from(*p).expect("a date"));
    let precision = [Precision::Year, Precision::Month, Precision::Day][parts.len() - 1];
    PartialDate { first: date(parts[0], part(1), part(2)), precision }
}

/// Rows with one code and owner, or one name, are one project: enough for tables, where nothing is ambiguous.
fn project_id(record: &Record, known: &mut BTreeMap<String, String>) -> String {
    let text = |field| record.text(field).map(name_key).unwrap_or_default();
    let (name, owner) = (text(Field::ProjectName), text(Field::Owner));
    let code = record.text(Field::ProjectCode).and_then(project_code_key).map(|code| format!("{code} {owner}"));
    let by_name = if name.is_empty() { format!("row {}", record.origin.row) } else { format!("{name} {owner}") };
    let id = code.as_ref().and_then(|c| known.get(c)).or_else(|| known.get(&by_name)).cloned();
    let id = id.unwrap_or_else(|| format!("id of row {}", record.origin.row));
    known.entry(by_name).or_insert_with(|| id.clone());
    code.map(|code| known.entry(code).or_insert_with(|| id.clone()));
    id
}
