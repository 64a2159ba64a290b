//! What each row of a body is.

use super::Vocabulary;
use super::grid::{Grid, is_numeric};
use super::label::{bare_label, label_stage, ordinal, total_label};
use super::settle::settle;
use super::table::{BodyRow, Roles, RowKind, Section, Table, Total, TotalLevel};
use crate::model::{Cell, CellRef, squeeze};

/// Longest label of a section, in characters without figures.
const MAX_SECTION_CHARS: usize = 30;
/// Labels of total rows stand in the first cells of a row.
const LABEL_CELLS: usize = 4;

/// The rows of a table's body that have something to see, from the top.
#[must_use]
pub fn body_rows(grid: &Grid, words: &Vocabulary, table: &Table, roles: &Roles) -> Vec<BodyRow> {
    let mut reader = Reader { grid, words, table, roles, rows: Vec::new(), footer: false };
    for row in grid.rows_in(table.body.0, table.body.1) {
        let cells = reader.cells(row);
        if row < table.body.0 || row > table.body.1 || cells.is_empty() {
            continue;
        }
        let kind = reader.kind(row, &cells);
        reader.rows.push(BodyRow { row, kind });
    }
    settle(grid, roles, &mut reader.rows);
    reader.rows
}

struct Reader<'a, 'g> {
    grid: &'a Grid<'g>,
    words: &'a Vocabulary<'a>,
    table: &'a Table,
    roles: &'a Roles,
    rows: Vec<BodyRow>,
    /// A note or signature stood below the last project.
    footer: bool,
}

