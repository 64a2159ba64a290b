//! Cells as the reader found them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Written;

/// A cell's place on its sheet, both from 0. Displays as `J86`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// Row from 0.
    pub row: u32,
    /// Column from 0.
    pub col: u32,
}

impl CellRef {
    /// The cell at `row`, `col`, both from 0.
    #[must_use]
    pub fn new(row: u32, col: u32) -> Self {
        Self { row, col }
    }

    /// Reads `J86` or `$J$86`, in either case of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = if text.contains('$') { Cow::Owned(text.replace('$', "")) } else { Cow::Borrowed(text) };
        let split = text.find(|c: char| c.is_ascii_digit())?;
        let (letters, digits) = text.split_at(split);
        if letters.is_empty() || letters.len() > 3 || digits.len() > 7 {
            return None;
        }
        let mut col = 0u32;
        for c in letters.chars() {
            let c = c.to_ascii_uppercase();
            if !c.is_ascii_uppercase() {
                return None;
            }
            col = col * 26 + (c as u32 - 'A' as u32 + 1);
        }
        let row: u32 = digits.parse().ok()?;
        (row > 0).then(|| Self::new(row - 1, col - 1))
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().as_str())
    }
}

impl CellRef {
    /// As it is displayed, without an allocation: every cell of every file is published by its name.
    #[must_use]
    pub fn name(self) -> CellName {
        let Letters(letters, from) = Letters::of(self.col);
        let mut name = CellName { text: [0; CellName::MOST], length: 0 };
        letters.get(from..).unwrap_or_default().iter().for_each(|letter| name.push(*letter));
        let row = u64::from(self.row) + 1;
        let mut power = 1;
        while row / power >= 10 {
            power *= 10;
        }
        while power > 0 {
            name.push(b'0' + u8::try_from(row / power % 10).unwrap_or(0));
            power /= 10;
        }
        name
    }
}

/// The name of a cell, see [`CellRef::name`].
#[derive(Debug, Clone, Copy)]
pub struct CellName {
    text: [u8; Self::MOST],
    length: usize,
}

impl CellName {
    /// Letters of the last column and digits of the last row that a `u32` counts.
    const MOST: usize = Letters::MOST + 10;

    fn push(&mut self, byte: u8) {
        if let Some(free) = self.text.get_mut(self.length) {
            *free = byte;
            self.length += 1;
        }
    }

    /// As a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.get(..self.length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// The letters of a column counted from 0: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(col: u32) -> String {
    Letters::of(col).as_str().to_owned()
}

/// The letters of a column where they need no allocation: at the end of an array, from a place on.
struct Letters([u8; Letters::MOST], usize);

impl Letters {
    /// Letters of the last column that a `u32` counts.
    const MOST: usize = 7;

    fn of(col: u32) -> Self {
        let (mut letters, mut from) = ([b'A'; Self::MOST], Self::MOST);
        let mut n = u64::from(col) + 1;
        for (place, letter) in letters.iter_mut().enumerate().rev() {
            if n == 0 {
                break;
            }
            let digit = u8::try_from((n - 1) % 26).unwrap_or(0);
            (*letter, from) = (b'A' + digit, place);
            n = (n - 1) / 26;
        }
        Self(letters, from)
    }

    fn as_str(&self) -> &str {
        self.0.get(self.1..).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Upper left.
    pub start: CellRef,
    /// Lower right.
    pub end: CellRef,
}

impl Region {
    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(&self, at: CellRef) -> bool {
        (self.start.row..=self.end.row).contains(&at.row) && (self.start.col..=self.end.col).contains(&at.col)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.start, self.end)
    }
}

