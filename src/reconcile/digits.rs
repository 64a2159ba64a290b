//! Figures with two neighbouring digits exchanged.

/// Decimals that are looked at even when fewer are written: a spreadsheet drops zeros at the end.
const MIN_DECIMALS: u8 = 2;

/// Weight of the last digit that may be exchanged, in 元 or projects: at least 1.
pub(super) fn last_digit(factor: i64, decimals: u8) -> i128 {
    let factor = i128::from(factor.max(1));
    let decimals = if factor == 1 { 0 } else { decimals.max(MIN_DECIMALS) };
    10i128.checked_pow(u32::from(decimals)).map_or(1, |scale| (factor / scale).max(1))
}

/// All values that differ from `value` (元, or a count) by one exchange of neighbouring digits, in the way a figure in
/// units of `factor` with `decimals` decimals is written.
pub(super) fn exchanged(value: i128, factor: i64, decimals: u8) -> Vec<i128> {
    let weight = last_digit(factor, decimals);
    if value % weight != 0 {
        return Vec::new();
    }
    let sign = value.signum();
    let digits: Vec<u8> = (value.abs() / weight).to_string().into_bytes();
    let mut found = Vec::new();
    for i in 1..digits.len() {
        let mut other = digits.clone();
        other.swap(i - 1, i);
        if other == digits || other.first() == Some(&b'0') {
            continue;
        }
        let number = other.iter().fold(0i128, |n, d| n * 10 + i128::from(d - b'0'));
        found.push(sign * number * weight);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FACTOR_WAN, FACTOR_YI};

    #[test]
    fn neighbours_change_places() {
        assert_eq!(
            exchanged(13_853_000_000, FACTOR_YI, 2),
            [31_853_000_000, 18_353_000_000, 13_583_000_000, 13_835_000_000]
        );
        assert_eq!(exchanged(32, 1, 0), [23]);
        assert_eq!(exchanged(120_000, FACTOR_WAN, 0), [210_000, 102_000], "12 is 12.00; a leading 0 is no figure");
        assert!(exchanged(7, 1, 0).is_empty());
        assert!(exchanged(120_001, FACTOR_WAN, 0).is_empty(), "finer than written");
    }
}
