//! The workbook part, its relations, and the sheets in file order.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::cell::Context;
use super::{sheet, strings, styles};
use crate::model::{Format, ReadIssue, ReadOutcome, Sheet, Visibility, Workbook};
use crate::reader::fault::Fault;
use crate::reader::package::Package;
use crate::reader::xml::{Pull, attr, flag};
use crate::spec::Limits;

/// A sheet as the workbook part lists it.
struct Entry {
    name: String,
    visibility: Visibility,
    relation: Option<String>,
}

/// Target part and last word of the type, by relation id.
type Relations = BTreeMap<String, (String, String)>;

/// The name of the workbook part: where the root relations point, or its usual place.
pub(in crate::reader) fn workbook_part(package: &mut Package<'_>) -> Option<String> {
    let root = relations(package, "_rels/.rels", "").unwrap_or_default();
    let named = root.into_values().find(|(_, kind)| kind == "officeDocument").map(|(target, _)| target);
    let usual = ["xl/workbook.xml", "xl/workbook.bin", "word/document.xml", "ppt/presentation.xml"].map(str::to_owned);
    named.into_iter().chain(usual).find(|part| package.has(part))
}

/// Reads the workbook whose main part is `part`.
pub(in crate::reader) fn read(package: &mut Package<'_>, part: &str, limits: &Limits) -> Result<ReadOutcome, Fault> {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let file = part.rsplit('/').next().unwrap_or(part);
    let relation_part = format!("{folder}/_rels/{file}.rels");
    let (entries, date1904) = entries(package, part)?;
    if entries.len() as u64 > u64::from(limits.sheets) {
        return Err(Fault::limit(&format!("有 {} 张工作表，上限 {}", entries.len(), limits.sheets)));
    }
    let relations = relations(package, &relation_part, &folder)?;
    let context = Context { date1904, ..context(package, &relations, &folder, limits)? };
    let mut outcome = ReadOutcome::default();
    let mut sheets = Vec::new();
    let mut room = limits.cells;
    for (index, entry) in entries.into_iter().enumerate() {
        let target = entry.relation.as_ref().and_then(|id| relations.get(id));
        if target.is_some_and(|(_, kind)| kind != "worksheet") {
            continue; // a chart, dialog or macro sheet has no table
        }
        let name = entry.name.clone();
        match one_sheet(package, entry, index, target, &context, room, &mut outcome.issues) {
            Ok(sheet) => {
                room -= sheet.cells.len() as u64;
                sheets.push(sheet);
            }
            Err(fault) if fault.code == "F109" => return Err(fault),
            Err(fault) => outcome.issues.push(fault.on_sheet(&name)),
        }
    }
    if sheets.is_empty() && outcome.issues.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    outcome.workbook = (!sheets.is_empty()).then_some(Workbook { format: Format::Xlsx, sheets });
    Ok(outcome)
}

fn one_sheet(
    package: &mut Package<'_>,
    entry: Entry,
    index: usize,
    target: Option<&(String, String)>,
    context: &Context,
    room: u64,
    issues: &mut Vec<ReadIssue>,
) -> Result<Sheet, Fault> {
    let (part, _) = target.ok_or_else(|| Fault::damaged("工作表在文件中找不到"))?;
    let mut sheet = Sheet {
        name: entry.name,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        visibility: entry.visibility,
        ..Sheet::default()
    };
    let mut lost = Vec::new();
    package.part(part, |source| sheet::read(source, context, &mut sheet, &mut lost, room))?;
    issues.append(&mut lost);
    Ok(sheet)
}

/// Shared strings and styles, both optional.
fn context(package: &mut Package<'_>, relations: &Relations, folder: &str, limits: &Limits) -> Result<Context, Fault> {
    let part = |kind: &str, usual: &str| {
        let named = relations.values().find(|(_, k)| k == kind).map(|(target, _)| target.clone());
        named.unwrap_or_else(|| format!("{folder}/{usual}"))
    };
    let (strings_part, styles_part) = (part("sharedStrings", "sharedStrings.xml"), part("styles", "styles.xml"));
    let mut context = Context::default();
    if package.has(&strings_part) {
        context.strings = package.part(&strings_part, |s| strings::read(s, limits.cells))?;
    }
    if package.has(&styles_part) {
        context.styles = package.part(&styles_part, |s| styles::read(s, limits.cells.min(1 << 17)))?;
    }
    Ok(context)
}

fn entries(package: &mut Package<'_>, part: &str) -> Result<(Vec<Entry>, bool), Fault> {
    package.part(part, |source| {
        let mut pull = Pull::new(source);
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

/// Reads a relations part; targets are resolved against `folder`, and those that leave the package are left out.
fn relations(package: &mut Package<'_>, part: &str, folder: &str) -> Result<Relations, Fault> {
    if !package.has(part) {
        return Ok(Relations::new());
    }
    package.part(part, |source| {
        let mut pull = Pull::new(source);
        let mut found = Relations::new();
        loop {
            match pull.next()? {
                Event::Start(e) if e.local_name().as_ref() == "Relationship" => {
                    let kind = attr(&e, "Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let external = attr(&e, "TargetMode").as_deref() == Some("External");
                    let target = attr(&e, "Target").and_then(|t| resolve(folder, &t));
                    if let (Some(id), Some(target), false) = (attr(&e, "Id"), target, external) {
                        found.insert(id, (target, kind));
                    }
                }
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    })
}

/// The part that a target names; `None` when it leads out of the package.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    Some(path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_stay_inside() {
        for (target, part) in [
            ("worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("/xl/worksheets/../worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("/sheet1.xml", Some("sheet1.xml")),
            ("..\\sheet1.xml", Some("sheet1.xml")),
            ("../../../../etc/passwd", None),
        ] {
            assert_eq!(resolve("xl", target).as_deref(), part, "{target}");
        }
    }
}
