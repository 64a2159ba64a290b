//! Sheet → tables: header blocks, the lines above them, and where each body ends.

use super::Vocabulary;
use super::grid::{Grid, is_numeric};
use super::header::{Block, blocks};
use super::label::{ordinal, total_label};
use super::panel::{Panel, panels};
use super::table::{Line, LineKind, Table};
use crate::model::{Cell, squeeze};

/// Lines above a later table are looked for over this many blank rows.
const MAX_BLANK: u32 = 3;
/// Longest title, in characters.
const MAX_TITLE_CHARS: usize = 60;

/// All tables of a sheet, from the top, then from the left.
#[must_use]
pub fn tables(grid: &Grid, words: &Vocabulary) -> Vec<Table> {
    let blocks = blocks(grid, words);
    let mut found: Vec<Group> = Vec::new();
    for block in blocks {
        let floor = found.last().map_or(0, |g| g.block.bottom + 1);
        let line_rows = if found.is_empty() {
            grid.rows_in(0, block.top).filter(|&r| r < block.top).collect()
        } else {
            above(grid, words, block, floor, found.last())
        };
        let lines = lines(grid, words, &line_rows);
        let titles = titles_of(&lines);
        if let Some(last) = found.last_mut()
            && last.continues(grid, words, block, &titles)
        {
            last.repeats.push((line_rows.first().copied().unwrap_or(block.top), block.bottom));
            continue;
        }
        found.push(Group { block, repeats: Vec::new(), lines, line_rows, titles });
    }
    let mut tables = Vec::new();
    for (i, group) in found.iter().enumerate() {
        let end = found.get(i + 1).map_or(grid.last_row(), |next| {
            next.line_rows.first().copied().unwrap_or(next.block.top).saturating_sub(1)
        });
        for (n, panel) in panels(grid, words, group.block, end).into_iter().enumerate() {
            tables.push(group.table(panel, n, end));
        }
    }
    tables
}

/// Titles for comparing.
fn titles_of(lines: &[Line]) -> Vec<String> {
    lines.iter().filter(|l| l.kind == LineKind::Title).map(|l| squeeze(&l.text)).collect()
}

/// Tables that share header rows.
struct Group {
    block: Block,
    repeats: Vec<(u32, u32)>,
    lines: Vec<Line>,
    line_rows: Vec<u32>,
    titles: Vec<String>,
}

impl Group {
    /// Whether a block of header rows is this table's header once more, as at a page break.
    fn continues(&self, grid: &Grid, words: &Vocabulary, block: Block, titles: &[String]) -> bool {
        let continued = |t: &String| {
            words.spec.layouts.lines.continued.iter().any(|w| t.starts_with(&squeeze(w)) || t.ends_with(&squeeze(w)))
        };
        let bare = |t: &String| t.trim_end_matches("(续)").trim_end_matches("(续表)").to_owned();
        let same_title = titles.iter().all(|t| continued(t) || self.titles.contains(&bare(t)));
        same_title && self.block.cols == block.cols && texts(grid, self.block) == texts(grid, block)
    }

    fn table(&self, panel: Panel, number: usize, end: u32) -> Table {
        let mut lines = self.lines.clone();
        // A line that stands over one of several tables is not the others'.
        if panel.cols != self.block.cols {
            lines.retain(|l| {
                l.kind != LineKind::Title
                    || l.at.col <= self.block.cols.0
                    || (panel.cols.0..=panel.cols.1).contains(&l.at.col)
            });
            let own = lines
                .iter()
                .any(|l| l.kind == LineKind::Title && l.at.col == panel.cols.0 && l.at.col > self.block.cols.0);
            if own {
                let row = lines.iter().filter(|l| l.at.col == panel.cols.0).map(|l| l.at.row).max();
                lines.retain(|l| l.kind != LineKind::Title || Some(l.at.row) != row || l.at.col == panel.cols.0);
            }
        }
        // 单位：亿元 over one table and 单位：万元 over its neighbour: each has its own.
        for kind in [LineKind::Unit, LineKind::Reporter] {
            let own = |l: &Line| l.kind == kind && (panel.cols.0..=panel.cols.1).contains(&l.at.col);
            if let Some(row) = lines.iter().filter(|l| own(l)).map(|l| l.at.row).max() {
                lines.retain(|l| l.kind != kind || l.at.row != row || own(l));
            }
        }
        if let Some((at, text)) = panel.title {
            lines.push(Line { at, text, kind: LineKind::Title });
        }
        Table {
            cols: panel.cols,
            columns: panel.columns,
            header: (self.block.top, self.block.bottom),
            repeats: self.repeats.clone(),
            lines,
            line_rows: self.line_rows.clone(),
            body: (self.block.bottom + 1, end),
            panel: number,
        }
    }
}

