//! Where a header begins: by known words, or, on a sheet without any, by its form.

use super::Vocabulary;
use super::grid::{Grid, is_numeric};
use crate::model::{Cell, squeeze};

/// Known header words that a row must have to begin a header.
const MIN_KNOWN: usize = 2;
/// Longest text, in characters, that can be a header.
pub(super) const MAX_HEADER_CHARS: usize = 40;
/// Columns that a header told by its form must have.
const MIN_COLUMNS: usize = 3;
/// Rows that are looked at for a header told by its form.
const FIRST_ROWS: usize = 30;

/// Whether a row names columns: mostly known header words and hardly a figure.
pub(super) fn is_seed(grid: &Grid, words: &Vocabulary, row: u32) -> bool {
    let known = grid.visible(row).filter(|c| words.heads(c)).count();
    if known < MIN_KNOWN {
        return false;
    }
    let cells: Vec<&Cell> = grid.visible(row).collect();
    if cells.iter().all(|c| !words.heads(c) || is_list_name(words, &c.text())) {
        return false;
    }
    let figures = cells.iter().filter(|c| is_numeric(c) && !is_year(c)).count();
    let texts = cells.len() - figures;
    let long = cells.iter().filter(|c| is_long(c)).count();
    // 项目名称 among strange headers is a header all the same; 签约项目 may be a value.
    let named = cells.iter().any(|c| words.heads_names(c) && words.stage(&c.text()).is_none());
    let enough = match known {
        4.. => known * 3 >= texts,
        _ => known * 2 > texts || (named && figures == 0 && texts > MIN_COLUMNS),
    };
    figures * 4 <= known && long * 4 <= known && enough
}

/// 签约项目, 开工: a header perhaps, but as likely the title of one of several lists side by side.
fn is_list_name(words: &Vocabulary, text: &str) -> bool {
    let text = squeeze(text);
    let names_a_column = ["名称", "时间", "日期", "年月"].iter().any(|w| text.contains(w));
    text.chars().count() <= 6 && !names_a_column && words.stage(&text).is_some()
}

/// The first row that looks like a header although none of its words is known: short different texts, as many as the
/// rows below have cells, and no figure.
pub(super) fn by_form(grid: &Grid) -> Option<u32> {
    let rows: Vec<u32> = grid.rows().take(FIRST_ROWS).collect();
    let widest = rows.iter().map(|&r| grid.visible(r).count()).max().filter(|w| *w >= MIN_COLUMNS)?;
    rows.iter().copied().find(|&row| {
        let cells: Vec<&Cell> = grid.visible(row).collect();
        let texts: std::collections::BTreeSet<String> = cells.iter().map(|c| squeeze(&c.text())).collect();
        let plain = cells.iter().all(|c| (!is_numeric(c) || is_year(c)) && !is_long(c));
        let below = grid.rows().any(|r| r > row);
        cells.len() >= MIN_COLUMNS && cells.len() * 2 >= widest && texts.len() * 10 >= cells.len() * 8 && plain && below
    })
}

/// Whether a cell holds a year by itself: 2026, 2026年.
pub(super) fn is_year(cell: &Cell) -> bool {
    let raw = squeeze(&cell.text());
    raw.trim_end_matches('年').parse::<u16>().is_ok_and(|n| (1990..2100).contains(&n))
}

fn is_long(cell: &Cell) -> bool {
    cell.text().chars().count() > MAX_HEADER_CHARS
}
