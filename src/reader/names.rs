//! What a file's name tells: lock files, and which format its ending promises.

use crate::model::Format;

/// Endings of table formats.
const KNOWN: [&str; 20] = [
    "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "xlt", "et", "ett", "ods", "ots", "csv", "tsv", "tab", "txt", "xml",
    "html", "htm", "mht", "mhtml",
];

/// The last component of a path, lower-case ending split off.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The ending in lower case, empty when there is none.
pub(super) fn ending(name: &str) -> String {
    base(name).rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default()
}

/// Lock files of Excel, WPS (`~$…`) and `LibreOffice` (`.~lock.…#`).
pub(super) fn is_lock_file(name: &str) -> bool {
    base(name).starts_with("~$") || base(name).starts_with(".~")
}

/// Whether the ending is one that the format usually carries. An unknown or missing ending promises nothing.
pub(super) fn fits(name: &str, format: Format) -> bool {
    let ending = ending(name);
    let usual: &[&str] = match format {
        Format::Xlsx => &["xlsx", "xlsm", "xltx", "xltm", "et", "ett"],
        Format::Xlsb => &["xlsb"],
        Format::Xls => &["xls", "xlt", "et", "ett"],
        Format::Ods => &["ods", "ots"],
        Format::Html => &["html", "htm", "mht", "mhtml"],
        Format::SpreadsheetMl => &["xml"],
        Format::Csv => &["csv", "tsv", "tab", "txt"],
    };
    usual.contains(&ending.as_str()) || !KNOWN.contains(&ending.as_str())
}

/// Whether the ending is that of a table format.
pub(super) fn promises_table(name: &str) -> bool {
    KNOWN.contains(&ending(name).as_str())
}

/// How a format is called in messages.
pub(super) fn title(format: Format) -> &'static str {
    match format {
        Format::Xlsx => "xlsx 工作簿",
        Format::Xlsb => "xlsb 工作簿",
        Format::Xls => "xls 工作簿（97-2003）",
        Format::Ods => "ods 工作簿",
        Format::Html => "网页表格（HTML）",
        Format::SpreadsheetMl => "XML 电子表格 2003",
        Format::Csv => "文本表格（CSV）",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_locks() {
        assert!(is_lock_file("02/洛阳市/~$台账.xlsx"));
        assert!(is_lock_file(".~lock.台账.xlsx#"));
        assert!(!is_lock_file("02/台账~$.xlsx"));
        assert!(fits("02/a.b/台账", Format::Xlsx), "no ending promises nothing");
        assert!(fits("台账.ET", Format::Xls) && fits("台账.et", Format::Xlsx));
        assert!(!fits("台账.xls", Format::Html));
    }
}