/// All texts of header rows, to tell a repeated header.
fn texts(grid: &Grid, block: Block) -> Vec<(u32, String)> {
    let cells = (block.top..=block.texts).flat_map(|r| grid.visible_in(r, block.cols).collect::<Vec<_>>());
    cells.map(|c| (c.at.col, squeeze(&c.text()))).collect()
}

/// Rows of the lines directly above a later header, from the top; rows before `floor` belong to something else.
fn above(grid: &Grid, words: &Vocabulary, block: Block, floor: u32, last: Option<&Group>) -> Vec<u32> {
    let (mut rows, mut blank) = (Vec::new(), 0);
    // 二、开工项目清单 is a title when 一、签约项目清单 was one, or when another header follows; else it is a section.
    let numbered = last.is_some_and(|g| {
        g.titles.iter().any(|t| ordinal(t).is_some_and(|(depth, _)| depth == 1) && words.stage(t).is_some())
            || texts(grid, g.block) != texts(grid, block)
    });
    for row in (floor..block.top).rev() {
        let cells: Vec<&Cell> = grid.visible(row).collect();
        if cells.is_empty() {
            blank += 1;
            if blank > MAX_BLANK || !rows.is_empty() {
                break;
            }
            continue;
        }
        if !is_line_row(grid, words, &cells, numbered) {
            break;
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

/// Whether a row between two tables is a line of the lower one: a title, a unit line, 填报单位.
/// `numbered`: a title may begin with 一、.
fn is_line_row(grid: &Grid, words: &Vocabulary, cells: &[&Cell], numbered: bool) -> bool {
    let text = |c: &Cell| squeeze(&c.text());
    let is_line = |c: &&Cell| {
        let text = text(c);
        words.is_unit_line(&text) || words.is_reporter(&text)
    };
    if cells.iter().any(is_line) && cells.iter().all(|c| !is_numeric(c)) {
        return true;
    }
    let is_title = |c: &Cell| {
        let text = text(c);
        let stands_out = text.chars().count() >= 6 || words.stage(&text).is_some() || grid.merge_at(c.at).is_some();
        !is_numeric(c)
            && stands_out
            && ordinal(&text).is_none_or(|(depth, _)| numbered && depth == 1 && words.stage(&text).is_some())
            && total_label(words, &text).is_none()
            && !words.is_note(&text)
            && !words.is_signature(&text)
            && !words.is_place(&text)
            && text.chars().count() <= 80
    };
    // One title, or one over each of several tables.
    !cells.is_empty()
        && cells.len() <= 3
        && cells.iter().all(|c| is_title(c))
        && (cells.len() == 1 || cells.iter().all(|c| words.stage(&c.text()).is_some()))
}

/// The lines of some rows.
pub(super) fn lines(grid: &Grid, words: &Vocabulary, rows: &[u32]) -> Vec<Line> {
    let mut lines = Vec::new();
    for &row in rows {
        let mut cells = grid.visible(row).peekable();
        while let Some(cell) = cells.next() {
            let raw = cell.text().trim().to_owned();
            let text = squeeze(&raw);
            if words.is_reporter(&text) {
                // 填报单位： | 郑州市 — the name may stand in the next cell.
                let alone = text.ends_with(':') || !text.contains(':');
                let next = cells.next_if(|n| alone && !is_numeric(n) && !words.is_unit_line(&squeeze(&n.text())));
                let raw = next.map_or(raw.clone(), |n| format!("{raw}{}", n.text().trim()));
                lines.push(Line { at: cell.at, text: raw, kind: LineKind::Reporter });
            } else if words.is_unit_line(&text) {
                lines.push(Line { at: cell.at, text: raw, kind: LineKind::Unit });
            } else {
                let kind = if is_remark(words, &text) { LineKind::Remark } else { LineKind::Title };
                lines.push(Line { at: cell.at, text: raw, kind });
            }
        }
    }
    lines
}

/// An instruction above the table: it speaks of all lists and units, not of this table's.
fn is_remark(words: &Vocabulary, text: &str) -> bool {
    words.is_note(text) || ordinal(text).is_some_and(|(depth, _)| depth > 2) || text.chars().count() > MAX_TITLE_CHARS
}
