//! The workbook part, its styles and its shared strings.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::records::{Records, text};
use super::sheet::{self, Context, Rich};
use crate::model::{Format, ReadOutcome, Visibility};
use crate::reader::fault::Fault;
use crate::reader::formula::{Names, quoted_sheet};
use crate::reader::ole::{u16_at, u32_at};
use crate::reader::ooxml::{Entry, part_of, read_sheets, relations_of};
use crate::reader::package::Package;
use crate::reader::value::Style;
use crate::spec::Limits;

/// Reads the workbook whose main part is `part`.
pub(in crate::reader) fn read(package: &mut Package<'_>, part: &str, limits: &Limits) -> Result<ReadOutcome, Fault> {
    let (folder, relations) = relations_of(package, part)?;
    let (entries, date1904, names) = package.part(part, |source| workbook(source))?;
    let mut context = Context { date1904, names, ..Context::default() };
    let styles_part = part_of(&relations, "styles", &folder, "styles.bin");
    if package.has(&styles_part) {
        (context.styles, context.struck_fonts) = package.part(&styles_part, |source| styles(source))?;
    }
    let strings_part = part_of(&relations, "sharedStrings", &folder, "sharedStrings.bin");
    if package.has(&strings_part) {
        context.strings = package.part(&strings_part, |source| strings(source, limits.cells))?;
    }
    read_sheets(package, entries, &relations, Format::Xlsb, limits, |package, part, sheet, lost, room| {
        package.part(part, |source| sheet::read(source, &context, sheet, lost, room))
    })
}

fn workbook(source: &mut dyn BufRead) -> Result<(Vec<Entry>, bool, Names), Fault> {
    let mut records = Records::new(source);
    let (mut entries, mut date1904, mut names) = (Vec::new(), false, Names::default());
    let mut books = Vec::new(); // whether a linked workbook is this one
    let mut references: Vec<[u32; 3]> = Vec::new();
    while let Some((id, data)) = records.next()? {
        match id {
            153 => date1904 = data.first().is_some_and(|flags| flags & 1 != 0),
            156 => entries.extend(entry(data)),
            39 => names.names.push(text(data, 9).map(|(name, _)| name).unwrap_or_default()),
            355 | 357 | 358 | 667 => books.push(id == 357),
            362 => references.extend(
                data.get(4..)
                    .unwrap_or_default()
                    .chunks_exact(12)
                    .map(|r| [0, 4, 8].map(|at| u32_at(r, at).unwrap_or(u32::MAX))),
            ),
            _ => {}
        }
    }
    let sheet = |i: u32| entries.get(i as usize).map(|e: &Entry| e.name.clone());
    let written = |[book, first, last]: &[u32; 3]| match (books.get(*book as usize), sheet(*first), sheet(*last)) {
        (Some(true), Some(a), Some(b)) if a != b => quoted_sheet(&format!("{a}:{b}")),
        (Some(true), Some(a), _) => quoted_sheet(&a),
        (Some(true), None, _) => "#REF!".to_owned(),
        _ => format!("[{book}]!"),
    };
    names.sheets = references.iter().map(written).collect();
    Ok((entries, date1904, names))
}

fn entry(data: &[u8]) -> Option<Entry> {
    let (relation, end) = text(data, 8)?;
    let visibility = match u32_at(data, 0)? {
        0 => Visibility::Visible,
        1 => Visibility::Hidden,
        _ => Visibility::VeryHidden,
    };
    Some(Entry { name: text(data, end)?.0, visibility, relation: Some(relation) })
}

fn styles(source: &mut dyn BufRead) -> Result<(Vec<Style>, Vec<bool>), Fault> {
    let mut records = Records::new(source);
    let (mut codes, mut struck, mut formats) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut in_cell_formats = false;
    while let Some((id, data)) = records.next()? {
        match id {
            43 => struck.push(data.get(2).is_some_and(|flags| flags & 8 != 0)),
            44 => codes.extend(u16_at(data, 0).zip(text(data, 2).map(|(code, _)| code))),
            47 if in_cell_formats => {
                let number = |at| u16_at(data, at).unwrap_or(0);
                formats.push((number(2), usize::from(number(4)), number(12) & 0x8000 != 0));
            }
            617 => in_cell_formats = true,
            618 => in_cell_formats = false,
            _ => {}
        }
    }
    let style = |&(id, font, quoted): &(u16, usize, bool)| Style {
        struck: struck.get(font).copied().unwrap_or(false),
        quoted,
        ..Style::new(codes.get(&id).map(String::as_str), u32::from(id))
    };
    Ok((formats.iter().map(style).collect(), struck))
}

fn strings(source: &mut dyn BufRead, most: u64) -> Result<Vec<Rich>, Fault> {
    let mut records = Records::new(source);
    let mut texts = Vec::new();
    while let Some((id, data)) = records.next()? {
        if id == 19 {
            texts.push(Rich::read(data, 0).unwrap_or_default());
        }
        if texts.len() as u64 > most {
            return Err(Fault::limit("文本过多"));
        }
    }
    Ok(texts)
}
