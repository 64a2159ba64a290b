//! Pulling events out of XML parts: whole documents only, no DTD, limits as faults.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesStart, Event};

use super::fault::Fault;
use super::package::io_fault;
use super::quick::{PlainCell, Quick};

/// A pull parser over one document. `<a/>` appears as start and end.
pub(super) struct Pull<'r>(Way<'r>);

/// How a document is told.
enum Way<'r> {
    /// As it comes, in any encoding.
    Plain { reader: Box<Reader<DecodingReader<&'r mut dyn BufRead>>>, buffer: Vec<u8>, depth: usize },
    /// From its whole text, as far as nothing in it is unusual.
    Quick(Quick<'r>),
}

impl<'r> Pull<'r> {
    /// Starts at the beginning of a document in any encoding that its mark or declaration names.
    pub(super) fn new(source: &'r mut dyn BufRead) -> Self {
        let mut reader = Reader::from_reader(DecodingReader::new(source));
        reader.config_mut().expand_empty_elements = true;
        Self(Way::Plain { reader: Box::new(reader), buffer: Vec::new(), depth: 0 })
    }

    /// Starts at the beginning of a document of which all is there. A fault of it may only mean that the document is
    /// unusual, and is never to be told: [`Self::new`] decides.
    pub(super) fn quick(text: &'r str) -> Option<Self> {
        Quick::new(text).map(|quick| Self(Way::Quick(quick)))
    }

    /// The worksheet cell that comes next, where it can be told at once.
    pub(super) fn cell(&mut self) -> Option<PlainCell<'r>> {
        match &mut self.0 {
            Way::Quick(quick) => quick.cell(),
            Way::Plain { .. } => None,
        }
    }

    /// The next event; `Eof` only when every element was closed.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Fault> {
        let (reader, buffer, depth) = match &mut self.0 {
            Way::Quick(quick) => return quick.next().ok_or_else(|| Fault::damaged("内部部件写法特殊")),
            Way::Plain { reader, buffer, depth } => (reader, buffer, depth),
        };
        buffer.clear();
        let event = reader.read_event_into(buffer).map_err(|e| fault(&e))?;
        match &event {
            Event::Start(_) => *depth += 1,
            Event::End(_) => *depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err(Fault::damaged("内部部件含有不允许的文档类型声明（DOCTYPE）")),
            Event::Eof if *depth > 0 => return Err(Fault::damaged("内部部件不完整，文件可能没有传完")),
            _ => {}
        }
        Ok(event)
    }
}

/// The fault behind a parser error.
fn fault(error: &quick_xml::Error) -> Fault {
    match error {
        quick_xml::Error::Io(e) => io_fault(e),
        _ => Fault::damaged("内部部件不是有效的 XML"),
    }
}

/// An attribute by its local name, entities resolved.
pub(super) fn attr(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let [found] = attrs(element, [name]);
    found.map(Cow::into_owned)
}

/// Attributes by their local names, in one pass; of two with one name the first.
pub(super) fn attrs<'e, const N: usize>(element: &'e BytesStart<'_>, names: [&str; N]) -> [Option<Cow<'e, str>>; N] {
    let mut found = [const { None }; N];
    let mut attributes = element.attributes();
    for attribute in attributes.with_checks(false).filter_map(Result::ok) {
        let key = attribute.key.local_name();
        let place = names.iter().position(|name| key.as_ref() == *name).and_then(|i| found.get_mut(i));
        if let Some(place @ None) = place {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).ok();
            *place = Some(value.unwrap_or_else(|| attribute.value.clone()));
            if found.iter().all(Option::is_some) {
                break;
            }
        }
    }
    found
}

/// An attribute by its name with prefix, as the writing programs spell it.
pub(super) fn qualified(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).filter_map(Result::ok).find(|a| a.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

/// Whether an attribute says yes: `1`, `true`, `on`, `t`.
pub(super) fn flag(element: &BytesStart<'_>, name: &str) -> bool {
    attr(element, name).is_some_and(|v| is_yes(&v))
}

/// Whether the value of an attribute says yes.
pub(super) fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "true" | "on" | "t")
}

/// Appends the characters of a text event; `false` when a reference cannot be resolved.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) -> bool {
    match event {
        Event::Text(t) => out.push_str(&t.xml10_content()),
        Event::CData(t) => out.push_str(&t.xml10_content()),
        Event::GeneralRef(r) => {
            if let Ok(Some(c)) = r.resolve_char_ref() {
                if c.is_control() && !matches!(c, '\t' | '\n' | '\r') {
                    return false;
                }
                out.push(c);
                return true;
            }
            match &*r.xml10_content() {
                "lt" => out.push('<'),
                "gt" => out.push('>'),
                "amp" => out.push('&'),
                "quot" => out.push('"'),
                "apos" => out.push('\''),
                "nbsp" => out.push('\u{a0}'),
                _ => return false,
            }
        }
        _ => {}
    }
    true
}
