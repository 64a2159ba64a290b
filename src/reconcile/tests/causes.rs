//! Every cause with its cell, and beside it the same table in order.

use super::fixture::{Table, wan};
use crate::model::{FACTOR_YI, Field, Measure, Value, Verdict};

const AMOUNTS: [&str; 10] =
    ["51000", "26333.6", "8600", "120500.25", "34200", "7750.5", "98000", "15230", "46100", "63917"];

fn table() -> Table {
    Table::of(&AMOUNTS)
}

/// The table's own sum and more, in 元.
fn sum_and(table: &Table, more: i64) -> String {
    let yuan: i64 = table.rows.iter().filter_map(|(r, _)| r.total_yuan()).sum();
    wan(yuan + more)
}

fn yuan(table: &mut Table, row: u32) -> i64 {
    table.at(row).total_yuan().expect("amount")
}

/// Writes another amount, in 元, into a row.
fn write(table: &mut Table, row: u32, yuan: i64) {
    let value = table.at(row).values.get_mut(&Field::TotalInvestment).expect("amount");
    if let Some(Value::Amount(amount)) = &mut value.value {
        amount.yuan = yuan;
    }
}

/// The cause, for a mismatch, with the note.
fn cause(table: &Table) -> (Option<&'static str>, String) {
    let (verdict, cause, note) = table.verdict();
    assert_eq!(verdict, Verdict::Mismatch, "{note}");
    (cause, note)
}

fn assert_cause(table: &Table, expected: &str, says: &[&str]) {
    let (cause, note) = cause(table);
    assert_eq!(cause, Some(expected), "{note}");
    for part in says {
        assert!(note.contains(part), "“{part}” is not in “{note}”");
    }
}

#[test]
fn a_table_in_order_is_left_alone() {
    let mut table = table();
    let (sum, count) = (table.sum(), table.rows.len().to_string());
    table.wan(&sum).formula = Some("SUM(F5:F14)".into());
    table.count(&count);
    let (comparisons, findings) = table.run();
    assert!(findings.is_empty(), "{findings:?}");
    assert!(comparisons.iter().all(|c| c.verdict == Verdict::Match && c.cause.is_none()), "{comparisons:?}");
    let total = comparisons.iter().find(|c| c.right == "sheet_total" && c.measure == Measure::TotalInvestment);
    let total = total.expect("a comparison");
    assert_eq!(total.left_at.as_deref(), Some("02/洛阳.xlsx › 开工 › F5:F14"));
    assert_eq!(total.right_at.as_deref(), Some("02/洛阳.xlsx › 开工 › F15"));
    assert_eq!((total.difference, total.tolerance.map(|t| t > 0)), (Some(0), Some(true)));
}

#[test]
fn a_row_in_the_wrong_unit() {
    let mut up = table();
    up.wan(&table().sum());
    let right = yuan(&mut up, 7);
    write(&mut up, 7, right * 10_000);
    assert_cause(&up, "unit_slip", &["第 7 行", "F7", "若为 8600 万元"]);

    let mut down = table();
    down.wan(&table().sum());
    write(&mut down, 11, 98_000);
    assert_cause(&down, "unit_slip", &["第 11 行", "F11", "9.8 万元", "若为 98000 万元"]);
}

#[test]
fn a_total_in_the_wrong_unit() {
    let mut table = table();
    table.wan("47.16");
    assert_cause(&table, "unit_slip", &["合计的万元、亿元写错", "471600 万元"]);
    assert_eq!(table.codes(), ["R701 F15"]);

    let mut twin = Table::of(&AMOUNTS);
    twin.total(Measure::TotalInvestment, "47.16", FACTOR_YI);
    assert_eq!(twin.verdict().0, Verdict::WithinRounding);
}

#[test]
fn a_row_that_the_total_lacks() {
    let mut table = table();
    let row = yuan(&mut table, 8);
    let text = sum_and(&table, -row);
    table.wan(&text);
    assert_cause(&table, "row_missing", &[" = 第 8 行“项目8”（F8，120500.25 万元）", "合计漏计这一行"]);
}

