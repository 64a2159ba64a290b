//! What each row of a body is.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Vocabulary;
use super::grid::{Grid, is_numeric};
use super::label::{bare_label, label_stage, ordinal, total_label};
use super::settle::settle;
use super::table::{BodyRow, Roles, RowKind, Section, Table, Total, TotalLevel};
use crate::model::{Cell, CellKind, CellRef, squeeze, squeezed};

/// Longest label of a section, in characters without figures.
const MAX_SECTION_CHARS: usize = 30;
/// Labels of total rows stand in the first cells of a row.
const LABEL_CELLS: usize = 4;
/// Longest label without numbering that opens a list: 签约一批项目.
const MAX_STAGE_CHARS: usize = 12;

/// How a line ends that names a list.
const LIST_ENDINGS: &[&str] = &["项目", "清单", "台账", "表", "一批", "名单", "情况"];
/// Texts are compared by their first characters; no label is longer.
const LOOK_CHARS: usize = 90;

/// The rows of a table's body that have something to see, from the top.
#[must_use]
pub fn body_rows(grid: &Grid, words: &Vocabulary, table: &Table, roles: &Roles) -> Vec<BodyRow> {
    let headers = table.columns.iter().map(|c| c.path.iter().map(|t| squeeze(t)).collect()).collect();
    let mut reader = Reader {
        grid,
        words,
        table,
        roles,
        headers,
        rows: Vec::new(),
        footer: false,
        below_total: false,
        projects: false,
    };
    let mut cells: Vec<Item> = Vec::with_capacity(table.columns.len());
    for row in grid.rows_in(table.body.0, table.body.1) {
        cells.clear();
        cells.extend(table.cells(grid, row).map(Item::new));
        if row < table.body.0 || row > table.body.1 || cells.is_empty() {
            continue;
        }
        let kind = reader.kind(row, &cells);
        reader.push(row, kind);
    }
    settle(grid, roles, &mut reader.rows);
    reader.rows
}

/// A cell with its text for comparing, made when it is asked for.
struct Item<'g> {
    cell: &'g Cell,
    col: u32,
    text: OnceCell<Cow<'g, str>>,
    numeric: bool,
}

impl<'g> Item<'g> {
    fn new(cell: &'g Cell) -> Self {
        Self { cell, col: cell.at.col, text: OnceCell::new(), numeric: is_numeric(cell) }
    }

    fn text(&self) -> &str {
        self.text.get_or_init(|| {
            if let CellKind::Text(text) = &self.cell.kind {
                let end = text.char_indices().nth(LOOK_CHARS).map_or(text.len(), |(i, _)| i);
                return squeezed(&text[..end]);
            }
            let raw = self.cell.text();
            let end = raw.char_indices().nth(LOOK_CHARS).map_or(raw.len(), |(i, _)| i);
            Cow::Owned(squeeze(&raw[..end]))
        })
    }
}

struct Reader<'a, 'g> {
    grid: &'a Grid<'g>,
    words: &'a Vocabulary<'a>,
    table: &'a Table,
    roles: &'a Roles,
    /// Header texts of the table's columns, for comparing.
    headers: Vec<Vec<String>>,
    rows: Vec<BodyRow>,
    /// A note or signature stood below the last project.
    footer: bool,
    /// There was a total over the table, or over a part of it.
    below_total: bool,
    /// There was a project.
    projects: bool,
}

impl Reader<'_, '_> {
    fn push(&mut self, row: u32, kind: RowKind) {
        self.below_total |=
            matches!(&kind, RowKind::Total(t) if matches!(t.level, TotalLevel::Plain | TotalLevel::Grand));
        self.projects |= kind == RowKind::Project;
        self.rows.push(BodyRow { row, kind });
    }

    fn kind(&mut self, row: u32, cells: &[Item]) -> RowKind {
        if self.table.is_repeat(row) || self.is_repeated_header(cells) {
            return RowKind::Header;
        }
        if let Some(total) = self.total(cells) {
            self.footer = false;
            return RowKind::Total(total);
        }
        if self.is_part(row, cells) {
            return RowKind::Part;
        }
        if let Some(section) = self.section(cells) {
            self.footer = false;
            return RowKind::Section(section);
        }
        if self.is_note(cells) {
            self.footer = true;
            return RowKind::Note;
        }
        if self.is_bare_figures(cells) {
            let at = cells.first().map_or(CellRef::new(row, self.table.cols.0), |c| c.cell.at);
            return RowKind::Total(Total { at, level: TotalLevel::Unlabelled, scope: String::new(), stage: None });
        }
        self.footer = false;
        RowKind::Project
    }

