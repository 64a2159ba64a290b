//! Dates by table: one line per spelling.

use proptest::prelude::*;

use super::date_scan::{Scan, usual};
use super::{Reading, date, period};
use crate::model::{Cell, CellKind, CellRef, PartialDate, Value};

fn cell(kind: CellKind) -> Cell {
    Cell::new(CellRef::new(0, 0), kind)
}

fn text_cell(text: &str) -> Cell {
    cell(CellKind::Text(text.into()))
}

fn with_format(kind: CellKind, format: &str) -> Cell {
    Cell { format: (!format.is_empty()).then(|| format.into()), ..cell(kind) }
}

/// `2026-03-15 day N405`: date, precision and remarks, `-` for no value.
fn show(reading: &Reading) -> String {
    let date = match &reading.value {
        Some(Value::Date(PartialDate { first, precision })) => format!("{first} {}", precision.as_str()),
        Some(other) => format!("{other:?}"),
        None => "-".to_owned(),
    };
    let codes: Vec<&str> = reading.remarks.iter().map(|r| r.code).collect();
    format!("{date} {}", codes.join(" ")).trim_end().to_owned()
}

/// The year that is assumed in these tables.
const YEAR: Option<i16> = Some(2026);

const TEXTS: &[(&str, &str)] = &[
    // days
    ("2026年3月15日", "2026-03-15 day"),
    ("2026年03月05日", "2026-03-05 day"),
    ("2026年3月15", "2026-03-15 day"),
    ("2026年3月15号", "2026-03-15 day"),
    ("2026-03-15", "2026-03-15 day"),
    ("2026-3-5", "2026-03-05 day"),
    ("2026/3/15", "2026-03-15 day"),
    ("2026／3／15", "2026-03-15 day"),
    ("2026.03.15", "2026-03-15 day"),
    ("2026.3.15", "2026-03-15 day"),
    ("2026. 3. 15", "2026-03-15 day"),
    ("2026.3月15日", "2026-03-15 day"),
    ("20260315", "2026-03-15 day"),
    ("２０２６年３月１５日", "2026-03-15 day"),
    ("2026 年 3 月 15 日", "2026-03-15 day"),
    ("二〇二六年三月十五日", "2026-03-15 day"),
    ("2026-03-15 00:00:00", "2026-03-15 day"),
    ("2026/3/15 9:30", "2026-03-15 day"),
    ("2026-03-15T08:00:00.000Z", "2026-03-15 day"),
    ("2026年3月15日9时30分", "2026-03-15 day"),
    ("2025.12.30前", "2025-12-30 day"),
    ("3月15日", "2026-03-15 day"),
    ("3月15日（已开工）", "2026-03-15 day"),
    ("26年3月15日", "2026-03-15 day"),
    ("明年3月15日", "2027-03-15 day"),
    ("已于2025年12月15日开工", "2025-12-15 day"),
    ("2025年12月（2025-12-15）", "2025-12-15 day"),
    ("44166", "2020-12-01 day"),
    ("26.3.15", "2026-03-15 day"),
    ("26/3/15", "2026-03-15 day"),
    ("15-Mar-26", "2026-03-15 day"),
    ("15-Mar-2026", "2026-03-15 day"),
    // months
    ("2026年3月", "2026-03-01 month"),
    ("2026年03月", "2026-03-01 month"),
    ("2026年3月份", "2026-03-01 month"),
    ("2026-03", "2026-03-01 month"),
    ("2026.3", "2026-03-01 month"),
    ("2026.03", "2026-03-01 month"),
    ("2026.1", "2026-01-01 month"),
    ("2026.10", "2026-10-01 month"),
    ("2026/3", "2026-03-01 month"),
    ("2026.3月", "2026-03-01 month"),
    ("2026/12", "2026-12-01 month"),
    ("202603", "2026-03-01 month"),
    ("26年3月", "2026-03-01 month"),
    ("26.03", "2026-03-01 month"),
    ("Mar-26", "2026-03-01 month"),
    ("March 2026", "2026-03-01 month"),
    ("二〇二六年十二月", "2026-12-01 month"),
    ("二零二六年十月", "2026-10-01 month"),
    ("2026年3月底", "2026-03-01 month"),
    ("2026年3月初", "2026-03-01 month"),
    ("2026年3月上旬", "2026-03-01 month"),
    ("2026年3月中旬", "2026-03-01 month"),
    ("2026年3月下旬", "2026-03-01 month"),
    ("2026年3月前", "2026-03-01 month"),
    ("2026年3月左右", "2026-03-01 month"),
    ("2026年3月（计划）", "2026-03-01 month"),
    ("已开工（2025年12月）", "2025-12-01 month"),
    ("预计2026年6月", "2026-06-01 month"),
    ("力争2026年6月底前建成", "2026-06-01 month"),
    ("计划3月开工", "2026-03-01 month"),
    ("三月", "2026-03-01 month"),
    ("3月底", "2026-03-01 month"),
    ("2026年底", "2026-12-01 month"),
    ("2026年末", "2026-12-01 month"),
    ("2026年年底", "2026-12-01 month"),
    ("2026年底前", "2026-12-01 month"),
    ("2026底", "2026-12-01 month"),
    ("2026年初", "2026-01-01 month"),
    ("年底", "2026-12-01 month"),
    ("年末", "2026-12-01 month"),
    ("年初", "2026-01-01 month"),
    ("今年年底", "2026-12-01 month"),
    ("明年底", "2027-12-01 month"),
    ("工期14个月，2026年3月开工", "2026-03-01 month"),
    // quarters and halves
    ("2028年第四季度", "2028-10-01 quarter"),
    ("2026年一季度", "2026-01-01 quarter"),
    ("2026年4季度", "2026-10-01 quarter"),
    ("2026年第2季度", "2026-04-01 quarter"),
    ("2026年Ⅰ季度", "2026-01-01 quarter"),
    ("2026年Q3", "2026-07-01 quarter"),
    ("2026Q3", "2026-07-01 quarter"),
    ("2026-Q3", "2026-07-01 quarter"),
    ("2026年三季度末", "2026-07-01 quarter"),
    ("一季度", "2026-01-01 quarter"),
    ("第二季度", "2026-04-01 quarter"),
    ("计划二季度开工", "2026-04-01 quarter"),
    ("q4", "2026-10-01 quarter"),
    ("2025年下半年", "2025-07-01 half"),
    ("2024年上半年", "2024-01-01 half"),
    ("上半年", "2026-01-01 half"),
    ("下半年开工", "2026-07-01 half"),
    // years
    ("2028年", "2028-01-01 year"),
    ("2028", "2028-01-01 year"),
    ("2028年度", "2028-01-01 year"),
    ("28年", "2028-01-01 year"),
    ("二〇二八年", "2028-01-01 year"),
    ("2026年内", "2026-01-01 year"),
    ("年内", "2026-01-01 year"),
    ("明年", "2027-01-01 year"),
    // spans in a column for one date
    ("2026年3月-2027年5月", "2026-03-01 month N405"),
    ("2026.03-2029.01", "2026-03-01 month N405"),
    ("2026-2028", "2026-01-01 year N405"),
    ("2026年3月15日至4月20日", "2026-03-15 day N405"),
    ("2026年3-5月", "2026-03-01 month N405"),
    // nothing
    ("-", "-"),
    ("—", "-"),
    ("/", "-"),
    ("无", "-"),
    ("　", "-"),
    // unreadable
    ("待定", "- N405"),
    ("原计划2026年3月，现待定", "- N405"),
    ("尽快", "- N405"),
    ("已开工", "- N405"),
    ("同期", "- N405"),
    ("2026年13月", "- N405"),
    ("2026-02-30", "- N405"),
    ("2026.13", "- N405"),
    ("2026年3月32日", "- N405"),
    ("1926年3月", "- N405"),
    ("2206年3月", "- N405"),
    ("12.30", "- N405"),
    ("3/15", "- N405"),
    ("12.3", "- N405"),
    ("26-3", "- N405"),
    ("31/12", "- N405"),
    ("Marx-5", "- N405"),
    ("15日", "- N405"),
    ("2026年3月（第2批）", "- N405"),
    ("11月9日开标，11月中旬开工建设", "- N405"),
    ("2026年3月开工，5月投产，9月达产", "- N405"),
    ("三个一批", "- N405"),
    ("24个月", "- N405"),
    ("3年", "- N405"),
    ("12345", "- N405"),
    ("2026031", "- N405"),
    ("0", "- N405"),
];

