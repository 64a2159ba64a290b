//! Amounts by table: one line per spelling.

use proptest::prelude::*;

use super::{MoneyUnit, Reading, amount};
use crate::model::{Amount, Bound, Cell, CellKind, CellRef, Value};
use crate::spec::Measures;

fn measures() -> Measures {
    toml::from_str(include_str!("../../pipelines/measures.toml")).unwrap()
}

fn unit(name: &str) -> MoneyUnit {
    let measures = measures();
    let found = measures.measure.iter().find(|m| m.name == name).unwrap();
    MoneyUnit { name: name.to_owned(), yuan: found.yuan }
}

fn cell(kind: CellKind) -> Cell {
    Cell::new(CellRef::new(0, 0), kind)
}

fn read_text(text: &str, declared: &str) -> Reading {
    amount(&cell(CellKind::Text(text.into())), &unit(declared), &measures())
}

fn read_number(n: f64, format: &str, declared: &str) -> Reading {
    let mut cell = cell(CellKind::Number(n));
    cell.format = (!format.is_empty()).then(|| format.into());
    amount(&cell, &unit(declared), &measures())
}

fn value(reading: &Reading) -> Option<Amount> {
    match reading.value {
        Some(Value::Amount(a)) => Some(a),
        _ => None,
    }
}

fn codes(reading: &Reading) -> String {
    reading.remarks.iter().map(|r| r.code).collect::<Vec<_>>().join(" ")
}

/// Text, unit of the column → 万元, decimals as written, remarks.
const TEXTS: &[(&str, &str, &str, u8, &str)] = &[
    ("38824.65", "万元", "38824.6500", 2, "N402"),
    ("7.65", "亿元", "76500.0000", 2, "N402"),
    ("10,000", "万元", "10000.0000", 0, "N402"),
    ("9,831.6", "万元", "9831.6000", 1, "N402"),
    ("10，000", "万元", "10000.0000", 0, "N402"),
    ("２８２０７．９７", "万元", "28207.9700", 2, "N402"),
    (" 12 000 ", "万元", "12000.0000", 0, "N402"),
    ("'5000", "万元", "5000.0000", 0, "N402"),
    ("5000\u{200b}", "万元", "5000.0000", 0, "N402"),
    ("5000。", "万元", "5000.0000", 0, "N402"),
    ("1.20E+05", "万元", "120000.0000", 0, "N402"),
    ("59624万元", "万元", "59624.0000", 0, "N402"),
    ("26513.35万元", "亿元", "26513.3500", 2, "N402"),
    ("14.1亿元", "万元", "141000.0000", 1, "N402"),
    ("14.1 亿元", "万元", "141000.0000", 1, "N402"),
    ("3.5亿", "万元", "35000.0000", 1, "N402"),
    ("5000万", "亿元", "5000.0000", 0, "N402"),
    ("35000000元", "万元", "3500.0000", 0, "N402"),
    ("3亿5000万", "万元", "35000.0000", 0, "N402"),
    ("叁亿伍仟万元整", "万元", "35000.0000", 0, "N402"),
    ("伍仟万", "万元", "5000.0000", 0, "N402"),
    ("三点五亿", "万元", "35000.0000", 1, "N402"),
    ("五千", "万元", "5000.0000", 0, "N402"),
    ("5000（万元）", "亿元", "5000.0000", 0, "N402"),
    ("5000(人民币万元)", "亿元", "5000.0000", 0, "N402"),
    ("人民币5000万元", "万元", "5000.0000", 0, "N402"),
    ("5000万元人民币", "万元", "5000.0000", 0, "N402"),
    ("￥3500", "万元", "3500.0000", 0, "N402"),
    ("总投资3.2亿元", "万元", "32000.0000", 1, "N402"),
    ("3.2亿元（其中固定资产投资2.5亿元）", "万元", "32000.0000", 1, "N402"),
    ("5亿元，其中一期2亿元", "万元", "50000.0000", 0, "N402"),
    ("5.2亿元（外资3000万美元）", "万元", "52000.0000", 1, "N402"),
    ("5000万元（二期）", "万元", "5000.0000", 0, "N402"),
    ("5000(含设备8000)", "万元", "5000.0000", 0, "N402"),
    ("3500万元（折合500万美元）", "万元", "3500.0000", 0, "N402"),
    ("0", "万元", "0.0000", 0, "N402"),
    ("0.0", "万元", "0.0000", 1, "N402"),
    ("-5000", "万元", "-5000.0000", 0, "N402"),
    ("负5000", "万元", "-5000.0000", 0, "N402"),
    ("−5000", "万元", "-5000.0000", 0, "N402"),
    ("（1,234.5）", "万元", "-1234.5000", 1, "N402"),
    ("(123)", "亿元", "-1230000.0000", 0, "N402"),
    ("1.23456", "万元", "1.2346", 4, "N402"),
    ("0.00005", "万元", "0.0001", 4, "N402"),
    ("0.00004", "万元", "0.0000", 4, "N402"),
    ("3.50", "亿元", "35000.0000", 2, "N402"),
    ("约3.2", "亿元", "32000.0000", 1, "N404"),
    ("约22亿元", "万元", "220000.0000", 0, "N404"),
    ("23亿元左右", "万元", "230000.0000", 0, "N404"),
    ("3亿元以上", "万元", "30000.0000", 0, "N404"),
    ("超10亿", "万元", "100000.0000", 0, "N404"),
    ("不低于5亿元", "万元", "50000.0000", 0, "N404"),
    ("不超过2000万元", "万元", "2000.0000", 0, "N404"),
    ("3亿多元", "万元", "30000.0000", 0, "N404"),
    ("10余亿元", "万元", "100000.0000", 0, "N404"),
    ("5000（暂估）", "万元", "5000.0000", 0, "N404"),
    ("5000万元左右（暂估）", "万元", "5000.0000", 0, "N404"),
    ("≥5000", "万元", "5000.0000", 0, "N404"),
    ("10亿+", "万元", "100000.0000", 0, "N404"),
    ("预计1.5亿元", "万元", "15000.0000", 1, "N404"),
];

