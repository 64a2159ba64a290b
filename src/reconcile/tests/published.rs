//! Published figures: what is met, what is not, and who could make up the difference.

use super::fixture::Table;
use crate::model::{Bound, Comparison, Finding, Measure, Stage, Verdict};

const START: Option<Stage> = Some(Stage::Start);

fn table() -> Table {
    // 2.0 + 3.5 + 0.8 + 1.2 = 7.5 亿元.
    Table::of(&["20000", "35000", "8000", "12000"])
}

fn only(table: &Table, left: &str) -> Comparison {
    let found = table.against("published");
    found.into_iter().find(|c| c.left == left).unwrap_or_else(|| panic!("no {left}"))
}

#[test]
fn published_digits_decide() {
    let mut table = table();
    table.publish(START, Measure::TotalInvestment, "8");
    table.publish(START, Measure::Count, "4");
    let found = table.against("published");
    let verdicts: Vec<_> = found.iter().map(|c| (c.left, c.measure, c.verdict)).collect();
    assert_eq!(
        verdicts,
        [("detail", Measure::Count, Verdict::Match), ("detail", Measure::TotalInvestment, Verdict::WithinRounding)]
    );
    assert_eq!(found[1].right_at.as_deref(), Some("公布稿"));
    // Four rows in whole 万元 may be off by half a 万元 each; 8 亿元 stands for 7.5 to 8.5.
    assert_eq!(found[1].half_widths, (Some(20_000), Some(50_000_000)));
    assert_eq!(found[1].tolerance, Some(50_020_000));
    assert_eq!([found[0].right_unit, found[1].right_unit], [Some("项"), Some("亿元")]);
    assert_eq!(found[1].unit_code, "410000");
    assert!(table.codes().is_empty());
}

#[test]
fn rejected_rows_explain_the_difference() {
    let mut table = table();
    table.publish(START, Measure::TotalInvestment, "7.5");
    table.reject(6);
    assert_eq!(only(&table, "detail").verdict, Verdict::Match);
    let accepted = only(&table, "accepted");
    assert_eq!((accepted.verdict, accepted.cause), (Verdict::Mismatch, Some("rejected_rows")));
    let note = accepted.note.unwrap_or_default();
    assert!(note.contains("采用 4.00 亿元，公布 7.50 亿元，差 -3.50 亿元 = 退回的 1 行（洛阳市 1）"), "{note}");
    assert!(note.contains("F6"), "{note}");
    let (_, findings) = table.run();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].code, findings[0].unit_code.as_deref(), &findings[0].file),
        ("R703", Some("410000"), &None)
    );
    assert_eq!(findings[0].seen.as_deref(), Some("7.5 亿元"));
    assert_eq!(findings[0].read_as.as_deref(), Some("4.00 亿元"));
}

#[test]
fn a_duplicate_that_was_rejected_is_no_finding() {
    let mut table = table();
    table.publish(START, Measure::TotalInvestment, "4");
    table.reject(6);
    assert_eq!(only(&table, "accepted").verdict, Verdict::Match);
    let detail = only(&table, "detail");
    assert_eq!((detail.verdict, detail.cause), (Verdict::Mismatch, Some("rejected_rows")));
    assert!(table.codes().is_empty());
}

#[test]
fn doubtful_amounts_are_tried() {
    let mut table = Table::of(&["20000", "350000000", "8000", "12000"]);
    table.find("V504", 6);
    table.publish(START, Measure::TotalInvestment, "7.5");
    let found = only(&table, "detail");
    assert_eq!((found.verdict, found.cause), (Verdict::Mismatch, Some("unit_slip")));
    assert!(
        found.note.as_deref().is_some_and(|n| n.contains("万元、亿元存疑") && n.contains("F6")),
        "{:?}",
        found.note
    );
}

