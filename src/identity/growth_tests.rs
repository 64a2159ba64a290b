//! Batches that grow on what others left, against the plain way: everything of history anew for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::tests::{Row, record};
use super::{Link, Observed, clusters, kindred, link};
use crate::model::{
    BatchId, CellRef, Field, FieldValue, History, ImprintMaker, PastIndex, PastProject, Record, RowKeys, Stage, Value,
};

const NAMES: [&str; 5] = ["甲产业园建设项目一期", "甲产业园建设项目（二期）", "乙智能装备生产线项目", "丙项目", ""];
const OWNERS: [&str; 4] = ["甲公司", "乙有限责任公司", "乙有限公司（筹）", ""];
const CODES: [&str; 4] = ["2511-410102-04-01-986123", "2511-410102-04-01-986124", "", ""];
const CREDITS: [&str; 4] = ["91330100799655058B", "91350100M000100Y43", "", ""];
const UNITS: [&str; 2] = ["410100", "410200"];
const COUNTIES: [&str; 3] = ["中原区", "金水区", ""];
const TOTALS: [i64; 4] = [20_000, 20_500, 90_000, 0];

/// One row as positions in the lists above, and its stage.
type Choice = (usize, usize, usize, usize, usize, usize, usize, usize);

fn choice() -> impl Strategy<Value = Choice> {
    (0..5usize, 0..4usize, 0..4usize, 0..4usize, 0..2usize, 0..3usize, 0..4usize, 0..3usize)
}

fn record_of(batch: u32, line: u32, (name, owner, code, credit, unit, county, total, stage): Choice) -> Record {
    let row: Row<'_> = (
        batch,
        UNITS[unit],
        Stage::ALL[stage],
        NAMES[name],
        OWNERS[owner],
        COUNTIES[county],
        CODES[code],
        TOTALS[total],
    );
    let mut record = record(row, line);
    if !CREDITS[credit].is_empty() {
        let value = Some(Value::Text(CREDITS[credit].into()));
        let value = FieldValue { value, raw: "".into(), cell: CellRef::new(line, 9) };
        record.values.insert(Field::OwnerCreditCode, value);
    }
    record
}

fn of_everything(records: &[Record], history: &History<'_>) -> Vec<Link> {
    let taken: BTreeSet<String> = history.iter().map(|p| p.project_id.to_owned()).collect();
    let (observations, past) = kindred::everybody(Observed::of(records).0, history);
    clusters::link(&observations, past, &|id| taken.contains(id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Batches are made in any order, some of them again: each time the links are those that all of history gives, read
    /// again from nothing.
    #[test]
    fn a_growing_history_gives_the_links_of_a_whole_one(
        worlds in prop::collection::vec(prop::collection::vec(choice(), 1..6), 1..5),
        order in prop::collection::vec(0..4usize, 1..9),
    ) {
        let batches: Vec<Vec<Record>> = (1u32..)
            .zip(&worlds)
            .map(|(batch, rows)| (1u32..).zip(rows).map(|(line, row)| record_of(batch, line, *row)).collect())
            .collect();
        let mut ids: Vec<Vec<String>> = vec![Vec::new(); batches.len()];
        let (mut growing, mut kept) = (PastIndex::default(), BTreeMap::new());
        for at in order.into_iter().map(|at| at % batches.len()) {
            let batch = BatchId::from_number(u32::try_from(at).unwrap() + 1);
            let others = (0..batches.len()).filter(|other| *other != at);
            let rows = others.flat_map(|other| batches[other].iter().zip(&ids[other]));
            let whole: History<'_> = rows.filter_map(|(record, id)| PastProject::of(record, id, true)).collect();
            growing.remove(&batch);
            let records = Observed::of(&batches[at]);
            let around = growing.around(records.keys(), &kept).unwrap();
            let links = link(records, &around);
            prop_assert_eq!(&links, &of_everything(&batches[at], &whole));
            ids[at] = links.into_iter().map(|l| l.project_id).collect();
            let mut rows = ImprintMaker::new(&batch);
            let past = batches[at].iter().zip(&ids[at]).filter_map(|(r, id)| PastProject::of(r, id, true));
            past.for_each(|row| rows.push_past(&row));
            let rows = rows.done();
            growing.add(batch.clone(), RowKeys::of(&rows));
            kept.insert(batch, Arc::new(rows));
        }
    }
}
