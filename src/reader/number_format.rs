//! Number formats: the codes of built-in ids, and which of them show a date.

/// The code of a built-in format id as Excel in Chinese shows it; `None` for General and unknown ids.
pub(super) fn builtin(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "¥#,##0;¥-#,##0",
        7 | 8 => "¥#,##0.00;¥-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42 => "_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* \"-\"_ ;_ @_ ",
        43 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44 => "_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* \"-\"??_ ;_ @_ ",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// The code behind a name that HTML and `SpreadsheetML` use for a built-in format.
pub(super) fn named(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "fixed" => "0.00",
        "standard" => "#,##0.00",
        "percent" => "0.00%",
        "scientific" => "0.00E+00",
        "currency" | "euro currency" => "¥#,##0.00;¥-#,##0.00",
        "short date" => "yyyy/m/d",
        "general date" => "yyyy/m/d h:mm",
        "long date" => "yyyy\"年\"m\"月\"d\"日\"",
        "medium date" => "d-mmm-yy",
        "long time" | "medium time" => "h:mm:ss",
        "short time" => "h:mm",
        _ => return None,
    })
}

/// Whether a format shows a calendar date: its first section has y, d, e, a month m or 年月日 outside quotes.
/// A pure time of day is no date.
pub(super) fn is_date(code: &str) -> bool {
    let mut plain = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => chars.by_ref().take_while(|&c| c != '"').for_each(drop),
            '\\' | '_' | '*' | '!' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                // Elapsed time [h] is a duration; colours, conditions and locales say nothing.
                if matches!(inside.to_ascii_lowercase().trim_matches(['h', 'm', 's']), "") {
                    return false;
                }
            }
            _ => plain.push(c.to_ascii_lowercase()),
        }
    }
    if plain.contains("general") || plain.contains('0') && plain.contains('/') && !plain.contains(['y', 'd']) {
        return false;
    }
    if plain.contains(['#', '?']) || (plain.contains('0') && !plain.contains(['y', 'd', 's'])) {
        return false;
    }
    let day = plain.contains(['y', 'd']) || plain.contains("aaa");
    let era = plain.contains('e') && !plain.contains("e+") && !plain.contains("e-");
    let month = plain.contains('m') && !plain.contains(['h', 's']) && !plain.contains("am/pm");
    day || era || month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_by_code() {
        for code in [
            "yyyy/m/d",
            "yyyy\"年\"m\"月\"",
            "[$-804]aaaa",
            "e\"年\"m\"月\"",
            "[DBNum1]yyyy\"年\"m\"月\"d\"日\"",
            "m\"月\"d\"日\"",
            "yyyy\\-mm\\-dd",
            "mmm-yy",
            "yyyy/m/d;@",
            "yyyy年m月",
        ] {
            assert!(is_date(code), "{code}");
        }
        for code in [
            "0.00",
            "#,##0.00",
            "0.00E+00",
            "General",
            "h:mm",
            "[h]:mm:ss",
            "0!.0,",
            "0\"万元\"",
            "@",
            "# ?/?",
            "[Red]0.00",
            "General/0",
            "_ * #,##0_ ;_ * -#,##0_ ",
        ] {
            assert!(!is_date(code), "{code}");
        }
        assert!(builtin(31).is_some_and(is_date) && builtin(57).is_some_and(is_date));
    }
}
