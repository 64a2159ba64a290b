//! The styles part: number format, strike and quote prefix of each cell format.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use crate::reader::fault::Fault;
use crate::reader::value::Style;
use crate::reader::xml::{Pull, attr, flag};

#[derive(Default)]
struct Palette {
    codes: BTreeMap<u32, String>,
    struck_fonts: Vec<bool>,
    formats: Vec<(u32, usize, bool)>,
}

/// Reads the cell formats, in the order of their ids.
pub(super) fn read(mut pull: Pull<'_>, most: u64) -> Result<Vec<Style>, Fault> {
    let mut palette = Palette::default();
    let (mut in_fonts, mut in_cell_formats) = (false, false);
    loop {
        match pull.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "fonts" => in_fonts = true,
                "cellXfs" => in_cell_formats = true,
                "xf" if in_cell_formats => palette.add_format(&e),
                "numFmt" => palette.add_code(&e),
                "font" if in_fonts => palette.struck_fonts.push(false),
                "strike" if in_fonts => palette.strike(&e),
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "fonts" => in_fonts = false,
                "cellXfs" => in_cell_formats = false,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
        if palette.formats.len().max(palette.struck_fonts.len()) as u64 > most {
            return Err(Fault::limit("单元格格式过多"));
        }
    }
    Ok(palette.styles())
}

impl Palette {
    fn add_format(&mut self, e: &BytesStart<'_>) {
        let number = |name| attr(e, name).and_then(|v| v.parse::<u32>().ok()).unwrap_or(0);
        self.formats.push((number("numFmtId"), number("fontId") as usize, flag(e, "quotePrefix")));
    }

    fn add_code(&mut self, e: &BytesStart<'_>) {
        let id = attr(e, "numFmtId").and_then(|v| v.parse().ok());
        if let (Some(id), Some(code)) = (id, attr(e, "formatCode")) {
            self.codes.insert(id, code);
        }
    }

    fn strike(&mut self, e: &BytesStart<'_>) {
        let on = attr(e, "val").is_none_or(|v| v != "0" && v != "false");
        if let Some(last) = self.struck_fonts.last_mut() {
            *last = on;
        }
    }

    fn styles(&self) -> Vec<Style> {
        let style = |&(id, font, quoted): &(u32, usize, bool)| {
            let code = self.codes.get(&id).map(String::as_str);
            Style { struck: self.struck_fonts.get(font).copied().unwrap_or(false), quoted, ..Style::new(code, id) }
        };
        self.formats.iter().map(style).collect()
    }
}
