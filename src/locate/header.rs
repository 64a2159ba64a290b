//! Header rows: which rows name the columns of what stands below.

use std::collections::BTreeMap;

use super::Vocabulary;
use super::grid::{Grid, is_numeric};
use super::seed::{MAX_HEADER_CHARS, by_form, is_seed, is_year};
use crate::model::{Cell, CellRef, squeeze};

/// Most rows of one header.
const MAX_ROWS: u32 = 6;

/// Header rows and the columns that they span, all inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) top: u32,
    pub(super) bottom: u32,
    /// Last row with header texts: a row that numbers the columns may follow.
    pub(super) texts: u32,
    pub(super) cols: (u32, u32),
}

/// All header blocks of a sheet, from the top.
pub(super) fn blocks(grid: &Grid, words: &Vocabulary) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for row in grid.rows() {
        if blocks.last().is_some_and(|b| row <= b.bottom) || !is_seed(grid, words, row) {
            continue;
        }
        let floor = blocks.last().map_or(0, |b| b.bottom + 1);
        blocks.push(grow(grid, words, row, floor));
    }
    if blocks.is_empty() {
        blocks.extend(by_form(grid).map(|row| grow(grid, words, row, 0)));
    }
    blocks
}

/// The header around a row that names columns.
fn grow(grid: &Grid, words: &Vocabulary, seed: u32, floor: u32) -> Block {
    let (mut top, mut bottom) = (seed, seed);
    // Cells of the first header row may reach down to this one.
    let width = grid.columns_in(seed, seed).map_or(0, |(a, b)| b - a);
    for merge in grid.merges_on(seed) {
        let near = merge.start.row >= floor && merge.start.row < seed && merge.start.row + MAX_ROWS > seed;
        if near && is_narrow(merge.end.col - merge.start.col, width) && grid.own(merge.start).is_some() {
            top = top.min(merge.start.row);
        }
    }
    while top > floor && is_parent_row(grid, words, top - 1, seed) {
        top -= 1;
    }
    bottom = bottom.max(merged_bottom(grid, top, bottom));
    let mut texts = bottom;
    let mut cols = span(grid, top, bottom);
    while bottom - top < MAX_ROWS {
        let next = bottom + 1;
        let block = Block { top, bottom, texts, cols };
        let numbering = is_numbering(grid, next, block);
        if numbering || is_child_row(grid, words, next, block) || is_units_row(grid, words, next) {
            if !numbering {
                texts = merged_bottom(grid, next, next).max(next);
            }
            bottom = merged_bottom(grid, next, next).max(next);
            cols = span(grid, top, bottom);
        } else {
            break;
        }
    }
    Block { top, bottom, texts, cols }
}

/// A range that does not span (nearly) the whole table.
fn is_narrow(width: u32, of: u32) -> bool {
    (width + 1) * 5 < (of + 1) * 4
}

/// Last row that most of the ranges reach which start in the header rows. A single one that reaches further is a cell
/// of the body that was merged into its header.
fn merged_bottom(grid: &Grid, top: u32, bottom: u32) -> u32 {
    let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in (top..=bottom).flat_map(|r| grid.visible(r).collect::<Vec<_>>()) {
        if let Some(merge) = grid.merge_at(cell.at).filter(|m| m.end.row > m.start.row && m.end.row - top < MAX_ROWS) {
            *ends.entry(merge.end.row).or_default() += 1;
        }
    }
    let most = ends.iter().max_by_key(|(row, n)| (**n, **row)).map(|(row, _)| *row);
    most.unwrap_or(bottom).max(bottom)
}

/// Columns that header rows use, merged ranges included.
fn span(grid: &Grid, top: u32, bottom: u32) -> (u32, u32) {
    let (mut a, mut b) = grid.columns_in(top, bottom).unwrap_or((0, 0));
    for cell in (top..=bottom).flat_map(|r| grid.visible(r).collect::<Vec<_>>()) {
        if let Some(merge) = grid.merge_at(cell.at) {
            a = a.min(merge.start.col);
            b = b.max(merge.end.col);
        }
    }
    (a, b)
}

/// A row above the seed that groups its columns: several short texts, at least one over more than one column.
fn is_parent_row(grid: &Grid, words: &Vocabulary, row: u32, seed: u32) -> bool {
    let cells: Vec<&Cell> = grid.visible(row).collect();
    let Some((a, b)) = grid.columns_in(seed, seed) else { return false };
    let is_label = |c: &&Cell| {
        let text = squeeze(&c.text());
        let line =
            words.is_reporter(&text) || words.is_unit_line(&text) || words.is_signature(&text) || text.contains(':');
        let title = ["台账", "清单", "一览表", "情况表", "汇总表", "统计表"].iter().any(|w| text.ends_with(w))
            || text.contains("三个一批");
        (!is_numeric(c) || is_year(c)) && text.chars().count() <= MAX_HEADER_CHARS && !line && !title
    };
    if cells.is_empty() || !cells.iter().all(is_label) || cells.iter().any(|c| c.at.col + 1 < a || c.at.col > b) {
        return false;
    }
    let group = |c: &&Cell| {
        grid.merge_at(c.at).is_some_and(|m| m.end.col > m.start.col && is_narrow(m.end.col - m.start.col, b - a))
    };
    let groups = cells.iter().filter(|c| group(c)).count();
    let known = cells.iter().filter(|c| words.heads(c)).count();
    groups > 0 && (cells.len() > 1 || known > 0) || (cells.len() > 2 && known * 2 > cells.len())
}

