//! Small worlds of records and published projects: who is whom.

use std::sync::Arc;

use super::{Observed, Reason, assign, kin, link, reasons};
use crate::model::{
    Amount, BatchId, CellRef, FACTOR_WAN, Field, FieldValue, History, Kinship, Origin, PastProject, Record, Sighting,
    Slot, Source, Stage, Value, Values,
};

/// One row: batch, unit, stage, name, owner, county, code, 总投资 in 万元 (0: not stated).
pub(super) type Row<'a> = (u32, &'a str, Stage, &'a str, &'a str, &'a str, &'a str, i64);

use Stage::{Production, Signing, Start};

const ZZ: &str = "410100";
const KF: &str = "410200";
const NAME: &str = "年产三万台减速机生产线建设项目";
const OWNER: &str = "甲乙智能装备有限公司";
const CODE: &str = "2511-410102-04-01-986123";
const OTHER_CODE: &str = "2511-410102-04-01-986124";

pub(super) fn record(row: Row<'_>, line: u32) -> Record {
    let (batch, unit, stage, name, owner, county, code, wan) = row;
    let mut values = Values::new();
    let mut put = |field: Field, raw: &str, value: Value| {
        if !raw.is_empty() && raw != "0" {
            values.insert(field, FieldValue { value: Some(value), raw: raw.into(), cell: CellRef::new(line - 1, 1) });
        }
    };
    put(Field::ProjectName, name, Value::Text(name.into()));
    put(Field::Owner, owner, Value::Text(owner.into()));
    put(Field::County, county, Value::County { name: county.into(), code: None });
    put(Field::ProjectCode, code, Value::Text(code.into()));
    put(Field::TotalInvestment, &wan.to_string(), Value::Amount(Amount::new(wan * FACTOR_WAN, FACTOR_WAN, 0)));
    let source = Arc::new(Source { file: Arc::from("a.xlsx"), sha256: Arc::from("") });
    Record {
        batch: BatchId::from_number(batch),
        unit_code: unit.to_owned(),
        stage: Some(stage),
        origin: Origin { source, sheet: None, sheet_index: 0, row: line, slot: Slot { table: 1, line } },
        group: None,
        values,
        extras: Vec::new(),
        hidden: false,
        after_total: false,
    }
}

