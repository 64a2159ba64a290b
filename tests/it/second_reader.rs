//! The sample read by a second reader: calamine must find the same values in the same cells.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Sheets};
use sanpi::model::{CellKind, CellRef, Sheet};
use sanpi::reader::read;
use sanpi::spec::Limits;

use crate::harness::root;

#[test]
fn calamine_finds_the_same_values() {
    let mut files = Vec::new();
    collect(&root().join("sample_data"), &mut files);
    files.sort();
    let (mut cells, mut different) = (0, Vec::new());
    for path in &files {
        let bytes = fs::read(path).expect("sample");
        let mut theirs = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.as_slice())).expect("a good workbook");
        let ours = read(&bytes, &path.to_string_lossy(), &Limits::default()).workbook.expect("a good workbook");
        assert_eq!(ours.sheets.iter().map(|s| s.name.clone()).collect::<Vec<_>>(), theirs.sheet_names(), "{path:?}");
        for sheet in &ours.sheets {
            let (ours, theirs) = (our_values(sheet), their_values(&mut theirs, &sheet.name));
            cells += theirs.len();
            let places: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
            let differs = |at: &&&CellRef| ours.get(at) != theirs.get(at);
            different.extend(places.iter().filter(differs).map(|at| {
                format!("{} {} {at}: {:?} / {:?}", path.display(), sheet.name, ours.get(at), theirs.get(at))
            }));
        }
    }
    assert!(cells > 20_000, "{cells} cells in {} files", files.len());
    assert!(different.is_empty(), "{} of {cells} cells:\n{}", different.len(), different.join("\n"));
}

fn our_values(sheet: &Sheet) -> BTreeMap<CellRef, String> {
    let cells = sheet.cells.iter().filter(|c| c.kind != CellKind::Empty);
    cells.map(|c| (c.at, c.raw().to_string())).collect()
}

fn their_values(workbook: &mut Sheets<Cursor<&[u8]>>, sheet: &str) -> BTreeMap<CellRef, String> {
    let range = workbook.worksheet_range(sheet).expect("a good sheet");
    let (top, left) = range.start().unwrap_or_default();
    let place = |row: usize, col: usize| {
        let offset = |n: usize| u32::try_from(n).expect("inside a sheet");
        CellRef::new(top + offset(row), left + offset(col))
    };
    let text = |data: &Data| match data {
        Data::Empty => None,
        Data::String(s) if s.is_empty() => None,
        Data::Float(n) => Some(n.to_string()),
        Data::DateTime(d) => Some(d.as_f64().to_string()),
        Data::Bool(b) => Some(if *b { "TRUE" } else { "FALSE" }.to_owned()),
        other => Some(other.to_string()),
    };
    range.used_cells().filter_map(|(row, col, data)| Some((place(row, col), text(data)?))).collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("folder").map(|e| e.expect("entry").path()) {
        if entry.is_dir() {
            collect(&entry, out);
        } else if entry.extension().is_some_and(|e| ["xlsx", "xls", "et", "ods"].iter().any(|known| e == *known)) {
            out.push(entry);
        }
    }
}
