//! XML as nearly every program writes it, told from the whole text of a part: a few times faster than a parser that is
//! ready for anything. What it gives is what [`super::xml::Pull`] gives in the plain way; of whatever is unusual it gives
//! nothing, and the part is then read in that way from its beginning.

use quick_xml::events::{BytesEnd, BytesRef, BytesStart, BytesText, Event};

/// Bytes of the longest reference that is told: `&#x10FFFF;`.
const REFERENCE: usize = 10;

/// A document whose beginning is told.
pub(super) struct Quick<'t> {
    rest: &'t str,
    /// Names of the elements that are open.
    open: Vec<&'t str>,
    /// The last of them has no content: its end comes next.
    empty: bool,
}

/// A cell of a worksheet with nothing but a value: attributes `r`, `s` and `t`, and the text of `<v>`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PlainCell<'t> {
    /// Attribute `r`.
    pub(super) reference: Option<&'t str>,
    /// Attribute `s`.
    pub(super) style: Option<&'t str>,
    /// Attribute `t`.
    pub(super) kind: Option<&'t str>,
    /// The value, when there is one.
    pub(super) value: Option<&'t str>,
}

impl<'t> Quick<'t> {
    /// A document in UTF-8; nothing when its declaration is unusual.
    pub(super) fn new(text: &'t str) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let rest = match text.strip_prefix("<?xml ") {
            Some(declared) => {
                let (declaration, rest) = declared.split_once("?>")?;
                usual(declaration).then_some(rest)?
            }
            None => text,
        };
        let rest = rest.trim_start_matches(['\r', '\n', ' ']);
        rest.starts_with('<').then_some(Self { rest, open: Vec::new(), empty: false })
    }

    /// The next event; nothing when what comes is unusual.
    pub(super) fn next(&mut self) -> Option<Event<'t>> {
        if std::mem::take(&mut self.empty) {
            return self.open.pop().map(|name| Event::End(BytesEnd::new(name)));
        }
        match self.rest.as_bytes() {
            [b'<', b'/', ..] => self.end(),
            [b'<', first, ..] if first.is_ascii_alphabetic() => self.start(),
            [b'&', ..] => self.reference(),
            [] => self.open.is_empty().then_some(Event::Eof),
            [b'<', ..] => None,
            [..] => self.text(),
        }
    }

    /// `<name a="b">` or `<name a="b"/>`.
    fn start(&mut self) -> Option<Event<'t>> {
        let mut quoted = false;
        let mut name = None;
        for (at, byte) in self.rest.bytes().enumerate().skip(1) {
            match byte {
                b'"' => quoted = !quoted,
                b'<' | b'\'' => return None,
                b' ' | b'\n' | b'\r' | b'\t' => name = name.or(Some(at)),
                // A parser sees no end inside a quoted value either.
                b'>' if !quoted => {
                    let inner = self.rest.get(1..at)?;
                    self.rest = self.rest.get(at + 1..)?;
                    let content = inner.strip_suffix('/').unwrap_or(inner);
                    let name = content.get(..name.map_or(content.len(), |at| at - 1))?;
                    self.empty = content.len() < inner.len();
                    self.open.push(name);
                    return Some(Event::Start(BytesStart::from_content(content, name.len())));
                }
                _ => {}
            }
        }
        None
    }

    /// `</name>` of the element that was opened last.
    fn end(&mut self) -> Option<Event<'t>> {
        let name = self.open.pop()?;
        let after = self.rest.get(2..)?.strip_prefix(name)?.strip_prefix('>')?;
        self.rest = after;
        Some(Event::End(BytesEnd::new(name)))
    }

    /// `&amp;`.
    fn reference(&mut self) -> Option<Event<'t>> {
        let end = self.rest.bytes().take(REFERENCE).position(|b| b == b';')?;
        let name = self.rest.get(1..end).filter(|name| !name.is_empty() && !name.contains(['<', '&']))?;
        let name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#').then_some(name)?;
        self.rest = self.rest.get(end + 1..)?;
        Some(Event::GeneralRef(BytesRef::new(name)))
    }

    /// Characters up to what comes next.
    fn text(&mut self) -> Option<Event<'t>> {
        let end = self.rest.bytes().position(|b| matches!(b, b'<' | b'&')).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(Event::Text(BytesText::from_escaped(text)))
    }

    /// The cell that comes next, when it is one with nothing but a value; nothing is taken otherwise.
    pub(super) fn cell(&mut self) -> Option<PlainCell<'t>> {
        let mut rest = self.rest.strip_prefix("<c ").filter(|_| !self.empty && !self.open.is_empty())?;
        let mut cell = PlainCell::default();
        loop {
            let place = match rest.as_bytes() {
                [b'r', b'=', b'"', ..] => &mut cell.reference,
                [b's', b'=', b'"', ..] => &mut cell.style,
                [b't', b'=', b'"', ..] => &mut cell.kind,
                _ => return None,
            };
            let value = rest.get(3..)?;
            let end = value.bytes().position(|b| b <= b' ' || matches!(b, b'"' | b'&' | b'<' | b'>'))?;
            if place.replace(value.get(..end)?).is_some() {
                return None;
            }
            let after = value.get(end..)?;
            match after.as_bytes() {
                [b'"', b' ', ..] => rest = after.get(2..)?,
                [b'"', b'/', b'>', ..] => {
                    self.rest = after.get(3..)?;
                    return Some(cell);
                }
                [b'"', b'>', ..] => {
                    rest = after.get(2..)?;
                    break;
                }
                _ => return None,
            }
        }
        let value = rest.strip_prefix("<v>")?;
        // A line end may have to be made another; a reference stands for something.
        let end = value.bytes().position(|b| matches!(b, b'<' | b'&' | b'\r'))?;
        cell.value = value.get(..end);
        self.rest = value.get(end..)?.strip_prefix("</v></c>")?;
        Some(cell)
    }
}