#[test]
fn equal_rows_are_named_as_alternatives() {
    let mut table = Table::of(&["51000", "26333.6", "8600", "51000", "34200"]);
    let text = sum_and(&table, -510_000_000);
    table.wan(&text);
    assert_cause(&table, "row_missing", &["疑为第 5 行", "或第 8 行", "其中一行"]);
}

#[test]
fn a_row_that_the_total_has_twice() {
    let mut table = table();
    let row = yuan(&mut table, 10);
    let text = sum_and(&table, row);
    table.wan(&text);
    assert_cause(&table, "row_twice", &["第 10 行", "计了两次"]);
}

#[test]
fn the_formula_leaves_rows_out() {
    let mut table = table();
    let row = yuan(&mut table, 14);
    let text = sum_and(&table, -row);
    table.wan(&text).formula = Some("SUM(F5:F13)".into());
    assert_cause(&table, "formula_range_short", &["洛阳市 开工：明细 471631.35 万元", "= 第 14 行", "SUM(F5:F13)"]);
    assert_eq!(table.codes(), ["R701 F15", "R705 F15"]);
}

#[test]
fn a_short_formula_is_told_even_when_the_sums_agree() {
    let mut table = table();
    table.at(14).values.remove(&Field::TotalInvestment);
    let sum = table.sum();
    table.wan(&sum).formula = Some("SUM(F5:F13)".into());
    assert_eq!(table.verdict().0, Verdict::Match);
    let (_, findings) = table.run();
    assert_eq!(table.codes(), ["R705 F15"]);
    assert_eq!(findings[0].message, "洛阳市 开工：合计公式 SUM(F5:F13) 没有包括第 14 行");
    assert_eq!(findings[0].row, None, "a finding on a total must not reject a row");
}

#[test]
fn a_formula_that_repeats_a_row() {
    let mut table = table();
    let row = yuan(&mut table, 9);
    let text = sum_and(&table, row);
    table.wan(&text).formula = Some("SUM(F5:F14)+F9".into());
    assert_cause(&table, "row_twice", &[" = 第 9 行", "合计公式重复计入这一行"]);
}

#[test]
fn text_numbers_that_the_sum_passes_over() {
    for formula in [None, Some("SUM(F5:F14)")] {
        let mut table = table();
        let text = sum_and(&table, -51_000 * 10_000 - 152_300_000);
        table.wan(&text).formula = formula.map(str::to_owned);
        for row in [5, 12] {
            table.find("N402", row);
        }
        assert_cause(&table, "text_number_skipped", &["第 5、12 行", "是文本"]);
        assert_eq!(table.codes(), ["R701 F15"], "the formula does reach the rows");

        let mut twin = Table { totals: Vec::new(), ..table };
        let sum = twin.sum();
        twin.wan(&sum);
        assert_eq!(twin.verdict().0, Verdict::Match);
    }
}

#[test]
fn plus_turns_text_into_numbers() {
    let mut table = Table::of(&["51000", "8600"]);
    table.find("N402", 5);
    let sum = table.sum();
    table.wan(&sum).formula = Some("F5+F6".into());
    assert_eq!(table.verdict().0, Verdict::Match);
}

#[test]
fn hidden_rows_that_the_total_lacks() {
    for formula in [None, Some("SUBTOTAL(109,F5:F14)")] {
        let mut table = table();
        let text = sum_and(&table, -980_000_000);
        table.wan(&text).formula = formula.map(str::to_owned);
        table.at(11).hidden = true;
        table.count("9");
        assert_cause(&table, "hidden_row", &["隐藏的第 11 行"]);
        let count = table.against("sheet_total").into_iter().find(|c| c.measure == Measure::Count).expect("count");
        assert_eq!((count.verdict, count.cause), (Verdict::Mismatch, Some("hidden_row")));

        let mut twin = Table { totals: Vec::new(), ..table };
        let sum = twin.sum();
        twin.wan(&sum).formula = formula.map(str::to_owned);
        assert_eq!(twin.verdict().0, Verdict::Match, "a hidden row that is counted is no mismatch");
    }
}

