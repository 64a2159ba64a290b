//! A dataset as a list of columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;

use super::super::column::{Column, Datum};
use crate::spec::Spec;

/// A dataset of rows of type `R`.
pub(in super::super) struct Table<R> {
    /// Name.
    pub(in super::super) name: &'static str,
    /// Chinese name.
    pub(in super::super) title: &'static str,
    /// What a row is, in Chinese.
    pub(in super::super) one_row_per: &'static str,
    /// Columns in order.
    pub(in super::super) columns: Vec<Column<R>>,
    /// Where a row comes from, for people.
    pub(in super::super) place: fn(&R) -> String,
}

/// Why rows could not become a batch.
#[derive(Debug)]
pub(in super::super) enum EncodeError {
    /// The amount of a column at a place is beyond `DECIMAL(18,4)`.
    Overflow {
        /// Column.
        column: String,
        /// Where the row comes from.
        place: String,
    },
    /// A defect of ours.
    Arrow(ArrowError),
}

impl<R> Table<R> {
    /// Arrow schema with the Chinese names and descriptions.
    pub(in super::super) fn schema(&self) -> SchemaRef {
        let fields: Vec<_> = self.columns.iter().map(Column::field).collect();
        Arc::new(Schema::new(fields))
    }

    /// The rows as one batch; `schema` is the table's own.
    pub(in super::super) fn encode(
        &self,
        rows: &[R],
        schema: &SchemaRef,
        spec: &Spec,
    ) -> Result<RecordBatch, EncodeError> {
        let arrays = (0..self.columns.len()).map(|column| self.array(column, rows, spec));
        let arrays = arrays.collect::<Result<_, _>>()?;
        RecordBatch::try_new(Arc::clone(schema), arrays).map_err(EncodeError::Arrow)
    }

    /// A column of the rows, by its position.
    pub(in super::super) fn array(&self, column: usize, rows: &[R], spec: &Spec) -> Result<ArrayRef, EncodeError> {
        let no_column = || EncodeError::Arrow(ArrowError::SchemaError(format!("no column {column}")));
        let column = self.columns.get(column).ok_or_else(no_column)?;
        column.array(rows, spec).map_err(|row| EncodeError::Overflow {
            column: column.name.clone(),
            place: rows.get(row).map(self.place).unwrap_or_default(),
        })
    }
}

/// `batch`.
pub(super) fn batch<R>(get: impl for<'a> Fn(&'a R) -> &'a str + 'static) -> Column<R> {
    Column::texts("batch", ("期", "期号，两位数字的文本：02 是第二期。"), move |r, _| {
        Datum::text(get(r))
    })
}

/// A text column.
pub(super) fn text<R>(
    name: &str,
    about: (&str, &str),
    get: impl for<'a> Fn(&'a R) -> Datum<'a> + 'static,
) -> Column<R> {
    Column::texts(name, about, move |r, _| get(r))
}

/// `unit_code`; null when the unit could not be told.
pub(super) fn unit_code<R>(get: impl for<'a> Fn(&'a R) -> Option<&'a str> + 'static) -> Column<R> {
    let about = ("单位代码", "报送单位的六位代码；410000 是全省。认不出单位时为空。");
    Column::texts("unit_code", about, move |r, _| Datum::maybe(get(r).filter(|c| !c.is_empty())))
}

/// `unit_name` by the roster; null when the unit could not be told.
pub(super) fn unit_name<R>(get: impl for<'a> Fn(&'a R) -> Option<&'a str> + 'static) -> Column<R> {
    Column::texts("unit_name", ("报送单位", "报送单位名称，按名录。"), move |r, spec| {
        Datum::maybe(get(r).filter(|c| !c.is_empty()).map(|code| spec.roster.name_of(code)))
    })
}

/// `stage`; null for what belongs to none or to all.
pub(super) fn stage<R>(get: impl Fn(&R) -> Option<crate::model::Stage> + 'static) -> Column<R> {
    let about = ("批次类别", "签约、开工或投产；为空表示不分批次，或认不出。");
    Column::texts("stage", about, move |r, _| Datum::maybe(get(r).map(crate::model::Stage::as_str)))
}
