//! Money as fixed point.

use serde::{Deserialize, Serialize};

use super::Written;

/// 元 in one 万元.
pub const FACTOR_WAN: i64 = 10_000;
/// 元 in one 亿元.
pub const FACTOR_YI: i64 = 100_000_000;

/// How the written figure bounds the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A plain figure.
    #[default]
    Exact,
    /// 约, 左右: near the figure.
    About,
    /// 以上, 超, 不低于: the figure or more.
    AtLeast,
    /// 以下, 不足: the figure or less.
    AtMost,
}

/// An amount of money in whole 元 (= 0.0001 万元, the scale of `DECIMAL(18,4)` columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Value in 元.
    pub yuan: i64,
    /// 元 in one unit of the figure as written (10 000 for 万元).
    pub factor: i64,
    /// Decimals of the figure as written, in its own unit.
    pub decimals: u8,
    /// Whether the figure is a bound.
    pub bound: Bound,
}

impl Amount {
    /// An exact amount in 元, stated in a unit of `factor` 元 with `decimals` decimals.
    #[must_use]
    pub fn new(yuan: i64, factor: i64, decimals: u8) -> Self {
        Self { yuan, factor, decimals, bound: Bound::Exact }
    }

    /// Half the weight of the last written digit, in 元: the figure stands for `yuan ± half_width`.
    #[must_use]
    pub fn half_width(&self) -> i64 {
        let mut weight = self.factor;
        for _ in 0..self.decimals {
            weight /= 10;
        }
        weight / 2
    }

    /// The amount in 万元 with all four decimals, e.g. `51000.0000`.
    #[must_use]
    pub fn wan_string(&self) -> String {
        str::to_owned(&self.wan())
    }

    /// As [`Self::wan_string`], without an allocation.
    #[must_use]
    pub fn wan(&self) -> Written<'static> {
        let sign = if self.yuan < 0 { "-" } else { "" };
        let abs = self.yuan.unsigned_abs();
        Written::of(format_args!("{sign}{}.{:04}", abs / 10_000, abs % 10_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wan_has_four_decimals() {
        assert_eq!(Amount::new(510_000_000, FACTOR_WAN, 0).wan_string(), "51000.0000");
        assert_eq!(Amount::new(-5_000, FACTOR_WAN, 1).wan_string(), "-0.5000");
    }

    #[test]
    fn half_width_follows_the_last_digit() {
        assert_eq!(Amount::new(0, FACTOR_YI, 0).half_width(), FACTOR_YI / 2);
        assert_eq!(Amount::new(0, FACTOR_YI, 2).half_width(), 500_000);
        assert_eq!(Amount::new(0, FACTOR_WAN, 4).half_width(), 0);
    }
}