#[test]
fn texts() {
    for (text, expected) in TEXTS {
        assert_eq!(show(&date(&text_cell(text), YEAR)), *expected, "{text}");
    }
}

#[test]
fn without_a_year_to_assume() {
    for text in ["3月15日", "一季度", "年底", "下半年", "明年3月", "三月", "Q2"] {
        assert_eq!(show(&date(&text_cell(text), None)), "- N405", "{text}");
    }
    assert_eq!(date(&text_cell("3月"), YEAR).rule, "date:年月（年份为推定）");
    assert_eq!(date(&text_cell("2026年3月"), YEAR).rule, "date:年月");
}

#[test]
fn numbers() {
    for (n, format, expected) in [
        (2026.0, "", "2026-01-01 year"),
        (202_603.0, "", "2026-03-01 month"),
        (20_260_315.0, "", "2026-03-15 day"),
        (20_270_724.0, "0", "2027-07-24 day"),
        (2026.3, "", "2026-03-01 month"),
        (2026.03, "", "2026-03-01 month"),
        (2026.12, "", "2026-12-01 month"),
        (2026.3, "0.00", "2026-03-01 month"),
        (2026.1, "", "2026-01-01 month N405"),
        (2026.1, "0.0", "2026-01-01 month N405"),
        (2026.1, "0.00", "2026-10-01 month"),
        (2026.01, "0.00", "2026-01-01 month"),
        (44_166.0, "", "2020-12-01 day"),
        (46_096.5, "", "2026-03-15 day"),
        (2026.45, "", "- N405"),
        (2026.123, "", "- N405"),
        (202_613.0, "", "- N405"),
        (20_260_230.0, "", "- N405"),
        (1900.0, "", "- N405"),
        (0.0, "", "- N405"),
        (-44_166.0, "", "- N405"),
        (3.15, "", "- N405"),
        (1e20, "", "- N405"),
        (f64::NAN, "", "- N405"),
    ] {
        assert_eq!(show(&date(&with_format(CellKind::Number(n), format), YEAR)), expected, "{n} {format}");
    }
}