#[test]
fn texts() {
    for (text, declared, wan, decimals, remarks) in TEXTS {
        let reading = read_text(text, declared);
        let amount = value(&reading).unwrap_or_else(|| panic!("{text}: {reading:?}"));
        assert_eq!((amount.wan_string().as_str(), amount.decimals), (*wan, *decimals), "{text}");
        assert_eq!(codes(&reading), *remarks, "{text}");
    }
}

#[test]
fn bounds_are_kept() {
    for (text, bound) in [
        ("3亿", Bound::Exact),
        ("约3亿", Bound::About),
        ("3亿以上", Bound::AtLeast),
        ("约3亿以上", Bound::AtLeast),
        ("3亿多", Bound::AtLeast),
        ("不足3亿", Bound::AtMost),
        ("3亿(预计)", Bound::About),
    ] {
        assert_eq!(value(&read_text(text, "万元")).map(|a| a.bound), Some(bound), "{text}");
    }
}

#[test]
fn unreadable_texts() {
    for text in [
        "待定",
        "3-5亿元",
        "3～5亿",
        "3至5亿元",
        "3亿-5亿元",
        "三到五亿",
        "50%",
        "５０％",
        "几亿元",
        "数千万",
        "详见附件",
        "亿元",
        "万元",
        "3.5.1",
        "1,23",
        "1000 200",
        "100 2000",
        "100\n200",
        "5000万平方米",
        "30亩",
        "3亿5000",
        "2000万件",
        "是",
        "5000万元（万元）",
        "5000（3亿）",
        "5000，3000",
        "5亿元，3亿元",
        "约",
        "2026年3月",
        "1.2+3.4亿",
        "99999999999999999999亿元",
        "3.5亿吨",
        "5000/6000",
        "一期3亿二期5亿",
        "#",
    ] {
        let reading = read_text(text, "万元");
        assert_eq!((value(&reading), codes(&reading).as_str()), (None, "N401"), "{text}");
    }
}

#[test]
fn blank_marks_say_nothing() {
    for text in ["", " ", "-", "—", "——", "/", "无", "暂无", "N/A", "－"] {
        let reading = read_text(text, "万元");
        assert_eq!((reading.value.is_none(), &*reading.rule, reading.remarks.len()), (true, "blank", 0), "{text}");
    }
    let mut uncached = cell(CellKind::Empty);
    uncached.uncached = true;
    for (cell, rule) in [
        (uncached, "formula-uncached"),
        (cell(CellKind::Empty), "blank"),
        (cell(CellKind::Error("#REF!".to_owned())), "error"),
    ] {
        let reading = amount(&cell, &unit("万元"), &measures());
        assert_eq!((reading.value.is_none(), &*reading.rule, reading.remarks.len()), (true, rule, 0));
    }
}

#[test]
fn foreign_currency_has_no_value() {
    for (text, declared) in [
        ("4900万美元", "万元"),
        ("1000 万美元", "万元"),
        ("约2亿美元", "万元"),
        ("USD 500", "万元"),
        ("$1,000,000", "万元"),
        ("US＄5000", "万元"),
        ("300万欧元", "万元"),
        ("2亿港元", "亿元"),
        ("2亿港币", "亿元"),
        ("500万美元（约3500万元）", "万元"),
        ("500", "万美元"),
        ("0.5亿", "亿美元"),
        ("约500", "万美元"),
    ] {
        let reading = read_text(text, declared);
        assert_eq!((value(&reading), codes(&reading).as_str()), (None, "N410"), "{text}");
        assert!(reading.remarks[0].message.contains("外币"));
    }
    // A cell of such a column that says 元 is 元.
    assert_eq!(value(&read_text("3500万元", "万美元")).map(|a| a.yuan), Some(35_000_000));
    assert_eq!(codes(&read_number(500.0, "", "万美元")), "N410");
    assert_eq!(codes(&read_number(500.0, "[$$-409]#,##0.00", "万元")), "N410");
}

