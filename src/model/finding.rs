//! Findings: the product of sanpi.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BatchId, CellRef, Field, Record, Slot, Stage};

/// How bad a finding is. An error on a row sends the row to `rejected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information.
    Info,
    /// Doubtful.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// 提示, 警告 or 错误.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Info => "提示",
            Self::Warning => "警告",
            Self::Error => "错误",
        }
    }
}

/// Something wrong or doubtful in the data. Severity, slug and default help come from the rule registry by `code`.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Code of the rule, e.g. `V502`.
    pub code: &'static str,
    /// Batch (set by the pipeline when absent).
    pub batch: Option<BatchId>,
    /// Unit code (set by the pipeline when absent and the file's unit is known).
    pub unit_code: Option<String>,
    /// Stage, when the finding belongs to one.
    pub stage: Option<Stage>,
    /// First line: what is wrong, in Chinese, able to stand alone.
    pub message: String,
    /// Path below the inbox.
    pub file: Option<Arc<str>>,
    /// Sheet name; `None` for a file as a whole and for text tables.
    pub sheet: Option<Arc<str>>,
    /// Position of the sheet in the file, from 0, when the name alone may not tell (two sheets of one name).
    pub sheet_index: Option<u32>,
    /// Cell or range, e.g. `J86` or `6:6` for a row.
    pub cell: Option<String>,
    /// Row of the record that the finding is about, Excel's, from 1. An error here rejects that row.
    pub row: Option<u32>,
    /// Which record of that row; `None`: every one.
    pub slot: Option<Slot>,
    /// Field concerned.
    pub field: Option<Field>,
    /// What stands there.
    pub seen: Option<String>,
    /// How it was read.
    pub read_as: Option<String>,
    /// How to fix it; `None` takes the rule's own advice.
    pub help: Option<String>,
    /// Project concerned.
    pub project_name: Option<String>,
}

impl Finding {
    /// A finding of rule `code` with its first line; the rest is added by the methods below.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            batch: None,
            unit_code: None,
            stage: None,
            message: message.into(),
            file: None,
            sheet: None,
            sheet_index: None,
            cell: None,
            row: None,
            slot: None,
            field: None,
            seen: None,
            read_as: None,
            help: None,
            project_name: None,
        }
    }

    /// At a file.
    #[must_use]
    pub fn in_file(mut self, file: &Arc<str>) -> Self {
        self.file = Some(Arc::clone(file));
        self
    }

    /// At a sheet.
    #[must_use]
    pub fn in_sheet(mut self, sheet: &Arc<str>) -> Self {
        self.sheet = Some(Arc::clone(sheet));
        self
    }

    /// At a cell.
    #[must_use]
    pub fn at(mut self, cell: CellRef) -> Self {
        self.cell = Some(cell.to_string());
        self
    }

    /// At a range, as text.
    #[must_use]
    pub fn at_range(mut self, range: impl Into<String>) -> Self {
        self.cell = Some(range.into());
        self
    }

    /// About a whole project record: file, sheet, row, stage, unit and name; the cell is that of `field` when it has one.
    #[must_use]
    pub fn on(mut self, record: &Record, field: Option<Field>) -> Self {
        self.batch = Some(record.batch.clone());
        self.unit_code = Some(record.unit_code.clone());
        self.stage = record.stage;
        self.file = Some(Arc::clone(&record.origin.source.file));
        self.sheet.clone_from(&record.origin.sheet);
        self.sheet_index = Some(record.origin.sheet_index);
        self.row = Some(record.origin.row);
        self.slot = Some(record.origin.slot);
        self.field = field;
        self.project_name = record.name().map(str::to_owned);
        let value = field.and_then(|f| record.values.get(&f));
        if self.cell.is_none() {
            self.cell = Some(value.map_or_else(|| format!("{0}:{0}", record.origin.row), |v| v.cell.to_string()));
        }
        if self.seen.is_none() {
            self.seen = value.map(|v| v.raw.as_ref().to_owned());
        }
        self
    }

    /// About a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    /// In a row, Excel's from 1.
    #[must_use]
    pub fn row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// What stands there.
    #[must_use]
    pub fn seen(mut self, seen: impl Into<String>) -> Self {
        self.seen = Some(seen.into());
        self
    }

    /// How it was read.
    #[must_use]
    pub fn read_as(mut self, read_as: impl Into<String>) -> Self {
        self.read_as = Some(read_as.into());
        self
    }

    /// How to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Of a unit.
    #[must_use]
    pub fn unit(mut self, code: impl Into<String>) -> Self {
        self.unit_code = Some(code.into());
        self
    }

    /// Of a stage.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stage = Some(stage);
        self
    }
}
