//! References in formulas: A1, whole columns and rows, sheets of the same file, `OpenDocument` brackets, R1C1.

use super::formula::Parser;
use crate::model::{CellRef, Region};

/// Excel's largest row and column, from 0: the ends of whole columns and rows.
const LAST: CellRef = CellRef { row: 1_048_575, col: 16_383 };

/// A range, with its sheet when it is named.
pub(super) type Reference = (Option<String>, Region);

impl Parser {
    /// `F5`, `$F$5:F36`, `F:F`, `5:36`, `签约!F5`, `'1.签约'!F5`, `[.F5:.F36]`, `R[-3]C:R[-1]C`.
    pub(super) fn reference(&mut self) -> Option<Reference> {
        self.blank();
        if self.peek() == Some('[') {
            return self.bracketed();
        }
        let start = self.at;
        let mut sheet = self.sheet_name();
        if sheet.is_none() {
            self.at = start;
        }
        if let Some(name) = &sheet {
            if name.contains('[') {
                return None; // another workbook
            }
            sheet = Some(name.clone());
        }
        let first = self.word();
        let (from, mut to) = self.point(&first)?;
        if self.peek() == Some(':') {
            self.at += 1;
            let second = self.word();
            to = self.point(&second)?.1;
        } else if from != to {
            return None; // a bare column or row is a name or a number
        }
        ordered(from, to).map(|area| (sheet, area))
    }

    /// `[.F5:.F36]` or `[$签约.F5]` of `OpenDocument`.
    fn bracketed(&mut self) -> Option<Reference> {
        let end = self.chars[self.at..].iter().position(|&c| c == ']')? + self.at;
        let inner: String = self.chars[self.at + 1..end].iter().collect();
        self.at = end + 1;
        let mut parts = inner.split(':');
        let (sheet, first) = parts.next()?.rsplit_once('.')?;
        let second = parts.next().map_or(first, |p| p.rsplit_once('.').map_or(p, |(_, cell)| cell));
        let sheet = sheet.trim_start_matches('$').trim_matches('\'');
        let area = ordered(self.point(first)?.0, self.point(second)?.1)?;
        Some(((!sheet.is_empty()).then(|| sheet.to_owned()), area))
    }

    /// A sheet's name with its exclamation mark.
    fn sheet_name(&mut self) -> Option<String> {
        let quoted = self.peek() == Some('\'');
        let start = if quoted { self.at + 1 } else { self.at };
        let closing = if quoted { '\'' } else { '!' };
        let mut name = String::new();
        let mut at = start;
        loop {
            let c = *self.chars.get(at)?;
            at += 1;
            if c == closing {
                if quoted && self.chars.get(at) == Some(&'\'') {
                    at += 1; // '' stands for one apostrophe
                } else {
                    break;
                }
            } else if !quoted && "+-*/(),;:\"'^&<>= ".contains(c) {
                return None;
            }
            name.push(c);
        }
        if quoted && self.chars.get(at) != Some(&'!') {
            return None;
        }
        self.at = at + usize::from(quoted);
        Some(name)
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || "$[]".contains(c) || (c == '-' && self.after_bracket()))
        {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// Whether the character before is `[`, so that `-` belongs to a relative reference.
    fn after_bracket(&self) -> bool {
        self.at > 0 && self.chars[self.at - 1] == '['
    }

    /// First and last cell of a cell, a whole column or a whole row.
    fn point(&self, word: &str) -> Option<(CellRef, CellRef)> {
        if let Some(cell) = CellRef::parse(word) {
            return Some((cell, cell));
        }
        if let Some(cell) = relative(word, self.home) {
            return Some((cell, cell));
        }
        let word = word.replace('$', "");
        if let Ok(row) = word.parse::<u32>() {
            let row = row.checked_sub(1)?;
            return Some((CellRef::new(row, 0), CellRef::new(row, LAST.col)));
        }
        let col = CellRef::parse(&format!("{word}1"))?.col;
        Some((CellRef::new(0, col), CellRef::new(LAST.row, col)))
    }
}

fn ordered(a: CellRef, b: CellRef) -> Option<Region> {
    let start = CellRef::new(a.row.min(b.row), a.col.min(b.col));
    let end = CellRef::new(a.row.max(b.row), a.col.max(b.col));
    (end.row <= LAST.row && end.col <= LAST.col).then_some(Region { start, end })
}

/// `R[-3]C`, `R5C6`, `RC[-1]` seen from `home`.
fn relative(word: &str, home: CellRef) -> Option<CellRef> {
    let rest = word.strip_prefix('R')?;
    let (row, col) = rest.split_once('C')?;
    let place = |text: &str, own: u32| -> Option<u32> {
        match text.strip_prefix('[') {
            Some(offset) => own.checked_add_signed(offset.strip_suffix(']')?.parse().ok()?),
            None if text.is_empty() => Some(own),
            None => text.parse::<u32>().ok()?.checked_sub(1),
        }
    };
    Some(CellRef::new(place(row, home.row)?, place(col, home.col)?))
}
