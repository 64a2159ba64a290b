//! Character references.

/// The ones that pages of these parts contain; others stay as they stand.
const NAMED: [(&str, char); 46] = [
    ("nbsp", '\u{a0}'),
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("yen", '¥'),
    ("euro", '€'),
    ("pound", '£'),
    ("cent", '¢'),
    ("sect", '§'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("micro", 'µ'),
    ("middot", '·'),
    ("times", '×'),
    ("divide", '÷'),
    ("frac12", '½'),
    ("permil", '‰'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("hellip", '…'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("larr", '←'),
    ("rarr", '→'),
    ("radic", '√'),
    ("infin", '∞'),
];
/// Most characters between `&` and `;`.
const LONGEST: usize = 10;

/// The text with its references resolved.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let body = &reference[1..];
        let end = body
            .char_indices()
            .take(LONGEST + 1)
            .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '#')
            .map_or(body.len().min(LONGEST), |(i, _)| i);
        if let Some(c) = body.get(..end).and_then(character) {
            out.push(c);
            rest = body[end..].strip_prefix(';').unwrap_or(&body[end..]);
        } else {
            out.push('&');
            rest = body;
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| *c);
    };
    let hex = number.strip_prefix(['x', 'X']);
    let code = hex.map_or_else(|| number.parse().ok(), |h| u32::from_str_radix(h, 16).ok())?;
    // Control characters are none that a cell can show; 128 to 159 are meant as windows-1252.
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9F) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next(),
        Ok(byte) if byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') => None,
        _ => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn references() {
        assert_eq!(decode("A&amp;B &lt;3&nbsp;&#23425;&#x5DDE; &#151;"), "A&B <3\u{a0}宁州 —");
        assert_eq!(decode("a & b &unknown; &#0; &"), "a & b &unknown; &#0; &");
        assert_eq!(decode("x&nbsp y&项目"), "x\u{a0} y&项目");
    }
}
