//! The styles part: copies of cell formats with another fill, and the formats of the list of findings. What is there
//! keeps its number; everything new is appended.

use std::collections::BTreeMap;
use std::ops::Range;

use super::xml::{Edits, Kind, Tag, Tags};
use crate::workbook::Fault;
use crate::workbook::remark::Tone;

/// The least that a workbook without styles needs.
pub(super) const MINIMAL: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    "<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"宋体\"/><charset val=\"134\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    "<cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>",
    "</styleSheet>"
);
/// Most cell formats of a workbook that Excel opens.
const MOST_FORMATS: usize = 64_000;

/// A list of the styles part.
#[derive(Debug, Default)]
struct List {
    found: bool,
    /// Elements in it.
    length: usize,
    /// The tag that begins it.
    open: Range<usize>,
    /// The tag that begins it, with the new count, is written anew.
    tag: String,
    empty: bool,
    /// Where its end tag stands.
    end: usize,
    /// Elements to append.
    new: Vec<String>,
}

/// Formats of the list of findings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ListFormats {
    pub(super) title: usize,
    /// Not wrapped.
    pub(super) plain: usize,
    pub(super) text: usize,
    pub(super) heading: usize,
    pub(super) link: usize,
    /// In the order of [`Tone::ALL`].
    pub(super) tones: [usize; 3],
}

/// The styles of a workbook and what is added to them.
#[derive(Debug)]
pub(super) struct Styles {
    text: String,
    prefix: String,
    fonts: List,
    fills: List,
    formats: List,
    /// The element of each cell format.
    elements: Vec<Range<usize>>,
    /// Cell formats point to named styles.
    named: bool,
    tinted: BTreeMap<(usize, Tone), usize>,
}

impl Styles {
    /// Reads the styles part.
    pub(super) fn read(text: String) -> Result<Self, Fault> {
        let mut styles = Self {
            text: String::new(),
            prefix: String::new(),
            fonts: List::default(),
            fills: List::default(),
            formats: List::default(),
            elements: Vec::new(),
            named: false,
            tinted: BTreeMap::new(),
        };
        let mut tags = Tags::new(&text);
        while let Some(tag) = tags.next()? {
            match (tag.local(), tag.kind) {
                ("styleSheet", Kind::Open) => tag.prefix().clone_into(&mut styles.prefix),
                ("cellStyleXfs", Kind::Open) => {
                    styles.named = true;
                    tags.close(&tag)?;
                }
                ("fonts", Kind::Open | Kind::Empty) => styles.fonts.read(&tag, &mut tags, None)?,
                ("fills", Kind::Open | Kind::Empty) => styles.fills.read(&tag, &mut tags, None)?,
                ("cellXfs", Kind::Open | Kind::Empty) => {
                    styles.formats.read(&tag, &mut tags, Some(&mut styles.elements))?;
                }
                _ => {}
            }
        }
        if !(styles.fonts.found && styles.fills.found && styles.formats.found) {
            return Err(Fault::new("样式部件不完整"));
        }
        styles.text = text;
        Ok(styles)
    }

    /// The number of a cell format with another fill.
    pub(super) fn tinted(&mut self, base: usize, tone: Tone) -> Result<usize, Fault> {
        if let Some(number) = self.tinted.get(&(base, tone)) {
            return Ok(*number);
        }
        let fill = self.fill(tone).to_string();
        let own = self.elements.get(base).and_then(|range| self.text.get(range.clone()));
        let added = base.checked_sub(self.formats.length).and_then(|i| self.formats.new.get(i)).map(String::as_str);
        // A cell may name a format that is not there; Excel shows it like the first one.
        let first = self.elements.first().and_then(|range| self.text.get(range.clone()));
        let element = own.or(added).or(first);
        let new = match element {
            Some(element) => {
                let tag = Tags::new(element).next()?.ok_or_else(|| Fault::new("样式部件不完整"))?;
                let rest = element.get(tag.range.end..).unwrap_or_default();
                let with_fill = tag.with("fillId", &fill);
                let tag = Tags::of_tail(&with_fill).next()?.ok_or_else(|| Fault::new("样式部件不完整"))?;
                format!("{}{rest}", tag.with("applyFill", "1"))
            }
            None => format!(
                "<{}xf numFmtId=\"0\" fontId=\"0\" fillId=\"{fill}\" borderId=\"0\" applyFill=\"1\"/>",
                self.prefix
            ),
        };
        let number = self.add_format(new)?;
        self.tinted.insert((base, tone), number);
        Ok(number)
    }

