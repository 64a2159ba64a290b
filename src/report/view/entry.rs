//! Findings as entries of the unit's page: what one rule says about one column is one entry with its cells.

use serde::Serialize;

use super::finding::FindingView;
use crate::model::{CellRef, Class, column_letters};

/// Findings of an entry that are each told in words; of more only the cells are listed.
const TOLD: usize = 4;
/// Most characters of a text that is told beside its cell.
const SHORT: usize = 16;

/// One place of an entry.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Item {
    /// Cell, range or row in words; empty for a whole sheet or file.
    pub(in super::super) at: String,
    /// First line of the finding.
    pub(in super::super) message: String,
    /// Project.
    pub(in super::super) project: Option<String>,
    /// What stands there.
    pub(in super::super) seen: Option<String>,
    /// How it was read.
    pub(in super::super) read_as: Option<String>,
}

/// Findings of one rule on one column of one sheet that ask for the same.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Entry {
    /// What to do.
    pub(in super::super) class: Class,
    /// `V502`.
    pub(in super::super) code: &'static str,
    /// Chinese title of the rule.
    pub(in super::super) title: &'static str,
    /// The rule is on trial.
    pub(in super::super) trial: bool,
    /// Accepted by a waiver, and by which.
    pub(in super::super) waived: bool,
    /// As `waived`.
    pub(in super::super) waiver: Option<String>,
    /// What the unit itself says about it.
    pub(in super::super) explanation: Option<String>,
    /// File, without its folders; `None` for findings on the submission.
    pub(in super::super) file: Option<String>,
    /// Sheet.
    pub(in super::super) sheet: Option<String>,
    /// Chinese name of the field.
    pub(in super::super) field: Option<&'static str>,
    /// How many findings these are.
    pub(in super::super) count: usize,
    /// The places that are told in words: all of them, or the first one as an example.
    pub(in super::super) items: Vec<Item>,
    /// All cells, when not all are told: `H17、H20–H25`.
    pub(in super::super) cells: Option<String>,
    /// How to fix it.
    pub(in super::super) help: String,
}

/// The findings of one unit as entries, in their order.
pub(in super::super) fn entries(findings: Vec<FindingView>) -> Vec<Entry> {
    let mut groups: Vec<Vec<FindingView>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|g| g.first().is_some_and(|first| joins(first, &finding))) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.into_iter().filter_map(Entry::of).collect()
}

/// Whether two findings are one entry. What nobody has to act on is joined over all columns and sheets of a file.
fn joins(a: &FindingView, b: &FindingView) -> bool {
    let one_place = || a.sheet == b.sheet && a.field == b.field && a.column() == b.column();
    a.code == b.code
        && a.class == b.class
        && a.file == b.file
        && (a.class == Class::Know || one_place())
        && (&a.help, &a.waiver, &a.explanation) == (&b.help, &b.waiver, &b.explanation)
}

impl FindingView {
    fn column(&self) -> Option<&str> {
        self.cell.as_deref().map(column_of)
    }
}

/// The column that a place begins in; nothing for rows.
fn column_of(cell: &str) -> &str {
    let end = cell.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(cell.len());
    cell.get(..end).unwrap_or_default()
}

impl Entry {
    fn of(group: Vec<FindingView>) -> Option<Self> {
        let count = group.len();
        let first = group.first()?.clone();
        let most = if first.class == Class::Know { 1 } else { TOLD };
        let all = (count > most).then(|| places(&group));
        let one_sheet = group.iter().all(|f| f.sheet == first.sheet);
        let told = if count > most { 1 } else { count };
        let items = group.into_iter().take(told).map(|f| Item {
            at: f.cell.as_deref().map(super::finding::row_in_words).unwrap_or_default(),
            project: f.project.filter(|p| !f.message.contains(p.as_str())),
            message: f.message,
            seen: f.seen,
            read_as: f.read_as,
        });
        Some(Self {
            class: first.class,
            code: first.code,
            title: first.title,
            trial: first.trial,
            waived: first.waived,
            waiver: first.waiver,
            explanation: first.explanation,
            file: first.file.map(|f| f.rsplit('/').next().unwrap_or(&f).to_owned()),
            sheet: first.sheet.filter(|_| one_sheet),
            field: first.field,
            count,
            items: items.collect(),
            cells: all,
            help: first.help,
        })
    }
}

/// All places of an entry, with the sheets when there are several; short texts that stand there are told too.
fn places(group: &[FindingView]) -> String {
    let mut sheets: Vec<(Option<&str>, Vec<String>)> = Vec::new();
    for finding in group {
        let Some(cell) = finding.cell.as_deref() else { continue };
        let seen = finding.seen.as_deref().filter(|s| finding.class == Class::Know && s.chars().count() <= SHORT);
        let text = seen.map_or_else(|| cell.to_owned(), |seen| format!("{cell}（{seen}）"));
        let sheet = finding.sheet.as_deref();
        match sheets.iter_mut().find(|(name, _)| *name == sheet) {
            Some((_, cells)) => cells.push(text),
            None => sheets.push((sheet, vec![text])),
        }
    }
    let many = sheets.len() > 1;
    let of_sheet = |(sheet, cells): &(Option<&str>, Vec<String>)| {
        let cells = listed(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        sheet.filter(|_| many).map_or_else(|| cells.clone(), |sheet| format!("{sheet} › {cells}"))
    };
    sheets.iter().map(of_sheet).collect::<Vec<_>>().join("；")
}

/// Places in a row of text, neighbours in a column joined: `H17、H20–H25、第 30 行`.
fn listed(cells: &[&str]) -> String {
    let mut out: Vec<(String, Option<(CellRef, u32)>)> = Vec::new();
    for cell in cells {
        let at = CellRef::parse(cell).filter(|_| !cell.contains(':'));
        match (at, out.last_mut()) {
            (Some(at), Some((_, Some((start, last))))) if start.col == at.col && *last + 1 == at.row => *last = at.row,
            (Some(at), _) => out.push(((*cell).to_owned(), Some((at, at.row)))),
            (None, _) => out.push((super::finding::row_in_words(cell), None)),
        }
    }
    let text = |(text, run): (String, Option<(CellRef, u32)>)| match run {
        Some((start, last)) if last > start.row => {
            format!("{start}–{}{}", column_letters(start.col), last + 1)
        }
        _ => text,
    };
    out.into_iter().map(text).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_listed_with_their_runs() {
        assert_eq!(listed(&["H17", "H20", "H21", "H22", "J22", "6:6", "8:9"]), "H17、H20–H22、J22、第 6 行、第 8–9 行");
        assert_eq!(column_of("AB12"), "AB");
        assert_eq!(column_of("6:6"), "");
    }
}
