//! How findings speak: amounts, places, names.

use crate::model::{Amount, FACTOR_WAN, FACTOR_YI, PastProject, Record};

/// An amount in the unit that it was written in.
pub(super) fn amount(amount: Amount) -> String {
    money(amount.yuan, amount.factor)
}

/// 元 in 亿元 if the figure that it is read beside was written so, else in 万元: `5.1亿元`, `3200万元`.
pub(super) fn money(yuan: i64, factor: i64) -> String {
    let (factor, unit) = if factor >= FACTOR_YI { (FACTOR_YI, "亿元") } else { (FACTOR_WAN, "万元") };
    let sign = if yuan < 0 { "-" } else { "" };
    let (whole, rest) = (yuan.unsigned_abs() / factor.unsigned_abs(), yuan.unsigned_abs() % factor.unsigned_abs());
    let digits = factor.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{unit}")
}

/// Where another record stands, as seen from `record`: `第15行`, `“开工”第15行`, or with the file.
pub(super) fn place(other: &Record, record: &Record) -> String {
    let row = format!("第{}行", other.origin.row);
    let same_file = other.origin.source.file == record.origin.source.file;
    if same_file && other.origin.sheet_index == record.origin.sheet_index {
        return row;
    }
    let sheet = other.origin.sheet.as_deref().filter(|s| !s.is_empty());
    let in_sheet = sheet.map_or_else(|| row.clone(), |s| format!("“{s}”{row}"));
    if same_file { in_sheet } else { format!("{} {in_sheet}", other.origin.source.file) }
}

/// An earlier record: `第02期签约`.
pub(super) fn earlier(past: &PastProject<'_>) -> String {
    format!("第{}期{}", past.batch, past.stage)
}

/// A project's name in quotation marks, or 名称未填.
pub(super) fn name(record: &Record) -> String {
    record.name().map_or_else(|| "（名称未填）".to_owned(), |n| format!("“{n}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_a_clerk_writes_them() {
        assert_eq!(amount(Amount::new(510_000_000, FACTOR_YI, 1)), "5.1亿元");
        assert_eq!(amount(Amount::new(510_000_000, FACTOR_WAN, 0)), "51000万元");
        assert_eq!(money(-5_000, FACTOR_WAN), "-0.5万元");
        assert_eq!(money(200_000_000, FACTOR_YI), "2亿元");
    }
}
