//! Marks of an earlier round: a unit corrects in the marked copy and sends that. What was found then must not stand beside
//! what is found now.

use super::book::{Book, Entry};
use super::package::Package;
use super::xml::{Edits, Kind, Tags};
use super::{comments, relations};
use crate::model::{INDEX_SHEET, INDEX_TITLE};
use crate::workbook::Fault;
use crate::workbook::remark::Tone;

/// What an earlier round left in a workbook.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The part of its list of findings, which the new one takes.
    pub(super) list: Option<String>,
    /// The workbook is a marked copy: fills in our colours are ours.
    pub(super) marked: bool,
}

/// Finds the list of an earlier round, and lets its notes say that they are settled.
pub(super) fn settle(package: &mut Package<'_>, book: &Book) -> Result<Earlier, Fault> {
    let mut earlier = Earlier::default();
    for entry in &book.sheets {
        let Some(part) = &entry.part else { continue };
        if earlier.list.is_none() && is_list(package, book, entry, part)? {
            earlier.list = Some(part.clone());
            earlier.marked = true;
        }
        let known = relations::of(package, part)?;
        let notes = known.iter().filter(|r| r.kind == "comments").find_map(|r| r.target.clone());
        let Some(notes) = notes.filter(|n| package.has(n)) else { continue };
        let text = package.text(&notes)?;
        if let Some(settled) = comments::settled(&text)? {
            earlier.marked = true;
            package.put(&notes, settled);
        }
    }
    Ok(earlier)
}

/// A sheet that is named like our list and begins with its title; a unit's own 问题清单 is not ours to replace.
fn is_list(package: &mut Package<'_>, book: &Book, entry: &Entry, part: &str) -> Result<bool, Fault> {
    if !entry.name.starts_with(INDEX_SHEET) {
        return Ok(false);
    }
    let text = package.text(part)?;
    let mut tags = Tags::new(&text);
    while let Some(tag) = tags.next()? {
        if tag.local() != "c" || tag.kind != Kind::Open {
            continue;
        }
        let end = tags.close(&tag)?;
        let inner = text.get(tag.range.end..end).unwrap_or_default();
        if tag.attr("t").as_deref() != Some("s") {
            return Ok(inner.contains(INDEX_TITLE));
        }
        let number: String = inner.chars().filter(char::is_ascii_digit).collect();
        let strings = book.relations.iter().find(|r| r.kind == "sharedStrings").and_then(|r| r.target.clone());
        let Some(strings) = strings.filter(|s| package.has(s)) else { return Ok(false) };
        let strings = package.text(&strings)?;
        return Ok(number.parse().is_ok_and(|n| string(&strings, n).is_ok_and(|s| s.contains(INDEX_TITLE))));
    }
    Ok(false)
}

/// The markup of a shared string.
fn string(strings: &str, number: usize) -> Result<&str, Fault> {
    let mut tags = Tags::new(strings);
    let mut at = 0usize;
    while let Some(tag) = tags.next()? {
        if tag.local() != "si" || tag.kind == Kind::Close {
            continue;
        }
        let end = if tag.kind == Kind::Open { tags.close(&tag)? } else { tag.range.end };
        if at == number {
            return Ok(strings.get(tag.range.start..end).unwrap_or_default());
        }
        at += 1;
    }
    Ok("")
}

/// The styles part with no fill in the place of each of our fills.
pub(super) fn without_fills(styles: &str) -> Result<String, Fault> {
    let ours = Tone::ALL.map(|tone| format!("FF{:06X}", tone.rgb()));
    let mut tags = Tags::new(styles);
    let mut edits = Edits::default();
    let mut inside = false;
    while let Some(tag) = tags.next()? {
        match (tag.local(), tag.kind) {
            ("fills", kind) => inside = kind == Kind::Open,
            ("fill", Kind::Open) if inside => {
                let end = tags.close(&tag)?;
                let inner = styles.get(tag.range.end..end).unwrap_or_default().to_uppercase();
                if ours.iter().any(|rgb| inner.contains(rgb.as_str())) {
                    let p = tag.prefix();
                    let none = format!("<{p}fill><{p}patternFill patternType=\"none\"/></{p}fill>");
                    edits.replace(tag.range.start..end, none);
                }
            }
            _ => {}
        }
    }
    edits.apply(styles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_fills_go() {
        let fill = |rgb: &str| {
            format!("<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{rgb}\"/></patternFill></fill>")
        };
        let none = "<fill><patternFill patternType=\"none\"/></fill>";
        let dxf = format!("<dxfs><dxf>{}</dxf></dxfs>", fill("FFFFA3A3"));
        let of = |a: &str, b: &str| format!("<styleSheet><fills>{a}{b}</fills>{dxf}</styleSheet>");
        let before = of(&fill("ffffa3a3"), &fill("FFFFFF00"));
        assert_eq!(without_fills(&before).unwrap(), of(none, &fill("FFFFFF00")));
    }

    #[test]
    fn a_shared_string_is_found_by_its_number() {
        let strings = "<sst><si><t>甲</t></si><si/><si><r><t>乙</t></r></si></sst>";
        assert!(string(strings, 2).unwrap().contains('乙') && string(strings, 3).unwrap().is_empty());
    }
}
