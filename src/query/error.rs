//! What is wrong with a query, in the words of the person who wrote it.

use polars::prelude::PolarsError;

use super::catalog::Catalog;

/// Names less alike than this are not suggested.
const LEAST_SIMILARITY: f64 = 0.75;
/// Columns that are suggested at most.
const MOST_SUGGESTIONS: usize = 3;

/// The query could not be run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(pub String);

impl QueryError {
    pub(super) fn of(error: &PolarsError, catalog: &Catalog) -> Self {
        Self(match root(error) {
            PolarsError::ColumnNotFound(text) | PolarsError::SchemaFieldNotFound(text) => no_column(text, catalog),
            PolarsError::SQLInterface(text) | PolarsError::SQLSyntax(text) => of_sql(text, catalog),
            PolarsError::IO { error, .. } => {
                format!("数据集无法读取（{error}）。版本不完整时可用 sanpi restore 换到完整的版本")
            }
            other => format!("查询无法执行：{other}"),
        })
    }
}

fn root(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => root(error),
        other => other,
    }
}

fn of_sql(text: &str, catalog: &Catalog) -> String {
    match (text.contains("was not found"), quoted(text)) {
        (true, Some(name)) if text.starts_with("relation") => {
            let near = alike(name, catalog.names().into_iter().map(str::to_owned));
            format!("没有叫 {name} 的数据集{near}。可以查询：{}", catalog.names().join("、"))
        }
        (_, Some(name)) if text.contains("column") && catalog.lacks_column(name) => no_column(text, catalog),
        _ => format!("SQL 写法有误或不支持：{text}"),
    }
}

fn no_column(text: &str, catalog: &Catalog) -> String {
    let name = quoted(text).unwrap_or_else(|| text.split_whitespace().next().unwrap_or(text));
    let hint = alike(name, catalog.columns().into_iter());
    format!("没有叫 {name} 的列{hint}。sanpi schema 列出所有列；文字要用单引号括起来")
}

/// `，相近的有 …` for the names that are most alike.
fn alike(name: &str, names: impl Iterator<Item = String>) -> String {
    let name = name.to_lowercase();
    // Chinese names are short: one that is a part of the other is near.
    let contained = |other: &str| !name.is_ascii() && (other.contains(&name) || name.contains(other));
    let similarity = |other: &str| if contained(other) { 1.0 } else { strsim::jaro_winkler(&name, other) };
    let mut alike: Vec<(f64, String)> =
        names.map(|n| (similarity(&n), n)).filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY).collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    alike.dedup();
    let alike: Vec<String> = alike.into_iter().take(MOST_SUGGESTIONS).map(|(_, name)| name).collect();
    if alike.is_empty() { String::new() } else { format!("，相近的有 {}", alike.join("、")) }
}

/// The first name in quotes.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['\'', '"', '`'])?;
    let quote = text[start..].chars().next()?;
    let rest = &text[start + 1..];
    rest.find(quote).map(|end| &rest[..end])
}
