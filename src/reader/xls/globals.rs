//! The globals of a BIFF workbook: sheets, texts, formats, names.

use std::collections::BTreeMap;

use super::biff::{BOF, EOF, Records};
use super::strings::{Rich, Texts, shared};
use crate::model::{CellRef, Region, Visibility};
use crate::reader::fault::Fault;
use crate::reader::formula::{Dialect, Names, quoted_sheet};
use crate::reader::ole::{u16_at, u32_at};
use crate::reader::value::Style;

/// A sheet as the globals list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Name.
    pub(super) name: String,
    /// Visibility.
    pub(super) visibility: Visibility,
    /// Where its substream begins.
    pub(super) at: usize,
    /// A sheet with cells, no chart or macro module.
    pub(super) is_table: bool,
}

/// What the sheets of a workbook refer to.
#[derive(Debug, Default)]
pub(super) struct Globals {
    /// How texts are stored.
    pub(super) texts: Texts,
    /// Dates count from 1904.
    pub(super) date1904: bool,
    /// Cell formats.
    styles: Vec<Style>,
    /// Shared texts.
    pub(super) strings: Vec<Rich>,
    /// Sheets in file order.
    pub(super) sheets: Vec<Entry>,
    /// What formulas refer to.
    pub(super) names: Names,
    /// Where a filter was set, by position of the sheet.
    pub(super) filters: BTreeMap<usize, Region>,
    struck_fonts: Vec<bool>,
    /// For cells whose format does not exist.
    plain: Style,
}

impl Globals {
    /// The format of a cell by its number.
    pub(super) fn style(&self, number: Option<u16>) -> &Style {
        number.and_then(|n| self.styles.get(usize::from(n))).unwrap_or(&self.plain)
    }

    /// Whether a font is struck through. Number 4 does not exist; later ones are one less in the table.
    pub(super) fn is_struck(&self, font: u16) -> bool {
        let index = usize::from(if font > 4 { font - 1 } else { font });
        self.struck_fonts.get(index).copied().unwrap_or(false)
    }

    /// Whose tokens the formulas are.
    pub(super) fn dialect(&self) -> Dialect {
        if self.texts.wide { Dialect::Biff8 } else { Dialect::Biff5 }
    }
}

/// Reads the globals at the beginning of the stream.
pub(super) fn read(stream: &[u8]) -> Result<Globals, Fault> {
    let mut draft = Draft::default();
    let mut records = Records::new(stream, 0);
    let Some(first) = records.next().transpose()?.filter(|r| r.id == BOF) else {
        return Err(Fault::damaged("97-2003 工作簿没有开头记录"));
    };
    draft.globals.texts.wide = u16_at(first.data, 0) == Some(0x0600);
    if u16_at(first.data, 2) == Some(0x0010) {
        // Export scripts write a lone sheet without globals.
        draft.globals.sheets.push(Entry {
            name: "Sheet1".to_owned(),
            visibility: Visibility::Visible,
            at: 0,
            is_table: true,
        });
        return Ok(draft.globals);
    }
    loop {
        let record = records.next().ok_or_else(|| Fault::damaged("97-2003 工作簿的内容不完整，文件可能没有传完"))??;
        match record.id {
            EOF => break,
            0x00FC => draft.globals.strings = shared(&records.continued(record.data)),
            _ => draft.take(record.id, record.data),
        }
    }
    Ok(draft.finish())
}

/// Records wait for the code page and for each other.
#[derive(Default)]
struct Draft<'a> {
    globals: Globals,
    codes: BTreeMap<u16, &'a [u8]>,
    formats: Vec<(u16, u16, bool)>,
    sheets: Vec<&'a [u8]>,
    names: Vec<&'a [u8]>,
    books: Vec<&'a [u8]>,
    references: Vec<&'a [u8]>,
}

impl<'a> Draft<'a> {
    fn take(&mut self, id: u16, data: &'a [u8]) {
        match id {
            0x0042 => self.globals.texts.code_page = u16_at(data, 0),
            0x0022 => self.globals.date1904 = u16_at(data, 0) == Some(1),
            0x0031 => self.globals.struck_fonts.push(data.get(2).is_some_and(|flags| flags & 8 != 0)),
            0x041E => {
                if let (Some(id), Some(text)) = (u16_at(data, 0), data.get(2..)) {
                    self.codes.insert(id, text);
                }
            }
            0x00E0 => {
                let quoted = self.globals.texts.wide && data.get(4).is_some_and(|flags| flags & 8 != 0);
                self.formats.push((u16_at(data, 0).unwrap_or(0), u16_at(data, 2).unwrap_or(0), quoted));
            }
            0x0085 => self.sheets.push(data),
            0x0018 => self.names.push(data),
            0x01AE => self.books.push(data),
            0x0017 => self.references.push(data),
            _ => {}
        }
    }

