//! XML as text with places: tags where they stand, and edits that leave all else as it was.

use std::borrow::Cow;
use std::ops::Range;

use crate::workbook::Fault;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<a>`.
    Open,
    /// `<a/>`.
    Empty,
    /// `</a>`.
    Close,
}

/// A tag of a part.
#[derive(Debug, Clone)]
pub(super) struct Tag<'t> {
    /// Place of `<…>` in the part.
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    /// The whole tag.
    pub(super) text: &'t str,
    name: &'t str,
}

impl<'t> Tag<'t> {
    /// Name with its prefix.
    pub(super) fn name(&self) -> &'t str {
        self.name
    }

    /// Name without its prefix.
    pub(super) fn local(&self) -> &'t str {
        self.name().rsplit(':').next().unwrap_or_default()
    }

    /// Prefix with its colon; empty without one.
    pub(super) fn prefix(&self) -> &'t str {
        self.name().find(':').and_then(|at| self.name().get(..=at)).unwrap_or_default()
    }

    /// The value of an attribute as written, and its place in the part; `name` with its prefix.
    pub(super) fn raw(&self, name: &str) -> Option<(&'t str, Range<usize>)> {
        self.attributes().find(|(n, _)| self.text.get(n.clone()) == Some(name)).and_then(|(_, value)| {
            let text = self.text.get(value.clone())?;
            Some((text, self.range.start + value.start..self.range.start + value.end))
        })
    }

    /// The value of an attribute, references resolved.
    pub(super) fn attr(&self, name: &str) -> Option<Cow<'t, str>> {
        self.raw(name).map(|(value, _)| quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value)))
    }

    /// The value of an attribute by its name without prefix, whatever the prefix is.
    pub(super) fn local_attr(&self, name: &str) -> Option<Cow<'t, str>> {
        let (_, value) = self.attributes().find(|(n, _)| {
            self.text.get(n.clone()).is_some_and(|n| n.rsplit(':').next() == Some(name) && n.contains(':'))
        })?;
        let value = self.text.get(value)?;
        Some(quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value)))
    }

    /// A number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.raw(name).and_then(|(value, _)| value.trim().parse().ok())
    }

    /// Whether an attribute says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|(value, _)| matches!(value, "1" | "true" | "on"))
    }

    /// Names of the attributes, with their prefixes.
    pub(super) fn attribute_names(&self) -> impl Iterator<Item = &'t str> + 't {
        let text = self.text;
        self.attributes().filter_map(move |(name, _)| text.get(name))
    }

    /// Places of name and value of each attribute within the tag.
    fn attributes(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + 't {
        let text = self.text;
        let mut at = 1 + usize::from(self.kind == Kind::Close) + self.name.len();
        std::iter::from_fn(move || {
            let name = at + text.get(at..)?.find(|c: char| !c.is_ascii_whitespace())?;
            let equals = name + text.get(name..)?.find('=')?;
            let name_end = name + text.get(name..equals)?.trim_end().len();
            let quote = equals + 1 + text.get(equals + 1..)?.find(['"', '\''])?;
            let mark = char::from(*text.as_bytes().get(quote)?);
            let end = quote + 1 + text.get(quote + 1..)?.find(mark)?;
            at = end + 1;
            Some((name..name_end, quote + 1..end))
        })
    }

    /// The tag with an attribute set, as text.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        if let Some((_, range)) = self.raw(name) {
            let (start, end) = (range.start - self.range.start, range.end - self.range.start);
            let (before, after) = (self.text.get(..start), self.text.get(end..));
            return format!("{}{value}{}", before.unwrap_or_default(), after.unwrap_or_default());
        }
        let end = self.text.len() - if self.kind == Kind::Empty { 2 } else { 1 };
        let (before, after) = (self.text.get(..end).unwrap_or_default(), self.text.get(end..).unwrap_or_default());
        format!("{} {name}=\"{value}\"{after}", before.trim_end())
    }
}

/// The tags of a part in order. Anything that a workbook part may not hold is a fault.
///
/// Most of a sheet is passed over, and only places matter: this reads no more than where markup begins and ends, at a
/// third of the cost of a full reader, and takes and refuses the same parts as one.
pub(super) struct Tags<'t> {
    text: &'t str,
    at: usize,
    /// Names of the elements that are open; `None` where ends without beginnings are no fault.
    open: Option<Vec<&'t str>>,
}

impl<'t> Tags<'t> {
    /// Tags of a whole part.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, open: Some(Vec::new()) }
    }

    /// Tags of the end of a part, where elements end that began before it.
    pub(super) fn of_tail(text: &'t str) -> Self {
        Self { text, at: 0, open: None }
    }

    /// The next tag; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Tag<'t>>, Fault> {
        while let Some(start) = markup(self.text, self.at)? {
            let rest = self.text.get(start..).unwrap_or_default();
            let other = match rest.as_bytes().get(1) {
                Some(b'!') => Some(declaration(rest)?),
                Some(b'?') => Some(behind(rest, 2, "?>")?),
                _ => None,
            };
            if let Some(length) = other {
                self.at = start + length;
                continue;
            }
            if let Some(tag) = self.expected_end(start, rest) {
                return Ok(Some(tag));
            }
            let closing = rest.as_bytes().get(1) == Some(&b'/');
            let end = if closing { rest.find('>') } else { end_of_tag(rest) };
            let text = end.and_then(|end| rest.get(..=end)).ok_or_else(invalid)?;
            let kind = match closing {
                true => Kind::Close,
                false if text.ends_with("/>") => Kind::Empty,
                false => Kind::Open,
            };
            let tag = Tag { range: start..start + text.len(), kind, text, name: name_of(text, closing) };
            self.at = tag.range.end;
            self.nest(&tag)?;
            return Ok(Some(tag));
        }
        self.at = self.text.len();
        Ok(None)
    }

    /// The end of the element that was opened last, written as most are: half of all tags, and no more than a comparison.
    fn expected_end(&mut self, start: usize, rest: &'t str) -> Option<Tag<'t>> {
        let name = self.open.as_ref()?.last()?;
        let after = rest.strip_prefix("</")?.strip_prefix(name)?;
        let length = name.len() + "</>".len();
        let text = after.starts_with('>').then(|| rest.get(..length)).flatten()?;
        let name = self.open.as_mut()?.pop()?;
        let tag = Tag { range: start..start + length, kind: Kind::Close, text, name };
        self.at = tag.range.end;
        Some(tag)
    }

    /// Elements must end in the order in which they began.
    fn nest(&mut self, tag: &Tag<'t>) -> Result<(), Fault> {
        let Some(open) = &mut self.open else { return Ok(()) };
        match tag.kind {
            Kind::Open => open.push(tag.name),
            Kind::Close if open.pop() != Some(tag.name) => return Err(invalid()),
            Kind::Close | Kind::Empty => {}
        }
        Ok(())
    }

    /// The end of the element that `open` begins; everything in it is passed over.
    pub(super) fn close(&mut self, open: &Tag<'t>) -> Result<usize, Fault> {
        if open.kind != Kind::Open {
            return Ok(open.range.end);
        }
        let mut depth = 1usize;
        while let Some(tag) = self.next()? {
            match tag.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Empty => {}
            }
            if depth == 0 {
                return Ok(tag.range.end);
            }
        }
        Err(Fault::new("内部部件不完整"))
    }
}

fn invalid() -> Fault {
    Fault::new("内部部件不是有效的 XML")
}

/// Where the next markup begins. References in the text before it must be complete.
fn markup(text: &str, from: usize) -> Result<Option<usize>, Fault> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at) {
            None => return Ok(None),
            Some(b'<') => return Ok(Some(at)),
            Some(b'&') => loop {
                at += 1;
                match bytes.get(at) {
                    Some(b';') => break,
                    None | Some(b'<' | b'&') => return Err(invalid()),
                    Some(_) => {}
                }
            },
            Some(_) => {}
        }
        at += 1;
    }
}

/// Place of the `>` that ends a tag; one within quotes does not.
fn end_of_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at),
            quote @ (b'"' | b'\'') => {
                at += 1;
                while bytes.get(at)? != quote {
                    at += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Length of a comment or a section of plain characters.
fn declaration(text: &str) -> Result<usize, Fault> {
    if text.starts_with("<!--") {
        behind(text, 4, "-->")
    } else if text.starts_with("<![CDATA[") {
        behind(text, 9, "]]>")
    } else {
        Err(Fault::new("内部部件含有文档类型声明"))
    }
}

/// The place behind an ending.
fn behind(text: &str, from: usize, ending: &str) -> Result<usize, Fault> {
    let found = text.get(from..).and_then(|rest| rest.find(ending));
    found.map(|at| from + at + ending.len()).ok_or_else(invalid)
}

/// Name of a tag, with its prefix.
fn name_of(tag: &str, closing: bool) -> &str {
    let inner = tag.get(1 + usize::from(closing)..).unwrap_or_default();
    let end = inner.bytes().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')).unwrap_or(inner.len());
    inner.get(..end).unwrap_or(inner)
}

/// Changes to a part, applied at once.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Text in place of a range.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Text at a place; several at one place stay in the order of the calls.
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// The part with all changes.
    pub(super) fn apply(mut self, text: &str) -> Result<String, Fault> {
        // What is put in before an element comes before what replaces it.
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let grown: usize = self.0.iter().map(|(_, t)| t.len()).sum();
        let mut out = String::with_capacity(text.len() + grown);
        let mut at = 0;
        for (range, new) in &self.0 {
            let kept = text.get(at..range.start).ok_or_else(|| Fault::new("对内部部件的改动互相重叠"))?;
            out.push_str(kept);
            out.push_str(new);
            at = range.end;
        }
        out.push_str(text.get(at..).ok_or_else(|| Fault::new("对内部部件的改动超出范围"))?);
        Ok(out)
    }
}

/// Text as XML, for content and for attributes. Excel reads `_x0041_` as an escaped character: its underscore is escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '_' if is_excel_escape(text.get(at..).unwrap_or_default()) => out.push_str("_x005F_"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

fn is_excel_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes.starts_with(b"_x") && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_know_their_places_and_attributes() {
        let text = "<?xml version=\"1.0\"?>\n<x:a r='1' s = \"a&amp;b\"><!-- < -->t<x:b x:id=\"7\"/></x:a>";
        let mut tags = Tags::new(text);
        let a = tags.next().unwrap().unwrap();
        assert_eq!((a.name(), a.local(), a.prefix(), a.kind), ("x:a", "a", "x:", Kind::Open));
        assert_eq!((a.attr("r").as_deref(), a.attr("s").as_deref(), a.attr("t")), (Some("1"), Some("a&b"), None));
        assert_eq!(a.with("s", "5"), "<x:a r='1' s = \"5\">");
        let b = tags.next().unwrap().unwrap();
        assert_eq!((b.local(), b.local_attr("id").as_deref()), ("b", Some("7")));
        assert_eq!(b.with("s", "5"), "<x:b x:id=\"7\" s=\"5\"/>");
        assert_eq!(&text[b.range], "<x:b x:id=\"7\"/>");
        assert_eq!(tags.next().unwrap().unwrap().kind, Kind::Close);
        assert!(tags.next().unwrap().is_none());
    }

    /// Kind and text of each tag as a full reader has them; `None` for what it refuses.
    fn plainly(text: &str) -> Option<Vec<(Kind, String)>> {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut found = Vec::new();
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap();
            let kind = match reader.read_event().ok()? {
                quick_xml::events::Event::Start(_) => Kind::Open,
                quick_xml::events::Event::Empty(_) => Kind::Empty,
                quick_xml::events::Event::End(_) => Kind::Close,
                quick_xml::events::Event::Eof => return Some(found),
                quick_xml::events::Event::DocType(_) => return None,
                _ => continue,
            };
            let end = usize::try_from(reader.buffer_position()).unwrap();
            found.push((kind, text[start..end].to_owned()));
        }
    }

    #[test]
    fn tags_are_those_of_a_full_reader() {
        for text in [
            "<?xml version=\"1.0\"?>\n<a><b c='>' d=\"'/>\"/>t&amp;&#10;<!-- <x> -- --><![CDATA[<y>]]></a >\n",
            "\u{feff}<x:a\n b = '1'\t><x:b/ ><c></c></x:a>",
            "<a><b></a></b>",
            "<a></b>",
            "</a>",
            "<a>",
            "<a>t & u</a>",
            "<a>t &lt &amp;</a>",
            "<a>&amp",
            "<a b='<'>1 > 0 ; 2</a>",
            "<a b='></a>",
            "<a",
            "<!-- <a>",
            "<a><![CDATA[ ]]",
            "<!DOCTYPE a><a/>",
            "<?x <a> ?><a/>",
            "<?x <a>",
            "plain",
            "",
        ] {
            let mut tags = Tags::new(text);
            let mut found = Some(Vec::new());
            loop {
                match tags.next() {
                    Ok(Some(tag)) => found.as_mut().unwrap().push((tag.kind, tag.text.to_owned())),
                    Ok(None) => break,
                    Err(_) => {
                        found = None;
                        break;
                    }
                }
            }
            assert_eq!(found, plainly(text), "{text}");
        }
    }

    #[test]
    fn edits_keep_the_rest() {
        let mut edits = Edits::default();
        edits.replace(2..3, "X");
        edits.insert(0, "(");
        edits.insert(5, "1");
        edits.insert(5, "2");
        assert_eq!(edits.apply("abcde").unwrap(), "(abXde12");
        let mut wrong = Edits::default();
        wrong.replace(0..3, "");
        wrong.replace(1..2, "");
        assert!(wrong.apply("abcde").is_err());
    }

    #[test]
    fn texts_are_inert_in_xml() {
        assert_eq!(escaped("=1<2&\"_x0041_'\u{1}\n"), "=1&lt;2&amp;&quot;_x005F_x0041_&#39;\n");
    }
}
