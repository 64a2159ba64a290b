//! Running a query.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::{DataFrame, LazyFrame};

use super::QueryError;
use super::catalog::Catalog;
use super::text::{is_numeric, text};
use crate::model::View;

/// A result as texts; `None` is SQL's NULL. Money and dates are exact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Column names, and whether each is numeric.
    pub columns: Vec<(String, bool)>,
    /// Rows.
    pub rows: Vec<Vec<Option<String>>>,
}

/// A dataset that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub dataset: String,
    /// Its Chinese view.
    pub view: Option<String>,
    /// Rows; `None` when its files cannot be read.
    pub rows: Option<String>,
    /// What a row is, in Chinese.
    pub one_row_per: &'static str,
}

/// The datasets of a version, in the order of `views`, then those without a view.
///
/// # Errors
/// When there is no dataset (Chinese message).
pub fn tables(version: &Path, views: &[View]) -> Result<Vec<Listed>, QueryError> {
    let catalog = Catalog::of(version, &[])?;
    let rows = |name: &str| {
        let frame = catalog.dataset(name)?.clone().select([polars::prelude::len()]).collect().ok()?;
        table(&frame).rows.first()?.first()?.clone()
    };
    let mut listed: Vec<Listed> = Vec::new();
    for view in views.iter().filter(|v| catalog.dataset(v.dataset).is_some()) {
        let (dataset, one_row_per) = (view.dataset.to_owned(), view.one_row_per);
        listed.push(Listed { rows: rows(&dataset), dataset, view: Some(view.name.clone()), one_row_per });
    }
    for name in catalog.names() {
        if !listed.iter().any(|l| l.dataset == name) {
            listed.push(Listed { dataset: name.to_owned(), view: None, rows: rows(name), one_row_per: "" });
        }
    }
    Ok(listed)
}

/// Runs a query over the datasets of a version (`projects`, `rejected`, `findings` …) and the views on them.
///
/// # Errors
/// When the SQL is wrong or a dataset cannot be read (Chinese message).
pub fn run(version: &Path, views: &[View], sql: &str) -> Result<Table, QueryError> {
    let catalog = Catalog::of(version, views)?;
    let mut context = catalog.context();
    let sql = sql.trim().trim_end_matches(';');
    // Parts of the engine that were not built in panic instead of saying so.
    let answer = catch_unwind(AssertUnwindSafe(|| context.execute(sql).and_then(LazyFrame::collect)));
    match answer {
        Ok(Ok(frame)) => Ok(table(&frame)),
        Ok(Err(error)) => Err(QueryError::of(&error, &catalog)),
        Err(_) => Err(QueryError("查询引擎不支持这种写法，请换一种写法".to_owned())),
    }
}

fn table(frame: &DataFrame) -> Table {
    let columns = frame.columns();
    let mut rows = vec![Vec::with_capacity(columns.len()); frame.height()];
    for column in columns {
        let series = column.as_materialized_series().rechunk();
        for (row, value) in rows.iter_mut().zip(series.iter()) {
            row.push(text(&value));
        }
    }
    let columns = columns.iter().map(|c| (c.name().to_string(), is_numeric(c.dtype()))).collect();
    Table { columns, rows }
}
