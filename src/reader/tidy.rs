//! Brings a sheet into the form that the model promises: sorted, one cell per place, facts clipped to what is used.

use crate::model::{CellKind, CellRef, ReadIssue, Region, Sheet};

use super::fault::cell_lost;

/// Ranges of hidden rows and columns as they were declared: first and last, from 0.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Rows.
    pub(super) rows: Vec<(u32, u32)>,
    /// Of these rows, those that a filter is said to hide.
    pub(super) filtered: Vec<(u32, u32)>,
    /// Columns.
    pub(super) columns: Vec<(u32, u32)>,
}

/// Sorts the cells, names places that stand twice, and sets merges, hidden and filtered rows, hidden columns.
pub(super) fn finish(
    sheet: &mut Sheet,
    issues: &mut Vec<ReadIssue>,
    merges: Vec<Region>,
    hidden: Hidden,
    filter: Option<Region>,
) {
    sheet.cells.sort_by_key(|c| c.at);
    let name = &sheet.name;
    sheet.cells.dedup_by(|later, kept| {
        let same = later.at == kept.at;
        if same && later.kind != kept.kind {
            let seen = format!("{} / {}", kept.raw(), later.raw());
            issues.push(cell_lost(name, &kept.at.to_string(), "同一单元格在文件中出现两次，内容不同", &seen));
            kept.kind = CellKind::Empty;
        } else if same {
            issues.push(cell_lost(name, &kept.at.to_string(), "同一单元格在文件中出现两次", &kept.raw()));
        }
        same
    });
    let last_row = sheet.cells.last().map_or(0, |c| c.at.row);
    let last_col = sheet.cells.iter().map(|c| c.at.col).max().unwrap_or(0);
    sheet.merges = merges.into_iter().filter(|m| m.start != m.end).collect();
    sheet.merges.sort_by_key(|m| (m.start, m.end));
    sheet.merges.dedup();
    sheet.hidden_rows = spread(hidden.rows, last_row);
    sheet.hidden_columns = spread(hidden.columns, last_col);
    let mut filtered = spread(hidden.filtered, last_row);
    let inside = |r: &&u32| filter.is_some_and(|f| (f.start.row + 1..=f.end.row).contains(r));
    filtered.extend(sheet.hidden_rows.iter().filter(inside));
    filtered.sort_unstable();
    filtered.dedup();
    sheet.filtered_rows = filtered;
}

/// The numbers of the ranges, each once, ascending, none beyond `last`.
fn spread(mut ranges: Vec<(u32, u32)>, last: u32) -> Vec<u32> {
    ranges.sort_unstable();
    let mut out: Vec<u32> = Vec::new();
    for (from, to) in ranges {
        let from = out.last().map_or(from, |&done| from.max(done + 1));
        out.extend(from..=to.min(last));
    }
    out
}

/// Reads `A1:B2`, also with its corners exchanged; `None` for anything else.
pub(super) fn region(text: &str) -> Option<Region> {
    let (a, b) = text.split_once(':').unwrap_or((text, text));
    let (a, b) = (CellRef::parse(a.trim())?, CellRef::parse(b.trim())?);
    Some(Region {
        start: CellRef::new(a.row.min(b.row), a.col.min(b.col)),
        end: CellRef::new(a.row.max(b.row), a.col.max(b.col)),
    })
}
