//! Tables side by side: where header rows hold more than one list.

use std::collections::BTreeMap;

use super::Vocabulary;
use super::grid::Grid;
use super::header::{Block, path};
use super::table::Column;
use crate::model::CellRef;

/// Tables side by side; more of them are no form that a person filled in.
const MAX_PANELS: usize = 12;

/// Columns of one table below a block of header rows.
pub(super) struct Panel {
    /// First and last sheet column of its own.
    pub(super) cols: (u32, u32),
    /// Columns, shared ones included.
    pub(super) columns: Vec<Column>,
    /// A text over all its columns, which names the table rather than a column.
    pub(super) title: Option<(CellRef, String)>,
}

/// Splits a block of header rows whose body reaches to `last` into tables.
pub(super) fn panels(grid: &Grid, words: &Vocabulary, block: Block, last: u32) -> Vec<Panel> {
    let mut block = block;
    if let Some(left) = block.cols.0.checked_sub(1)
        && says_lists(grid, words, left, (block.bottom + 1, last))
    {
        block.cols.0 = left;
    }
    let columns: Vec<Column> = (block.cols.0..=block.cols.1)
        .map(|col| {
            let (path, cell) = path(grid, block, col);
            Column { col, path, cell }
        })
        .collect();
    let in_use =
        |col: u32| grid.rows_in(block.bottom + 1, last).filter(|&r| grid.own(CellRef::new(r, col)).is_some()).count();
    let mut starts = starts(words, &columns, &in_use);
    if starts.len() > MAX_PANELS {
        starts.truncate(1);
    }
    let first = starts.first().copied().unwrap_or(block.cols.0);
    // Columns before the first of several grouped tables serve all of them.
    let shared: Vec<Column> = columns.iter().filter(|c| c.col < first && !c.path.is_empty()).cloned().collect();
    let mut panels = Vec::new();
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).map_or(block.cols.1, |next| next - 1);
        let own = columns
            .iter()
            .filter(|c| (start..=end).contains(&c.col))
            .filter(|c| !c.path.is_empty() || in_use(c.col) > 0)
            // The further columns of a merged header that nobody writes into.
            .filter(|c| in_use(c.col) > 0 || !columns.iter().any(|d| d.col + 1 == c.col && d.cell == c.cell));
        let mut own: Vec<Column> = own.cloned().collect();
        while own.last().is_some_and(|c| c.path.is_empty() && starts.len() > 1 && in_use(c.col) < 2) {
            own.pop();
        }
        let Some(end) = own.last().map(|c| c.col) else { continue };
        let title = take_title(&mut own).map(|text| (CellRef::new(block.top, start), text));
        panels.push(Panel { cols: (start, end), columns: shared.iter().cloned().chain(own).collect(), title });
    }
    panels
}

/// Whether a column without a header names the lists of the rows to its right, and nothing else.
fn says_lists(grid: &Grid, words: &Vocabulary, col: u32, rows: (u32, u32)) -> bool {
    let texts = grid.rows_in(rows.0, rows.1).filter_map(|r| grid.own(CellRef::new(r, col)));
    let mut lists = 0;
    for cell in texts {
        if words.stage(&cell.text()).is_none() || grid.merge_at(cell.at).is_some_and(|m| m.end.col > m.start.col) {
            return false;
        }
        lists += 1;
    }
    lists > 0
}

/// First columns of the tables.
fn starts(words: &Vocabulary, columns: &[Column], in_use: &dyn Fn(u32) -> usize) -> Vec<u32> {
    let Some(first) = columns.first().map(|c| c.col) else { return Vec::new() };
    let key = |c: &Column| c.path.last().map(|t| words.key(t)).unwrap_or_default();
    let Some(at) = repeated_names(words, columns, &key) else {
        return by_gap(words, columns, in_use);
    };
    let mut starts = Vec::new();
    // Columns before the first name, and whether they serve all tables because no other table repeats them.
    let lead: Vec<String> = columns[..at[0]].iter().map(key).collect();
    let mut shared = false;
    for (n, &i) in at.iter().enumerate() {
        let previous = n.checked_sub(1).map(|p| at[p]);
        let floor = previous.map_or(0, |p| p + 1);
        let numbering = (floor..i).rev().find(|&j| words.is_sequence(&key(&columns[j])));
        let group = group_start(columns, i, previous);
        let gap = (floor..i).rev().find(|&j| columns[j].path.is_empty()).map(|j| j + 1);
        let same_lead = i >= floor + lead.len() && columns[i - lead.len()..i].iter().map(key).eq(lead.iter().cloned());
        let start = match (previous, numbering, group, gap) {
            (None, _, Some(group), _) => group,
            (None, ..) => 0,
            (_, Some(j), ..) | (_, None, Some(j), _) | (_, None, None, Some(j)) => j,
            _ if same_lead => i - lead.len(),
            _ => {
                shared = true;
                i
            }
        };
        starts.push(columns[start].col);
    }
    if shared && starts.first() == Some(&first) {
        starts[0] = columns[at[0]].col;
    }
    starts
}

