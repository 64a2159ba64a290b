//! Which rows a total speaks of, and what is said when that cannot be judged.

use std::sync::Arc;

use super::fixture::{Table, record};
use crate::model::{FACTOR_YI, Measure, Record, Source, Stage, Verdict};

/// Moves a record to another file.
fn to_file(record: &mut Record, file: &str) {
    record.origin.source = Arc::new(Source { file: file.into(), sha256: "1".into() });
}

fn cover_verdicts(table: &Table) -> Vec<(Option<Stage>, Verdict)> {
    table.against("cover").into_iter().map(|c| (c.stage, c.verdict)).collect()
}

#[test]
fn a_cover_is_judged_by_its_digits() {
    let mut table = Table::of(&["51000", "26333.6"]);
    table.cover(Some(Stage::Start), "7.73");
    table.cover(None, "7.73");
    assert_eq!(
        cover_verdicts(&table),
        [(Some(Stage::Start), Verdict::WithinRounding), (None, Verdict::WithinRounding)]
    );
    let mut table = Table::of(&["51000", "26333.6"]);
    table.cover(Some(Stage::Start), "7.72");
    assert_eq!(cover_verdicts(&table), [(Some(Stage::Start), Verdict::Mismatch)]);
    assert_eq!(table.codes(), ["R702 C1"]);
}

#[test]
fn a_supplement_is_not_in_the_cover_of_the_first_file() {
    let mut table = Table::of(&["51000", "26333.6", "9000"]);
    to_file(&mut table.rows[2].0, "02/洛阳补报.xlsx");
    table.cover(Some(Stage::Start), "7.73");
    assert_eq!(cover_verdicts(&table), [(Some(Stage::Start), Verdict::WithinRounding)]);
}

#[test]
fn a_cover_of_lists_in_other_files_speaks_of_the_unit() {
    let mut table = Table::of(&["51000", "26333.6", "9000"]);
    for (record, _) in &mut table.rows {
        to_file(record, "02/洛阳-开工.xlsx");
    }
    table.rows[2].0.stage = Some(Stage::Production);
    table.cover(Some(Stage::Start), "7.73");
    table.cover(Some(Stage::Production), "0.9");
    table.cover(None, "8.63");
    let found = cover_verdicts(&table);
    assert!(found.iter().all(|(_, v)| matches!(v, Verdict::Match | Verdict::WithinRounding)), "{found:?}");
}

#[test]
fn a_sum_line_speaks_of_the_stages_that_the_cover_lists() {
    let mut table = Table::of(&["51000", "26333.6", "9000"]);
    table.rows[2].0.stage = Some(Stage::Production);
    table.rows[1].0.stage = Some(Stage::Signing);
    table.cover(Some(Stage::Signing), "2.63336");
    table.cover(Some(Stage::Start), "5.1");
    table.cover(None, "7.73336");
    assert!(cover_verdicts(&table).iter().all(|(_, v)| *v == Verdict::Match));
}

#[test]
fn a_cover_without_details_is_missing() {
    let mut table = Table::of(&["51000"]);
    table.cover(Some(Stage::Signing), "7.73");
    let found = table.against("cover");
    assert_eq!((found[0].verdict, found[0].left_value), (Verdict::Missing, None));
    assert_eq!(found[0].note.as_deref(), Some("洛阳市 签约：汇总表写 7.73 亿元，没有报送相应的明细"));
    assert_eq!(table.codes(), ["R702 C1"]);

    let mut empty = Table::of(&["51000"]);
    empty.cover(Some(Stage::Signing), "0");
    assert_eq!(cover_verdicts(&empty), [(Some(Stage::Signing), Verdict::Match)]);
}

#[test]
fn tables_side_by_side_are_told_apart_by_their_stage() {
    let mut table = Table::of(&["51000", "26333.6"]);
    let mut right = record(5, "9000");
    right.stage = Some(Stage::Production);
    table.rows.push((right, true));
    for (stage, text) in [(Stage::Start, "77333.6"), (Stage::Production, "9000")] {
        let total = table.wan(text);
        (total.stage, total.rows) = (Some(stage), vec![5, 6]);
    }
    let found = table.against("sheet_total");
    assert!(found.iter().all(|c| c.verdict == Verdict::Match), "{found:?}");
}

