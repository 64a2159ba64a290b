//! A count with an amount: the pair in which the campaign speaks.

use serde::Serialize;

use super::super::format;

/// A count of projects and the sum of their 总投资, with the texts that show them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(in super::super) struct Figure {
    /// Projects.
    pub(in super::super) count: usize,
    /// 总投资 in 元, also the key for sorting.
    pub(in super::super) yuan: i64,
    /// `1,234`.
    pub(in super::super) count_text: String,
    /// 亿元 with two decimals.
    pub(in super::super) yi: String,
    /// Exact 万元.
    pub(in super::super) wan: String,
}

impl Figure {
    /// The pair with its texts.
    pub(in super::super) fn new(count: usize, yuan: i64) -> Self {
        Self { count, yuan, count_text: format::count(count), yi: format::yi(yuan), wan: format::wan(yuan) }
    }

    /// Sum of figures.
    pub(in super::super) fn sum<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let (count, yuan) = figures.fold((0, 0i64), |(n, y), f| (n + f.count, y.saturating_add(f.yuan)));
        Self::new(count, yuan)
    }
}
