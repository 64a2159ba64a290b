//! `measures.toml`: money units and their factors.

use serde::Deserialize;

/// `measures.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measures {
    /// Units, longest spelling first wins.
    pub measure: Vec<MeasureSpec>,
}

/// A unit of money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// Spelling, e.g. 万元.
    pub name: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// 元 in one unit; absent for a foreign currency, which is never added to totals (N410).
    #[serde(default)]
    pub yuan: Option<i64>,
}