impl<'g> Reader<'_, 'g> {
    fn cells(&self, row: u32) -> Vec<&'g Cell> {
        self.grid
            .visible(row)
            .filter(|c| self.table.has_column(c.at.col) || (self.table.cols.0..=self.table.cols.1).contains(&c.at.col))
            .collect()
    }

    fn kind(&mut self, row: u32, cells: &[&Cell]) -> RowKind {
        if self.table.repeats.iter().any(|(a, b)| (*a..=*b).contains(&row)) || self.is_repeated_header(cells) {
            return RowKind::Header;
        }
        if let Some(total) = self.total(cells) {
            self.footer = false;
            return RowKind::Total(total);
        }
        if self.is_part(row, cells) {
            return RowKind::Part;
        }
        if let Some(section) = self.section(row, cells) {
            self.footer = false;
            return RowKind::Section(section);
        }
        if self.is_note(cells) {
            self.footer = true;
            return RowKind::Note;
        }
        if self.is_bare_figures(cells) {
            let at = cells.first().map_or(CellRef::new(row, self.table.cols.0), |c| c.at);
            return RowKind::Total(Total { at, level: TotalLevel::Unlabelled, scope: String::new(), stage: None });
        }
        self.footer = false;
        RowKind::Project
    }

    fn in_role(&self, cells: &[&Cell], cols: &[u32]) -> usize {
        cells.iter().filter(|c| cols.contains(&c.at.col)).count()
    }

    fn has(&self, cells: &[&Cell], col: Option<u32>) -> bool {
        col.is_some_and(|col| cells.iter().any(|c| c.at.col == col))
    }

    fn sequence_number(&self, cells: &[&Cell]) -> bool {
        cells.iter().any(|c| Some(c.at.col) == self.roles.sequence && is_numeric(c))
    }

    /// Most cells repeat the texts of the header.
    fn is_repeated_header(&self, cells: &[&Cell]) -> bool {
        if cells.len() < 2 {
            return false;
        }
        let repeats = |c: &&&Cell| {
            let text = squeeze(&c.raw());
            self.table.columns.iter().any(|col| col.col == c.at.col && col.path.iter().any(|p| squeeze(p) == text))
        };
        cells.iter().filter(repeats).count() * 10 >= cells.len() * 8
    }

    fn total(&self, cells: &[&Cell]) -> Option<Total> {
        let details = self.in_role(cells, &self.roles.details);
        let first_money = self.roles.money.iter().min().copied().unwrap_or(u32::MAX);
        for cell in cells.iter().filter(|c| !is_numeric(c)).take(LABEL_CELLS) {
            if cell.at.col > first_money {
                break;
            }
            let text = squeeze(&cell.raw());
            // 合 | 计 in two cells.
            let split = cells.iter().find(|c| c.at.row == cell.at.row && c.at.col == cell.at.col + 1);
            let split = split.filter(|c| text.chars().count() == 1 && squeeze(&c.raw()).chars().count() == 1);
            let label = split.map_or(text.clone(), |c| format!("{text}{}", squeeze(&c.raw())));
            let Some((level, scope)) = total_label(self.words, &label) else { continue };
            // A project may be called anything; a total has no owner, code or content.
            let in_name = Some(cell.at.col) == self.roles.name;
            let own_details = details - usize::from(self.roles.details.contains(&cell.at.col)).min(details);
            if own_details > 1 + usize::from(split.is_some())
                || (own_details > 0 && in_name && self.sequence_number(cells))
            {
                continue;
            }
            let stage = label_stage(self.words, &scope);
            return Some(Total { at: cell.at, level, scope, stage });
        }
        None
    }

    /// 其中 rows, and further rows of a project whose name is merged over several.
    fn is_part(&self, row: u32, cells: &[&Cell]) -> bool {
        let labels = cells.iter().filter(|c| !is_numeric(c)).take(3);
        // A numbered row with details of its own may be called 其中街改造.
        let own = |c: &&&Cell| Some(c.at.col) != self.roles.name && self.roles.details.contains(&c.at.col);
        let named = |t: &str| self.words.is_of_which(t) && !t.contains([':', ',', '、']);
        let project = self.sequence_number(cells)
            && cells.iter().any(|c| Some(c.at.col) == self.roles.name && named(&squeeze(&c.raw())))
            && cells.iter().filter(own).count() + usize::from(self.has(cells, self.roles.county)) > 0;
        if project {
            return false;
        }
        if labels.map(|c| squeeze(&c.raw())).any(|t| self.words.is_of_which(&t)) {
            return true;
        }
        let numbered = self.has(cells, self.roles.sequence);
        let name = self.roles.name.map(|col| CellRef::new(row, col));
        if let Some(name) = name
            && !numbered
            && self.grid.is_covered(name)
            && self.grid.merge_at(name).is_some_and(|m| m.start.row < row && m.start.row >= self.table.body.0)
        {
            return true;
        }
        let after_part = self.rows.last().is_some_and(|r| r.kind == RowKind::Part);
        // (2) below (1) 其中: numbers a part, not a project.
        let bracketed = |c: &&&Cell| Some(c.at.col) == self.roles.sequence && squeeze(&c.raw()).starts_with('(');
        after_part
            && self.roles.sequence.is_some()
            && (!numbered || cells.iter().any(|c| bracketed(&c)))
            && self.has(cells, self.roles.name)
            && self.in_role(cells, &self.roles.details) == 0
    }

    fn section(&self, row: u32, cells: &[&Cell]) -> Option<Section> {
        let first = cells.first().filter(|c| !is_numeric(c))?;
        let text = squeeze(&first.raw());
        let details = self.in_role(cells, &self.roles.details);
        let own = usize::from(self.roles.details.contains(&first.at.col));
        if details > own || self.words.is_signature(&text) {
            return None;
        }
        let (depth, label_cell) = match ordinal(&text) {
            // 一、 or （一） alone: the name stands in the next cell.
            Some((depth, "")) if depth <= 2 => (depth, cells.get(1).filter(|c| !is_numeric(c)).copied()?),
            Some((depth, _)) if depth <= 2 => (depth, *first),
            Some((depth, _)) if cells.len() == 1 => (depth, *first),
            Some(_) => return None,
            None => (0, *first),
        };
        let label = bare_label(&label_cell.raw());
        let stage = label_stage(self.words, &label);
        let speaks = stage.is_some() && label.chars().count() <= 12
            || self.words.is_place(&label)
            || self.words.is_place(label.trim_end_matches("项目"));
        let over_all = self
            .grid
            .merge_at(first.at)
            .is_some_and(|m| (m.end.col - m.start.col + 1) * 2 > self.table.cols.1 - self.table.cols.0);
        let texts = cells.iter().filter(|c| !is_numeric(c)).count();
        let short = label.chars().count() <= MAX_SECTION_CHARS;
        let figures_only = texts <= 2
            && cells.iter().all(|c| {
                c.at.col <= label_cell.at.col
                    || is_numeric(c)
                    || squeeze(&c.raw()).starts_with(|d: char| d.is_ascii_digit() || d == '共')
            });
        let told = match depth {
            1 | 2 => short,
            3 | 4 => short && (speaks || over_all),
            _ => {
                speaks
                    && short
                    && figures_only
                    && !self.sequence_number(cells)
                    && (Some(first.at.col) != self.roles.county || cells.len() == 1)
                    || (over_all && cells.len() == 1 && short && !self.words.is_note(&text) && !self.footer)
            }
        };
        let _ = row;
        (told && figures_only).then(|| Section { at: label_cell.at, label, depth, stage })
    }

    fn is_note(&self, cells: &[&Cell]) -> bool {
        let Some(first) = cells.first() else { return true };
        let text = squeeze(&first.raw());
        if self.words.is_note(&text) || self.words.is_signature(&text) || self.is_hint(cells) {
            return true;
        }
        if cells.iter().take(3).any(|c| !is_numeric(c) && self.words.is_example(&squeeze(&c.raw()))) {
            return true;
        }
        let only_numbered = cells.len() == 1 && Some(first.at.col) == self.roles.sequence;
        if only_numbered {
            return true;
        }
        let details = self.in_role(cells, &self.roles.details);
        let money = self.in_role(cells, &self.roles.money);
        let named = self.has(cells, self.roles.name);
        // 上年同期, 同比增长 below 合计: figures about the list under a label of their own.
        let below = self
            .rows
            .iter()
            .any(|r| matches!(&r.kind, RowKind::Total(t) if matches!(t.level, TotalLevel::Plain | TotalLevel::Grand)));
        let projects = self.rows.iter().any(|r| r.kind == RowKind::Project);
        let labelled = Some(first.at.col) == self.roles.sequence && !text.chars().any(|c| c.is_ascii_digit());
        if below && projects && labelled && !named && details == 0 && !self.has(cells, self.roles.county) {
            return true;
        }
        if self.sequence_number(cells) && (named || details + money > 0) {
            return false;
        }
        // A text alone is a remark (以下空白, 续下页); a project has at least a number or a second fact.
        let alone = cells.len() == 1 && !is_numeric(first);
        alone || (!named && details + money == 0) || (self.footer && details + money == 0)
    }

    /// What the form says about its columns, below the header: 填写数字 | 与备案一致 | 从下拉选择.
    fn is_hint(&self, cells: &[&Cell]) -> bool {
        let words_only = |c: &&Cell| {
            let text = squeeze(&c.raw());
            !is_numeric(c) && !text.chars().any(|c| c.is_ascii_digit()) && ordinal(&text).is_none()
        };
        let in_role = |c: &&Cell| Some(c.at.col) == self.roles.sequence || self.roles.money.contains(&c.at.col);
        let told: Vec<&&Cell> = cells.iter().filter(|c| in_role(c)).collect();
        told.len() > 1
            && told.iter().all(|c| words_only(c))
            && told.iter().any(|c| Some(c.at.col) == self.roles.sequence)
            && !cells.iter().any(|c| Some(c.at.col) == self.roles.county && self.words.is_place(&squeeze(&c.raw())))
            && cells.iter().all(words_only)
            && !self.rows.iter().any(|r| r.kind == RowKind::Project)
    }

    /// Only figures in columns of money: a total that nobody labelled.
    fn is_bare_figures(&self, cells: &[&Cell]) -> bool {
        let money = self.in_role(cells, &self.roles.money);
        money > 0 && money == cells.len() && cells.iter().all(|c| is_numeric(c))
    }
}