    fn finish(mut self) -> Globals {
        let texts = self.globals.texts;
        self.globals.sheets = self.sheets.iter().filter_map(|data| entry(data, texts)).collect();
        let prefix = if texts.wide { 2 } else { 1 };
        let codes: BTreeMap<u16, String> =
            self.codes.iter().filter_map(|(id, data)| Some((*id, texts.read(data, prefix)?))).collect();
        let style = |&(font, id, quoted): &(u16, u16, bool)| Style {
            struck: self.globals.is_struck(font),
            quoted,
            ..Style::new(codes.get(&id).map(String::as_str), u32::from(id))
        };
        self.globals.styles = self.formats.iter().map(style).collect();
        self.globals.names.sheets = self.sheet_prefixes();
        for data in &self.names {
            let (name, filter) = defined_name(data, texts).unwrap_or_default();
            self.globals.names.names.push(name);
            self.globals.filters.extend(filter);
        }
        self.globals
    }

    /// `汇总!` by external reference; Excel 5 refers to the sheets themselves.
    fn sheet_prefixes(&self) -> Vec<String> {
        let sheet = |i: usize| self.globals.sheets.get(i).map(|s| s.name.clone());
        if !self.globals.texts.wide {
            return self.globals.sheets.iter().map(|s| quoted_sheet(&s.name)).collect();
        }
        let data = self.references.concat();
        let written = |entry: &[u8]| {
            let number = |at| u16_at(entry, at).map_or(usize::MAX, usize::from);
            let (book, first, last) = (number(0), number(2), number(4));
            let own = self.books.get(book).is_some_and(|b| b.get(2..4) == Some(&[1, 4]));
            match (own, sheet(first), sheet(last)) {
                (false, ..) => format!("[{book}]!"),
                (true, Some(a), Some(b)) if a != b => quoted_sheet(&format!("{a}:{b}")),
                (true, Some(a), _) => quoted_sheet(&a),
                (true, None, _) => "#REF!".to_owned(),
            }
        };
        data.get(2..).unwrap_or_default().chunks_exact(6).map(written).collect()
    }
}

fn entry(data: &[u8], texts: Texts) -> Option<Entry> {
    Some(Entry {
        at: u32_at(data, 0)? as usize,
        visibility: match data.get(4)? & 3 {
            0 => Visibility::Visible,
            1 => Visibility::Hidden,
            _ => Visibility::VeryHidden,
        },
        is_table: *data.get(5)? == 0,
        name: texts.read(data.get(6..)?, 1)?,
    })
}

/// A defined name; for the hidden name of a filter also where it lies and on which sheet.
fn defined_name(data: &[u8], texts: Texts) -> Option<(String, Option<(usize, Region)>)> {
    const FILTER: char = '\r';
    let count = usize::from(*data.get(3)?);
    let name = texts.characters(data.get(14..)?, count)?;
    let is_filter = u16_at(data, 0)? & 0x20 != 0 && name.starts_with(FILTER) && count == 1;
    let sheet = usize::from(u16_at(data, 8)?).checked_sub(1);
    let wide = texts.wide && data.get(14)? & 1 != 0;
    let formula = data.get(14 + usize::from(texts.wide) + count * if wide { 2 } else { 1 }..)?;
    let filter = sheet.zip(area(formula, texts.wide)).filter(|_| is_filter);
    Some((name, filter))
}

/// The area of a formula that consists of one area on one sheet.
fn area(formula: &[u8], wide: bool) -> Option<Region> {
    if formula.first()? & 0x1F != 0x1B {
        return None;
    }
    let data = formula.get(if wide { 3 } else { 15 }..)?;
    let row = |at| u16_at(data, at).map(|r| u32::from(if wide { r } else { r & 0x3FFF }));
    let col = |i: usize| {
        if wide { Some(u32::from(u16_at(data, 4 + 2 * i)? & 0xFF)) } else { data.get(4 + i).map(|&c| u32::from(c)) }
    };
    Some(Region { start: CellRef::new(row(0)?, col(0)?), end: CellRef::new(row(2)?, col(1)?) })
}
