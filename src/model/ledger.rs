//! The books of a batch, as its version's manifest keeps them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Rows and amounts of a batch on their way from the sheets to the datasets. Amounts are 万元 as text with four decimals:
/// a number of JSON would round them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// Project rows read from the files that count.
    pub read: Entry,
    /// Of these in `projects`.
    pub accepted: Entry,
    /// Of these in `rejected`.
    pub rejected: Entry,
    /// Project rows of files that were not used: superseded versions and copies.
    pub unused_rows: u64,
    /// Rows of each dataset of the batch.
    pub datasets: BTreeMap<String, u64>,
}

/// Rows and their 总投资.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Rows.
    pub rows: u64,
    /// 总投资 in 万元.
    pub total_investment_wan: String,
}
