//! The workbook stream: its globals, then its sheets in file order.

use super::{filepass, globals, sheet};
use crate::model::{Format, ReadIssue, ReadOutcome, Sheet, Workbook};
use crate::reader::fault::Fault;
use crate::spec::Limits;

/// Reads a BIFF5 or BIFF8 stream.
pub(in crate::reader) fn read(stream: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let stream = &*filepass::opened(stream)?;
    let globals = globals::read(stream)?;
    if globals.sheets.len() as u64 > u64::from(limits.sheets) {
        return Err(Fault::limit(&format!("有 {} 张工作表，上限 {}", globals.sheets.len(), limits.sheets)));
    }
    let mut outcome = ReadOutcome::default();
    let mut sheets = Vec::new();
    let mut room = limits.cells;
    for (index, entry) in globals.sheets.iter().enumerate().filter(|(_, e)| e.is_table) {
        let mut sheet = Sheet {
            name: entry.name.clone(),
            index: u32::try_from(index).unwrap_or(u32::MAX),
            visibility: entry.visibility,
            ..Sheet::default()
        };
        let mut lost: Vec<ReadIssue> = Vec::new();
        let filter = globals.filters.get(&index).copied();
        match sheet::read(stream, entry.at, &globals, filter, &mut sheet, &mut lost, room) {
            Ok(()) => {
                room -= sheet.cells.len() as u64;
                outcome.issues.append(&mut lost);
                sheets.push(sheet);
            }
            Err(fault) if fault.code == "F109" => return Err(fault),
            Err(fault) => outcome.issues.push(fault.on_sheet(&entry.name)),
        }
    }
    if sheets.is_empty() && outcome.issues.is_empty() {
        return Err(Fault::damaged("工作簿里没有工作表"));
    }
    outcome.workbook = (!sheets.is_empty()).then_some(Workbook { format: Format::Xls, sheets });
    Ok(outcome)
}
