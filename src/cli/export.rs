//! Rows as CSV that a spreadsheet program takes for data and nothing else.

use sanpi::query::Table;

/// Characters that begin a formula in a spreadsheet program, with their full-width forms.
const ACTIVE: [char; 13] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '﹦', '﹢'];

/// A result as CSV, NULL as an empty cell.
pub(super) fn csv(table: &Table) -> Result<String, String> {
    let header = table.columns.iter().map(|(name, _)| inert(name, false)).collect();
    let row = |row: &Vec<Option<String>>| {
        let cells = row.iter().zip(&table.columns);
        cells.map(|(value, (_, numeric))| inert(value.as_deref().unwrap_or(""), *numeric)).collect()
    };
    lines(std::iter::once(header).chain(table.rows.iter().map(row)))
}

/// Lines of cells that are inert already.
fn lines(rows: impl Iterator<Item = Vec<String>>) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let complain = |e: csv::Error| format!("无法写成 CSV：{e}");
    for row in rows {
        writer.write_record(row).map_err(complain)?;
    }
    let bytes = writer.into_inner().map_err(|e| format!("无法写成 CSV：{e}"))?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

/// A text that a spreadsheet program would take for a formula gets a leading apostrophe, also behind white space;
/// numbers keep their sign.
fn inert(text: &str, numeric: bool) -> String {
    let numeric = numeric && is_number(text);
    let first = text.trim_start_matches([' ', '\u{3000}', '\u{a0}', '\u{feff}']);
    if !numeric && first.starts_with(ACTIVE) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a text is a plain decimal number.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_inert_and_numbers_keep_their_digits() {
        let table = Table {
            columns: vec![("名称".into(), false), ("n".into(), true)],
            rows: vec![vec![Some("=1+1".into()), Some("-2.50".into())], vec![Some("a\"b".into()), None]],
        };
        assert_eq!(csv(&table).unwrap(), "名称,n\n'=1+1,-2.50\n\"a\"\"b\",\n");
    }

    #[test]
    fn every_form_of_a_formula_is_inert() {
        for active in
            ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", " =1", "\u{3000}＝1"]
        {
            assert_eq!(inert(active, false), format!("'{active}"));
        }
        for plain in ["1", "甲-乙", "a=b", "", "2021-10-08"] {
            assert_eq!(inert(plain, false), plain);
        }
        assert_eq!(inert("-2.50", true), "-2.50");
        assert_eq!(inert("-cmd|' /C calc'!A0", true), "'-cmd|' /C calc'!A0", "a column may call itself a number");
        assert!(is_number("0.5") && !is_number("-") && !is_number("1.") && !is_number("1e5"));
    }
}
