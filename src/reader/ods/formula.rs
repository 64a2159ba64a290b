//! `OpenFormula` as the formulas of the other formats are written: `of:=SUM([.F5:.F36])` is `SUM(F5:F36)`.

/// The formula without its name space, brackets and semicolons.
pub(super) fn plain(formula: &str) -> String {
    let body =
        formula.split_once('=').map_or(formula, |(space, body)| if space.contains('"') { formula } else { body });
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let size = match c {
            '"' => quoted(rest, '"'),
            '[' => quoted(rest, ']'),
            _ => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(size);
        match c {
            '[' => out.push_str(&reference(piece.trim_start_matches('[').trim_end_matches(']'))),
            ';' | '~' => out.push(','),
            _ => out.push_str(piece),
        }
        rest = after;
    }
    out
}

/// Bytes up to and with the closing mark, or all.
fn quoted(text: &str, end: char) -> usize {
    text.char_indices().skip(1).find(|(_, c)| *c == end).map_or(text.len(), |(i, c)| i + c.len_utf8())
}

/// `.F5:.F36` is `F5:F36`, `$汇总.A1` is `汇总!A1`.
fn reference(text: &str) -> String {
    let mut parts = Vec::new();
    for part in split_outside(text, ':') {
        let cut = split_outside(part, '.');
        match cut.as_slice() {
            [sheet @ .., cell] if !sheet.is_empty() => {
                let sheet = sheet.join(".");
                let sheet = sheet.trim_start_matches('$');
                parts.push(if sheet.is_empty() { (*cell).to_owned() } else { format!("{sheet}!{cell}") });
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts.join(":")
}

/// Splits at a mark that is not inside apostrophes.
fn split_outside(text: &str, mark: char) -> Vec<&str> {
    let mut inside = false;
    text.split(|c| {
        inside ^= c == '\'';
        c == mark && !inside
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn brackets_and_separators() {
        for (formula, expected) in [
            ("of:=SUM([.F5:.F36])", "SUM(F5:F36)"),
            ("of:=ROUND([.$H$6]*4;2)", "ROUND($H$6*4,2)"),
            ("of:=[$汇总.G10]+['2.开工'.A1:.B2]", "汇总!G10+'2.开工'!A1:B2"),
            ("of:=IF([.A1]=\"a;[b\";1;0)", "IF(A1=\"a;[b\",1,0)"),
            ("msoxl:=SUM(F5:F36)", "SUM(F5:F36)"),
            ("of:=[.A1", "A1"),
        ] {
            assert_eq!(plain(formula), expected);
        }
    }
}