/// Columns that name projects, when there are several lists side by side: 项目名称 twice, or 开工项目 and 投产项目.
fn repeated_names(words: &Vocabulary, columns: &[Column], key: &dyn Fn(&Column) -> String) -> Option<Vec<usize>> {
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_list: Vec<usize> = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        let key = key(column);
        // A header merged over several columns is one.
        let same = |at: &Vec<usize>| at.last().is_some_and(|&j| columns[j].cell == column.cell);
        if !words.is_name(&key) || named.get(&key).is_some_and(same) {
            continue;
        }
        if words.stage(&key).is_some() {
            by_list.push(i);
        }
        named.entry(key).or_default().push(i);
    }
    let repeated = named.values().max_by_key(|at| at.len()).filter(|at| at.len() > 1);
    if let Some(at) = repeated {
        return Some(at.clone());
    }
    // Columns 签约项目, 开工项目, 投产项目 next to each other are ticked, and stand beside 项目名称.
    let apart = by_list.windows(2).all(|w| w[1] > w[0] + 1);
    (by_list.len() > 1 && apart && by_list.len() == named.len()).then_some(by_list)
}

/// Where the group begins that a column is in, when its neighbour table has another group.
fn group_start(columns: &[Column], i: usize, previous: Option<usize>) -> Option<usize> {
    let parent = columns[i].path.first().filter(|_| columns[i].path.len() > 1)?;
    if previous.is_some_and(|p| columns[p].path.first() == Some(parent)) {
        return None;
    }
    let mut start = i;
    while start > 0 && columns[start - 1].path.len() > 1 && columns[start - 1].path.first() == Some(parent) {
        start -= 1;
    }
    Some(start)
}

/// Tables of different kinds next to each other, with an empty column between.
fn by_gap(words: &Vocabulary, columns: &[Column], in_use: &dyn Fn(u32) -> usize) -> Vec<u32> {
    let mut starts = vec![columns[0].col];
    let known = |part: &[Column]| part.iter().filter(|c| c.path.last().is_some_and(|t| words.is_header(t))).count();
    // Empty columns between all columns are a habit of drawing: a table has columns next to each other.
    let pair = |a: Option<usize>, b: usize| {
        a.and_then(|a| columns.get(a)).is_some_and(|c| !c.path.is_empty())
            && columns.get(b).is_some_and(|c| !c.path.is_empty())
    };
    let mut from = 0;
    for i in 1..columns.len().saturating_sub(1) {
        if columns[i].path.is_empty()
            && in_use(columns[i].col) == 0
            && pair(i.checked_sub(2), i - 1)
            && pair(Some(i + 1), i + 2)
            && known(&columns[from..i]) > 1
            && known(&columns[i + 1..]) > 1
        {
            starts.push(columns[i + 1].col);
            from = i + 1;
        }
    }
    starts
}

/// A parent over all columns of a table is its title.
fn take_title(columns: &mut [Column]) -> Option<String> {
    let title = columns.iter().find(|c| !c.path.is_empty())?.path.first()?.clone();
    let over_all =
        columns.len() > 1 && columns.iter().all(|c| c.path.is_empty() || (c.path.len() > 1 && c.path[0] == title));
    if !over_all {
        return None;
    }
    for column in columns.iter_mut().filter(|c| !c.path.is_empty()) {
        column.path.remove(0);
    }
    Some(title)
}
