//! Values as exact texts.

use polars::prelude::{AnyValue, DataType, Series};

/// Days of the civil calendar that jiff counts from.
const EPOCH: jiff::civil::Date = jiff::civil::Date::constant(1970, 1, 1);

/// Whether a column holds numbers.
pub(super) fn is_numeric(kind: &DataType) -> bool {
    kind.is_primitive_numeric() || kind.is_decimal()
}

/// A value as text; `None` is NULL. Decimals keep their scale, dates are ISO, lists are JSON.
pub(super) fn text(value: &AnyValue<'_>) -> Option<String> {
    Some(match value {
        AnyValue::Null => return None,
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(flag) => flag.to_string(),
        AnyValue::Date(days) => date(*days),
        AnyValue::Decimal(unscaled, _, scale) => decimal(*unscaled, *scale),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Float32(number) => number.to_string(),
        AnyValue::List(items) => list(items),
        other => other.to_string(),
    })
}

fn date(days: i32) -> String {
    let date = jiff::Span::new().try_days(days).and_then(|span| EPOCH.checked_add(span));
    date.map_or_else(|_| format!("{days}"), |date| date.to_string())
}

fn decimal(unscaled: i128, scale: usize) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A JSON array: texts as strings, numbers as numbers.
fn list(items: &Series) -> String {
    let numeric = is_numeric(items.dtype());
    let items: Vec<String> = items
        .iter()
        .map(|item| match text(&item) {
            None => "null".to_owned(),
            Some(text) if numeric => text,
            Some(text) => serde_json::Value::from(text).to_string(),
        })
        .collect();
    format!("[{}]", items.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_exact() {
        for (unscaled, scale, text) in
            [(0, 4, "0.0000"), (-5, 4, "-0.0005"), (510_005_000, 4, "51000.5000"), (12, 0, "12"), (-7, 0, "-7")]
        {
            assert_eq!(decimal(unscaled, scale), text);
        }
        assert_eq!((date(18_908), date(-1)), ("2021-10-08".to_owned(), "1969-12-31".to_owned()));
    }
}
