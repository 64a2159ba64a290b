//! The parts in turn: sheets with findings, their notes, the styles, the list of findings.

use std::collections::BTreeMap;

use super::book::Book;
use super::earlier::{self, Earlier};
use super::package::Package;
use super::relations::{self, Relation};
use super::scan::Scan;
use super::styles::{self, Styles};
use super::xml::Edits;
use super::{comments, list, sheet, vml};
use crate::model::CellRef;
use crate::workbook::Fault;
use crate::workbook::index::{Job, Spot, free_name};
use crate::workbook::place::Marks;

const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// An annotated workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The file.
    pub bytes: Vec<u8>,
    /// It carries macros: Excel opens it as `.xlsm` only.
    pub macros: bool,
}

/// The unit's own xlsx with fills and notes on the cells of its findings, and the sheet 问题清单 at its end; marks of
/// an earlier round make way. All other parts are copied as they are.
///
/// # Errors
/// When the package is of a kind that is not patched; [`crate::workbook::rebuild`] then gives a new workbook.
pub fn annotate(bytes: &[u8], job: &Job<'_>) -> Result<Annotated, Fault> {
    let mut package = Package::open(bytes)?;
    let book = Book::open(&mut package)?;
    let earlier = earlier::settle(&mut package, &book)?;
    let (styles_part, mut styles) = open_styles(&mut package, &book, &earlier)?;
    let mut by_sheet: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, remark) in job.remarks.iter().enumerate() {
        if let Some(sheet) = book.sheet_of(remark).filter(|_| remark.cell.is_some()) {
            by_sheet.entry(sheet).or_default().push(i);
        }
    }
    let mut spots: Vec<Option<Spot>> = vec![None; job.remarks.len()];
    for (position, chosen) in by_sheet {
        let Some(entry) = book.sheets.get(position) else { continue };
        let Some(part) = &entry.part else { continue };
        for (i, at) in mark(&mut package, part, job, &chosen, &mut styles)? {
            if let Some(spot) = spots.get_mut(i) {
                *spot = Some((entry.name.clone(), at));
            }
        }
    }
    let formats = styles.list_formats()?;
    package.put(&styles_part, styles.finish()?);
    let text = list::part(job, &spots, &formats);
    match &earlier.list {
        Some(part) => package.put(part, text),
        None => add_list(&mut package, &book, &text)?,
    }
    let macros = package.text("[Content_Types].xml")?.contains("macroEnabled");
    Ok(Annotated { bytes: package.finish()?, macros })
}

/// The styles part and its name; a workbook without one gets one.
fn open_styles(package: &mut Package<'_>, book: &Book, earlier: &Earlier) -> Result<(String, Styles), Fault> {
    let named = book.relations.iter().find(|r| r.kind == "styles").and_then(|r| r.target.clone());
    if let Some(part) = named.filter(|p| package.has(p)) {
        let text = package.text(&part)?;
        let text = if earlier.marked { earlier::without_fills(&text)? } else { text };
        return Ok((part, Styles::read(text)?));
    }
    let part = package.free("xl/styles", ".xml");
    package.put(&part, styles::MINIMAL.to_owned());
    relations::add(package, &book.part, "styles", &part)?;
    relations::declare(package, &part, &format!("{MAIN}.styles+xml"))?;
    Ok((part, Styles::read(styles::MINIMAL.to_owned())?))
}

/// Marks one sheet; where each remark's note hangs.
fn mark(
    package: &mut Package<'_>,
    part: &str,
    job: &Job<'_>,
    chosen: &[usize],
    styles: &mut Styles,
) -> Result<BTreeMap<usize, CellRef>, Fault> {
    let text = package.text(part)?;
    let scan = sheet::scan(&text, job.remarks, chosen)?;
    let marks = Marks::place(job.remarks, chosen, &scan);
    let mut edits = Edits::default();
    sheet::colour(&scan, &marks, styles, &mut edits)?;
    if !marks.notes.is_empty() {
        add_notes(package, part, job, &marks, &scan, &mut edits)?;
    }
    package.put(part, edits.apply(&text)?);
    Ok(marks.of_remarks())
}

/// The notes and their boxes; the sheet is told of the boxes when it knew of none.
fn add_notes(
    package: &mut Package<'_>,
    part: &str,
    job: &Job<'_>,
    marks: &Marks,
    scan: &Scan<'_>,
    edits: &mut Edits,
) -> Result<(), Fault> {
    let known = relations::of(package, part)?;
    let target = |kind: &str, chosen: &dyn Fn(&Relation) -> bool| {
        known.iter().filter(|r| r.kind == kind && chosen(r)).find_map(|r| r.target.clone())
    };
    let texts = |at: CellRef| marks.notes.get(&at).map(|of| comments::texts(job.remarks, of, at));
    let notes = marks.notes.keys().filter_map(|at| Some((*at, texts(*at)?))).collect();

    let of_sheet = target("comments", &|_| true).filter(|p| package.has(p));
    let existing = of_sheet.as_ref().map(|p| package.text(p)).transpose()?;
    let (notes, cells) = comments::write(existing.as_deref(), &notes)?;
    let notes_part = if let Some(part) = of_sheet {
        part
    } else {
        let new = package.free("xl/commentsSanpi", ".xml");
        relations::add(package, part, "comments", &new)?;
        relations::declare(package, &new, &format!("{MAIN}.comments+xml"))?;
        new
    };
    package.put(&notes_part, notes);

    let drawing = scan.legacy.as_ref().and_then(|id| target("vmlDrawing", &|r| r.id == *id)).filter(|p| package.has(p));
    let existing = drawing.as_ref().map(|p| package.text(p)).transpose()?;
    let boxes = vml::write(existing.as_deref(), &cells, texts, scan)?;
    let drawing_part = match drawing {
        Some(part) => part,
        None if scan.legacy.is_some() => return Err(Fault::new("批注图形部件不在")),
        None => {
            let new = package.free("xl/drawings/vmlDrawingSanpi", ".vml");
            let id = relations::add(package, part, "vmlDrawing", &new)?;
            relations::declare(package, &new, "application/vnd.openxmlformats-officedocument.vmlDrawing")?;
            let (prefix, id) = (scan.root.prefix(), relations::id_attribute(&scan.root, &id));
            edits.insert(scan.legacy_at, format!("<{prefix}legacyDrawing{id}/>"));
            new
        }
    };
    package.put(&drawing_part, boxes);
    Ok(())
}

fn add_list(package: &mut Package<'_>, book: &Book, text: &str) -> Result<(), Fault> {
    let name = free_name(&book.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>());
    let part = package.free("xl/worksheets/sheetSanpi", ".xml");
    package.put(&part, text.to_owned());
    relations::declare(package, &part, &format!("{MAIN}.worksheet+xml"))?;
    book.add_sheet(package, &name, &part)
}