#[test]
fn cells_that_excel_shows_as_dates() {
    for (days, format, date1904, expected) in [
        (46_096.0, "yyyy/m/d", false, "2026-03-15 day"),
        (46_096.75, "yyyy-mm-dd hh:mm", false, "2026-03-15 day"),
        (46_096.0, "yyyy\"年\"m\"月\"", false, "2026-03-01 month"),
        (46_096.0, "mmm-yy", false, "2026-03-01 month"),
        (46_096.0, "yyyy\"年\"", false, "2026-01-01 year"),
        (46_096.0, "m\"月\"d\"日\"", false, "2026-03-15 day"),
        (46_096.0, "", false, "2026-03-15 day"),
        (44_634.0, "yyyy/m/d", true, "2026-03-15 day"),
        (44_561.0, "yyyy\"年\"m\"月\"", true, "2026-01-01 month"),
        (60.0, "yyyy/m/d", false, "- N405"),
        (2026.0, "yyyy/m/d", false, "- N405"),
        (-1.0, "yyyy/m/d", false, "- N405"),
        (1e9, "yyyy/m/d", false, "- N405"),
        (f64::INFINITY, "yyyy/m/d", false, "- N405"),
    ] {
        let cell = Cell { date1904, ..with_format(CellKind::Date(days), format) };
        assert_eq!(show(&date(&cell, YEAR)), expected, "{days} {format}");
    }
}