/// Whether a declaration names no other encoding than UTF-8.
fn usual(declaration: &str) -> bool {
    let lower = declaration.to_ascii_lowercase();
    let rest = lower.replace("encoding=\"utf-8\"", "").replace("encoding='utf-8'", "");
    !rest.contains("encoding") && !rest.contains(['<', '>'])
}

#[cfg(test)]
mod tests {
    use super::super::xml::Pull;
    use super::*;

    /// All events of a document as text, the plain way; `None` when it is none.
    fn plain(text: &str) -> Option<Vec<String>> {
        let mut source = text.as_bytes();
        let mut pull = Pull::new(&mut source);
        let mut events = Vec::new();
        loop {
            match pull.next().ok()? {
                Event::Eof => return Some(events),
                Event::Decl(_) => {}
                // Between declaration and root.
                Event::Text(t) if events.is_empty() && t.trim().is_empty() => {}
                event => events.push(shown(&event)),
            }
        }
    }

    fn quick(text: &str) -> Option<Vec<String>> {
        let mut quick = Quick::new(text)?;
        let mut events = Vec::new();
        loop {
            match quick.next()? {
                Event::Eof => return Some(events),
                event => events.push(shown(&event)),
            }
        }
    }

    /// An event as text, no matter who owns its characters.
    fn shown(event: &Event<'_>) -> String {
        format!("{event:?}").replace("Owned(", "Borrowed(")
    }

    const SHEET: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<worksheet xmlns:x=\"a>b\">\
        <x:row r=\"1\" ht = \"2\"\n><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B1\"/><c  r=\"C1\" /></x:row>\
        <f>1&lt;2&amp;&#10;&#x4E00;</f> 郑州 <t></t><t xml:space=\"preserve\"> a\r\nb </t></worksheet>\n";

    #[test]
    fn what_is_told_is_what_the_plain_way_tells() {
        let told = quick(SHEET).unwrap();
        assert_eq!(Some(told), plain(SHEET));
        // With any byte gone, doubled or another: the same, or nothing.
        let mut both = 0;
        for at in 0..SHEET.len() {
            for put in ["", "<", ">", "/", "\"", "'", "&", ";", "?", "!", " ", "\r", "c", "一", "<!--", "]]>"] {
                for until in [at, at + 1] {
                    let parts = SHEET.get(..at).zip(SHEET.get(until..));
                    let Some(text) = parts.map(|(a, b)| format!("{a}{put}{b}")) else { continue };
                    if let Some(told) = quick(&text) {
                        assert_eq!(Some(told), plain(&text), "{text}");
                        both += 1;
                    }
                }
            }
        }
        assert!(both > 1000, "{both}");
    }

    #[test]
    fn a_cell_is_told_whole_or_not_at_all() {
        let mut quick =
            Quick::new("<row><c r=\"B7\" s=\"3\" t=\"s\"><v> 12</v></c><c s=\"3\"/><c r=\"A\"></c></row>").unwrap();
        assert_eq!(quick.cell(), None);
        quick.next().unwrap();
        let cell = quick.cell().unwrap();
        assert_eq!(
            (cell.reference, cell.style, cell.kind, cell.value),
            (Some("B7"), Some("3"), Some("s"), Some(" 12"))
        );
        assert_eq!(quick.cell(), Some(PlainCell { style: Some("3"), ..PlainCell::default() }));
        assert_eq!(quick.cell(), None);
        assert!(matches!(quick.next(), Some(Event::Start(_))));
        for unusual in [
            "<c r='A1'/>",
            "<c r=\"A1\" r=\"A1\"/>",
            "<c x:r=\"A1\"/>",
            "<c r=\"A&amp;\"/>",
            "<c r=\"A1\"><v>&lt;</v></c>",
        ] {
            let text = format!("<row>{unusual}</row>");
            let mut quick = Quick::new(&text).unwrap();
            quick.next().unwrap();
            assert_eq!(quick.cell(), None, "{unusual}");
        }
    }

    #[test]
    fn documents_that_declare_another_encoding_are_left() {
        for text in [
            "<?xml version='1.0' encoding='GBK'?><a/>",
            "<?xml encoding = \"utf-8\"?><a/>",
            "a",
            "",
            "<!DOCTYPE a><a/>",
        ] {
            assert!(Quick::new(text).and_then(|mut quick| quick.next()).is_none(), "{text}");
        }
        for text in ["<?xml version='1.0' encoding='utf-8'?>\n<a/>", "\u{feff}<a/>", "<?xml version=\"1.0\"?><a></a>"] {
            assert_eq!(quick(text), plain(text));
            assert_eq!(quick(text).unwrap().len(), 2);
        }
    }
}
