//! Text of unknown encoding: UTF-8 with or without mark, UTF-16, GB18030.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes looked at to tell what a file is.
const START: usize = 8192;

/// The encoding of a text, `None` when the bytes are no text in any of them.
pub(super) fn encoding_of(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Some(encoding);
    }
    if bytes.contains(&0) {
        return None;
    }
    [UTF_8, GB18030].into_iter().find(|e| {
        let (text, broken) = e.decode_without_bom_handling(bytes);
        !broken && looks_like_text(&text)
    })
}

/// The text in an encoding found by [`encoding_of`], its mark removed.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let encoding = encoding_of(bytes)?;
    let (text, _, broken) = encoding.decode(bytes);
    (!broken && looks_like_text(&text)).then(|| text.into_owned())
}

/// The first few thousand characters, a character cut by the end left out.
pub(super) fn decode_start(bytes: &[u8]) -> Option<String> {
    if bytes.len() <= START {
        return decode(bytes);
    }
    // A character has at most four bytes; UTF-16 needs an even cut.
    (0..4).find_map(|cut| decode(&bytes[..START - cut]))
}

/// UTF-16 without mark: nearly every character of the separators and digits has a zero byte on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(START) & !1];
    let ascii = |hi: usize| {
        let pairs = sample.chunks_exact(2);
        pairs.filter(|p| p[hi] == 0 && (matches!(p[1 - hi], b'\t' | b'\n' | b'\r' | 0x20..=0x7E))).count()
    };
    let (little, big) = (ascii(1), ascii(0));
    let pairs = sample.len() / 2;
    if pairs < 4 || !sample.contains(&0) {
        None
    } else if little * 8 > pairs && big == 0 {
        Some(UTF_16LE)
    } else if big * 8 > pairs && little == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// No control characters but the usual white space; private or unassigned characters are rare.
fn looks_like_text(text: &str) -> bool {
    let mut odd = 0usize;
    let mut all = 0usize;
    for c in text.chars() {
        all += 1;
        if c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1a}') {
            return false;
        }
        if matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}' | '\u{fffd}') {
            odd += 1;
        }
    }
    odd * 20 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_of_chinese_text() {
        let text = "序号\t项目名称\r\n1\t甲项目\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xFF, 0xFE][..], &utf16].concat();
        let gbk = GB18030.encode(text).0.into_owned();
        for bytes in [text.as_bytes(), &utf16, &marked, &gbk] {
            assert_eq!(decode(bytes).as_deref(), Some(text));
        }
        assert_eq!(decode(b"\x00\x01\x02\x03\x04\x05\x06\x07\x08"), None);
    }
}
