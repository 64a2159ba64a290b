//! The workbook part, and what its sheets refer to.

use quick_xml::events::Event;

use super::cell::Context;
use super::{sheet, strings, styles};
use crate::model::{Format, ReadOutcome, Visibility};
use crate::reader::fault::Fault;
use crate::reader::ooxml::{Entry, Relations, part_of, read_sheets, relations_of};
use crate::reader::package::Package;
use crate::reader::xml::{attr, flag};
use crate::spec::Limits;

/// Reads the workbook whose main part is `part`.
pub(in crate::reader) fn read(package: &mut Package<'_>, part: &str, limits: &Limits) -> Result<ReadOutcome, Fault> {
    let (folder, relations) = relations_of(package, part)?;
    let (entries, date1904) = entries(package, part)?;
    if entries.len() as u64 > u64::from(limits.sheets) {
        return Err(Fault::limit(&format!("有 {} 张工作表，上限 {}", entries.len(), limits.sheets)));
    }
    let context = Context { date1904, ..context(package, &relations, &folder, limits)? };
    read_sheets(package, entries, &relations, Format::Xlsx, limits, |package, part, sheet, lost, room| {
        package.xml(part, |pull| sheet::read(pull, &context, sheet, lost, room))
    })
}

/// Shared strings and styles, both optional.
fn context(package: &mut Package<'_>, relations: &Relations, folder: &str, limits: &Limits) -> Result<Context, Fault> {
    let strings_part = part_of(relations, "sharedStrings", folder, "sharedStrings.xml");
    let styles_part = part_of(relations, "styles", folder, "styles.xml");
    let mut context = Context::default();
    if package.has(&strings_part) {
        context.strings = package.xml(&strings_part, |pull| strings::read(pull, limits.cells))?;
    }
    if package.has(&styles_part) {
        context.styles = package.xml(&styles_part, |pull| styles::read(pull, limits.cells.min(1 << 17)))?;
    }
    Ok(context)
}

fn entries(package: &mut Package<'_>, part: &str) -> Result<(Vec<Entry>, bool), Fault> {
    package.xml(part, |mut pull| {
        let (mut entries, mut date1904) = (Vec::new(), false);
        loop {
            match pull.next()? {
                Event::Start(e) => match e.local_name().as_ref() {
                    "sheet" => entries.push(Entry {
                        name: attr(&e, "name").unwrap_or_default(),
                        visibility: match attr(&e, "state").as_deref() {
                            Some("hidden") => Visibility::Hidden,
                            Some("veryHidden") => Visibility::VeryHidden,
                            _ => Visibility::Visible,
                        },
                        relation: attr(&e, "id"),
                    }),
                    "workbookPr" => date1904 = flag(&e, "date1904"),
                    _ => {}
                },
                Event::Eof => return Ok((entries, date1904)),
                _ => {}
            }
        }
    })
}
