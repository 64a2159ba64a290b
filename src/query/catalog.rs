//! The datasets that a version holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::{HiveOptions, LazyFrame, PlRefPath, ScanArgsParquet, col, lit, when};
use polars::sql::SQLContext;

use super::QueryError;
use crate::model::View;

/// Folders below a dataset are followed to this depth.
const MAX_DEPTH: usize = 4;

/// Datasets by name, each a scan of its files.
pub(super) struct Catalog {
    tables: BTreeMap<String, LazyFrame>,
    views: BTreeMap<String, LazyFrame>,
}

impl Catalog {
    /// Looks what there is.
    pub(super) fn of(version: &Path, views: &[View]) -> Result<Self, QueryError> {
        let listing = fs::read_dir(version).map_err(|e| {
            QueryError(format!(
                "版本 {} 无法读取（{e}）。可用 sanpi history 查看、sanpi restore 换到完整的版本",
                version.display()
            ))
        })?;
        let mut tables = BTreeMap::new();
        for folder in listing.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_dir()) {
            let mut files = Vec::new();
            collect(&folder, 0, &mut files);
            files.sort();
            if let (false, Some(name)) = (files.is_empty(), folder.file_name()) {
                tables.insert(name.to_string_lossy().into_owned(), scan(&files)?);
            }
        }
        if tables.is_empty() {
            return Err(QueryError(format!("版本 {} 里没有数据集。请重新运行 sanpi run", version.display())));
        }
        let shown: Vec<(String, LazyFrame)> =
            views.iter().filter_map(|v| Some((v.name.clone(), view(v, tables.get(v.dataset)?)?))).collect();
        Ok(Self { tables, views: shown.into_iter().collect() })
    }

    /// A context in which each dataset is a table.
    pub(super) fn context(&self) -> SQLContext {
        let context = SQLContext::new();
        for (name, frame) in self.tables.iter().chain(&self.views) {
            context.register(name, frame.clone());
        }
        context
    }

    /// Names of the datasets, then of the views.
    pub(super) fn names(&self) -> Vec<&str> {
        self.tables.keys().chain(self.views.keys()).map(String::as_str).collect()
    }

    /// The scan of a dataset.
    pub(super) fn dataset(&self, name: &str) -> Option<&LazyFrame> {
        self.tables.get(name)
    }

    /// Columns of all datasets that can be read.
    pub(super) fn columns(&self) -> BTreeSet<String> {
        let schemas =
            self.tables.values().chain(self.views.values()).filter_map(|frame| frame.clone().collect_schema().ok());
        schemas.flat_map(|schema| schema.iter_names().map(ToString::to_string).collect::<Vec<_>>()).collect()
    }

    /// Whether no dataset has a column of this name.
    pub(super) fn lacks_column(&self, name: &str) -> bool {
        !self.columns().contains(name)
    }
}

/// A dataset under Chinese names. A column that files of an older version of the program lack is left out; a dataset
/// that cannot be read has no view, and asking for it by its own name says why.
fn view(view: &View, dataset: &LazyFrame) -> Option<LazyFrame> {
    let schema = dataset.clone().collect_schema().ok()?;
    let columns = view.columns.iter().filter(|c| schema.contains(&c.column)).map(|c| {
        let plain = col(c.column.as_str());
        let shown = c.values.iter().rev().fold(plain.clone(), |other, (code, word)| {
            when(plain.clone().eq(lit(code.as_str()))).then(lit(word.as_str())).otherwise(other)
        });
        shown.alias(c.name.as_str())
    });
    Some(dataset.clone().select(columns.collect::<Vec<_>>()))
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|e| e.path()) {
        if path.is_dir() && depth < MAX_DEPTH {
            collect(&path, depth + 1, files);
        } else if path.extension().is_some_and(|e| e == "parquet") {
            files.push(path);
        }
    }
}

/// The files one after the other. `batch` is the text column of the files; nothing is guessed from their paths. Files of
/// an older version of the program may lack a column.
fn scan(files: &[PathBuf]) -> Result<LazyFrame, QueryError> {
    let complain = |e: polars::prelude::PolarsError| QueryError(format!("数据集无法读取：{e}"));
    let paths: Vec<PlRefPath> =
        files.iter().map(|path| PlRefPath::try_from_path(path)).collect::<Result<_, _>>().map_err(complain)?;
    let options = ScanArgsParquet {
        hive_options: HiveOptions::new_disabled(),
        glob: false,
        allow_missing_columns: true,
        ..ScanArgsParquet::default()
    };
    LazyFrame::scan_parquet_files(paths.into_iter().collect(), options).map_err(complain)
}
