//! A column: its name, type, Chinese name, description, and how a row gives its value.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder, StringBuilder,
};
use arrow::datatypes::{DataType, Field};
use jiff::civil::Date;
use serde::Serialize;

use crate::model::{CellRef, days_since_1970};
use crate::spec::Spec;

/// Digits of a money column.
const PRECISION: u8 = 18;
/// Of these after the point: 0.0001 万元 is one 元.
const SCALE: i8 = 4;
/// Bytes that are set aside for each text.
const TEXT_BYTES: usize = 16;
/// First value beyond a money column, in 元.
const MONEY_BOUND: i64 = 1_000_000_000_000_000_000;

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Kind {
    /// UTF-8 text.
    #[serde(rename = "string")]
    Text,
    /// Money in 万元, and what is counted in the same fixed point.
    #[serde(rename = "decimal(18,4)")]
    Money,
    /// Day.
    #[serde(rename = "date")]
    Date,
    /// 是 or 否.
    #[serde(rename = "boolean")]
    Flag,
    /// Whole number.
    #[serde(rename = "int64")]
    Count,
    /// Texts in order.
    #[serde(rename = "list<string>")]
    List,
}

impl Kind {
    /// Name for people, e.g. `decimal(18,4)`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Money => "decimal(18,4)",
            Self::Date => "date",
            Self::Flag => "boolean",
            Self::Count => "int64",
            Self::List => "list<string>",
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Money => DataType::Decimal128(PRECISION, SCALE),
            Self::Date => DataType::Date32,
            Self::Flag => DataType::Boolean,
            Self::Count => DataType::Int64,
            Self::List => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        }
    }
}

/// A value on its way into a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Datum<'a> {
    /// Nothing.
    Null,
    /// For [`Kind::Text`].
    Text(Cow<'a, str>),
    /// For [`Kind::Text`]: a place as `J86`.
    Place(CellRef),
    /// For [`Kind::Money`], × 10⁴ (元 for 万元). One that does not fit the column is an error of the whole dataset.
    Money(i64),
    /// For [`Kind::Date`].
    Date(Date),
    /// For [`Kind::Flag`].
    Flag(bool),
    /// For [`Kind::Count`].
    Count(i64),
    /// For [`Kind::List`].
    List(Vec<&'a str>),
}

impl<'a> Datum<'a> {
    /// A text; an empty one stays one.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A text that may be absent.
    pub(super) fn maybe(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Self::Null, |t| Self::Text(t.into()))
    }

    /// A text that is absent when empty.
    pub(super) fn filled(text: &'a str) -> Self {
        if text.is_empty() { Self::Null } else { Self::text(text) }
    }

    /// A figure that may be too large for its column and is absent then: what is written stands beside it.
    pub(super) fn bounded(value: Option<i64>) -> Self {
        value.filter(|v| fits(*v)).map_or(Self::Null, Self::Money)
    }
}

fn fits(value: i64) -> bool {
    -MONEY_BOUND < value && value < MONEY_BOUND
}

/// How rows give their values.
enum Get<R> {
    /// Row by row.
    Each(Each<R>),
    /// All texts at once: most columns are texts, and most of their values take less time than a call.
    Texts(Texts<R>),
}

type Each<R> = Box<dyn for<'a> Fn(&'a R, &'a Spec) -> Datum<'a>>;
type Texts<R> = Box<dyn Fn(&[R], &Spec) -> ArrayRef>;

/// A column of rows of type `R`.
pub(super) struct Column<R> {
    /// Name in the dataset.
    pub(super) name: String,
    /// Type.
    pub(super) kind: Kind,
    /// Chinese name.
    pub(super) title: String,
    /// What it holds, in Chinese.
    pub(super) description: String,
    get: Get<R>,
}

impl<R> Column<R> {
    /// A column. `about` is its Chinese name and description.
    pub(super) fn new(
        name: impl Into<String>,
        kind: Kind,
        about: (impl Into<String>, impl Into<String>),
        get: impl for<'a> Fn(&'a R, &'a Spec) -> Datum<'a> + 'static,
    ) -> Self {
        let get = Get::Each(Box::new(get));
        Self { name: name.into(), kind, title: about.0.into(), description: about.1.into(), get }
    }

