//! One `<c>` element: from its type, value and formula to a cell, or to the reason why it is lost.

use std::borrow::Cow;

use super::strings::Text;
use crate::model::{Cell, CellKind, CellRef};
use crate::reader::value::{Style, iso_date, looks_numeric, number_kind, shared_kind, text_kind};

/// What stands in the element, before it is read.
#[derive(Debug, Default)]
pub(super) struct RawCell {
    /// Attribute `t`.
    pub(super) kind: Option<Cow<'static, str>>,
    /// Attribute `s`.
    pub(super) style: Option<usize>,
    /// Content of `<v>`, when there is one.
    pub(super) value: Option<String>,
    /// Content of `<is>`.
    pub(super) inline: Option<Text>,
    /// Content of `<f>`, shared formulas expanded.
    pub(super) formula: Option<String>,
    /// A reference in `<v>` could not be resolved.
    pub(super) broken: bool,
}

/// What the cells of a workbook refer to.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Shared strings.
    pub(super) strings: Vec<Text>,
    /// Cell formats.
    pub(super) styles: Vec<Style>,
    /// Dates count from 1904.
    pub(super) date1904: bool,
}

/// The types of cells, so that none of them is copied for every cell.
const KINDS: [&str; 7] = ["s", "n", "str", "inlineStr", "b", "e", "d"];

/// A value of attribute `t`.
pub(super) fn kind(text: &str) -> Cow<'static, str> {
    let known = KINDS.iter().find(|kind| **kind == text);
    known.map_or_else(|| Cow::Owned(text.to_owned()), |kind| Cow::Borrowed(*kind))
}

/// The cell, `None` when it is empty, or the Chinese reason why its value cannot be read.
pub(super) fn build(raw: &mut RawCell, at: CellRef, context: &Context) -> Result<Option<Cell>, String> {
    let plain = Style::default();
    let style = raw.style.and_then(|s| context.styles.get(s)).unwrap_or(&plain);
    let (kind, run_struck) = value(raw, style, context)?;
    // A formula without <v> was never calculated; `t="str"` with an empty <v> is a calculated empty text.
    let calculated = raw.value.as_deref().is_some_and(|v| !v.is_empty() || raw.kind.as_deref() == Some("str"));
    let uncached = raw.formula.is_some() && !calculated && raw.inline.is_none();
    if kind == CellKind::Empty && raw.formula.is_none() {
        return Ok(None);
    }
    let number_as_text = match &kind {
        CellKind::Text(t) => (style.quoted || raw.formula.is_none()) && looks_numeric(t),
        _ => false,
    };
    Ok(Some(Cell {
        format: style.format.clone(),
        formula: raw.formula.take(),
        uncached,
        struck: style.struck || run_struck,
        number_as_text,
        date1904: context.date1904,
        ..Cell::new(at, kind)
    }))
}

fn value(raw: &RawCell, style: &Style, context: &Context) -> Result<(CellKind, bool), String> {
    if raw.broken {
        return Err("含有无法识别的字符".to_owned());
    }
    if let Some(text) = &raw.inline {
        if text.broken {
            return Err("含有无法识别的字符".to_owned());
        }
        return Ok((shared_kind(&text.value), text.struck));
    }
    let Some(value) = raw.value.as_deref() else {
        return if raw.kind.as_deref() == Some("e") && raw.formula.is_none() {
            Err("标为错误值，但没有内容".to_owned())
        } else {
            Ok((CellKind::Empty, false))
        };
    };
    let kind = match raw.kind.as_deref().unwrap_or("n") {
        "s" => {
            let index: Option<usize> = value.trim().parse().ok();
            let text = index.and_then(|i| context.strings.get(i)).ok_or("文本在文件中找不到")?;
            if text.broken {
                return Err("含有无法识别的字符".to_owned());
            }
            return Ok((shared_kind(&text.value), text.struck));
        }
        "str" | "inlineStr" => text_kind(&super::strings::unescape(value)),
        "b" => match value.trim() {
            "1" | "true" | "TRUE" => CellKind::Bool(true),
            "0" | "false" | "FALSE" => CellKind::Bool(false),
            _ => return Err("不是逻辑值".to_owned()),
        },
        "e" if value.trim().is_empty() => return Err("标为错误值，但没有内容".to_owned()),
        "e" => CellKind::Error(value.trim().to_owned()),
        "d" => iso_date(value.trim(), context.date1904).unwrap_or_else(|| text_kind(value)),
        "n" if value.trim().is_empty() => CellKind::Empty,
        "n" => {
            let number: f64 = value.trim().parse().map_err(|_| "不是数字")?;
            if !number.is_finite() {
                return Err("数字超出范围".to_owned());
            }
            number_kind(number, style.is_date)
        }
        other => return Err(format!("类型 {} 不存在", other.chars().take(8).collect::<String>())),
    };
    Ok((kind, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(of: Option<&str>, value: Option<&str>, formula: Option<&str>) -> Result<Option<Cell>, String> {
        let mut raw = RawCell {
            kind: of.map(kind),
            value: value.map(str::to_owned),
            formula: formula.map(str::to_owned),
            ..RawCell::default()
        };
        build(&mut raw, CellRef::new(0, 0), &Context::default())
    }

    #[test]
    fn values_by_type() {
        let kind = |t: Option<&str>, v: &str| read(t, Some(v), None).map(|c| c.map(|c| c.kind));
        assert_eq!(kind(None, "51000"), Ok(Some(CellKind::Number(51000.0))));
        assert_eq!(kind(Some("e"), "#SPILL!"), Ok(Some(CellKind::Error("#SPILL!".into()))));
        assert_eq!(kind(Some("b"), "true"), Ok(Some(CellKind::Bool(true))));
        assert_eq!(kind(Some("d"), "2026-09-15"), Ok(Some(CellKind::Date(46280.0))));
        for (t, v) in
            [(None, "1E400"), (None, "NaN"), (None, "0x10"), (Some("s"), "9999"), (Some("zz"), "1"), (Some("e"), "")]
        {
            assert!(kind(t, v).is_err(), "{t:?} {v}");
        }
    }

    #[test]
    fn a_formula_without_value_is_kept() {
        let cell = read(None, None, Some("H6*4")).unwrap().unwrap();
        assert!(cell.uncached && cell.kind == CellKind::Empty);
        assert!(!read(Some("str"), Some(""), Some("A1")).unwrap().unwrap().uncached);
        assert_eq!(read(None, None, None), Ok(None));
    }
}