    fn in_role(cells: &[Item], cols: &[u32]) -> usize {
        cells.iter().filter(|c| cols.contains(&c.col)).count()
    }

    fn has(cells: &[Item], col: Option<u32>) -> bool {
        col.is_some_and(|col| cells.iter().any(|c| c.col == col))
    }

    fn sequence_number(&self, cells: &[Item]) -> bool {
        cells.iter().any(|c| Some(c.col) == self.roles.sequence && c.numeric)
    }

    /// A range over most of the table's width.
    fn is_wide(&self, at: CellRef) -> bool {
        let width = self.table.cols.1 - self.table.cols.0;
        self.grid.merge_at(at).is_some_and(|m| (m.end.col - m.start.col + 1) * 2 > width)
    }

    /// Most cells repeat the texts of the header.
    fn is_repeated_header(&self, cells: &[Item]) -> bool {
        if cells.len() < 2 {
            return false;
        }
        let header = |col: u32| self.table.columns.binary_search_by_key(&col, |c| c.col).ok().map(|i| &self.headers[i]);
        // Most rows are told by their first cells: more than a fifth of them differs.
        let differs = |c: &&Item| !header(c.col).is_some_and(|h| h.iter().any(|t| t == c.text()));
        cells.iter().filter(differs).take(cells.len() / 5 + 1).count() * 10 <= cells.len() * 2
    }

    fn total(&self, cells: &[Item]) -> Option<Total> {
        let details = Self::in_role(cells, &self.roles.details);
        let first_money = self.roles.money.iter().min().copied().unwrap_or(u32::MAX);
        for item in cells.iter().filter(|c| !c.numeric).take(LABEL_CELLS) {
            if item.col > first_money {
                break;
            }
            // 合 | 计 in two cells.
            let single = |c: &Item| c.text().chars().count() == 1;
            let split = cells.iter().find(|c| c.col == item.col + 1).filter(|c| single(item) && single(c));
            let label =
                split.map_or(Cow::Borrowed(item.text()), |c| Cow::Owned(format!("{}{}", item.text(), c.text())));
            let Some((level, scope)) = total_label(self.words, &label) else { continue };
            // A project may be called anything; a total has no owner, code or content.
            let in_name = Some(item.col) == self.roles.name;
            let own_details = details - usize::from(self.roles.details.contains(&item.col)).min(details);
            if own_details > 1 + usize::from(split.is_some())
                || (own_details > 0 && in_name && self.sequence_number(cells))
            {
                continue;
            }
            let stage = label_stage(self.words, &scope);
            return Some(Total { at: item.cell.at, level, scope, stage });
        }
        None
    }

    /// 其中 rows, and further rows of a project whose name is merged over several.
    fn is_part(&self, row: u32, cells: &[Item]) -> bool {
        let labels = [self.roles.sequence, self.roles.name, self.roles.county];
        // A numbered row with details of its own may be called 其中街改造.
        let own = |c: &&Item| Some(c.col) != self.roles.name && self.roles.details.contains(&c.col);
        let named = |c: &Item| {
            Some(c.col) == self.roles.name && self.words.is_of_which(c.text()) && !c.text().contains([':', ',', '、'])
        };
        let project = self.sequence_number(cells)
            && cells.iter().any(named)
            && cells.iter().filter(own).count() + usize::from(Self::has(cells, self.roles.county)) > 0;
        if project {
            return false;
        }
        let of_which =
            |(i, c): (usize, &Item)| (i == 0 || labels.contains(&Some(c.col))) && self.words.is_of_which(c.text());
        if cells.iter().enumerate().any(of_which) {
            return true;
        }
        let numbered = Self::has(cells, self.roles.sequence);
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
        let bracketed = |c: &Item| Some(c.col) == self.roles.sequence && c.text().starts_with('(');
        after_part
            && self.roles.sequence.is_some()
            && (!numbered || cells.iter().any(bracketed))
            && Self::has(cells, self.roles.name)
            && Self::in_role(cells, &self.roles.details) == 0
    }

