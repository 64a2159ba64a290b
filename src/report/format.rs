//! Numbers, batches and folder names as people read them. Exact: integers in, text out, no `f64`.

use std::fmt::Write;

use crate::model::{BatchId, FACTOR_YI};
use crate::spec::Unit;

/// Digits in groups of three.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A count: `1,234`.
pub(super) fn count(n: usize) -> String {
    grouped(n as u64)
}

/// 元 as 亿元 with two decimals, half away from zero: `1,234.57`.
pub(super) fn yi(yuan: i64) -> String {
    let cent = FACTOR_YI.unsigned_abs() / 100;
    let abs = (yuan.unsigned_abs() + cent / 2) / cent;
    let sign = if yuan < 0 && abs > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", grouped(abs / 100), abs % 100)
}

/// As [`yi`], with a sign also for more: `+0.30`. Zero has none.
pub(super) fn yi_signed(yuan: i64) -> String {
    let text = yi(yuan);
    if yuan > 0 && text != "0.00" { format!("+{text}") } else { text }
}

/// 元 as 万元, exact and without trailing zeros: `51,000`, `-0.5`.
pub(super) fn wan(yuan: i64) -> String {
    let abs = yuan.unsigned_abs();
    let sign = if yuan < 0 { "-" } else { "" };
    let fraction = format!("{:04}", abs % 10_000);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{fraction}", grouped(abs / 10_000))
}

/// A value × 10⁴ without trailing zeros, e.g. a count of a comparison. The same digits as 元 → 万元.
pub(super) fn fixed4(value: i64) -> String {
    wan(value)
}

/// As [`fixed4`], with a sign also for more.
pub(super) fn fixed4_signed(value: i64) -> String {
    if value > 0 { format!("+{}", fixed4(value)) } else { fixed4(value) }
}

/// A share × 10⁴ as a percentage with one decimal, half away from zero: `71.4%`.
pub(super) fn percent(share: i64) -> String {
    format!("{}%", tenths(share))
}

/// A difference of shares × 10⁴ in percentage points, with its sign: `+3.2`. Zero has none.
pub(super) fn points(difference: i64) -> String {
    let text = tenths(difference);
    if difference > 0 && text != "0.0" { format!("+{text}") } else { text }
}

fn tenths(share: i64) -> String {
    let abs = (share.unsigned_abs() + 5) / 10;
    let sign = if share < 0 && abs > 0 { "-" } else { "" };
    format!("{sign}{}.{}", abs / 10, abs % 10)
}

/// A day: `2021年10月8日`.
pub(super) fn day(day: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 第二期, 第十二期.
#[must_use]
pub fn batch_title(batch: &BatchId) -> String {
    format!("第{}期", chinese_number(batch.number()))
}

/// A number below 1000 in Chinese digits; larger ones stay Arabic.
fn chinese_number(n: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS[(d % 10) as usize];
    match n {
        0..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", if n == 10 { "" } else { digit(n) }),
        20..=99 => format!("{}十{}", digit(n / 10), if n.is_multiple_of(10) { "" } else { digit(n) }),
        100..=999 => {
            let rest = match n % 100 {
                0 => String::new(),
                r @ 1..=9 => format!("零{}", digit(r)),
                r => format!("{}十{}", digit(r / 10), if r.is_multiple_of(10) { "" } else { digit(r) }),
            };
            format!("{}百{rest}", digit(n / 100))
        }
        _ => n.to_string(),
    }
}

/// Folder of a unit's page: its name by the roster, unable to leave the reports folder whatever the roster says.
pub(super) fn folder(unit: &Unit) -> String {
    let name: String =
        unit.name.trim().chars().map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }).collect();
    if name.is_empty() || name.starts_with('.') { unit.code.replace(['/', '\\', '.'], "_") } else { name }
}

/// The folder as a relative link: ASCII that a URL may not hold is escaped, Chinese stays readable.
pub(super) fn link(folder: &str) -> String {
    let mut out = String::with_capacity(folder.len());
    for c in folder.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_.~".contains(c) {
            let _ = write!(out, "%{:02X}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_in_yi_rounds_to_two_decimals() {
        for (yuan, text) in [
            (0, "0.00"),
            (499_999, "0.00"),
            (500_000, "0.01"),
            (-499_999, "0.00"),
            (-500_000, "-0.01"),
            (284_400_000_000, "2,844.00"),
            (1_234_567_891_234, "12,345.68"),
            (i64::MIN, "-92,233,720,368.55"),
        ] {
            assert_eq!(yi(yuan), text, "{yuan}");
        }
        assert_eq!(yi_signed(30_000_000), "+0.30");
        assert_eq!(yi_signed(1), "0.00");
        assert_eq!(yi_signed(-30_000_000), "-0.30");
    }

    #[test]
    fn money_in_wan_is_exact() {
        for (yuan, text) in [(510_000_000, "51,000"), (-5_000, "-0.5"), (1, "0.0001"), (12_345_678_900, "1,234,567.89")]
        {
            assert_eq!(wan(yuan), text, "{yuan}");
        }
        assert_eq!(fixed4_signed(20_000), "+2");
    }

    #[test]
    fn shares_are_percentages() {
        for (share, text) in
            [(7_143, "71.4%"), (10_000, "100.0%"), (0, "0.0%"), (4, "0.0%"), (5, "0.1%"), (-35, "-0.4%")]
        {
            assert_eq!(percent(share), text, "{share}");
        }
        assert_eq!((points(328), points(-328), points(3)), ("+3.3".into(), "-3.3".into(), "0.0".into()));
    }

    #[test]
    fn batches_have_chinese_numbers() {
        for (n, text) in [(2, "第二期"), (10, "第十期"), (15, "第十五期"), (22, "第二十二期"), (103, "第一百零三期")]
        {
            assert_eq!(batch_title(&BatchId::from_number(n)), text);
        }
    }

    #[test]
    fn folders_stay_inside_the_reports() {
        let unit = |name: &str| Unit {
            code: "410100".into(),
            name: name.into(),
            aliases: vec![],
            since_batch: None,
            tile: None,
            region_prefixes: vec![],
            area: vec![],
        };
        assert_eq!(folder(&unit("郑州市")), "郑州市");
        assert_eq!(folder(&unit("../x")), "410100");
        assert_eq!(folder(&unit("a/b")), "a_b");
        assert_eq!(folder(&unit("")), "410100");
        assert_eq!(link("郑州 市#1"), "郑州%20市%231");
    }
}