#[test]
fn only_the_caller_speaks_of_cells_without_value() {
    let uncached = Cell { uncached: true, ..cell(CellKind::Empty) };
    for (cell, rule) in [
        (uncached, "formula-uncached"),
        (cell(CellKind::Empty), "blank"),
        (cell(CellKind::Error("#N/A".to_owned())), "error"),
    ] {
        let reading = date(&cell, YEAR);
        assert_eq!((show(&reading).as_str(), &*reading.rule), ("-", rule));
    }
    assert_eq!(show(&date(&cell(CellKind::Bool(true)), YEAR)), "- N405");
}

const PERIODS: &[(&str, &str, &str)] = &[
    ("2026.03-2029.01", "2026-03-01 month", "2029-01-01 month"),
    ("2026—2028年", "2026-01-01 year", "2028-01-01 year"),
    ("2026—2026年", "2026-01-01 year", "2026-01-01 year"),
    ("2025-2027", "2025-01-01 year", "2027-01-01 year"),
    ("2025-27年", "2025-01-01 year", "2027-01-01 year"),
    ("2025年-2027年", "2025-01-01 year", "2027-01-01 year"),
    ("2026年3月-2028年12月", "2026-03-01 month", "2028-12-01 month"),
    ("2026年3月至2028年12月", "2026-03-01 month", "2028-12-01 month"),
    ("2026年3月—12月", "2026-03-01 month", "2026-12-01 month"),
    ("2026年3月至次年5月", "2026-03-01 month", "2027-05-01 month"),
    ("2026年3-9月", "2026-03-01 month", "2026-09-01 month"),
    ("2026.3～2027.5", "2026-03-01 month", "2027-05-01 month"),
    ("2026.3.15-2027.5.1", "2026-03-15 day", "2027-05-01 day"),
    ("2015-01-04-2015-11-27", "2015-01-04 day", "2015-11-27 day"),
    ("2026-03-2028-05", "2026-03-01 month", "2028-05-01 month"),
    ("2026/3-2028/5", "2026-03-01 month", "2028-05-01 month"),
    ("26.03-28.05", "2026-03-01 month", "2028-05-01 month"),
    ("202603-202805", "2026-03-01 month", "2028-05-01 month"),
    ("20260315-20280501", "2026-03-15 day", "2028-05-01 day"),
    ("2026年一季度-2028年四季度", "2026-01-01 quarter", "2028-10-01 quarter"),
    ("2026年下半年至2028年底", "2026-07-01 half", "2028-12-01 month"),
    ("2026年3月开工，2027年12月竣工", "2026-03-01 month", "2027-12-01 month"),
    ("2026年3月\n2027年12月", "2026-03-01 month", "2027-12-01 month"),
    ("2026年3月-2027年4月（14个月）", "2026-03-01 month", "2027-04-01 month"),
    ("二〇二六年至二〇二八年", "2026-01-01 year", "2028-01-01 year"),
    ("2026年", "2026-01-01 year", "2026-01-01 year"),
    ("2026", "2026-01-01 year", "2026-01-01 year"),
    ("2026年3月", "2026-03-01 month", "-"),
    ("2026年3月起", "2026-03-01 month", "-"),
    ("2026年3月-", "2026-03-01 month", "-"),
    ("2026年至今", "2026-01-01 year", "-"),
    ("至2027年底", "-", "2027-12-01 month"),
    ("2027年底建成", "-", "2027-12-01 month"),
    ("2028-2026", "2028-01-01 year", "2026-01-01 year"),
    ("—", "-", "-"),
    ("", "-", "-"),
    ("24个月", "- N405", "-"),
    ("待定", "- N405", "-"),
    ("2026-2027-2028", "- N405", "-"),
];