    fn section(&self, cells: &[Item]) -> Option<Section> {
        let first = cells.first().filter(|c| !c.numeric)?;
        let details = Self::in_role(cells, &self.roles.details);
        let own = usize::from(self.roles.details.contains(&first.col));
        if details > own || self.words.is_signature(first.text()) {
            return None;
        }
        let (depth, labelled) = match ordinal(first.text()) {
            // 一、 or （一） alone: the name stands in the next cell.
            Some((depth, "")) if depth <= 2 => (depth, cells.get(1).filter(|c| !c.numeric)?),
            Some((depth, _)) if depth <= 2 || cells.len() == 1 => (depth, first),
            Some(_) => return None,
            None => (0, first),
        };
        let figures = |c: &Item| c.numeric || c.text().starts_with(|d: char| d.is_ascii_digit() || d == '共');
        let texts = cells.iter().filter(|c| !c.numeric).count();
        if texts > 2 || !cells.iter().all(|c| c.col <= labelled.col || figures(c)) {
            return None;
        }
        let label = bare_label(labelled.text());
        let length = label.chars().count();
        let stage = label_stage(self.words, &label);
        let place = self.words.is_place(&label) || self.words.is_place(label.trim_end_matches("项目"));
        // 濮阳市“三个一批”开工一批项目 alone on its row heads a list without a header of its own.
        let heading =
            cells.len() == 1 && LIST_ENDINGS.iter().any(|w| label.ends_with(w)) && !self.words.is_note(first.text());
        let speaks = place || (stage.is_some() && (length <= MAX_STAGE_CHARS || heading));
        let wide = self.is_wide(first.cell.at) && cells.len() == 1;
        let told = match depth {
            1 | 2 => true,
            3 | 4 => speaks || wide,
            // A county alone, or with figures; but a county before figures in the county's own column is a project.
            _ if wide => speaks || !(self.words.is_note(first.text()) || self.footer),
            _ => speaks && !self.sequence_number(cells) && (Some(first.col) != self.roles.county || cells.len() == 1),
        };
        (told && length <= MAX_SECTION_CHARS).then_some(Section { at: labelled.cell.at, label, depth, stage })
    }

    fn is_note(&self, cells: &[Item]) -> bool {
        let Some(first) = cells.first() else { return true };
        let example = |c: &Item| !c.numeric && self.words.is_example(c.text());
        if self.words.is_note(first.text())
            || self.words.is_signature(first.text())
            || self.is_hint(cells)
            || cells.iter().take(3).any(example)
        {
            return true;
        }
        if cells.len() == 1 && Some(first.col) == self.roles.sequence {
            return true;
        }
        let details = Self::in_role(cells, &self.roles.details);
        let money = Self::in_role(cells, &self.roles.money);
        let named = Self::has(cells, self.roles.name);
        // 上年同期, 同比增长 below 合计: figures about the list under a label of their own.
        let labelled = Some(first.col) == self.roles.sequence && !first.text().chars().any(|c| c.is_ascii_digit());
        let alone = labelled && !named && details == 0 && !Self::has(cells, self.roles.county);
        if alone && self.below_total && self.projects {
            return true;
        }
        if self.sequence_number(cells) && (named || details + money > 0) {
            return false;
        }
        // A text alone is a remark (以下空白, 续下页); a project has at least a number or a second fact.
        let alone = cells.len() == 1 && !first.numeric;
        alone || (details + money == 0 && (!named || self.footer))
    }

    /// What the form says about its columns, below the header: 填写数字 | 与备案一致 | 从下拉选择.
    fn is_hint(&self, cells: &[Item]) -> bool {
        let words_only =
            |c: &Item| !c.numeric && !c.text().chars().any(|c| c.is_ascii_digit()) && ordinal(c.text()).is_none();
        let in_role = |c: &&Item| Some(c.col) == self.roles.sequence || self.roles.money.contains(&c.col);
        cells.iter().filter(in_role).count() > 1
            && cells.iter().any(|c| Some(c.col) == self.roles.sequence)
            && !cells.iter().any(|c| Some(c.col) == self.roles.county && self.words.is_place(c.text()))
            && cells.iter().all(words_only)
            && !self.projects
    }

    /// Only figures in columns of money: a total that nobody labelled.
    fn is_bare_figures(&self, cells: &[Item]) -> bool {
        let money = Self::in_role(cells, &self.roles.money);
        money > 0 && money == cells.len() && cells.iter().all(|c| c.numeric)
    }
}