fn records(rows: &[Row<'_>]) -> Vec<Record> {
    (1..).zip(rows).map(|(line, row)| record(*row, line)).collect()
}

fn published<'a>(row: Row<'a>, id: &'a str) -> PastProject<'a> {
    let (batch, unit, stage, name, owner, county, code, wan) = row;
    let some = |text: &'a str| (!text.is_empty()).then_some(text);
    PastProject {
        batch: BatchId::from_number(batch),
        unit_code: unit,
        stage,
        project_id: id,
        name,
        owner: some(owner),
        owner_credit_code: None,
        project_code: some(code),
        county_name: some(county),
        total_yuan: (wan > 0).then_some(wan * FACTOR_WAN),
        accepted: true,
    }
}

/// The ids of the rows, written as the letters of a rhyme scheme: equal letters are one project.
fn scheme(rows: &[Row<'_>]) -> String {
    let records = records(rows);
    let ids = assign(Observed::of(&records), &History::default());
    let mut letters: Vec<&str> = Vec::new();
    let mut text = String::new();
    for id in &ids {
        let position = letters.iter().position(|l| l == id).unwrap_or_else(|| {
            letters.push(id);
            letters.len() - 1
        });
        text.push(char::from(b'a' + u8::try_from(position).unwrap()));
    }
    text
}

#[test]
fn rows_of_one_batch() {
    let base = (3, ZZ, Signing, NAME, OWNER, "中原区", "", 20_000);
    let with_code = (3, ZZ, Start, NAME, OWNER, "中原区", CODE, 20_000);
    assert_eq!(scheme(&[base, with_code]), "aa", "a code in one list only");
    assert_eq!(
        scheme(&[with_code, (3, ZZ, Start, "另一个很不相同的名称", OWNER, "", CODE, 9)]),
        "aa",
        "the code decides"
    );
    assert_eq!(
        scheme(&[with_code, (3, ZZ, Start, NAME, OWNER, "中原区", OTHER_CODE, 20_000)]),
        "ab",
        "two codes in one list"
    );
    let copied_down = (3, ZZ, Start, "污水处理厂", "水务集团", "金水区", CODE, 777);
    assert_eq!(scheme(&[with_code, copied_down]), "ab", "nothing but the code agrees");
    assert_eq!(scheme(&[base, (3, KF, Signing, NAME, OWNER, "兰考县", "", 20_000)]), "aa", "two units, one project");
    assert_eq!(
        scheme(&[base, (3, KF, Signing, NAME, OWNER, "兰考县", "", 90_000)]),
        "ab",
        "a series over the province"
    );
    assert_eq!(scheme(&[base, (3, ZZ, Signing, NAME, "", "中原区", "", 20_000)]), "aa", "owner left out");
    assert_eq!(scheme(&[base, (3, ZZ, Signing, NAME, "丙丁有限公司", "中原区", "", 20_000)]), "ab", "another owner");
    assert_eq!(scheme(&[base, (3, ZZ, Signing, "", OWNER, "中原区", "", 20_000)]), "ab", "no name");
    let first = (3, ZZ, Start, "产业园（一期）项目", OWNER, "", CODE, 500);
    assert_eq!(
        scheme(&[first, (3, ZZ, Start, "产业园（二期）项目", OWNER, "", CODE, 600)]),
        "ab",
        "phases under one code"
    );
}

#[test]
fn a_known_project_keeps_its_id_and_the_reason_is_told() {
    let known = [published((1, ZZ, Signing, NAME, OWNER, "中原区", "", 20_000), "00000000000000aa")];
    let history = History::from_iter(known);
    let cases = [
        ((2, ZZ, Start, NAME, OWNER, "中原区", CODE, 21_000), Some(Reason::Owner)),
        ((2, ZZ, Start, NAME, "新设立的项目公司", "中原区", CODE, 21_000), Some(Reason::Place)),
        ((2, ZZ, Signing, NAME, "新设立的项目公司", "中原区", CODE, 21_000), None),
        ((2, ZZ, Start, NAME, "新设立的项目公司", "金水区", CODE, 21_000), None),
        ((2, ZZ, Start, "年产五万台减速机生产线建设项目", OWNER, "中原区", CODE, 20_000), None),
    ];
    for (row, expected) in cases {
        let record = record(row, 5);
        let links = link(Observed::of([&record]), &history);
        let known = links[0].project_id == "00000000000000aa";
        assert_eq!(known, expected.is_some(), "{row:?}");
        assert_eq!(links[0].reason, expected.unwrap_or(Reason::New), "{row:?}");
    }
    let by_code = [published((1, ZZ, Start, "减速机生产线建设项目", OWNER, "", CODE, 20_000), "00000000000000bb")];
    let production = record((2, ZZ, Production, NAME, "", "", CODE, 0), 5);
    assert_eq!(link(Observed::of([&production]), &History::from_iter(by_code))[0].reason, Reason::Code);
}

#[test]
fn an_id_depends_neither_on_order_nor_on_history() {
    let rows = [
        (3, ZZ, Signing, NAME, OWNER, "中原区", "", 20_000),
        (3, ZZ, Start, NAME, OWNER, "中原区", CODE, 20_000),
        (3, KF, Signing, NAME, OWNER, "兰考县", "", 90_000),
        (3, KF, Signing, "", OWNER, "兰考县", "", 1),
        (3, KF, Signing, "", OWNER, "兰考县", "", 2),
    ];
    let records = records(&rows);
    let forward = assign(Observed::of(&records), &History::default());
    let mut backward = assign(Observed::of(records.iter().rev()), &History::default());
    backward.reverse();
    assert_eq!(forward, backward);
    let alone = record((9, ZZ, Production, NAME, OWNER, "中原区", CODE, 20_000), 1);
    let first = record((1, ZZ, Signing, NAME, OWNER, "", "", 0), 1);
    let nothing = History::default();
    assert_eq!(assign(Observed::of([&alone]), &nothing), assign(Observed::of([&first]), &nothing), "without history");
    // A rerun of an early batch sees later ones and must not change what they refer to.
    let later = [published((4, ZZ, Start, NAME, OWNER, "中原区", CODE, 20_000), "00000000000000cc")];
    assert_eq!(assign(Observed::of([&first]), &History::from_iter(later)), ["00000000000000cc"]);
}

/// Rows of three batches: codes appear late, owners change, a name is respelled under its code.
fn three_batches() -> [Vec<Row<'static>>; 3] {
    [
        vec![
            (1, ZZ, Signing, NAME, OWNER, "中原区", "", 20_000),
            (1, KF, Signing, "兰考家居产业园项目", "", "兰考县", "", 30_000),
            (1, KF, Start, "杞县大蒜深加工项目", "丙食品有限公司", "杞县", "", 8_000),
        ],
        vec![
            (2, ZZ, Start, NAME, OWNER, "中原区", CODE, 21_000),
            (2, KF, Start, "兰考家居产业园项目", "丁家居有限公司", "兰考县", OTHER_CODE, 30_000),
        ],
        vec![
            (3, ZZ, Production, "年产三万台减速机生产线项目", OWNER, "中原区", CODE, 21_000),
            (3, KF, Production, "杞县大蒜深加工项目", "丙食品有限公司", "杞县", "", 8_000),
            (3, KF, Production, "兰考家居产业园项目", "丁家居有限公司", "兰考县", OTHER_CODE, 30_000),
        ],
    ]
}

/// Runs the batches in this order, each seeing what the others have published last; the ids by batch.
fn published_in(order: &[usize]) -> [Vec<String>; 3] {
    let batches = three_batches();
    let mut ids: [Vec<String>; 3] = Default::default();
    for &this in order {
        let others = batches.iter().enumerate().filter(|(other, _)| *other != this);
        let rows = others.flat_map(|(other, rows)| rows.iter().zip(&ids[other]));
        let history: History<'_> = rows.map(|(row, id)| published(*row, id)).collect();
        let records = records(&batches[this]);
        ids[this] = assign(Observed::of(&records), &history);
    }
    ids
}

#[test]
fn batches_in_any_order_and_reruns_make_the_same_projects() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let scheme = |ids: &[Vec<String>; 3]| {
        let all: Vec<&String> = ids.iter().flatten().collect();
        all.iter().map(|id| all.iter().position(|o| o == id).unwrap()).collect::<Vec<_>>()
    };
    let expected = scheme(&published_in(&orders[0]));
    assert_eq!(expected, [0, 1, 2, 0, 1, 0, 2, 1]);
    for order in orders {
        // A batch that came before what joins it to others is joined when it is run again.
        let all_twice = [order, order].concat();
        let ids = published_in(&all_twice);
        assert_eq!(scheme(&ids), expected, "{order:?}");
        for again in 0..3 {
            let rerun = published_in(&[all_twice.as_slice(), &[again]].concat());
            assert_eq!(rerun, ids, "{order:?}, then {again} once more");
        }
    }
}

fn sighting(row: Row<'_>, id: &str) -> Sighting {
    Sighting::of(&record(row, 5), id, &|_, _| false).expect("a stage")
}

#[test]
fn the_reason_of_each_match_is_kept() {
    let rows = [
        sighting((1, ZZ, Signing, NAME, OWNER, "中原区", "", 20_000), "a"),
        sighting((2, ZZ, Start, NAME, OWNER, "中原区", CODE, 20_000), "a"),
        sighting((3, ZZ, Production, "年产三万台减速机生产线项目", OWNER, "中原区", CODE, 20_000), "a"),
        sighting((3, KF, Production, NAME, OWNER, "兰考县", "", 90_000), "b"),
        sighting((4, ZZ, Production, NAME, "戊公司", "中原区", "", 20_000), "a"),
        sighting((4, ZZ, Production, "另一个名字", "己公司", "中原区", "", 20_000), "a"),
    ];
    let expected = [Reason::New, Reason::Owner, Reason::Code, Reason::New, Reason::Place, Reason::Published];
    assert_eq!(reasons(&rows), expected);
}

#[test]
fn splits_and_merges_are_noted() {
    let whole = |batch, stage| sighting((batch, ZZ, stage, "豫中产业园项目", OWNER, "中原区", "", 100_000), "whole");
    let part = |batch, name, id, wan| sighting((batch, ZZ, Start, name, OWNER, "中原区", "", wan), id);
    let parts =
        |batch| [part(batch, "豫中产业园一期项目", "p1", 40_000), part(batch, "豫中产业园（二期）项目", "p2", 60_000)];
    let split: Vec<Sighting> = [whole(1, Signing)].into_iter().chain(parts(2)).collect();
    let found = kin(&split);
    assert_eq!(found["whole"], (Kinship::SplitInto, vec!["p1".to_owned(), "p2".to_owned()]));
    assert_eq!(found["p2"], (Kinship::SplitFrom, vec!["whole".to_owned()]));
    let merged: Vec<Sighting> = parts(1).into_iter().chain([whole(2, Production)]).collect();
    assert_eq!(kin(&merged)["whole"].0, Kinship::MergedFrom);
    // Too small to be its parts; side by side in one list; one part only.
    let small = [whole(1, Signing), part(2, "豫中产业园一期项目", "p1", 400), part(2, "豫中产业园二期项目", "p2", 600)];
    assert!(kin(&small).is_empty());
    let beside: Vec<Sighting> = [whole(2, Start)].into_iter().chain(parts(2)).collect();
    assert!(kin(&beside).is_empty());
    assert!(kin(&split[..2]).is_empty());
}