#[test]
fn two_facts_together_explain() {
    let mut table = Table::of(&["20000", "350000000", "8000", "12000"]);
    table.find("V504", 6);
    table.reject(5);
    table.publish(START, Measure::TotalInvestment, "7.5");
    let found = only(&table, "accepted");
    assert_eq!(found.cause, Some("unit_slip"));
    assert!(found.note.as_deref().is_some_and(|n| n.contains(" = ") && n.contains(" 与 ")), "{:?}", found.note);
}

#[test]
fn units_that_sent_nothing_are_named() {
    let mut table = table();
    table.publish(START, Measure::TotalInvestment, "9");
    table.findings.push(Finding::new("F101", "").unit("411400"));
    let found = only(&table, "detail");
    assert_eq!((found.verdict, found.cause), (Verdict::Mismatch, Some("unexplained")));
    assert!(found.note.as_deref().is_some_and(|n| n.contains("商丘市未报送")), "{:?}", found.note);
}

#[test]
fn units_that_sent_nothing_do_not_explain_a_sum_that_is_too_large() {
    let mut table = table();
    table.publish(START, Measure::TotalInvestment, "1");
    table.findings.push(Finding::new("F101", "").unit("411400"));
    let found = only(&table, "detail");
    assert!(found.difference > Some(0), "{found:?}");
    assert_eq!((found.verdict, found.cause), (Verdict::Mismatch, Some("unexplained")));
    let note = found.note.unwrap_or_default();
    assert!(note.contains("商丘市未报送，补报以后多出的会更多") && !note.contains("可能就在这里"), "{note}");
}

#[test]
fn the_difference_is_split_by_its_sources() {
    let mut table = Table::of(&["20000", "3.5", "8000", "12000"]);
    table.find("V504", 6);
    table.reject(7);
    table.publish(START, Measure::TotalInvestment, "20");
    table.findings.push(Finding::new("F101", "").unit("411400"));
    let found = only(&table, "accepted");
    assert_eq!((found.verdict, found.cause), (Verdict::Mismatch, Some("unit_slip")));
    let note = found.note.unwrap_or_default();
    for part in ["-3.49965 亿元：万元、亿元存疑的", "-0.80 亿元：退回的", "其余 -12.50 亿元：商丘市未报送"]
    {
        assert!(note.contains(part), "“{part}” is not in “{note}”");
    }
}

#[test]
fn another_scope_is_not_comparable() {
    let mut table = table();
    let figure = table.publish(START, Measure::TotalInvestment, "300");
    figure.not_comparable = Some("市级口径".into());
    figure.scope = Some("市级口径".into());
    let found = only(&table, "detail");
    assert_eq!((found.verdict, found.note.as_deref()), (Verdict::NotComparable, Some("市级口径")));
    assert_eq!((found.difference, found.right_at.as_deref()), (None, Some("公布稿（市级口径）")));
    assert!(table.codes().is_empty());
}

#[test]
fn a_figure_without_details_is_missing() {
    let mut table = table();
    table.publish(Some(Stage::Production), Measure::Count, "12");
    let found = only(&table, "detail");
    assert_eq!((found.verdict, found.left_value, found.right_value), (Verdict::Missing, None, Some(120_000)));
    let (_, findings) = table.run();
    assert_eq!(findings[0].message, "全省 投产：公布 12 项，没有收到明细");
}

#[test]
fn figures_of_a_unit_and_bounds() {
    let mut table = table();
    table.rows[3].0.unit_code = "410100".into();
    table.publish(START, Measure::TotalInvestment, "6.3").unit_code = "410300".into();
    let over = table.publish(None, Measure::TotalInvestment, "7");
    over.amount = over.amount.map(|a| crate::model::Amount { bound: Bound::AtLeast, ..a });
    let verdicts: Vec<_> = table.against("published").iter().map(|c| (c.unit_code.clone(), c.verdict)).collect();
    assert_eq!(verdicts, [("410000".into(), Verdict::WithinRounding), ("410300".into(), Verdict::Match)]);
}
