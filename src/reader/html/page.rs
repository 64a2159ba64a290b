//! The characters of a page: by its mark, by what it says of itself, or by what fits.

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::reader::decode::encoding_of;

/// Bytes in which a page says its character set.
const HEAD: usize = 4096;

/// The text of a page. `told` is what its envelope says of its character set.
pub(super) fn text(bytes: &[u8], told: Option<&str>) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let head: String = bytes.iter().take(HEAD).filter(|b| b.is_ascii() && **b != 0).map(|&b| char::from(b)).collect();
    let named =
        told.map(str::to_owned).or_else(|| charset(&head)).and_then(|label| Encoding::for_label(label.as_bytes()));
    // GB2312 is what pages say; GBK or GB18030 is what they are.
    let named = named.map(|e| if e == encoding_rs::GBK { GB18030 } else { e });
    let fitting = || encoding_of(bytes);
    for encoding in [marked, named].into_iter().flatten() {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            return text.into_owned();
        }
    }
    // A single damaged character must not cost the page.
    let encoding =
        marked.or_else(fitting).or(named).unwrap_or(if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 });
    encoding.decode(bytes).0.into_owned()
}

/// `charset=…` of a meta element or of an XML declaration.
fn charset(head: &str) -> Option<String> {
    let lower = head.to_ascii_lowercase();
    let at = lower.find("charset=").map(|i| i + 8).or_else(|| lower.find("encoding=").map(|i| i + 9))?;
    let rest = lower[at..].trim_start_matches(['"', '\'', ' ']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':')).unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_sets() {
        let page =
            |set: &str| format!("<meta http-equiv=Content-Type content=\"text/html; charset={set}\"><td>郑州𠀀</td>");
        let gbk = GB18030.encode(&page("gb2312")).0.into_owned();
        assert_eq!(text(&gbk, None), page("gb2312"));
        assert_eq!(text(page("utf-8").as_bytes(), None), page("utf-8"));
        assert_eq!(text(page("gb2312").as_bytes(), Some("utf-8")), page("gb2312"), "the envelope decides");
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain("<td>项目".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf16, None), "<td>项目");
        assert_eq!(text(&GB18030.encode("<td>项目").0, None), "<td>项目");
        let broken = [gbk.as_slice(), &[0xFF, b'<']].concat();
        assert!(text(&broken, None).contains("郑州"), "one bad byte costs one character");
    }
}
