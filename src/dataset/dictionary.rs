//! The data dictionary, from the same columns that the files are written from.

use std::fmt::Write;

use serde::Serialize;

use super::column::Kind;
use super::tables::{
    Table, cells, contacts, declared_totals, findings, headers, indicators, laggards, lifecycle, projects,
    reconciliation, rejected, submissions,
};
use super::views;

/// A column in the data dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnDoc {
    /// Name in the files.
    pub name: String,
    /// `string`, `decimal(18,4)`, `date`, `boolean`, `int64` or `list<string>`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Chinese name.
    pub title: String,
    /// What it holds, in Chinese.
    pub description: String,
}

/// A dataset in the data dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatasetDoc {
    /// Name.
    pub name: &'static str,
    /// Chinese name.
    pub title: &'static str,
    /// What a row is, in Chinese.
    pub one_row_per: &'static str,
    /// Name of its view in `sanpi query`, whose columns are the Chinese names below without punctuation.
    pub view: Option<&'static str>,
    /// Columns in the order of the files.
    pub columns: Vec<ColumnDoc>,
}

/// The data dictionary: every dataset with its columns.
#[must_use]
pub fn dictionary() -> Vec<DatasetDoc> {
    vec![
        document(&projects()),
        document(&rejected()),
        document(&findings()),
        document(&declared_totals()),
        document(&reconciliation()),
        document(&submissions()),
        document(&cells()),
        document(&contacts()),
        document(&headers()),
        document(&lifecycle()),
        document(&indicators()),
        document(&laggards()),
    ]
}

fn document<R>(table: &Table<R>) -> DatasetDoc {
    let column = |c: &super::column::Column<R>| ColumnDoc {
        name: c.name.clone(),
        kind: Kind::name(c.kind),
        title: c.title.clone(),
        description: c.description.clone(),
    };
    let mut doc = DatasetDoc {
        view: None,
        name: table.name,
        title: table.title,
        one_row_per: table.one_row_per,
        columns: table.columns.iter().map(column).collect(),
    };
    doc.view = views::view_name(&doc);
    doc
}

/// The columns of a dataset as JSON, for the metadata of its files.
pub(super) fn columns_json<R>(table: &Table<R>) -> String {
    serde_json::to_string(&document(table).columns).unwrap_or_default()
}

/// The data dictionary as Markdown.
#[must_use]
pub fn markdown(dictionary: &[DatasetDoc]) -> String {
    let mut out = String::from(
        "# 数据字典\n\n\
         文件在 `<发布目录>/current/<数据集>/batch=<期>/part-0.parquet`（`lifecycle` 跨期：`lifecycle/part-<期>.parquet` 是首次出现在那一期的项目，合起来是全部）。金额为 `decimal(18,4)`，单位万元（1 亿元 = 10000 万元）；\
         日期另有 `_precision` 列说明写到哪一级。`batch` 既在路径里，也是文件里的文本列（`02`，不是数字 2）；\
         请让读取程序用文件里的列，不要从路径猜：DuckDB 写 `read_parquet('…/**/*.parquet', hive_partitioning=false)`，\
         pandas 写 `read_parquet('…', partitioning=None)`，polars 写 `scan_parquet('…/**/*.parquet')`。\n",
    );
    for dataset in dictionary {
        let _ = write!(out, "\n## {} {}\n\n一行是{}。", dataset.name, dataset.title, dataset.one_row_per);
        if let Some(view) = dataset.view {
            let _ = write!(out, "`sanpi query` 里也叫 `{view}`，列名用下面的名称。");
        }
        out.push_str("\n\n| 列 | 类型 | 名称 | 说明 |\n|---|---|---|---|\n");
        for c in &dataset.columns {
            let plain = views::plain(&c.title);
            let title = if plain == c.title || dataset.view.is_none() {
                c.title.clone()
            } else {
                format!("{}（查询时写 {plain}）", c.title)
            };
            let _ = writeln!(out, "| `{}` | {} | {title} | {} |", c.name, c.kind, c.description);
        }
    }
    out
}
