//! Project cards: forms with a label and its value side by side, one project each, and tables lying on their side with
//! one project per column.

use std::collections::{BTreeMap, BTreeSet};

use super::Vocabulary;
use super::grid::Grid;
use super::table::Line;
use super::tables::lines;
use crate::model::{Cell, CellRef, squeeze};

/// Known labels that a form must have.
const MIN_LABELS: usize = 4;
/// Labels with a value next to them that a form must have.
const MIN_FILLED: usize = 3;
/// Blank rows allowed inside a form.
const MAX_GAP: u32 = 2;

/// A label of a form, with parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLabel {
    /// Texts, parents first.
    pub path: Vec<String>,
    /// The label's cell on the first form that has it.
    pub at: CellRef,
}

/// The forms of a sheet as one list: labels are its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// All labels.
    pub labels: Vec<FormLabel>,
    /// Per project and label the cell of the value; each with the row of the project's name.
    pub projects: Vec<(u32, Vec<Option<CellRef>>)>,
    /// Lines above and between the forms.
    pub lines: Vec<Line>,
}

/// Reads a sheet as forms, if it is one: below the label 项目名称 stands another label, not a name.
#[must_use]
pub fn forms(grid: &Grid, words: &Vocabulary) -> Option<Forms> {
    let names: Vec<CellRef> = name_labels(grid, words);
    if names.is_empty() {
        return None;
    }
    let mut found = Forms { labels: Vec::new(), projects: Vec::new(), lines: Vec::new() };
    let mut floor = 0;
    for (i, name) in names.iter().enumerate() {
        let top = start(grid, words, name.row, floor);
        let next =
            names.get(i + 1).map_or(grid.last_row(), |n| start(grid, words, n.row, name.row + 1).saturating_sub(1));
        let bottom = end(grid, words, name.row, next);
        let above: Vec<u32> = grid.rows_in(floor, top).filter(|&r| r >= floor && r < top).collect();
        found.lines.extend(lines(grid, words, &above));
        add(grid, words, *name, (top, bottom), &mut found);
        floor = bottom + 1;
    }
    // Later forms may have labels of their own.
    let width = found.labels.len();
    found.projects.iter_mut().for_each(|(_, project)| project.resize(width, None));
    (found.labels.len() >= MIN_LABELS && !found.projects.is_empty()).then_some(found)
}

/// Labels 项目名称 with a value to their right and another label below.
fn name_labels(grid: &Grid, words: &Vocabulary) -> Vec<CellRef> {
    let mut names = Vec::new();
    for row in grid.rows() {
        for cell in grid.visible(row) {
            // 签约项目 is a name's header only above a table; in a card it would be a value.
            if !words.heads_names(cell) || (words.stage(&cell.text()).is_some() && !cell.text().contains('名')) {
                continue;
            }
            let right = grid.merge_at(cell.at).map_or(cell.at.col, |m| m.end.col) + 1;
            let beside = grid.own(CellRef::new(row, right));
            let below = grid.merge_at(cell.at).map_or(row, |m| m.end.row) + 1;
            let below = grid.rows_in(below, below + MAX_GAP).find_map(|r| grid.own(CellRef::new(r, cell.at.col)));
            // 签约项目 over 开工项目 are values of a 类别 column, not labels.
            let is_label = |c: &Cell| words.heads(c) && !words.heads_names(c);
            if beside.is_some_and(|c| !is_label(c)) && below.is_some_and(is_label) {
                names.push(cell.at);
                break;
            }
        }
    }
    names
}

/// Whether a row of a form holds a label.
fn has_label(grid: &Grid, words: &Vocabulary, row: u32) -> bool {
    grid.visible(row).any(|c| words.heads(c))
}

fn start(grid: &Grid, words: &Vocabulary, name: u32, floor: u32) -> u32 {
    let mut top = name;
    while top > floor && has_label(grid, words, top - 1) {
        top -= 1;
    }
    top
}

fn end(grid: &Grid, words: &Vocabulary, name: u32, limit: u32) -> u32 {
    let mut bottom = name;
    for row in grid.rows_in(name, limit) {
        if row > bottom + 1 + MAX_GAP {
            break;
        }
        if has_label(grid, words, row) {
            let deep = grid.visible(row).filter_map(|c| grid.merge_at(c.at)).map(|m| m.end.row).max();
            bottom = deep.unwrap_or(row).max(row).min(limit);
        }
    }
    bottom
}

