//! Texts: the shared strings part, and rich text inside cells.

use std::sync::Arc;

use quick_xml::events::Event;

use crate::reader::fault::Fault;
use crate::reader::value::Strikes;
use crate::reader::xml::{Pull, attr, push_text};

/// A text as a person sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Text {
    /// All runs joined, without phonetic guides.
    pub(super) value: Arc<str>,
    /// Every run with characters is struck through by its own font.
    pub(super) struck: bool,
    /// A reference in it could not be resolved.
    pub(super) broken: bool,
}

/// Collects the runs of one `<si>` or `<is>` element.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about the text or the place in it")]
#[derive(Default)]
pub(super) struct TextBuilder {
    text: String,
    broken: bool,
    in_text: bool,
    phonetic: bool,
    run_struck: bool,
    strikes: Strikes,
}

impl TextBuilder {
    /// Takes the next event inside the element.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(e) => match e.local_name().as_ref() {
                "t" => self.in_text = true,
                "rPh" => self.phonetic = true,
                "r" => self.run_struck = false,
                "strike" => self.run_struck = attr(e, "val").is_none_or(|v| v != "0" && v != "false"),
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "t" => self.in_text = false,
                "rPh" => self.phonetic = false,
                "r" => self.run_struck = false,
                _ => {}
            },
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.in_text && !self.phonetic => {
                let before = self.text.len();
                self.broken |= !push_text(event, &mut self.text);
                self.strikes.add(self.text.get(before..).unwrap_or_default(), self.run_struck);
            }
            _ => {}
        }
    }

    /// The text, when its element has ended.
    pub(super) fn finish(self) -> Text {
        let text = if self.text.contains("_x") { unescape(&self.text) } else { self.text };
        Text { value: text.into(), struck: self.strikes.all(), broken: self.broken }
    }
}

/// Reads the shared strings. `most` bounds their number; the announced count is never believed.
pub(super) fn read(mut pull: Pull<'_>, most: u64) -> Result<Vec<Text>, Fault> {
    let mut texts = Vec::new();
    let mut current: Option<TextBuilder> = None;
    loop {
        let event = pull.next()?;
        match &event {
            Event::Start(e) if e.local_name().as_ref() == "si" => current = Some(TextBuilder::default()),
            Event::End(e) if e.local_name().as_ref() == "si" => {
                texts.push(current.take().unwrap_or_default().finish());
                if texts.len() as u64 > most {
                    return Err(Fault::limit("文本过多"));
                }
            }
            Event::Eof => return Ok(texts),
            event => {
                if let Some(builder) = &mut current {
                    builder.take(event);
                }
            }
        }
    }
}

/// Resolves Excel's `_x000D_` escapes.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let found = code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
        if let Some(c) = found {
            out.push_str(&rest[..at]);
            out.push(c);
            rest = &rest[at + 7..];
        } else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_and_guides_vanish() {
        let xml = r#"<sst uniqueCount="99999999999"><si><r><t>郑州</t></r><r><t>项目</t></r><rPh sb="0" eb="1"><t>zz</t></rPh></si>
            <si><r><rPr><strike/></rPr><t>旧</t></r></si><si><t>a_x000D_b&amp;&#65;</t></si></sst>"#;
        let mut source = xml.as_bytes();
        let texts = read(Pull::new(&mut source), 100).unwrap();
        assert_eq!(read(Pull::quick(xml).unwrap(), 100).unwrap(), texts);
        let values: Vec<_> = texts.iter().map(|t| (&*t.value, t.struck)).collect();
        assert_eq!(values, [("郑州项目", false), ("旧", true), ("a\rb&A", false)]);
    }
}
