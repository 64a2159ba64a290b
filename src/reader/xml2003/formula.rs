//! From R1C1 references to A1.

use crate::model::{CellRef, column_letters};

/// The formula with its references as a cell at `at` shows them. What is no reference stays as it is.
pub(super) fn to_a1(formula: &str, at: CellRef) -> String {
    let body = formula.trim().trim_start_matches('=');
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let (size, text) = match c {
            '"' | '\'' => {
                let end =
                    rest.char_indices().skip(1).find(|(_, d)| *d == c).map_or(rest.len(), |(i, d)| i + d.len_utf8());
                (end, None)
            }
            'R' | 'r' if !is_word(before) => reference(rest, at).map_or((1, None), |(size, text)| (size, Some(text))),
            _ => (c.len_utf8(), None),
        };
        let (piece, after) = rest.split_at(size);
        out.push_str(text.as_deref().unwrap_or(piece));
        before = piece.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// A reference at the beginning of the text: its length and what it is called in A1.
fn reference(text: &str, at: CellRef) -> Option<(usize, String)> {
    let (row, rest) = axis(&text[1..], at.row)?;
    let (col, rest) = axis(rest.strip_prefix(['C', 'c'])?, at.col)?;
    if rest.starts_with(|c: char| is_word(c) || c == '(') {
        return None;
    }
    let dollar = |absolute: bool| if absolute { "$" } else { "" };
    let written = format!("{}{}{}{}", dollar(col.1), column_letters(col.0), dollar(row.1), row.0.checked_add(1)?);
    Some((text.len() - rest.len(), written))
}

/// `[-3]`, `5` or nothing: the place from 0, whether it is absolute, and what follows.
fn axis(text: &str, own: u32) -> Option<((u32, bool), &str)> {
    if let Some(inner) = text.strip_prefix('[') {
        let (distance, rest) = inner.split_once(']')?;
        let place = i64::from(own) + i64::from(distance.parse::<i32>().ok()?);
        return Some(((u32::try_from(place).ok()?, false), rest));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    if number.is_empty() {
        return Some(((own, false), rest));
    }
    Some(((number.parse::<u32>().ok()?.checked_sub(1)?, true), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_all_kinds() {
        let at = CellRef::new(36, 5); // F37
        for (formula, expected) in [
            ("=SUM(R[-32]C:R[-1]C)", "SUM(F5:F36)"),
            ("=R5C6*RC[-1]", "$F$5*E37"),
            ("=ROUND('RC 1'!R1C1,2)&\"RC\"", "ROUND('RC 1'!$A$1,2)&\"RC\""),
            ("=RCX+R[-99]C+RC(1)", "RCX+R[-99]C+RC(1)"),
            ("=汇总!R[1]C", "汇总!F38"),
        ] {
            assert_eq!(to_a1(formula, at), expected);
        }
    }
}
