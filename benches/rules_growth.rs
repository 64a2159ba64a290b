//! How the time of identity and rules grows with the rows: the last of 100 batches with what the 99 before it left,
//! 500 000 project rows in all, against a tenth of that. Prints both times and their ratio; a ratio near 10 is linear,
//! near 100 quadratic.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sanpi::identity::{self, Observed};
use sanpi::model::{
    Amount, BatchId, CellRef, FACTOR_WAN, Field, FieldValue, ImprintMaker, Origin, PastIndex, PastProject, Record,
    RowKeys, Slot, Source, Stage, Value,
};
use sanpi::rules::{self, Scope};
use sanpi::spec::Spec;

/// Batches.
const BATCHES: u32 = 100;
/// Rows of the large inbox.
const ROWS: u32 = 500_000;
/// The small one has this part of them.
const PART: u32 = 10;
/// More than so many times the time for `PART` times the rows is no linear growth.
const LIMIT: f64 = 20.0;
/// Projects of the one developer of each city that has a hand in everything, in percent.
const DEVELOPER_PERCENT: u32 = 5;
/// What projects are called after.
const KINDS: [&str; 8] = ["轴承", "光伏支架", "智能终端", "冷链物流", "预制菜", "铝基新材料", "农机装备", "生物医药"];

fn main() {
    let pipelines = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let spec = Spec::load(&pipelines, &rules::codes()).unwrap_or_else(|e| panic!("{e}"));
    let small = measure(ROWS / PART, &spec);
    let large = measure(ROWS, &spec);
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    println!("{} rows {small:.2?}; {ROWS} rows {large:.2?}; ratio {ratio:.1} for {PART} times the rows", ROWS / PART);
    assert!(ratio < LIMIT, "the rules do not grow with the rows but faster");
}

/// Time for identity and rules of the last batch.
fn measure(rows: u32, spec: &Spec) -> Duration {
    let per_batch = rows / BATCHES;
    let (mut index, mut kept) = (PastIndex::default(), BTreeMap::new());
    for batch in (1..BATCHES).map(BatchId::from_number) {
        let mut rows = ImprintMaker::new(&batch);
        for n in 0..per_batch {
            let (record, number) = record(batch.number(), n, per_batch, spec);
            if let Some(row) = PastProject::of(&record, &format!("{number:016x}"), n % 50 != 0) {
                rows.push_past(&row);
            }
        }
        let rows = rows.done();
        index.add(batch.clone(), RowKeys::of(&rows));
        kept.insert(batch, Arc::new(rows));
    }
    let records: Vec<Record> = (0..per_batch).map(|n| record(BATCHES, n, per_batch, spec).0).collect();
    let batch = BatchId::from_number(BATCHES);
    let start = Instant::now();
    let observed = Observed::of(&records);
    let history = index.around(observed.keys(), &kept).expect("rows in memory");
    let ids = identity::assign(observed, &history);
    let for_ids = start.elapsed();
    let scoped: Vec<(&Record, &str)> = records.iter().zip(&ids).map(|(r, id)| (r, id.as_str())).collect();
    let findings = rules::check(&Scope { batch: &batch, records: &scoped, history: &history, spec });
    let time = start.elapsed();
    let findings = findings.len();
    println!(
        "{rows} rows: ids {for_ids:.2?}, rules {:.2?}, {findings} findings on the last batch",
        time.saturating_sub(for_ids)
    );
    time
}

/// Row `n` of a batch and the number of its project: a third of the rows continue a project of the batch before.
fn record(batch: u32, n: u32, per_batch: u32, spec: &Spec) -> (Record, u32) {
    let continues = n.is_multiple_of(3) && batch > 1;
    let number = if continues { (batch - 2) * per_batch + n + 1 } else { batch * per_batch + n };
    let stage = if continues { Stage::Start } else { Stage::Signing };
    let unit = &spec.roster.unit[(number % 19) as usize];
    let developed = number % 100 < DEVELOPER_PERCENT;
    let owner = if developed {
        format!("{}城市投资公司", unit.name)
    } else {
        format!("河南第{}有限公司", number / 7)
    };
    let kind = KINDS[(number / 2 % 8) as usize];
    let code = format!("2511-{}-04-01-{:06}", unit.code, number % 1_000_000);
    let wan = i64::from(10_000 + number % 90_000);
    let total = Amount::new(wan * FACTOR_WAN, FACTOR_WAN, 0);
    let fields = [
        (Field::Sequence, Value::Text((n + 1).to_string().into())),
        (
            Field::ProjectName,
            Value::Text(
                format!("{kind}产业园{}号地块建设项目{}", number / 2, if number % 2 == 0 { "" } else { "配套" }).into(),
            ),
        ),
        (Field::Owner, Value::Text(owner.into())),
        (Field::ProjectCode, Value::Text(code.into())),
        (Field::TotalInvestment, Value::Amount(total)),
        (Field::AnnualPlannedInvestment, Value::Amount(Amount::new(wan / 2 * FACTOR_WAN, FACTOR_WAN, 0))),
    ];
    let value = |(col, (field, value)): (u32, (Field, Value))| {
        (field, FieldValue { value: Some(value), raw: n.to_string().into(), cell: CellRef::new(n, col) })
    };
    let file = format!("{batch}/{}/{stage}.xlsx", unit.name);
    let record = Record {
        batch: BatchId::from_number(batch),
        unit_code: unit.code.clone(),
        stage: Some(stage),
        origin: Origin {
            source: Arc::new(Source { file: Arc::from(file), sha256: Arc::from("") }),
            sheet: None,
            sheet_index: 0,
            row: n + 1,
            slot: Slot { table: 1, line: n },
        },
        group: None,
        values: (0..).zip(fields).map(value).collect(),
        extras: Vec::new(),
        hidden: false,
        after_total: false,
    };
    (record, number)
}
