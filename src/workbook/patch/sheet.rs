//! A worksheet part with colours on its cells.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Row, Scan, merges};
use super::styles::Styles;
use super::xml::{Edits, Kind};
use crate::model::CellRef;
use crate::workbook::Fault;
use crate::workbook::place::{Marks, Target};
use crate::workbook::remark::{Remark, Tone};

/// Rows at the top of a sheet that are of interest when a whole column is.
type Rows = Vec<(u32, u32)>;

/// Scans a part for the placing of these remarks.
pub(super) fn scan<'t>(text: &'t str, remarks: &[Remark], chosen: &[usize]) -> Result<Scan<'t>, Fault> {
    let targets = chosen.iter().filter_map(|i| remarks.get(*i)?.cell.as_deref().and_then(Target::parse));
    let mut rows: Rows = targets.map(|t| t.rows()).collect();
    let anchors: Vec<u32> = merges(text)?
        .iter()
        .filter(|m| rows.iter().any(|(a, b)| m.start.row <= *b && *a <= m.end.row))
        .map(|m| m.start.row)
        .collect();
    rows.extend(anchors.into_iter().map(|row| (row, row)));
    let rows = joined(rows);
    let wanted = move |row: u32| {
        let at = rows.partition_point(|(first, _)| *first <= row);
        at.checked_sub(1).and_then(|i| rows.get(i)).is_some_and(|(_, last)| row <= *last)
    };
    Scan::of(text, &wanted)
}

/// Ranges in order, those that touch joined.
fn joined(mut rows: Rows) -> Rows {
    rows.sort_unstable();
    let mut out: Rows = Vec::new();
    for (first, last) in rows {
        match out.last_mut() {
            Some((_, end)) if first <= *end => *end = (*end).max(last),
            _ => out.push((first, last)),
        }
    }
    out
}

/// Colours the cells: those that are there get a copy of their format, those that are not are put in their place.
pub(super) fn colour(scan: &Scan<'_>, marks: &Marks, styles: &mut Styles, edits: &mut Edits) -> Result<(), Fault> {
    let mut by_row: BTreeMap<u32, Vec<(u32, Tone)>> = BTreeMap::new();
    for (at, tone) in &marks.fills {
        by_row.entry(at.row).or_default().push((at.col, *tone));
    }
    let p = scan.data.0.prefix();
    let mut new_rows = Vec::new();
    for (row, fills) in by_row {
        if let Some(known) = scan.rows.get(&row) {
            colour_row(scan, (row, known), &fills, styles, edits)?;
            continue;
        }
        let mut cells = String::new();
        for (col, tone) in fills {
            cells.push_str(&cell(
                p,
                CellRef::new(row, col),
                styles.tinted(scan.format_of(CellRef::new(row, col)), tone)?,
            ));
        }
        new_rows.push((scan.place_of(row), format!("<{p}row r=\"{}\">{cells}</{p}row>", row + 1)));
    }
    if scan.data.0.kind == Kind::Empty {
        if !new_rows.is_empty() {
            let rows: String = new_rows.into_iter().map(|(_, row)| row).collect();
            let open = scan.data.0.text.trim_end_matches("/>");
            edits.replace(scan.data.0.range.clone(), format!("{open}>{rows}</{}>", scan.data.0.name()));
        }
        return Ok(());
    }
    for (at, row) in new_rows {
        edits.insert(at, row);
    }
    Ok(())
}

fn colour_row(
    scan: &Scan<'_>,
    (number, row): (u32, &Row<'_>),
    fills: &[(u32, Tone)],
    styles: &mut Styles,
    edits: &mut Edits,
) -> Result<(), Fault> {
    let p = scan.data.0.prefix();
    let there: BTreeSet<u32> = row.cells.iter().map(|c| c.col).collect();
    let mut new: Vec<(usize, String)> = Vec::new();
    for (col, tone) in fills {
        for known in row.cells.iter().filter(|c| c.col == *col) {
            let format = styles.tinted(known.tag.number("s").unwrap_or(0), *tone)?;
            edits.replace(known.tag.range.clone(), known.tag.with("s", &format.to_string()));
        }
        if !there.contains(col) {
            let at = CellRef::new(number, *col);
            let place = row.cells.iter().find(|c| c.col > *col).map_or(row.end, |c| c.tag.range.start);
            new.push((place, cell(p, at, styles.tinted(scan.format_of(at), *tone)?)));
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    // The range of columns that a row may state for speed would no longer be true.
    let open = without(row.tag.text, row.tag.raw("spans").map(|(v, _)| format!("spans=\"{v}\"")));
    if row.tag.kind == Kind::Empty {
        let cells: String = new.into_iter().map(|(_, cell)| cell).collect();
        let open = open.trim_end_matches("/>").trim_end();
        edits.replace(row.tag.range.clone(), format!("{open}>{cells}</{}>", row.tag.name()));
        return Ok(());
    }
    edits.replace(row.tag.range.clone(), open);
    for (at, cell) in new {
        edits.insert(at, cell);
    }
    Ok(())
}

fn without(tag: &str, attribute: Option<String>) -> String {
    attribute.map_or_else(|| tag.to_owned(), |a| tag.replacen(&a, "", 1))
}

fn cell(prefix: &str, at: CellRef, format: usize) -> String {
    format!("<{prefix}c r=\"{at}\" s=\"{format}\"/>")
}