    /// The formats of the list of findings.
    pub(super) fn list_formats(&mut self) -> Result<ListFormats, Fault> {
        let p = self.prefix.clone();
        let font = |size: u32, extra: &str, color: &str| {
            format!(
                "<{p}font>{extra}<{p}sz val=\"{size}\"/>{color}<{p}name val=\"宋体\"/><{p}charset val=\"134\"/></{p}font>"
            )
        };
        let (bold, underlined) = (format!("<{p}b/>"), format!("<{p}u/>"));
        let plain = self.fonts.add(font(10, "", ""));
        let title = self.fonts.add(font(14, &bold, ""));
        let heading = self.fonts.add(font(10, &bold, ""));
        let link = self.fonts.add(font(10, &underlined, &format!("<{p}color rgb=\"FF0563C1\"/>")));
        let grey = self.fills.add(solid(&p, 0xE7_EB_F0));
        let named = if self.named { " xfId=\"0\"" } else { "" };
        let mut format = |font: usize, fill: usize, wrap: bool| {
            let wrap = if wrap { " wrapText=\"1\"" } else { "" };
            self.add_format(format!(
                "<{p}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"0\"{named} quotePrefix=\"1\" applyFont=\"1\" applyFill=\"1\" applyAlignment=\"1\"><{p}alignment vertical=\"top\"{wrap}/></{p}xf>"
            ))
        };
        let mut formats = ListFormats {
            title: format(title, 0, false)?,
            plain: format(plain, 0, false)?,
            text: format(plain, 0, true)?,
            heading: format(heading, grey, true)?,
            link: format(link, 0, true)?,
            tones: [0; 3],
        };
        for (number, tone) in formats.tones.iter_mut().zip(Tone::ALL) {
            *number = self.tinted(formats.text, tone)?;
        }
        Ok(formats)
    }

    /// The part with everything that was added.
    pub(super) fn finish(self) -> Result<String, Fault> {
        let mut edits = Edits::default();
        for list in [&self.fonts, &self.fills, &self.formats] {
            list.write(&mut edits)?;
        }
        edits.apply(&self.text)
    }

    fn fill(&mut self, tone: Tone) -> usize {
        let element = solid(&self.prefix, tone.rgb());
        match self.fills.new.iter().position(|f| *f == element) {
            Some(at) => self.fills.length + at,
            None => self.fills.add(element),
        }
    }

    fn add_format(&mut self, element: String) -> Result<usize, Fault> {
        if self.formats.length + self.formats.new.len() >= MOST_FORMATS {
            return Err(Fault::new("单元格格式过多"));
        }
        Ok(self.formats.add(element))
    }
}

fn solid(prefix: &str, rgb: u32) -> String {
    format!(
        "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor rgb=\"FF{rgb:06X}\"/><{prefix}bgColor indexed=\"64\"/></{prefix}patternFill></{prefix}fill>"
    )
}

impl List {
    /// Reads a list to its end; `elements` takes the place of each of its elements.
    fn read<'t>(
        &mut self,
        tag: &Tag<'t>,
        tags: &mut Tags<'t>,
        mut elements: Option<&mut Vec<Range<usize>>>,
    ) -> Result<(), Fault> {
        (self.found, self.open, self.empty) = (true, tag.range.clone(), tag.kind == Kind::Empty);
        (self.tag, self.end) = (tag.text.to_owned(), tag.range.end);
        while !self.empty {
            let child = tags.next()?.ok_or_else(|| Fault::new("样式部件不完整"))?;
            if child.kind == Kind::Close {
                self.end = child.range.start;
                return Ok(());
            }
            let end = tags.close(&child)?;
            self.length += 1;
            if let Some(elements) = elements.as_deref_mut() {
                elements.push(child.range.start..end);
            }
        }
        Ok(())
    }

    /// Appends an element and gives its number.
    fn add(&mut self, element: String) -> usize {
        self.new.push(element);
        self.length + self.new.len() - 1
    }

    fn write(&self, edits: &mut Edits) -> Result<(), Fault> {
        if self.new.is_empty() {
            return Ok(());
        }
        let tag = Tags::of_tail(&self.tag).next()?.ok_or_else(|| Fault::new("样式部件不完整"))?;
        let open = tag.with("count", &(self.length + self.new.len()).to_string());
        let new = self.new.concat();
        if self.empty {
            let open = open.trim_end_matches("/>");
            edits.replace(self.open.clone(), format!("{open}>{new}</{}>", tag.name()));
        } else {
            edits.replace(self.open.clone(), open);
            edits.insert(self.end, new);
        }
        Ok(())
    }
}