#[test]
fn periods() {
    for (text, start, completion) in PERIODS {
        let (a, b) = period(&text_cell(text), YEAR);
        assert_eq!((show(&a).as_str(), show(&b).as_str()), (*start, *completion), "{text}");
    }
    let (a, b) = period(&cell(CellKind::Number(2026.0)), YEAR);
    assert_eq!((show(&a).as_str(), show(&b).as_str()), ("2026-01-01 year", "2026-01-01 year"));
    let (a, b) = period(&with_format(CellKind::Date(46_096.0), "yyyy/m/d"), YEAR);
    assert_eq!((show(&a).as_str(), show(&b).as_str()), ("2026-03-15 day", "-"));
}

proptest! {
    #[test]
    fn every_day_is_read_in_every_style(y in 1990i16..=2100, m in 1i8..=12, d in 1i8..=28) {
        let expected = format!("{y:04}-{m:02}-{d:02} day");
        for text in [
            format!("{y}年{m}月{d}日"), format!("{y}-{m}-{d}"), format!("{y}/{m:02}/{d:02}"), format!("{y}.{m}.{d}"),
            format!("{y}{m:02}{d:02}"),
        ] {
            prop_assert_eq!(show(&date(&text_cell(&text), None)), expected.clone(), "{}", text);
        }
        let month = format!("{y:04}-{m:02}-01 month");
        for text in [format!("{y}年{m}月"), format!("{y}-{m:02}"), format!("{y}.{m}"), format!("{y}{m:02}")] {
            prop_assert_eq!(show(&date(&text_cell(&text), None)), month.clone(), "{}", text);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}", year in any::<Option<i16>>()) {
        let _ = (date(&text_cell(&text), year), period(&text_cell(&text), year));
    }

    #[test]
    fn no_date_like_text_panics(
        text in "[0-9年月日号季度第一二三十〇上下半年底初末至到.\\-/~ QTJanMar:时分旬前（）今明]{0,16}", year in any::<Option<i16>>(),
    ) {
        let _ = (date(&text_cell(&text), year), period(&text_cell(&text), year));
    }

    #[test]
    fn no_number_panics(bits: u64, date1904: bool, format in "[ymd0.年月日\"\\[\\]\\\\;@]{0,10}") {
        let n = f64::from_bits(bits);
        for kind in [CellKind::Number(n), CellKind::Date(n)] {
            let cell = Cell { date1904, ..with_format(kind, &format) };
            let _ = date(&cell, None);
        }
    }

    #[test]
    fn no_serial_panics(n in -100_000.0f64..1_000_000.0, date1904: bool) {
        for kind in [CellKind::Number(n), CellKind::Date(n)] {
            let _ = date(&Cell { date1904, ..cell(kind) }, None);
        }
    }
}

/// The direct way for common forms gives what the general one gives, or leaves the text to it.
#[test]
fn usual_forms_are_read_the_same_way() {
    let mut texts: Vec<String> = Vec::new();
    for year in ["2026", "1989", "2101", "26", "20260", "２０２６", "202x"] {
        for month in ["3", "03", "12", "13", "0", "003", ""] {
            for day in ["15", "1", "31", "29", "0", "32", "", "015"] {
                let forms = [
                    format!("{year}年{month}月{day}日"),
                    format!("{year}年{month}月"),
                    format!("{year}年{month}月{day}"),
                    format!("{year}年{day}日"),
                    format!("{year}-{month}-{day}"),
                    format!("{year}.{month}.{day}"),
                    format!("{year}/{month}/{day}"),
                    format!("{year}-{month}/{day}"),
                    format!("{year}-{month}"),
                    format!("{year}.{month}"),
                    format!("{year}/{month}"),
                    format!("{year}.{month}."),
                    format!(" {year}-{month}"),
                    format!("{year}{month}{day}"),
                ];
                texts.extend(forms);
            }
        }
    }
    let mut direct = 0;
    for text in texts {
        let Some(date) = usual(&text) else { continue };
        direct += 1;
        let scan = Scan::of(&text, YEAR);
        let [found] = scan.found[..] else { panic!("{text}: {:?}", scan.found) };
        assert_eq!((found.date, found.assumed_year, scan.rest().as_str()), (date, false, ""), "{text}");
    }
    assert!(direct > 50, "{direct}");
}