    /// A column of texts.
    pub(super) fn texts(
        name: impl Into<String>,
        about: (impl Into<String>, impl Into<String>),
        get: impl for<'a> Fn(&'a R, &'a Spec) -> Datum<'a> + 'static,
    ) -> Self {
        let all = move |rows: &[R], spec: &Spec| texts(rows.iter().map(|row| get(row, spec)));
        let get = Get::Texts(Box::new(all));
        Self { name: name.into(), kind: Kind::Text, title: about.0.into(), description: about.1.into(), get }
    }

    /// As an Arrow field, with its Chinese name and description.
    pub(super) fn field(&self) -> Field {
        let metadata = HashMap::from([
            ("title".to_owned(), self.title.clone()),
            ("description".to_owned(), self.description.clone()),
        ]);
        Field::new(&self.name, self.kind.arrow(), true).with_metadata(metadata)
    }

    /// The values of these rows. `Err` is the position of a row whose amount does not fit.
    pub(super) fn array(&self, rows: &[R], spec: &Spec) -> Result<ArrayRef, usize> {
        let get = match &self.get {
            Get::Texts(texts) => return Ok(texts(rows, spec)),
            Get::Each(get) => get,
        };
        let values = rows.iter().map(|row| get(row, spec));
        Ok(match self.kind {
            Kind::Text => texts(values),
            Kind::Money => return money(values),
            Kind::Date => dates(values),
            Kind::Flag => flags(values),
            Kind::Count => counts(values),
            Kind::List => lists(values),
        })
    }
}

fn texts<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> ArrayRef {
    let mut array = StringBuilder::with_capacity(values.len(), values.len() * TEXT_BYTES);
    for value in values {
        match value {
            Datum::Text(text) => array.append_value(text),
            Datum::Place(at) => array.append_value(at.name().as_str()),
            _ => array.append_null(),
        }
    }
    Arc::new(array.finish())
}

fn money<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> Result<ArrayRef, usize> {
    let mut array = Decimal128Builder::with_capacity(values.len()).with_data_type(Kind::Money.arrow());
    for (row, value) in values.enumerate() {
        match value {
            Datum::Money(amount) if fits(amount) => array.append_value(i128::from(amount)),
            Datum::Money(_) => return Err(row),
            _ => array.append_null(),
        }
    }
    Ok(Arc::new(array.finish()))
}

fn dates<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> ArrayRef {
    let mut array = Date32Builder::with_capacity(values.len());
    for value in values {
        match value {
            Datum::Date(date) => array.append_value(days_since_1970(date)),
            _ => array.append_null(),
        }
    }
    Arc::new(array.finish())
}

fn flags<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> ArrayRef {
    let mut array = BooleanBuilder::with_capacity(values.len());
    for value in values {
        match value {
            Datum::Flag(flag) => array.append_value(flag),
            _ => array.append_null(),
        }
    }
    Arc::new(array.finish())
}

fn counts<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> ArrayRef {
    let mut array = Int64Builder::with_capacity(values.len());
    for value in values {
        match value {
            Datum::Count(count) => array.append_value(count),
            _ => array.append_null(),
        }
    }
    Arc::new(array.finish())
}

fn lists<'a>(values: impl ExactSizeIterator<Item = Datum<'a>>) -> ArrayRef {
    let mut array = ListBuilder::with_capacity(StringBuilder::new(), values.len());
    for value in values {
        if let Datum::List(items) = value {
            for item in items {
                array.values().append_value(item);
            }
            array.append(true);
        } else {
            array.append(false);
        }
    }
    Arc::new(array.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        for (date, days) in [(Date::constant(1970, 1, 2), 1), (Date::constant(1969, 12, 31), -1)] {
            assert_eq!(days_since_1970(date), days);
        }
        assert_eq!(days_since_1970(Date::constant(2021, 10, 8)), 18_908);
    }

    #[test]
    fn an_amount_beyond_the_column_names_its_row() {
        let rows = [Datum::Money(MONEY_BOUND - 1), Datum::Null, Datum::Money(1 - MONEY_BOUND)];
        assert_eq!(money(rows.into_iter()).map(|a| a.null_count()), Ok(1));
        for too_large in [MONEY_BOUND, i64::MAX, i64::MIN] {
            assert_eq!(money([Datum::Null, Datum::Money(too_large)].into_iter()).err(), Some(1));
            assert_eq!(Datum::bounded(Some(too_large)), Datum::Null);
        }
    }
}