#[test]
fn numbers() {
    for (n, format, declared, wan, decimals) in [
        (51_000.0, "", "万元", "51000.0000", 0),
        (52_289.83, "", "万元", "52289.8300", 2),
        (1_800.000_000_000_000_2, "0.00", "万元", "1800.0000", 0),
        (1_234.560_000_000_000_1, "", "万元", "1234.5600", 2),
        (0.1 + 0.2, "", "亿元", "3000.0000", 1),
        (5.1, "", "亿元", "51000.0000", 1),
        (12_345.678_9, "0.00", "万元", "12345.6789", 4),
        (10_000.0 / 3.0, "", "万元", "3333.3333", 4),
        (2_200.0, "0.00\"万元\"", "亿元", "2200.0000", 0),
        (3.5, "0.00\"亿元\"", "万元", "35000.0000", 1),
        (350_000_000.0, "0!.0,\"万元\"", "万元", "35000.0000", 0),
        (350_000_000.0, "0!.00,,\"亿\"", "万元", "35000.0000", 1),
        (350_000_000.0, "", "元", "35000.0000", 0),
        (0.0, "", "万元", "0.0000", 0),
        (-12.5, "#,##0.00;(#,##0.00)", "万元", "-12.5000", 1),
    ] {
        let reading = read_number(n, format, declared);
        let amount = value(&reading).unwrap_or_else(|| panic!("{n}: {reading:?}"));
        assert_eq!((amount.wan_string().as_str(), amount.decimals), (wan, decimals), "{n} {format}");
        assert_eq!(codes(&reading), "", "{n} {format}");
    }
    for (n, format) in [(0.35, "0%"), (1e300, ""), (1e18, ""), (f64::NAN, "")] {
        assert_eq!(codes(&read_number(n, format, "万元")), "N401", "{n} {format}");
    }
    for kind in [CellKind::Date(45_000.0), CellKind::Bool(true)] {
        assert_eq!(codes(&amount(&cell(kind), &unit("万元"), &measures())), "N401");
    }
}

#[test]
fn remarks_tell_how_it_was_read() {
    let reading = read_text("约22亿元", "万元");
    let remark = &reading.remarks[0];
    assert_eq!(remark.message, "“约22亿元”是约数，按所写的数计");
    assert_eq!(remark.read_as.as_deref(), Some("22亿元"));
    assert_eq!(reading.rule, "amount:格内单位");
    let reading = read_text("38,824.65", "万元");
    assert_eq!(reading.remarks[0].read_as.as_deref(), Some("38824.65万元"));
    assert_eq!(reading.rule, "amount:万元");
    assert_eq!(read_number(3.5, "0.00\"亿元\"", "万元").rule, "amount:亿元（数字格式）");
}

fn decimal_text(digits: u64, scale: usize) -> String {
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    if scale == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

proptest! {
    #[test]
    fn every_figure_is_read_exactly(digits in 0u64..1_000_000_000, scale in 0usize..=4, which in 0usize..3) {
        let (name, factor) = [("元", 1i64), ("万元", 10_000), ("亿元", 100_000_000)][which];
        let text = decimal_text(digits, scale);
        let divisor = 10i128.pow(u32::try_from(scale).unwrap());
        let exact = i128::from(digits) * i128::from(factor);
        let expected = i64::try_from((exact + divisor / 2) / divisor).unwrap();
        let plain = value(&read_text(&text, name)).unwrap();
        prop_assert_eq!(plain.yuan, expected);
        prop_assert_eq!(plain.factor, factor);
        let own = value(&read_text(&format!("{text}{name}"), "千元")).unwrap();
        prop_assert_eq!(own.yuan, expected);
        let number = value(&read_number(text.parse().unwrap(), "", name)).unwrap();
        prop_assert_eq!(number.yuan, expected);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}") {
        let _ = read_text(&text, "万元");
    }

    #[test]
    fn no_figure_like_text_panics(text in "[0-9.,，+-~～亿万千百十元零一二三点整多约以上()（）% eE$¥]{0,14}") {
        let _ = read_text(&text, "万元");
    }

    #[test]
    fn no_number_panics(bits: u64, format in "[0#?,.;!\"万亿元%\\\\_*\\[\\]>=]{0,14}") {
        let _ = read_number(f64::from_bits(bits), &format, "亿元");
    }
}
