//! Web archives (MHTML): the pages in their envelope.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::page;

/// Parts that are looked at.
const PARTS: usize = 10_000;

/// The pages of an archive, in order, as text.
pub(super) fn pages(bytes: &[u8]) -> Vec<String> {
    let (head, body) = split_head(bytes);
    let Some(boundary) = parameter(&head, "content-type", "boundary") else {
        return page_of(&head, body).into_iter().collect();
    };
    let mark = format!("--{boundary}");
    let parts = split(body, mark.as_bytes());
    parts
        .into_iter()
        .skip(1)
        .take_while(|part| !part.starts_with(b"--"))
        .take(PARTS)
        .filter_map(|part| {
            let (head, body) = split_head(trim_start(part));
            page_of(&head, body)
        })
        .collect()
}

fn page_of(head: &[(String, String)], body: &[u8]) -> Option<String> {
    let kind = field(head, "content-type").unwrap_or("text/html").to_ascii_lowercase();
    if !kind.trim_start().starts_with("text/html") {
        return None;
    }
    let transfer = field(head, "content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let body = match transfer.as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        "base64" => Cow::Owned(unbase64(body)),
        _ => Cow::Borrowed(body),
    };
    Some(page::text(&body, parameter(head, "content-type", "charset").as_deref()))
}

/// Header lines, folded ones joined, names in lower case; and what follows the empty line.
fn split_head(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut head: Vec<(String, String)> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |i| i + 1);
        let (line, after) = rest.split_at(end);
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if line.is_empty() {
            return (head, after);
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = head.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            head.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else {
            return (head, rest);
        }
        rest = after;
    }
    (head, rest)
}

fn field<'h>(head: &'h [(String, String)], name: &str) -> Option<&'h str> {
    head.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// `boundary="…"` in a header field.
fn parameter(head: &[(String, String)], name: &str, wanted: &str) -> Option<String> {
    let pieces = field(head, name)?.split(';').filter_map(|piece| piece.split_once('='));
    let found =
        pieces.map(|(n, v)| (n.trim(), v.trim().trim_matches('"'))).find(|(n, _)| n.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.to_owned()).filter(|v| !v.is_empty())
}

fn split<'b>(bytes: &'b [u8], mark: &[u8]) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at + mark.len() <= bytes.len() {
        // A mark stands at the beginning of a line.
        if bytes[at..].starts_with(mark) && (at == 0 || bytes[at - 1] == b'\n') {
            parts.push(&bytes[start..at]);
            at += mark.len();
            start = at;
        } else {
            at += 1;
        }
    }
    parts.push(&bytes[start..]);
    parts
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| i + 1);
    &bytes[end..]
}

/// `=E9=A1=B9` and soft line breaks.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&b, after)) = rest.split_first() {
        rest = after;
        if b != b'=' {
            out.push(b);
            continue;
        }
        let digit =
            |i: usize| after.get(i).and_then(|&d| char::from(d).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        if let (Some(high), Some(low)) = (digit(0), digit(1)) {
            out.push(high * 16 + low);
            rest = &after[2..];
        } else if let Some(left) = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")) {
            rest = left;
        } else {
            out.push(b);
        }
    }
    out
}

fn unbase64(body: &[u8]) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let letters: Vec<u8> = body.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    GeneralPurpose::new(&STANDARD, config).decode(letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_both_encodings() {
        let archive = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--b\"\r\n\r\nx\r\n----b\r\n\
            Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<td>=E9=A1=\r\n=B9</td>\r\n\
            ----b\r\nContent-Type: image/png\r\n\r\n<td>no</td>\r\n----b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHRkPj\nE=\r\n----b--\r\n";
        assert_eq!(pages(archive.as_bytes()), ["<td>项</td>\r\n", "<td>1"]);
        assert_eq!(pages(b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>"), ["<p>"]);
    }
}
