//! Dates as precise as they were written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much of a date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Precision {
    /// 2021年10月8日.
    Day,
    /// 2021年10月.
    Month,
    /// 2021年四季度.
    Quarter,
    /// 2021年下半年.
    Half,
    /// 2021年.
    Year,
}

impl Precision {
    /// All of them, the finest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The value of `<name>_precision` columns.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }
}

/// Where files and columns count days from.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01, as files and columns hold a date.
#[must_use]
pub fn days_since_1970(date: Date) -> i32 {
    (date - EPOCH).get_days()
}

/// The date of [`days_since_1970`]; `None` when there is no such date.
#[must_use]
pub fn date_of_days(days: i32) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// A date with its precision; `first` is the first day of what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialDate {
    /// First day.
    pub first: Date,
    /// How much was written.
    pub precision: Precision,
}

impl PartialDate {
    /// The last day of what was written.
    #[must_use]
    pub fn last(&self) -> Date {
        let months = match self.precision {
            Precision::Day => return self.first,
            Precision::Month => 1,
            Precision::Quarter => 3,
            Precision::Half => 6,
            Precision::Year => 12,
        };
        self.first.checked_add(jiff::Span::new().months(months)).and_then(Date::yesterday).unwrap_or(self.first)
    }

    /// As a person would write it, at its precision: `2021年10月`.
    #[must_use]
    pub fn to_chinese(&self) -> String {
        let (y, m, d) = (self.first.year(), self.first.month(), self.first.day());
        match self.precision {
            Precision::Day => format!("{y}年{m}月{d}日"),
            Precision::Month => format!("{y}年{m}月"),
            Precision::Quarter => format!("{y}年第{}季度", (m - 1) / 3 + 1),
            Precision::Half => format!("{y}年{}半年", if m <= 6 { "上" } else { "下" }),
            Precision::Year => format!("{y}年"),
        }
    }
}
