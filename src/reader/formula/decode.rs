//! From the tokens of a binary formula (reverse Polish) to its text.

use encoding_rs::GB18030;

use super::functions::{function, is_numeric};
use super::reference::{Dialect, Names, area, cell, prefix, prefix_size, sizes};
use crate::model::CellRef;
use crate::reader::ole::{u16_at, u32_at, utf16};
use crate::reader::value::error_text;

/// Excel allows 8192 characters; what is longer is not written out.
const MOST: usize = 8192;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reader) struct Formula {
    /// Text without `=`.
    pub(in crate::reader) text: String,
    /// Its result can only be a number or an error.
    pub(in crate::reader) numeric: bool,
}

/// Decodes the tokens; `base` is the formula's own cell for shared formulas. `None` when a token is unknown or cut.
pub(in crate::reader) fn decode(
    tokens: &[u8],
    dialect: Dialect,
    base: Option<CellRef>,
    names: &Names,
) -> Option<Formula> {
    let mut machine = Machine { data: tokens, dialect, base, names, stack: Vec::new() };
    while let Some((&id, rest)) = machine.data.split_first() {
        machine.data = rest;
        machine.step(id)?;
    }
    let text = machine.stack.pop().filter(|_| machine.stack.is_empty())?;
    Some(text)
}

struct Machine<'a> {
    data: &'a [u8],
    dialect: Dialect,
    base: Option<CellRef>,
    names: &'a Names,
    stack: Vec<Formula>,
}

impl<'a> Machine<'a> {
    fn step(&mut self, id: u8) -> Option<()> {
        // Operands and functions exist in three classes that are written alike.
        let kind = if id >= 0x20 { 0x20 | (id & 0x1F) } else { id };
        match kind {
            0x03..=0x11 => self.binary(kind),
            0x12..=0x15 => self.unary(kind),
            0x16 => self.push(String::new(), false),
            0x17 => self.text(),
            0x19 => self.attribute(),
            0x1C..=0x1F => self.constant(kind),
            0x20 => self
                .take(if self.dialect == Dialect::Biff12 { 14 } else { 7 })
                .and_then(|_| self.push("{…}".to_owned(), false)),
            0x21 => self.fixed_function(),
            0x22 => self.variable_function(),
            0x23 => self.name(),
            0x26..=0x29 | 0x2E | 0x2F => self.skip_memory(kind),
            0x24 | 0x25 | 0x2A..=0x2D => self.reference(kind),
            0x39..=0x3D => self.other_sheet(kind),
            _ => None,
        }
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.data.split_at_checked(n)?;
        self.data = rest;
        Some(taken)
    }

    fn push(&mut self, text: String, numeric: bool) -> Option<()> {
        (text.len() <= MOST).then(|| self.stack.push(Formula { text, numeric }))
    }

