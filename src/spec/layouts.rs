//! `layouts.toml`: the words by which rows, titles and stages are told.

use serde::Deserialize;

/// `layouts.toml`. Grown by the locating step as it needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layouts {
    /// Words of total rows: 合计, 总计, 小计 …
    pub totals: Vec<String>,
}
