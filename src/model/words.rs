//! Chinese names of coded values, one list for pages and queries.

/// Sides of a comparison.
pub const SIDES: [(&str, &str); 6] = [
    ("detail", "报送明细"),
    ("accepted", "采用明细"),
    ("sheet_total", "表内合计"),
    ("group_total", "表内小计"),
    ("cover", "汇总表"),
    ("published", "公布数"),
];

/// Causes of a mismatch.
pub const CAUSES: [(&str, &str); 10] = [
    ("unit_slip", "万元、亿元写错"),
    ("row_missing", "合计漏计一行"),
    ("row_twice", "合计重计一行"),
    ("text_number_skipped", "文本格式的数字未计入"),
    ("formula_range_short", "合计公式范围不全"),
    ("subtotal_counted_twice", "小计被重复相加"),
    ("hidden_row", "隐藏行造成差额"),
    ("digit_transposition", "数字前后颠倒"),
    ("rejected_rows", "差额等于退回的行"),
    ("unexplained", "原因未明，请核实"),
];

/// The Chinese name of a value in a list; the value itself when it is not there.
#[must_use]
pub fn word<'a>(list: &[(&str, &'a str)], value: &'a str) -> &'a str {
    list.iter().find(|(code, _)| *code == value).map_or(value, |(_, title)| title)
}
