//! What xlsx and xlsb share: relations between parts, and the sheets of a workbook in file order.

use quick_xml::events::Event;
use std::collections::BTreeMap;

use super::fault::Fault;
use super::package::Package;
use super::xml::attr;
use crate::model::{Format, ReadIssue, ReadOutcome, Sheet, Visibility, Workbook, part_path};
use crate::spec::Limits;

/// Target part and last word of the type, by relation id.
pub(super) type Relations = BTreeMap<String, (String, String)>;

/// A sheet as the workbook part lists it.
#[derive(Debug)]
pub(super) struct Entry {
    /// Name.
    pub(super) name: String,
    /// Visibility.
    pub(super) visibility: Visibility,
    /// Relation id.
    pub(super) relation: Option<String>,
}

/// The name of the workbook part: where the root relations point, or its usual place.
pub(super) fn workbook_part(package: &mut Package<'_>) -> Option<String> {
    let root = relations(package, "_rels/.rels", "").unwrap_or_default();
    let named = root.into_values().find(|(_, kind)| kind == "officeDocument").map(|(target, _)| target);
    let usual = ["xl/workbook.xml", "xl/workbook.bin", "word/document.xml", "ppt/presentation.xml"].map(str::to_owned);
    named.into_iter().chain(usual).find(|part| package.has(part))
}

/// The folder of a part, and its relations.
pub(super) fn relations_of(package: &mut Package<'_>, part: &str) -> Result<(String, Relations), Fault> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let relation_part = format!("{folder}/_rels/{file}.rels");
    Ok((folder.to_owned(), relations(package, &relation_part, folder)?))
}

/// The part of a kind that the workbook refers to, or the usual one.
pub(super) fn part_of(relations: &Relations, kind: &str, folder: &str, usual: &str) -> String {
    let named = relations.values().find(|(_, k)| k == kind).map(|(target, _)| target.clone());
    named.unwrap_or_else(|| format!("{folder}/{usual}"))
}

/// Reads the sheets in file order. A sheet that cannot be read is named and costs only itself; a limit ends the file.
pub(super) fn read_sheets(
    package: &mut Package<'_>,
    entries: Vec<Entry>,
    relations: &Relations,
    format: Format,
    limits: &Limits,
    mut read: impl FnMut(&mut Package<'_>, &str, &mut Sheet, &mut Vec<ReadIssue>, u64) -> Result<(), Fault>,
) -> Result<ReadOutcome, Fault> {
    if entries.len() as u64 > u64::from(limits.sheets) {
        return Err(Fault::limit(&format!("有 {} 张工作表，上限 {}", entries.len(), limits.sheets)));
    }
    let mut outcome = ReadOutcome::default();
    let mut sheets = Vec::new();
    let mut room = limits.cells;
    for (index, entry) in (0u32..).zip(entries) {
        let target = entry.relation.as_ref().and_then(|id| relations.get(id));
        if target.is_some_and(|(_, kind)| kind != "worksheet") {
            continue; // a chart, dialog or macro sheet has no table
        }
        let mut sheet = Sheet { name: entry.name, index, visibility: entry.visibility, ..Sheet::default() };
        let mut lost = Vec::new();
        let part = target.ok_or_else(|| Fault::damaged("工作表在文件中找不到"));
        match part.and_then(|(part, _)| read(package, part, &mut sheet, &mut lost, room)) {
            Ok(()) => {
                room -= sheet.cells.len() as u64;
                outcome.issues.append(&mut lost);
                sheets.push(sheet);
            }
            Err(fault) if fault.code == "F109" => return Err(fault),
            Err(fault) => outcome.issues.push(fault.on_sheet(&sheet.name)),
        }
    }
    if sheets.is_empty() && outcome.issues.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    outcome.workbook = (!sheets.is_empty()).then_some(Workbook { format, sheets });
    Ok(outcome)
}

/// Reads a relations part; targets are resolved against `folder`, and those that leave the package are left out.
fn relations(package: &mut Package<'_>, part: &str, folder: &str) -> Result<Relations, Fault> {
    if !package.has(part) {
        return Ok(Relations::new());
    }
    package.xml(part, |mut pull| {
        let mut found = Relations::new();
        loop {
            match pull.next()? {
                Event::Start(e) if e.local_name().as_ref() == "Relationship" => {
                    let kind = attr(&e, "Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let external = attr(&e, "TargetMode").as_deref() == Some("External");
                    let target = attr(&e, "Target").and_then(|t| part_path(folder, &t));
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
