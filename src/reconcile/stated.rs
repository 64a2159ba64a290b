//! A stated figure with what its digits say, and the verdict on a sum against it.

use crate::model::{Amount, Bound, FACTOR_WAN, Measure, Verdict};

/// A figure that somebody states. Money is in 元, counts are counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stated {
    /// As written.
    pub(super) value: i128,
    /// Half the weight of its last digit.
    pub(super) half: i128,
    /// Whether it is a bound.
    pub(super) bound: Bound,
    /// 元 in one unit of the figure; 1 for counts.
    pub(super) factor: i64,
    /// Decimals as written.
    pub(super) decimals: u8,
}

/// How a sum stands to a stated figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Outcome.
    pub(super) verdict: Verdict,
    /// Sum − figure.
    pub(super) difference: i128,
    /// Largest difference that the digits of both sides allow.
    pub(super) tolerance: i128,
}

/// Half the weight of the last of `decimals` digits of a figure in units of `factor` 元. Digits below 元 were rounded
/// away when the figure was read, so such a figure may be off by 1.
pub(super) fn half_weight(factor: i64, decimals: u8) -> i128 {
    if below_yuan(factor, decimals) {
        return 1;
    }
    i128::from(factor) / 10i128.pow(u32::from(decimals)) / 2
}

/// Whether a figure has digits below 元.
pub(super) fn below_yuan(factor: i64, decimals: u8) -> bool {
    10i128.checked_pow(u32::from(decimals)).is_none_or(|scale| scale > i128::from(factor))
}

impl Stated {
    /// The figure that `amount` holds.
    pub(super) fn new(amount: Amount, measure: Measure) -> Self {
        let (factor, decimals) = match measure {
            Measure::Count => (1, 0),
            Measure::TotalInvestment => (amount.factor.max(1), amount.decimals),
        };
        let value = i128::from(amount.yuan);
        let mut half = half_weight(factor, decimals);
        if amount.bound == Bound::About {
            // 约3000亿: zeros at the end carry nothing, and "about" is at least a whole last digit wide.
            half = (half * 2).max(trailing_weight(value.abs()) / 2);
        }
        Self { value, half, bound: amount.bound, factor, decimals }
    }

    /// The same figure, known to have been computed from cells with so many decimals of the same unit.
    pub(super) fn computed(mut self, factor: i64, decimals: u8) -> Self {
        if self.factor == factor && decimals > self.decimals && self.bound == Bound::Exact {
            self.half = half_weight(factor, decimals);
        }
        self
    }

    /// Judges a sum whose addends may be off by `addends` together.
    pub(super) fn judge(&self, sum: i128, addends: i128) -> Judgement {
        let difference = sum - self.value;
        let tolerance = addends + self.half;
        let within = match self.bound {
            Bound::AtLeast => difference >= -tolerance,
            Bound::AtMost => difference <= tolerance,
            Bound::Exact | Bound::About => difference.abs() <= tolerance,
        };
        let verdict = match (difference, within) {
            (0, _) => Verdict::Match,
            (_, true) => Verdict::WithinRounding,
            (_, false) => Verdict::Mismatch,
        };
        Judgement { verdict, difference, tolerance }
    }
}

/// Weight of the last digit that is not 0, e.g. 1000 for 23000; 0 for 0.
fn trailing_weight(mut value: i128) -> i128 {
    let mut weight = i128::from(value != 0);
    while value != 0 && value % 10 == 0 {
        value /= 10;
        weight *= 10;
    }
    weight
}

/// A value as the datasets hold it: fixed point with four decimals, 万元 or 项. Beyond the range of the column the
/// nearest value that it holds.
pub(super) fn fixed4(value: i128, measure: Measure) -> i64 {
    let scaled = match measure {
        Measure::Count => value.saturating_mul(i128::from(FACTOR_WAN)),
        Measure::TotalInvestment => value,
    };
    i64::try_from(scaled).unwrap_or(if scaled < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FACTOR_YI;

    const YI: i128 = FACTOR_YI as i128;

    fn yi(value: i64, decimals: u8, bound: Bound) -> Stated {
        Stated::new(Amount { yuan: value, factor: FACTOR_YI, decimals, bound }, Measure::TotalInvestment)
    }

    #[test]
    fn a_published_figure_accepts_half_its_last_digit() {
        let published = yi(2844 * FACTOR_YI, 0, Bound::Exact);
        for (sum, verdict) in [
            (2844 * YI, Verdict::Match),
            (2844 * YI + YI / 2, Verdict::WithinRounding),
            (2844 * YI - YI / 2, Verdict::WithinRounding),
            (2844 * YI + YI / 2 + 1, Verdict::Mismatch),
            (2844 * YI - YI / 2 - 1, Verdict::Mismatch),
        ] {
            assert_eq!(published.judge(sum, 0).verdict, verdict, "{sum}");
        }
    }

    #[test]
    fn addends_widen_the_interval() {
        // 周口 P7: six rounded sectors of 883.93 against 883.94.
        let total = yi(88_394_000_000, 2, Bound::Exact);
        assert_eq!(total.judge(88_393_000_000, 0).verdict, Verdict::Mismatch);
        assert_eq!(total.judge(88_393_000_000, 6 * half_weight(FACTOR_YI, 2)).verdict, Verdict::WithinRounding);
    }

    #[test]
    fn bounds_are_open_on_one_side() {
        let over = yi(200 * FACTOR_YI, 0, Bound::AtLeast);
        assert_eq!(over.judge(931 * YI, 0).verdict, Verdict::WithinRounding);
        assert_eq!(over.judge(199 * YI, 0).verdict, Verdict::Mismatch);
        let under = yi(200 * FACTOR_YI, 0, Bound::AtMost);
        assert_eq!(under.judge(31 * YI, 0).verdict, Verdict::WithinRounding);
        assert_eq!(under.judge(201 * YI, 0).verdict, Verdict::Mismatch);
        let about = yi(3000 * FACTOR_YI, 0, Bound::About);
        assert_eq!(about.judge(3400 * YI, 0).verdict, Verdict::WithinRounding);
        assert_eq!(about.judge(3600 * YI, 0).verdict, Verdict::Mismatch);
        let about = yi(11_408 * FACTOR_YI, 0, Bound::About);
        assert_eq!(about.judge(11_409 * YI, 0).verdict, Verdict::WithinRounding);
        assert_eq!(about.judge(11_410 * YI, 0).verdict, Verdict::Mismatch);
    }

    #[test]
    fn digits_below_yuan_cost_one_yuan() {
        assert_eq!(half_weight(FACTOR_WAN, 4), 0);
        assert_eq!(half_weight(FACTOR_WAN, 5), 1);
        assert_eq!(half_weight(FACTOR_YI, 200), 1);
    }

    #[test]
    fn columns_do_not_overflow() {
        assert_eq!(fixed4(19, Measure::Count), 190_000);
        assert_eq!(fixed4(i128::MAX, Measure::Count), i64::MAX);
        assert_eq!(fixed4(-i128::from(i64::MAX) * 2, Measure::TotalInvestment), i64::MIN);
    }
}