#[test]
fn group_totals_added_twice() {
    let typed = |all: bool| {
        let mut table = table();
        table.group(21, 5..=9, "240633.85");
        table.group(22, 10..=14, "230997.5");
        let more = if all { 4_716_313_500 } else { 2_406_338_500 };
        let text = sum_and(&table, more);
        table.wan(&text);
        table
    };
    assert_cause(&typed(true), "subtotal_counted_twice", &["小计 F21、F22", "重复相加"]);
    assert_cause(&typed(false), "subtotal_counted_twice", &["小计 F21，"]);

    let mut table = table();
    table.group(20, 5..=14, "471631.35");
    let text = sum_and(&table, 4_716_313_500);
    table.wan(&text).formula = Some("SUM(F5:F20)".into());
    assert_cause(&table, "subtotal_counted_twice", &[" = 小计 F20"]);

    let mut twin = Table { totals: Vec::new(), ..table };
    twin.group(21, 5..=9, "240633.85");
    twin.group(22, 10..=14, "230997.5");
    let sum = twin.sum();
    twin.wan(&sum).formula = Some("F21+F22".into());
    assert!(twin.run().0.iter().all(|c| c.verdict == Verdict::Match));
    assert!(twin.codes().is_empty(), "every row is reached through its 小计");
}

#[test]
fn digits_of_the_total_exchanged() {
    let mut table = table();
    table.wan("417631.35");
    assert_cause(&table, "digit_transposition", &["合计的相邻两位数字写颠倒", "若为 471631.35 万元"]);
}

#[test]
fn digits_of_a_row_exchanged() {
    let mut table = table();
    table.wan(&table.sum());
    write(&mut table, 14, 693_170_000);
    let (cause, note) = cause(&table);
    assert_eq!(cause, Some("digit_transposition"), "{note}");
    assert!(note.contains("疑为") && note.contains("第 14 行"), "{note}");
}

#[test]
fn digits_of_a_row_exchanged_in_whole_wan() {
    let mut table = Table::of(&["32000", "45600", "12800", "76500", "41100", "64300"]);
    table.wan("245300"); // with 14100 for 41100
    let (found, note) = cause(&table);
    assert_eq!(found, Some("digit_transposition"), "{note}");
    assert!(note.contains("疑为") && note.contains("若为 14100 万元"), "{note}");

    let mut twin = Table::of(&["32000", "45600", "12800", "76500", "41100", "64300"]);
    twin.wan("245304"); // 26996 is no exchange of digits
    assert_eq!(cause(&twin).0, Some("unexplained"), "{}", cause(&twin).1);
}

#[test]
fn rejected_rows_that_the_total_lacks() {
    let mut table = table();
    let text = sum_and(&table, -510_000_000 - 77_505_000);
    table.wan(&text);
    for row in [5, 10] {
        table.reject(row);
    }
    assert_cause(&table, "rejected_rows", &["退回的第 5、10 行"]);
    let accepted = table.against("accepted");
    let sum = accepted.iter().find(|c| c.measure == Measure::TotalInvestment && c.unit_code == "410300").expect("sum");
    assert_eq!((sum.verdict, sum.cause), (Verdict::Mismatch, Some("rejected_rows")));
    assert_eq!(sum.difference, Some(587_505_000));
    assert_eq!(table.codes(), ["R701 F15"], "what was rejected is no finding of the ledger");
}

#[test]
fn rows_below_the_total() {
    let mut table = table();
    let text = sum_and(&table, -461_000_000 - 639_170_000);
    let total = table.wan(&text);
    total.rows.truncate(8);
    total.cell.row = 11;
    for (row, moved) in [(14, 15), (13, 14)] {
        let record = table.at(row);
        (record.origin.row, record.after_total) = (moved, true);
    }
    assert_cause(&table, "row_missing", &["合计行下面的第 14、15 行"]);

    let mut twin = Table { totals: Vec::new(), ..table };
    let sum = twin.sum();
    let total = twin.wan(&sum);
    total.rows.truncate(8);
    total.cell.row = 11;
    assert_eq!(twin.verdict().0, Verdict::Match, "the total may have them although it stands above them");
}

