//! References in binary formulas: where they lie in the token, and how they are written.

use crate::model::{CellRef, column_letters};
use crate::reader::ole::{u16_at, u32_at};

/// Whose tokens they are: sizes of references and texts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reader) enum Dialect {
    /// Excel 5 and 95.
    Biff5,
    /// Excel 97 to 2003.
    Biff8,
    /// xlsb.
    Biff12,
}

/// What references to other sheets and names refer to.
#[derive(Debug, Clone, Default)]
pub(in crate::reader) struct Names {
    /// `汇总!` by number of the external reference; by number of the sheet in [`Dialect::Biff5`].
    pub(in crate::reader) sheets: Vec<String>,
    /// Defined names; the first has number 1.
    pub(in crate::reader) names: Vec<String>,
}

/// A row or column of a reference, from 0, and whether it moves when the formula is copied.
#[derive(Debug, Clone, Copy)]
struct Axis {
    at: u32,
    relative: bool,
}

/// How many rows and columns a sheet has.
const fn extent(dialect: Dialect) -> (u32, u32) {
    match dialect {
        Dialect::Biff5 => (1 << 14, 1 << 8),
        Dialect::Biff8 => (1 << 16, 1 << 8),
        Dialect::Biff12 => (1 << 20, 1 << 14),
    }
}

/// Bytes of a cell reference and of an area.
pub(super) const fn sizes(dialect: Dialect) -> (usize, usize) {
    match dialect {
        Dialect::Biff5 => (3, 6),
        Dialect::Biff8 => (4, 8),
        Dialect::Biff12 => (6, 12),
    }
}

/// Bytes before the reference in a reference to another sheet.
pub(super) const fn prefix_size(dialect: Dialect) -> usize {
    if matches!(dialect, Dialect::Biff5) { 14 } else { 2 }
}

/// The sheet that such a prefix names, as it is written before a reference.
pub(super) fn prefix(data: &[u8], dialect: Dialect, names: &Names) -> Option<String> {
    let number = u16_at(data, 0)?;
    if dialect != Dialect::Biff5 {
        return Some(names.sheets.get(usize::from(number)).cloned().unwrap_or_else(|| "#REF!".to_owned()));
    }
    // Excel 5 names sheets of the same workbook by a negative number and their positions.
    if !number.cast_signed().is_negative() {
        return Some(format!("[{number}]!"));
    }
    let (first, last) = (u16_at(data, 10)?, u16_at(data, 12)?);
    let sheet = |i: u16| names.sheets.get(usize::from(i)).cloned().unwrap_or_else(|| "#REF!".to_owned());
    let start = sheet(first);
    Some(if first == last { start } else { format!("{}:{}", start.trim_end_matches('!'), sheet(last)) })
}

/// Writes a cell reference; `base` is the cell of the formula when the token holds distances.
pub(super) fn cell(data: &[u8], dialect: Dialect, base: Option<CellRef>) -> Option<String> {
    let (row, col) = match dialect {
        Dialect::Biff5 => axes(u32::from(u16_at(data, 0)?), u16::from(*data.get(2)?), u16_at(data, 0)?),
        Dialect::Biff8 => axes(u32::from(u16_at(data, 0)?), u16_at(data, 2)?, u16_at(data, 2)?),
        Dialect::Biff12 => axes(u32_at(data, 0)?, u16_at(data, 4)?, u16_at(data, 4)?),
    };
    Some(write(moved(row, col, dialect, base)))
}

/// Writes an area.
pub(super) fn area(data: &[u8], dialect: Dialect, base: Option<CellRef>) -> Option<String> {
    let (first, last) = match dialect {
        Dialect::Biff5 => {
            let rows = (u16_at(data, 0)?, u16_at(data, 2)?);
            let columns = (u16::from(*data.get(4)?), u16::from(*data.get(5)?));
            (axes(u32::from(rows.0), columns.0, rows.0), axes(u32::from(rows.1), columns.1, rows.1))
        }
        Dialect::Biff8 => {
            let columns = (u16_at(data, 4)?, u16_at(data, 6)?);
            let rows = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
            (axes(rows.0, columns.0, columns.0), axes(rows.1, columns.1, columns.1))
        }
        Dialect::Biff12 => {
            let columns = (u16_at(data, 8)?, u16_at(data, 10)?);
            (axes(u32_at(data, 0)?, columns.0, columns.0), axes(u32_at(data, 4)?, columns.1, columns.1))
        }
    };
    let (first, last) = (moved(first.0, first.1, dialect, base), moved(last.0, last.1, dialect, base));
    let (rows, columns) = extent(dialect);
    // Whole columns and whole rows, whatever the format calls its last ones.
    if first.0.at == 0 && last.0.at == rows - 1 && rows > 1 << 14 {
        return Some(format!("{}:{}", column(first.1), column(last.1)));
    }
    if first.1.at == 0 && last.1.at == columns - 1 {
        return Some(format!("{}:{}", row(first.0), row(last.0)));
    }
    Some(format!("{}:{}", write(first), write(last)))
}

/// Row and column with the flags that `flags` carries in its two highest bits.
fn axes(row: u32, col: u16, flags: u16) -> (Axis, Axis) {
    (Axis { at: row, relative: flags & 0x8000 != 0 }, Axis { at: u32::from(col), relative: flags & 0x4000 != 0 })
}

/// Takes the flags off, and adds distances to the cell of the formula, around the edge of the sheet.
fn moved(row: Axis, col: Axis, dialect: Dialect, base: Option<CellRef>) -> (Axis, Axis) {
    let (rows, columns) = extent(dialect);
    let place = |axis: Axis, base: u32, extent: u32| {
        let base = if axis.relative { base } else { 0 };
        Axis { at: (axis.at % extent + base) % extent, ..axis }
    };
    let base = base.unwrap_or(CellRef::new(0, 0));
    (place(row, base.row, rows), place(col, base.col, columns))
}

fn column(axis: Axis) -> String {
    format!("{}{}", if axis.relative { "" } else { "$" }, column_letters(axis.at))
}

fn row(axis: Axis) -> String {
    format!("{}{}", if axis.relative { "" } else { "$" }, axis.at + 1)
}

fn write((r, c): (Axis, Axis)) -> String {
    column(c) + &row(r)
}

/// A sheet's name as it is written before a reference: `汇总!`, `'2.开工'!`.
pub(in crate::reader) fn quoted_sheet(name: &str) -> String {
    let plain = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { format!("{name}!") } else { format!("'{}'!", name.replace('\'', "''")) }
}
