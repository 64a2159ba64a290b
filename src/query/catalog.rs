//! The datasets that a version holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::{HiveOptions, LazyFrame, PlRefPath, ScanArgsParquet};
use polars::sql::SQLContext;

use super::QueryError;

/// Folders below a dataset are followed to this depth.
const MAX_DEPTH: usize = 4;

/// Datasets by name, each a scan of its files.
pub(super) struct Catalog {
    tables: BTreeMap<String, LazyFrame>,
}

impl Catalog {
    /// Looks what there is.
    pub(super) fn of(version: &Path) -> Result<Self, QueryError> {
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
        Ok(Self { tables })
    }

    /// A context in which each dataset is a table.
    pub(super) fn context(&self) -> SQLContext {
        let context = SQLContext::new();
        for (name, frame) in &self.tables {
            context.register(name, frame.clone());
        }
        context
    }

    /// Names of the datasets.
    pub(super) fn names(&self) -> Vec<&str> {
        self.tables.keys().map(String::as_str).collect()
    }

    /// Columns of all datasets that can be read.
    pub(super) fn columns(&self) -> BTreeSet<String> {
        let schemas = self.tables.values().filter_map(|frame| frame.clone().collect_schema().ok());
        schemas.flat_map(|schema| schema.iter_names().map(ToString::to_string).collect::<Vec<_>>()).collect()
    }

    /// Whether no dataset has a column of this name.
    pub(super) fn lacks_column(&self, name: &str) -> bool {
        !self.columns().contains(name)
    }
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