#[test]
fn two_causes_together() {
    let mut table = table();
    let text = sum_and(&table, -510_000_000 - 1_205_002_500);
    table.wan(&text);
    table.find("N402", 5);
    assert_cause(&table, "row_missing", &["可能由几项合成", "第 5 行", "第 8 行"]);
}

#[test]
fn a_wider_total_inherits_the_difference() {
    let mut table = table();
    table.group(21, 5..=9, "206433.85");
    table.group(22, 10..=14, "230997.5");
    table.wan("437431.35").formula = Some("F21+F22".into());
    assert_cause(&table, "row_missing", &["小计 F21 的差额", "第 9 行"]);
    let mut codes = table.codes();
    codes.sort();
    assert_eq!(codes, ["R701 F15", "R704 F21"]);
}

#[test]
fn a_wide_window_claims_nothing() {
    // 47 亿元 leaves half a 亿元 open: dozens of sums of rows and exchanges of digits lie in there.
    let mut table = table();
    table.group(21, 5..=9, "240633.85");
    table.group(22, 10..=14, "230997.5");
    table.total(Measure::TotalInvestment, "40", FACTOR_YI);
    assert_cause(&table, "unexplained", &["没有找到"]);
}

#[test]
fn what_fits_nothing_is_said_plainly() {
    let mut table = table();
    let text = sum_and(&table, -317_777_777);
    table.wan(&text);
    assert_cause(&table, "unexplained", &["没有找到"]);
}

#[test]
fn rows_without_a_readable_amount_are_named() {
    let mut table = table();
    let text = sum_and(&table, 317_777_777);
    table.wan(&text);
    table.at(9).values.get_mut(&Field::TotalInvestment).expect("amount").value = None;
    table.reject(9);
    assert_cause(&table, "rejected_rows", &["第 9 行", "没有可用的总投资"]);
}

#[test]
fn counts_follow_the_investment_beside_them() {
    let mut table = table();
    let row = yuan(&mut table, 8);
    let text = sum_and(&table, -row);
    table.wan(&text);
    table.count("9");
    let count = table.against("sheet_total").into_iter().find(|c| c.measure == Measure::Count).expect("count");
    assert_eq!((count.verdict, count.cause), (Verdict::Mismatch, Some("row_missing")));
    assert!(count.note.as_deref().is_some_and(|n| n.contains("第 8 行")), "{:?}", count.note);
}

#[test]
fn a_count_alone_names_no_row() {
    for (text, expected, says) in
        [("9", "row_missing", "分不出是哪一行"), ("11", "unexplained", "没有找到"), ("4", "unexplained", "没有找到")]
    {
        let mut table = table();
        table.count(text);
        let count = table.against("sheet_total").into_iter().find(|c| c.measure == Measure::Count).expect("count");
        assert_eq!((count.verdict, count.cause), (Verdict::Mismatch, Some(expected)), "{text}");
        assert!(count.note.as_deref().is_some_and(|n| n.contains(says)), "{:?}", count.note);
    }
    let mut table = Table::of(&["1"; 21]);
    table.count("12");
    let count = table.against("sheet_total").remove(0);
    assert_eq!(count.cause, Some("digit_transposition"));
}

#[test]
fn one_cell_with_both_figures_is_one_finding() {
    let mut table = table();
    table.wan("351131.1").value = "共9个项目，总投资351131.1万元".into();
    let cell = table.totals[0].cell;
    table.count("9").cell = cell;
    let (_, findings) = table.run();
    assert_eq!(findings.len(), 1);
    let finding = &findings[0];
    assert_eq!((finding.code, finding.cell.as_deref()), ("R701", Some("F15")));
    assert!(finding.message.contains("120500.25 万元") && finding.message.contains("差 1 项"), "{}", finding.message);
    assert_eq!(finding.seen.as_deref(), Some("共9个项目，总投资351131.1万元"));
    assert_eq!(finding.read_as.as_deref(), Some("351131.1 万元"));
}
