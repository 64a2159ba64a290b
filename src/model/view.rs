//! Datasets under Chinese names, for people who write SQL.

/// A published dataset as analysts name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// 项目, 问题 …
    pub name: String,
    /// The dataset that it shows.
    pub dataset: &'static str,
    /// What a row is, in Chinese.
    pub one_row_per: &'static str,
    /// Columns in the order of the dataset.
    pub columns: Vec<ViewColumn>,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewColumn {
    /// Chinese name, letters and digits only, so that SQL takes it without quotes.
    pub name: String,
    /// Column of the dataset.
    pub column: String,
    /// Coded values with the words that the view shows instead; other values stay.
    pub values: Vec<(String, String)>,
}
