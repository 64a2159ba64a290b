//! `sanpi query`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sanpi::dataset;
use sanpi::publish::Store;
use sanpi::query::{self, Listed, Table};
use sanpi::report::terminal;

use super::args::{QueryArgs, RowFormat};
use super::console::{Ended, Failure, fail, say, screen};
use super::{export, place};

/// Runs SQL over the current version.
pub(super) fn query(args: &QueryArgs) -> Ended {
    let place = place::settle(&args.tree)?;
    let version = current(&place.out)?;
    let views = dataset::views(&place.spec);
    let table = match &args.sql {
        Some(sql) => query::run(&version, &views, sql).map_err(fail)?,
        None => listing(&query::tables(&version, &views).map_err(fail)?),
    };
    let text = match args.format {
        RowFormat::Table => terminal::grid(&table.columns, &table.rows, screen()),
        RowFormat::Csv => export::csv(&table).map_err(fail)?,
        RowFormat::Json => json(&table),
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs SQL over the current version of a tree.
pub(super) fn on_current(out: &Path, sql: &str) -> Result<Table, Failure> {
    query::run(&current(out)?, &[], sql).map_err(fail)
}

/// Folder of the current version of a tree.
fn current(out: &Path) -> Result<PathBuf, Failure> {
    let store = Store::open(out).map_err(fail)?;
    store
        .current()
        .ok_or_else(|| fail(format!("{} 还没有发布过版本。先运行 sanpi run，或用 --out 指定发布目录", out.display())))
}

/// What there is to ask, as a table.
fn listing(tables: &[Listed]) -> Table {
    let columns = [("数据集", false), ("中文名", false), ("行数", true), ("一行是", false)];
    let row = |t: &Listed| {
        vec![
            Some(t.dataset.clone()),
            t.view.clone().or(Some(String::new())),
            t.rows.clone(),
            Some(t.one_row_per.to_owned()),
        ]
    };
    Table {
        columns: columns.iter().map(|(name, numeric)| ((*name).to_owned(), *numeric)).collect(),
        rows: tables.iter().map(row).collect(),
    }
}

/// The cells of a result, NULL as an empty text.
pub(super) fn texts(table: &Table) -> Vec<Vec<String>> {
    table.rows.iter().map(|r| r.iter().map(|v| v.clone().unwrap_or_default()).collect()).collect()
}

/// Numbers as JSON numbers with all their digits, everything else as text.
fn json(table: &Table) -> String {
    let text = |s: &str| serde_json::Value::from(s).to_string();
    let mut out = String::from("[");
    for (i, row) in table.rows.iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        let cells = row.iter().zip(&table.columns).map(|(value, (name, numeric))| {
            let value = match value {
                None => "null".to_owned(),
                Some(v) if *numeric => v.clone(),
                Some(v) => text(v),
            };
            format!("{}: {value}", text(name))
        });
        let _ = write!(out, "  {{{}}}", cells.collect::<Vec<_>>().join(", "));
    }
    out.push_str(if table.rows.is_empty() { "]\n" } else { "\n]\n" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            columns: vec![("名称".into(), false), ("n".into(), true)],
            rows: vec![vec![Some("=1+1".into()), Some("-2.50".into())], vec![Some("a\"b".into()), None]],
        }
    }

    #[test]
    fn json_is_json() {
        let parsed: serde_json::Value = serde_json::from_str(&json(&table())).unwrap();
        assert_eq!(parsed[0]["n"], serde_json::json!(-2.5));
        assert_eq!(parsed[1]["名称"], "a\"b");
        assert!(parsed[1]["n"].is_null());
        assert_eq!(json(&Table::default()), "[]\n");
    }
}