/// Adds the project, or projects, of one form.
fn add(grid: &Grid, words: &Vocabulary, name: CellRef, rows: (u32, u32), found: &mut Forms) {
    let pairs = pairs(grid, words, rows);
    let filled: BTreeSet<&Vec<String>> = pairs.iter().filter(|p| !p.values.is_empty()).map(|p| &p.path).collect();
    if filled.len() < MIN_FILLED {
        return;
    }
    // A table on its side has the values of several projects next to the label.
    let values: Vec<CellRef> = pairs.iter().find(|p| p.at == name).map(|p| p.values.clone()).unwrap_or_default();
    let sideways = values.len() > 1 && pairs.iter().filter(|p| p.values.len() > 1).count() * 2 >= pairs.len();
    let wanted: Vec<Option<u32>> = if sideways { values.iter().map(|v| Some(v.col)).collect() } else { vec![None] };
    let labels: Vec<usize> = pairs.iter().map(|pair| found.label(pair)).collect();
    for column in wanted {
        let mut project: Vec<Option<CellRef>> = vec![None; found.labels.len()];
        for (pair, label) in pairs.iter().zip(&labels) {
            let value = match column {
                Some(col) => pair.values.iter().find(|v| v.col == col).copied(),
                None => pair.values.first().copied(),
            };
            let slot = &mut project[*label];
            *slot = slot.or(value);
        }
        if project.iter().any(Option::is_some) {
            found.projects.push((name.row, project));
        }
    }
}

impl Forms {
    /// The column of a pair's label.
    fn label(&mut self, pair: &Pair) -> usize {
        self.labels.iter().position(|l| l.path == pair.path).unwrap_or_else(|| {
            self.labels.push(FormLabel { path: pair.path.clone(), at: pair.at });
            self.labels.len() - 1
        })
    }
}

/// A label with its values.
struct Pair {
    at: CellRef,
    path: Vec<String>,
    values: Vec<CellRef>,
}

fn pairs(grid: &Grid, words: &Vocabulary, rows: (u32, u32)) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    // 类别 | 投产: a value may be a header word elsewhere. Labels stand below each other.
    let mut labels: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in grid.rows_in(rows.0, rows.1).flat_map(|r| grid.visible(r)).filter(|c| words.heads(c)) {
        *labels.entry(cell.at.col).or_default() += 1;
    }
    for row in grid.rows_in(rows.0, rows.1) {
        // A parent merged over several rows stands before the labels of each.
        let columns: BTreeSet<u32> = grid.visible(row).map(|c| c.at.col).collect();
        let mut parent = parent(grid, words, row, columns.first().copied());
        let mut current: Option<Pair> = None;
        for cell in grid.visible(row) {
            let expected =
                current.as_ref().is_some_and(|p| p.values.is_empty()) && labels.get(&cell.at.col) == Some(&1);
            if words.heads(cell) && !expected {
                pairs.extend(current.take());
                let mut path: Vec<String> = parent.take().into_iter().collect();
                path.push(cell.text().trim().to_owned());
                current = Some(Pair { at: cell.at, path, values: Vec::new() });
            } else if let Some(pair) = &mut current {
                pair.values.push(cell.at);
            } else if grid.merge_at(cell.at).is_some_and(|m| m.end.row > m.start.row) {
                parent = Some(cell.text().trim().to_owned());
            }
        }
        pairs.extend(current);
    }
    for pair in pairs.iter_mut().filter(|p| p.values.is_empty()) {
        pair.values.extend(below(grid, words, pair.at, rows.1));
    }
    pairs
}

/// The text of a range over several rows that begins above a row and to the left of its first cell.
fn parent(grid: &Grid, words: &Vocabulary, row: u32, first: Option<u32>) -> Option<String> {
    let col = first?.checked_sub(1)?;
    let at = CellRef::new(row, col);
    let merge = grid.merge_at(at).filter(|m| m.start.row < row && m.end.row > m.start.row)?;
    let text = grid.shown(merge.start)?.raw();
    (!words.is_header(&text)).then(|| text.trim().to_owned())
}

/// A value below its label: a text alone in the next row.
fn below(grid: &Grid, words: &Vocabulary, label: CellRef, last: u32) -> Option<CellRef> {
    let alone = grid.visible(label.row).count() == 1;
    let row = grid.rows_in(label.row + 1, last).next().filter(|&r| alone && r == label.row + 1)?;
    let mut cells = grid.visible(row);
    let cell = cells.next()?;
    (cells.next().is_none() && !words.heads(cell) && !words.is_signature(&squeeze(&cell.text()))).then_some(cell.at)
}