/// An unmerged second header row: short texts below groups, nothing below the first column.
fn is_child_row(grid: &Grid, words: &Vocabulary, row: u32, block: Block) -> bool {
    let cells: Vec<&Cell> = grid.visible(row).collect();
    let short = |c: &&Cell| !is_numeric(c) && c.text().chars().count() <= MAX_HEADER_CHARS;
    if cells.is_empty() || !cells.iter().all(short) {
        return false;
    }
    if cells.iter().any(|c| c.at.col <= block.cols.0 || c.at.col > block.cols.1 + 1) {
        return false;
    }
    // Each text stands below nothing, or begins a group: the next header cell to its right is empty.
    let fits = |c: &&Cell| {
        let above = grid.shown(CellRef::new(block.bottom, c.at.col));
        let right = grid.shown(CellRef::new(block.bottom, c.at.col + 1));
        let grouped = grid.merge_at(CellRef::new(block.bottom, c.at.col)).is_some_and(|m| m.end.col > m.start.col);
        above.is_none() || right.is_none() || grouped
    };
    let known = cells.iter().filter(|c| words.is_child_header(&c.text())).count();
    let below_group = cells.iter().any(|c| fits(c) && (c.at.col > block.cols.0));
    below_group && cells.iter().all(fits) && (known * 2 >= cells.len()) && known > 0
}

/// A row that numbers the columns: 1 2 3 …, or 甲 乙 1 2 …, also with formulas like 5=6+7.
fn is_numbering(grid: &Grid, row: u32, block: Block) -> bool {
    let cells: Vec<String> = grid.visible_in(row, block.cols).map(|c| squeeze(&c.text())).collect();
    if cells.len() < 3 {
        return false;
    }
    let mut expected = 1u32;
    let mut numbered = 0;
    for text in &cells {
        if ["甲", "乙", "丙", "丁", "戊"].contains(&text.as_str()) {
            continue;
        }
        let bare = text.trim_matches(['(', ')']);
        let number = bare.split('=').next().unwrap_or_default();
        let value = number.parse::<u32>().ok().or_else(|| circled(number));
        if value != Some(expected) {
            return false;
        }
        expected += 1;
        numbered += 1;
    }
    numbered >= 2
}

fn circled(text: &str) -> Option<u32> {
    let c = text.chars().next()?;
    (text.chars().count() == 1 && ('①'..='⑳').contains(&c)).then(|| c as u32 - '①' as u32 + 1)
}

/// A row of nothing but units in brackets.
fn is_units_row(grid: &Grid, words: &Vocabulary, row: u32) -> bool {
    let mut any = false;
    for cell in grid.visible(row) {
        let text = squeeze(&cell.text());
        let bracketed = text.starts_with('(') && text.ends_with(')') && text.chars().count() <= 8;
        if !(bracketed || words.is_unit_line(&text)) || is_numeric(cell) {
            return false;
        }
        any = true;
    }
    any
}

/// Header texts over a column, from the outermost parent to its own, each once, with the cell of the last.
pub(super) fn path(grid: &Grid, block: Block, col: u32) -> (Vec<String>, CellRef) {
    let (mut path, mut at): (Vec<String>, CellRef) = (Vec::new(), CellRef::new(block.bottom, col));
    for row in block.top..=block.texts {
        let place = CellRef::new(row, col);
        let Some(cell) = grid.shown(place).or_else(|| parent_to_the_left(grid, block, place)) else { continue };
        let text = clean(&cell.text());
        if path.last() != Some(&text) {
            path.push(text);
            at = cell.at;
        }
    }
    (path, at)
}

/// The group that an unmerged parent cell to the left opens, when both its column and this one have a child below.
fn parent_to_the_left<'a>(grid: &Grid<'a>, block: Block, at: CellRef) -> Option<&'a Cell> {
    let has_child = |col: u32| (at.row + 1..=block.texts).any(|r| grid.own(CellRef::new(r, col)).is_some());
    if at.row >= block.texts || !has_child(at.col) {
        return None;
    }
    for col in (block.cols.0..at.col).rev() {
        if let Some(cell) = grid.shown(CellRef::new(at.row, col)) {
            let inner = grid.merge_at(cell.at).is_none_or(|m| m.end.row == m.start.row && m.end.col == m.start.col);
            return (inner && has_child(cell.at.col)).then_some(cell);
        }
        if !has_child(col) {
            return None;
        }
    }
    None
}

/// A header text on one line, inner blanks between Chinese characters taken out.
fn clean(text: &str) -> String {
    let chars: Vec<char> = text.trim().chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let wide = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii());
    let keep = |(i, c): (usize, &char)| {
        let between = c.is_whitespace()
            && (wide(chars[..i].iter().rev().find(|c| !c.is_whitespace()))
                || wide(chars[i..].iter().find(|c| !c.is_whitespace())));
        (!between).then_some(*c)
    };
    chars.iter().enumerate().filter_map(keep).collect()
}