#[test]
fn a_total_without_positions_speaks_of_its_sheet_and_stage() {
    let mut table = Table::of(&["51000", "26333.6"]);
    table.wan("77333.6").rows.clear();
    let mut elsewhere = record(5, "9000");
    elsewhere.origin.sheet_index = 2;
    table.rows.push((elsewhere, true));
    let mut other_stage = record(9, "500");
    other_stage.stage = Some(Stage::Signing);
    table.rows.push((other_stage, true));
    assert_eq!(table.verdict().0, Verdict::Match);
}

#[test]
fn a_group_total_finds_its_rows_by_label() {
    let mut table = Table::of(&["51000", "26333.6", "9000"]);
    table.group(20, 5..=6, "77333.6").rows.clear();
    let found = table.against("group_total");
    assert_eq!((found[0].verdict, found[0].group.as_deref()), (Verdict::Match, Some("组20")));

    let mut unknown = Table::of(&["51000"]);
    let total = unknown.group(20, 5..=5, "9000");
    total.rows.clear();
    unknown.at(5).group = None;
    let found = unknown.against("group_total");
    assert_eq!(found[0].verdict, Verdict::NotComparable);
    assert!(unknown.codes().is_empty());
}

#[test]
fn a_total_over_replaced_rows_is_not_comparable() {
    let mut table = Table::of(&["51000", "26333.6", "9000"]);
    table.wan("86333.6");
    table.rows.pop();
    let (verdict, _, note) = table.verdict();
    assert_eq!(verdict, Verdict::NotComparable);
    assert!(note.contains("更新版本"), "{note}");
    assert!(table.codes().is_empty());
}

#[test]
fn an_unreadable_total_is_not_comparable() {
    let mut table = Table::of(&["51000"]);
    let total = table.wan("1");
    (total.amount, total.value) = (None, "#REF!".into());
    assert_eq!(table.verdict(), (Verdict::NotComparable, None, "合计“#REF!”没有读出数字".into()));
}

#[test]
fn zeros_that_a_spreadsheet_drops_do_not_widen_the_interval() {
    // 3 below 3.25 is 3.00: a total that is off by 0.4 亿元 is wrong.
    let mut table = Table::of(&["1"; 4]);
    for ((record, _), text) in table.rows.iter_mut().zip(["3", "12", "40", "3.25"]) {
        let value = record.values.get_mut(&crate::model::Field::TotalInvestment).expect("amount");
        value.value = Some(crate::model::Value::Amount(super::fixture::amount(text, FACTOR_YI)));
    }
    table.total(Measure::TotalInvestment, "58.65", FACTOR_YI);
    assert_eq!(table.verdict().0, Verdict::Mismatch);
}

#[test]
fn a_formula_over_the_cells_leaves_nothing_to_rounding() {
    // Ten whole 万元 leave ±5 open for a typed total, nothing for SUM over the very cells.
    let mut table = Table::of(&["1000"; 10]);
    table.find("N402", 7);
    table.rows[2].0 = record(7, "3");
    table.wan("9000").formula = Some("SUM(F5:F14)".into());
    let (verdict, cause, note) = table.verdict();
    assert_eq!((verdict, cause), (Verdict::Mismatch, Some("text_number_skipped")), "{note}");
    let mut typed = Table { totals: Vec::new(), findings: Vec::new(), ..table };
    typed.wan("9000");
    assert_eq!(typed.verdict().0, Verdict::WithinRounding);
}

#[test]
fn comparisons_are_sorted() {
    let mut table = Table::of(&["51000", "26333.6"]);
    table.rows[1].0.unit_code = "410100".into();
    table.wan("51000").rows = vec![5];
    table.count("1").rows = vec![5];
    let (comparisons, _) = table.run();
    let keys: Vec<_> = comparisons.iter().map(|c| (c.unit_code.as_str(), c.stage, c.measure, c.right)).collect();
    let start = Some(Stage::Start);
    let (count, money) = (Measure::Count, Measure::TotalInvestment);
    assert_eq!(
        keys[..4],
        [
            ("410000", start, count, "accepted"),
            ("410000", start, money, "accepted"),
            ("410000", None, count, "accepted"),
            ("410000", None, money, "accepted")
        ]
    );
    assert_eq!(keys[4].0, "410100", "roster order");
    assert_eq!(
        keys[8..12],
        [
            ("410300", start, count, "accepted"),
            ("410300", start, count, "sheet_total"),
            ("410300", start, money, "accepted"),
            ("410300", start, money, "sheet_total")
        ]
    );
}