    fn binary(&mut self, kind: u8) -> Option<()> {
        const SIGNS: [&str; 15] = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];
        let (b, a) = (self.stack.pop()?, self.stack.pop()?);
        let sign = SIGNS.get(usize::from(kind - 3))?;
        self.push(format!("{}{sign}{}", a.text, b.text), kind <= 7)
    }

    fn unary(&mut self, kind: u8) -> Option<()> {
        let Formula { text: a, numeric } = self.stack.pop()?;
        match kind {
            0x12 => self.push(format!("+{a}"), numeric),
            0x13 => self.push(format!("-{a}"), true),
            0x14 => self.push(format!("{a}%"), true),
            _ => self.push(format!("({a})"), numeric),
        }
    }

    fn text(&mut self) -> Option<()> {
        let text = match self.dialect {
            Dialect::Biff12 => {
                let count = usize::from(u16_at(self.take(2)?, 0)?);
                utf16(self.take(count * 2)?)
            }
            Dialect::Biff8 => {
                let head = self.take(2)?;
                let (count, flags) = (usize::from(*head.first()?), *head.get(1)?);
                if flags & 1 == 0 {
                    self.take(count)?.iter().map(|&b| char::from(b)).collect()
                } else {
                    utf16(self.take(count * 2)?)
                }
            }
            Dialect::Biff5 => {
                let count = usize::from(*self.take(1)?.first()?);
                GB18030.decode_without_bom_handling(self.take(count)?).0.into_owned()
            }
        };
        self.push(format!("\"{}\"", text.replace('"', "\"\"")), false)
    }

    fn attribute(&mut self) -> Option<()> {
        let data = self.take(3)?;
        let (flags, word) = (*data.first()?, usize::from(u16_at(data, 1)?));
        if flags & 0x04 != 0 {
            self.take((word + 1) * 2)?; // jump table of CHOOSE
        } else if flags & 0x10 != 0 {
            let argument = self.stack.pop()?.text;
            self.push(format!("SUM({argument})"), true)?;
        }
        Some(())
    }

    fn constant(&mut self, kind: u8) -> Option<()> {
        let (text, numeric) = match kind {
            0x1C => (error_text(*self.take(1)?.first()?).to_owned(), true),
            0x1D => (if *self.take(1)?.first()? == 0 { "FALSE" } else { "TRUE" }.to_owned(), false),
            0x1E => (u16_at(self.take(2)?, 0)?.to_string(), true),
            _ => (f64::from_le_bytes(self.take(8)?.try_into().ok()?).to_string(), true),
        };
        self.push(text, numeric)
    }

    fn fixed_function(&mut self) -> Option<()> {
        let known = function(u16_at(self.take(2)?, 0)?)?;
        self.call(known.name, known.arguments?)
    }

    fn variable_function(&mut self) -> Option<()> {
        let data = self.take(3)?;
        let (count, number) = (usize::from(data.first()? & 0x7F), u16_at(data, 1)? & 0x7FFF);
        if number != 0xFF {
            return self.call(function(number)?.name, count);
        }
        // A function by name: the name is the first argument.
        let at = self.stack.len().checked_sub(count.max(1))?;
        let name = self.stack.remove(at).text;
        self.call(name.trim_start_matches("_xlfn."), count.checked_sub(1)?)
    }

    fn call(&mut self, name: &str, count: usize) -> Option<()> {
        let at = self.stack.len().checked_sub(count)?;
        let arguments: Vec<String> = self.stack.drain(at..).map(|f| f.text).collect();
        self.push(format!("{name}({})", arguments.join(",")), is_numeric(name))
    }

    fn name(&mut self) -> Option<()> {
        let data = self.take(if self.dialect == Dialect::Biff5 { 14 } else { 4 })?;
        let number =
            if self.dialect == Dialect::Biff12 { u32_at(data, 0)? as usize } else { usize::from(u16_at(data, 0)?) };
        let name = number.checked_sub(1).and_then(|i| self.names.names.get(i)).map_or("#NAME?", String::as_str);
        self.push(name.to_owned(), false)
    }

    /// Hints for the calculation: the tokens that they speak of follow as usual.
    fn skip_memory(&mut self, kind: u8) -> Option<()> {
        self.take(if matches!(kind, 0x26..=0x28) { 6 } else { 2 }).map(|_| ())
    }

    fn reference(&mut self, kind: u8) -> Option<()> {
        let (one, two) = sizes(self.dialect);
        // Only the tokens made for shared formulas hold distances.
        let base = self.base.filter(|_| matches!(kind, 0x2C | 0x2D));
        let text = match kind {
            0x24 | 0x2C => cell(self.take(one)?, self.dialect, base)?,
            0x25 | 0x2D => area(self.take(two)?, self.dialect, base)?,
            _ => {
                self.take(if kind == 0x2A { one } else { two })?;
                "#REF!".to_owned()
            }
        };
        self.push(text, false)
    }

    fn other_sheet(&mut self, kind: u8) -> Option<()> {
        if kind == 0x39 {
            self.take(match self.dialect {
                Dialect::Biff5 => 24,
                _ => 6,
            })?;
            return self.push("#NAME?".to_owned(), false);
        }
        let sheet = prefix(self.take(prefix_size(self.dialect))?, self.dialect, self.names)?;
        let (one, two) = sizes(self.dialect);
        let text = match kind {
            0x3A => cell(self.take(one)?, self.dialect, None)?,
            0x3B => area(self.take(two)?, self.dialect, None)?,
            _ => {
                self.take(if kind == 0x3C { one } else { two })?;
                "#REF!".to_owned()
            }
        };
        self.push(sheet + &text, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &[u8], dialect: Dialect, base: Option<CellRef>) -> Option<String> {
        let names = Names { sheets: vec!["汇总!".to_owned()], names: vec!["_xlfn.IFNA".to_owned()] };
        decode(tokens, dialect, base, &names).map(|f| f.text)
    }

    #[test]
    fn sums_over_areas() {
        // SUM(F5:F36) as Excel stores it, and as a function with a counted argument.
        let area = [0x25, 4, 0, 35, 0, 5, 0xC0, 5, 0xC0];
        let short = [&area[..], &[0x19, 0x10, 0, 0]].concat();
        let long = [&area[..], &[0x22, 1, 4, 0]].concat();
        for tokens in [short, long] {
            assert_eq!(text(&tokens, Dialect::Biff8, None).as_deref(), Some("SUM(F5:F36)"));
            assert!(decode(&tokens, Dialect::Biff8, None, &Names::default()).unwrap().numeric);
        }
        let biff5 = [0x25, 4, 0xC0, 35, 0xC0, 5, 5, 0x19, 0x10, 0, 0];
        assert_eq!(text(&biff5, Dialect::Biff5, None).as_deref(), Some("SUM(F5:F36)"));
        let biff12 = [0x25, 4, 0, 0, 0, 35, 0, 0, 0, 5, 0xC0, 5, 0x40, 0x19, 0x10, 0, 0];
        assert_eq!(text(&biff12, Dialect::Biff12, None).as_deref(), Some("SUM(F5:F$36)"));
        let subtotal = [&[0x1E, 109, 0][..], &area, &[0x22, 2, 0x58, 1]].concat();
        assert_eq!(text(&subtotal, Dialect::Biff8, None).as_deref(), Some("SUBTOTAL(109,F5:F36)"));
    }

    #[test]
    fn distances_names_and_other_sheets() {
        // In F7: two rows up and one column left, times $C$3.
        let shared = [0x2C, 0xFE, 0xFF, 0xFF, 0xC0, 0x24, 2, 0, 2, 0, 0x05];
        assert_eq!(text(&shared, Dialect::Biff8, Some(CellRef::new(6, 5))).as_deref(), Some("E5*$C$3"));
        let sheet = [0x3A, 0, 0, 9, 0, 6, 0xC0, 0x17, 1, 0, b'"', 0x08];
        assert_eq!(text(&sheet, Dialect::Biff8, None).as_deref(), Some("汇总!G10&\"\"\"\""));
        let named = [0x23, 1, 0, 0, 0, 0x1E, 1, 0, 0x22, 2, 0xFF, 0];
        assert_eq!(text(&named, Dialect::Biff8, None).as_deref(), Some("IFNA(1)"));
    }

    #[test]
    fn damaged_tokens_give_nothing() {
        for tokens in [
            &[][..],
            &[0x05],
            &[0x25, 1],
            &[0x1E, 1, 0, 0x1E, 1, 0],
            &[0x22, 9, 4, 0],
            &[0x18, 0],
            &[0x19, 4, 0xFF, 0xFF],
        ] {
            assert_eq!(text(tokens, Dialect::Biff8, None), None, "{tokens:02x?}");
        }
    }
}