/// What a cell holds, never modified after reading.
#[derive(Debug, Clone, PartialEq)]
pub enum CellKind {
    /// Nothing (kept only when the cell has a formula without a stored value, or was lost).
    Empty,
    /// Text, as stored; shared with all that is made of it.
    Text(Arc<str>),
    /// A number, as stored.
    Number(f64),
    /// A number that its format shows as a date: days since the epoch of the workbook (see [`Cell::date1904`]).
    Date(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#REF!` and the like, as shown.
    Error(String),
}

#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact about the cell")]
/// A non-empty cell with the facts that a person would see, or that nobody sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Place.
    pub at: CellRef,
    /// Stored value.
    pub kind: CellKind,
    /// Number format code, when it is not General and is known.
    pub format: Option<Arc<str>>,
    /// Formula text without `=`, when there is one.
    pub formula: Option<String>,
    /// A formula that carries no stored value.
    pub uncached: bool,
    /// Its whole text is struck through.
    pub struck: bool,
    /// A number in a cell of type text (green triangle in Excel), or quoted with a leading apostrophe.
    pub number_as_text: bool,
    /// Dates count from 1904 instead of 1900.
    pub date1904: bool,
}

impl Cell {
    /// A cell with a value and no further facts.
    #[must_use]
    pub fn new(at: CellRef, kind: CellKind) -> Self {
        Self {
            at,
            kind,
            format: None,
            formula: None,
            uncached: false,
            struck: false,
            number_as_text: false,
            date1904: false,
        }
    }

    /// The stored value as text, as exactly as it can be written: `51000`, `0.1`, `TRUE`, `#REF!`.
    #[must_use]
    pub fn raw(&self) -> Arc<str> {
        match &self.kind {
            CellKind::Text(s) => Arc::clone(s),
            _ => Arc::from(&*self.text()),
        }
    }

    /// As [`Self::raw`], without copying what is text already, and without an allocation for what is short.
    #[must_use]
    pub fn text(&self) -> Written<'_> {
        match &self.kind {
            CellKind::Text(s) => Written::Stored(s),
            CellKind::Error(s) => Written::Stored(s),
            CellKind::Empty => Written::Stored(""),
            CellKind::Bool(b) => Written::Stored(if *b { "TRUE" } else { "FALSE" }),
            CellKind::Number(n) | CellKind::Date(n) => number_text(*n),
        }
    }

    /// Whether there is something to see: not empty and not white space only.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.kind {
            CellKind::Empty => !self.uncached,
            CellKind::Text(s) => s.chars().all(char::is_whitespace),
            _ => false,
        }
    }

    /// Name of the kind for the `cells` dataset: `text`, `number`, `date`, `bool`, `error`, `empty`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            CellKind::Empty => "empty",
            CellKind::Text(_) => "text",
            CellKind::Number(_) => "number",
            CellKind::Date(_) => "date",
            CellKind::Bool(_) => "bool",
            CellKind::Error(_) => "error",
        }
    }
}

/// A number as the shortest text that reads back as it; most numbers of a sheet are whole.
fn number_text(n: f64) -> Written<'static> {
    /// Whole numbers below this are exact in both types.
    const EXACT: f64 = 1e15;
    if n.fract() == 0.0 && n.abs() < EXACT && !(n == 0.0 && n.is_sign_negative()) {
        #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
        return Written::of(n as i64);
    }
    Written::of(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_stored() {
        for n in [0.0, -0.0, 1.0, -7.0, 0.1, 51_000.0, 1e15, -999_999_999_999_999.0, 1e21, 2.5e-7, f64::NAN] {
            assert_eq!(&*number_text(n), format!("{n}"));
        }
    }

    #[test]
    fn references_round_trip() {
        for text in ["A1", "Z9", "AA10", "XFD1048576"] {
            assert_eq!(CellRef::parse(text).map(|c| c.to_string()).as_deref(), Some(text));
        }
        assert_eq!(CellRef::parse("$b$3"), Some(CellRef::new(2, 1)));
        assert_eq!(CellRef::parse("3B"), None);
        assert_eq!(CellRef::parse("A0"), None);
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
        assert_eq!(column_letters(u32::MAX), "MWLQKWV");
        let name = |row, col| CellRef::new(row, col).to_string();
        assert_eq!([name(0, 0), name(8, 25), name(9, 26), name(85, 9)], ["A1", "Z9", "AA10", "J86"]);
        assert_eq!([name(98, 0), name(99, 0), name(1_048_575, 16_383)], ["A99", "A100", "XFD1048576"]);
        assert_eq!(name(u32::MAX, u32::MAX), "MWLQKWV4294967296");
    }
}
