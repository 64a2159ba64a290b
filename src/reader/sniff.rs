//! What a file is, told by its bytes alone.

use super::package::Package;

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Empty,
    /// A zip file; which one, its parts tell.
    Zip,
    /// An OLE compound file; which one, its streams tell.
    Ole,
    /// A BIFF stream without OLE container, with its version.
    BareBiff(u8),
    /// HTML.
    Html,
    /// A web archive.
    Mhtml,
    /// `SpreadsheetML` 2003.
    SpreadsheetMl,
    /// Text that may be a table.
    Text,
    /// A known other format, by its Chinese name; not a submission.
    Stray(&'static str),
    /// A known other format, by its Chinese name; might hold one.
    Other(&'static str),
    /// Bytes of no known format.
    Unknown,
}

const MAGIC: [(&[u8], Kind); 16] = [
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Ole),
    (b"%PDF", Kind::Stray("PDF 文件")),
    (b"\x89PNG", Kind::Stray("图片")),
    (b"\xFF\xD8\xFF", Kind::Stray("图片")),
    (b"GIF8", Kind::Stray("图片")),
    (b"BM\x00", Kind::Stray("图片")),
    (b"II*\x00", Kind::Stray("图片")),
    (b"MM\x00*", Kind::Stray("图片")),
    (b"{\\rtf", Kind::Stray("Word 文档（RTF）")),
    (b"Rar!", Kind::Other("压缩包（RAR）")),
    (b"7z\xBC\xAF\x27\x1C", Kind::Other("压缩包（7z）")),
    (b"\x1F\x8B", Kind::Other("压缩包（gz）")),
    (b"SQLite format 3", Kind::Other("数据库文件")),
    (b"MZ", Kind::Other("可执行文件")),
];

/// Tells what the bytes are.
pub(super) fn sniff(bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *kind;
    }
    if let Some(version) = bare_biff(bytes) {
        return Kind::BareBiff(version);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Kind::Stray("图片");
    }
    text_kind(bytes).unwrap_or_else(|| if zip_behind_junk(bytes) { Kind::Zip } else { Kind::Unknown })
}

/// BOF records of BIFF2 to BIFF5 at the very beginning.
fn bare_biff(bytes: &[u8]) -> Option<u8> {
    match bytes.get(..4)? {
        [0x09, 0x00, 4..=8, 0x00] => Some(2),
        [0x09, 0x02, 4..=8, 0x00] => Some(3),
        [0x09, 0x04, 4..=8, 0x00] => Some(4),
        [0x09, 0x08, 8, 0x00] => Some(5),
        [0x09, 0x08, 16, 0x00] => Some(8),
        _ => None,
    }
}

/// Tags that tell a page from other markup.
const PAGE_TAGS: [&str; 9] = ["<html", "<table", "<!doctype html", "<meta", "<style", "<body", "<div", "<tr", "<td"];

/// A page with a few damaged characters is still a page.
fn is_damaged_page(bytes: &[u8]) -> bool {
    let head: String =
        bytes.iter().take(4000).filter(|b| b.is_ascii()).map(|&b| char::from(b).to_ascii_lowercase()).collect();
    head.trim_start().starts_with('<') && ["<html", "<table"].iter().any(|tag| head.contains(tag))
}

fn text_kind(bytes: &[u8]) -> Option<Kind> {
    let Some(text) = super::decode::decode_start(bytes) else {
        return is_damaged_page(bytes).then_some(Kind::Html);
    };
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let head: String = start.chars().take(4000).collect::<String>().to_ascii_lowercase();
    if head.starts_with("mime-version:")
        || (head.contains("content-type: multipart/related") && head.contains("boundary="))
    {
        return Some(Kind::Mhtml);
    }
    if head.starts_with('<') {
        if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && !head.contains("<html") {
            return Some(Kind::SpreadsheetMl);
        }
        if PAGE_TAGS.iter().any(|tag| head.contains(tag)) {
            return Some(Kind::Html);
        }
        return Some(Kind::Other("XML 文件"));
    }
    // Some systems write a line of text before the page.
    if head.contains("<table") && head.contains("<tr") {
        return Some(Kind::Html);
    }
    Some(Kind::Text)
}

/// A zip with bytes before it: the end record is there and the archive opens.
fn zip_behind_junk(bytes: &[u8]) -> bool {
    Package::has_end_record(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_content() {
        let cases: [(&[u8], Kind); 9] = [
            (b"", Kind::Empty),
            (b"PK\x03\x04rest", Kind::Zip),
            (b"%PDF-1.7", Kind::Stray("PDF 文件")),
            (b"\x09\x08\x10\x00\x00\x06", Kind::BareBiff(8)),
            (b"<html><table></table>", Kind::Html),
            (b"MIME-Version: 1.0\r\nX: y", Kind::Mhtml),
            ("序号,项目名称\n1,甲\n".as_bytes(), Kind::Text),
            (b"\xD0\xF2\xBA\xC5,\xCF\xEE\xC4\xBF\n1,2\n", Kind::Text),
            (&[0u8; 64], Kind::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), kind, "{:?}", &bytes[..bytes.len().min(12)]);
        }
    }
}
