//! Money units as they are stated in headers, titles, unit lines and number formats.

use crate::spec::Measures;

/// A money unit as stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyUnit {
    /// Name as in `measures.toml`.
    pub name: String,
    /// 元 in one unit; `None` for a foreign currency.
    pub yuan: Option<i64>,
}

/// The money unit that a header, title, unit line or number format states: `单位：万元`, `总投资（亿元）`, `0.00"万元"`.
#[must_use]
pub fn money_unit(text: &str, measures: &Measures) -> Option<MoneyUnit> {
    let found = measures.measure.iter().find(|m| text.contains(&m.name))?;
    Some(MoneyUnit { name: found.name.clone(), yuan: found.yuan })
}
