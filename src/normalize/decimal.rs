//! Exact decimals, so that no money is ever held in a binary fraction.

/// Longest run of digits that is kept: a cell cannot hold a meaningful figure beyond it.
const MAX_DIGITS: u32 = 30;
/// Significant decimal digits that a spreadsheet keeps; whatever an `f64` shows beyond them is noise.
const SHEET_DIGITS: usize = 15;

/// `digits × 10^-scale`, with a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: u128,
    scale: u32,
}

impl Decimal {
    pub(super) const ZERO: Self = Self { negative: false, digits: 0, scale: 0 };

    pub(super) fn from_int(n: u64) -> Self {
        Self { negative: false, digits: u128::from(n), scale: 0 }
    }

    /// Reads ASCII digits with at most one point: `51000`, `0.10`, `.5`, `5.`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut digits = 0u128;
        for b in all() {
            digits = digits.checked_mul(10)?.checked_add(u128::from(b - b'0'))?;
        }
        let scale = u32::try_from(fraction.len()).ok()?;
        (scale <= MAX_DIGITS && digits < 10u128.pow(MAX_DIGITS)).then_some(Self { negative: false, digits, scale })
    }

    /// The figure that a person sees in a sheet: at most 15 significant digits, without trailing zeros.
    pub(super) fn from_f64(n: f64) -> Option<Self> {
        if !n.is_finite() {
            return None;
        }
        Self::typed(n).map_or_else(|| Self::written(n), Some)
    }

    /// A figure of few decimals, as nearly all are: the shortest one that reads back as the float has at most 15
    /// digits, so it is what [`Self::written`] gives.
    fn typed(n: f64) -> Option<Self> {
        /// Whole numbers below this have at most 15 digits.
        const EXACT: f64 = 1e15;
        const POWERS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
        let abs = n.abs();
        (0u32..).zip(POWERS).find_map(|(scale, power)| {
            let digits = (abs * power).round();
            #[allow(clippy::float_cmp, reason = "whether it reads back as the very same float")]
            let same = digits < EXACT && digits / power == abs;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, positive and small")]
            same.then(|| Self { negative: n < 0.0 && digits > 0.0, digits: u128::from(digits as u64), scale })
        })
    }

    /// As a sheet writes it, with 15 digits.
    fn written(n: f64) -> Option<Self> {
        let shown = format!("{:.*e}", SHEET_DIGITS - 1, n.abs());
        let (mantissa, exponent) = shown.split_once('e')?;
        let mantissa = Self::parse(mantissa)?;
        let exponent: i32 = exponent.parse().ok()?;
        // Below half a thousandth of a thousandth of 元 in any unit: nothing.
        if exponent < -20 {
            return Some(Self::ZERO);
        }
        let shifted = mantissa.shift(exponent)?.trimmed();
        Some(Self { negative: n < 0.0 && shifted.digits > 0, ..shifted })
    }

    /// Multiplied by a power of ten.
    pub(super) fn shift(self, exponent: i32) -> Option<Self> {
        let places = exponent.unsigned_abs();
        if exponent < 0 {
            let scale = self.scale.checked_add(places)?;
            return (scale <= 2 * MAX_DIGITS).then_some(Self { scale, ..self });
        }
        if places <= self.scale {
            return Some(Self { scale: self.scale - places, ..self });
        }
        let factor = 10u128.checked_pow(places - self.scale)?;
        Some(Self { digits: self.digits.checked_mul(factor)?, scale: 0, ..self })
    }

    pub(super) fn times(self, factor: u64) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(u128::from(factor))?, ..self })
    }

    /// Sum of two figures that are not negative.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let align = |d: Self| 10u128.checked_pow(scale - d.scale).and_then(|f| d.digits.checked_mul(f));
        Some(Self { negative: false, digits: align(self)?.checked_add(align(other)?)?, scale })
    }

    pub(super) fn negated(self) -> Self {
        Self { negative: !self.negative && self.digits > 0, ..self }
    }

    pub(super) fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Decimals as written.
    pub(super) fn scale(self) -> u32 {
        self.scale
    }

    /// Without exponent: `-12.5`.
    pub(super) fn plain(self) -> String {
        let width = self.scale as usize + 1;
        let digits = format!("{:0>width$}", self.digits);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let sign = if self.negative { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// In 元, when one unit is `factor` 元; half a 元 goes away from zero.
    pub(super) fn to_yuan(self, factor: i64) -> Option<i64> {
        let product = self.digits.checked_mul(u128::try_from(factor).ok()?)?;
        let divisor = 10u128.checked_pow(self.scale);
        // A divisor beyond u128 leaves nothing of any product that fits.
        let rounded = divisor.map_or(Some(0), |d| product.checked_add(d / 2).map(|sum| sum / d))?;
        let yuan = i64::try_from(rounded).ok()?;
        Some(if self.negative { -yuan } else { yuan })
    }
}

/// Fewest decimals that write `yuan` exactly in a unit of `factor` 元.
pub(super) fn decimals_of(yuan: i64, factor: i64) -> u8 {
    let mut weight = factor.max(1);
    let mut decimals = 0;
    while weight > 1 && yuan % weight != 0 {
        weight /= 10;
        decimals += 1;
    }
    decimals
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_read_as_typed() {
        for (n, factor, yuan) in [
            (1_234.560_000_000_000_1, 10_000, 12_345_600),
            (0.1 + 0.2, 10_000, 3_000),
            (35_100.000_000_000_01, 10_000, 351_000_000),
            (3.5, 100_000_000, 350_000_000),
            (1e-12, 10_000, 0),
            (0.000_05, 10_000, 1), // half a 元
            (0.000_049, 10_000, 0),
            (-0.5, 10_000, -5_000),
            (1e14, 10_000, 1_000_000_000_000_000_000),
            (-0.0, 10_000, 0),
        ] {
            assert_eq!(Decimal::from_f64(n).and_then(|d| d.to_yuan(factor)), Some(yuan), "{n}");
        }
        for n in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(Decimal::from_f64(n).and_then(|d| d.to_yuan(1)), None, "{n}");
        }
        assert_eq!(Decimal::from_f64(1e15).and_then(|d| d.to_yuan(10_000)), None);
    }

    #[test]
    fn decimals() {
        for (yuan, factor, expected) in [
            (510_000_000, 10_000, 0),
            (522_898_300, 10_000, 2),
            (1, 10_000, 4),
            (15_000_000, 100_000_000, 2),
            (7, 1, 0),
        ] {
            assert_eq!(decimals_of(yuan, factor), expected, "{yuan}");
        }
    }

    proptest! {
        #[test]
        fn few_decimals_are_read_as_written(digits in 0u64..2_000_000_000_000_000, scale in 0i32..7, off in -2i64..3) {
            #[allow(clippy::cast_precision_loss)]
            let n = digits as f64 / 10f64.powi(scale);
            let n = f64::from_bits(n.to_bits().saturating_add_signed(off));
            for n in [n, -n] {
                if let Some(typed) = Decimal::typed(n) {
                    prop_assert_eq!(Some(typed), Decimal::written(n), "{}", n);
                }
            }
        }

        #[test]
        fn every_figure_of_15_digits_survives_the_float(digits in 0u64..1_000_000_000_000_000, scale in 0usize..8) {
            let text = format!("{digits:0>9}");
            let (whole, fraction) = text.split_at(text.len() - scale);
            let typed = format!("{whole}.{fraction}");
            let float: f64 = typed.parse().unwrap();
            prop_assert_eq!(Decimal::from_f64(float).unwrap(), Decimal::parse(&typed).unwrap().trimmed());
        }

        #[test]
        fn no_float_panics(bits in any::<u64>(), factor in 1i64..1_000_000_000_000) {
            let _ = Decimal::from_f64(f64::from_bits(bits)).and_then(|d| d.to_yuan(factor));
        }
    }
}
