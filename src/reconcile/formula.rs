//! Formulas of totals, as far as they say which cells are added: A1 references, ranges, whole rows and columns, sheets of
//! the same file, SUM, SUBTOTAL, counting functions and plus chains. Anything else is opaque and says nothing.

use super::reference::Reference;
use crate::model::{CellRef, Region};

/// Brackets inside brackets that are followed; deeper ones are opaque.
const MAX_DEPTH: u32 = 16;
/// Ranges that are followed; a formula with more is opaque.
const MAX_TERMS: usize = 1000;
/// Longest formula that is read, in characters (Excel's own limit is 8192).
const MAX_LENGTH: usize = 8192;

/// How a reference enters the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By itself: Excel turns text numbers into numbers.
    Value,
    /// Inside SUM: text is passed over.
    Sum,
    /// SUBTOTAL: as SUM, but without other SUBTOTAL cells and without filtered rows, or (1xx) any hidden ones.
    Subtotal,
    /// COUNT: cells with numbers.
    Count,
    /// COUNTA: cells that are not empty; also ROWS.
    CountAll,
    /// SUMIF and the like: some of the cells.
    Some,
}

/// A range that the formula adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Sheet, when it is named.
    pub(super) sheet: Option<String>,
    /// Cells.
    pub(super) area: Region,
    /// Added or taken away.
    pub(super) negative: bool,
    /// How.
    pub(super) by: By,
}

/// What a formula adds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Formula {
    /// Ranges in the order of the text.
    pub(super) terms: Vec<Term>,
    /// It also adds written numbers.
    pub(super) constant: bool,
}

/// Reads a formula (with or without `=`, also as `OpenDocument` and R1C1 write it) that stands in `home`. `None` when it
/// is opaque or refers to nothing.
pub(super) fn parse(text: &str, home: CellRef) -> Option<Formula> {
    let text = text.trim();
    let text =
        text.split_once(":=").filter(|(p, _)| ["of", "oooc", "msoxl"].contains(p)).map_or(text, |(_, rest)| rest);
    let text = text.trim_start_matches('=');
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut parser = Parser { chars: text.chars().collect(), at: 0, home, depth: 0 };
    let formula = parser.sum()?;
    parser.blank();
    (parser.at == parser.chars.len() && (1..=MAX_TERMS).contains(&formula.terms.len())).then_some(formula)
}

/// Reads a formula from left to right.
pub(super) struct Parser {
    /// The text.
    pub(super) chars: Vec<char>,
    /// The next character.
    pub(super) at: usize,
    /// The cell of the formula.
    pub(super) home: CellRef,
    depth: u32,
}

impl Parser {
    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Skips white space.
    pub(super) fn blank(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn eat(&mut self, wanted: &[char]) -> Option<char> {
        self.blank();
        let c = self.peek().filter(|c| wanted.contains(c))?;
        self.at += 1;
        Some(c)
    }

    /// Addends.
    fn sum(&mut self) -> Option<Formula> {
        let mut whole = Formula::default();
        let mut sign = self.eat(&['+', '-']);
        loop {
            let mut part = self.product()?;
            if sign == Some('-') {
                part.terms.iter_mut().for_each(|t| t.negative = !t.negative);
            }
            whole.terms.append(&mut part.terms);
            whole.constant |= part.constant;
            sign = self.eat(&['+', '-']);
            if sign.is_none() {
                return Some(whole);
            }
        }
    }

    /// A value, perhaps times or divided by 10 000 or its square: a change between 元, 万元 and 亿元 adds nothing.
    fn product(&mut self) -> Option<Formula> {
        let first = self.factor()?;
        let Some(_) = self.eat(&['*', '/']) else { return Some(first) };
        let number = self.number()?;
        let conversion = ["10000", "100000000", "0.0001", "10^4", "10^8"].contains(&number.as_str());
        (conversion && !first.terms.is_empty() && self.eat(&['*', '/', '^']).is_none()).then_some(first)
    }

    fn factor(&mut self) -> Option<Formula> {
        self.depth += 1;
        let value = if self.depth > MAX_DEPTH { None } else { self.bare_factor() };
        self.depth -= 1;
        value
    }

    fn bare_factor(&mut self) -> Option<Formula> {
        if self.eat(&['(']).is_some() {
            let inner = self.sum()?;
            return self.eat(&[')']).map(|_| inner);
        }
        let start = self.at;
        if let Some(name) = self.function_name() {
            return self.call(&name);
        }
        self.at = start;
        if let Some((sheet, area)) = self.reference() {
            let term = Term { sheet, area, negative: false, by: By::Value };
            return Some(Formula { terms: vec![term], constant: false });
        }
        self.at = start;
        self.number().map(|_| Formula { terms: Vec::new(), constant: true })
    }

    fn number(&mut self) -> Option<String> {
        self.blank();
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.' || c == '^') {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        text.starts_with(|c: char| c.is_ascii_digit() || c == '.').then_some(text)
    }

    /// A name with its opening bracket.
    fn function_name(&mut self) -> Option<String> {
        self.blank();
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_') {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        if name.is_empty() || self.eat(&['(']).is_none() {
            return None;
        }
        let name = name.to_ascii_uppercase();
        Some(name.strip_prefix("_XLFN.").map_or_else(|| name.clone(), str::to_owned))
    }

    fn call(&mut self, name: &str) -> Option<Formula> {
        match name {
            "SUM" => self.arguments(By::Sum),
            "COUNT" => self.arguments(By::Count),
            "COUNTA" | "ROWS" => self.arguments(By::CountAll),
            "SUBTOTAL" | "AGGREGATE" => {
                let number = self.number()?;
                self.eat(&[',', ';'])?;
                if name == "AGGREGATE" {
                    self.number()?;
                    self.eat(&[',', ';'])?;
                }
                match number.as_str() {
                    "9" | "109" => self.arguments(By::Subtotal),
                    "2" | "102" => self.arguments(By::Count),
                    "3" | "103" => self.arguments(By::CountAll),
                    _ => None,
                }
            }
            "ROUND" | "ROUNDUP" | "ROUNDDOWN" | "TRUNC" | "IFERROR" | "N" => {
                let value = self.sum()?;
                self.rest_of_call().map(|_| value)
            }
            // SUMIF(range, condition[, sum_range]); SUMIFS(sum_range, range, condition, …).
            "SUMIF" | "SUMIFS" | "COUNTIF" | "COUNTIFS" => {
                let first = self.reference()?;
                let rest = self.rest_of_call()?;
                let summed = rest.into_iter().nth(1).flatten().filter(|_| name == "SUMIF");
                let (sheet, area) = summed.unwrap_or(first);
                let term = Term { sheet, area, negative: false, by: By::Some };
                Some(Formula { terms: vec![term], constant: false })
            }
            _ => None,
        }
    }

    /// Arguments up to the closing bracket; bare references in them enter `by`.
    fn arguments(&mut self, by: By) -> Option<Formula> {
        let mut whole = Formula::default();
        loop {
            let mut part = self.sum()?;
            for term in part.terms.iter_mut().filter(|t| t.by == By::Value) {
                term.by = by;
            }
            whole.terms.append(&mut part.terms);
            whole.constant |= part.constant;
            match self.eat(&[',', ';', ')', '~']) {
                Some(')') => return Some(whole),
                Some(_) => {}
                None => return None,
            }
        }
    }

    /// Skips to the bracket that closes the call; of each further argument the reference, if it is one by itself.
    fn rest_of_call(&mut self) -> Option<Vec<Option<Reference>>> {
        let (mut open, mut quoted, mut arguments) = (1, false, Vec::new());
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' => open += 1,
                ')' if open == 1 => return Some(arguments),
                ')' => open -= 1,
                ',' | ';' if open == 1 => {
                    let start = self.at;
                    let found = self.reference().filter(|_| matches!(self.peek(), Some(',' | ';' | ')')));
                    self.at = if found.is_some() { self.at } else { start };
                    arguments.push(found);
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let formula = parse(text, CellRef::new(36, 5))?;
        let show = |t: &Term| {
            let sheet = t.sheet.as_ref().map_or_else(String::new, |s| format!("{s}!"));
            format!("{}{:?} {sheet}{}", if t.negative { "-" } else { "" }, t.by, t.area)
        };
        let mut shown: Vec<String> = formula.terms.iter().map(show).collect();
        if formula.constant {
            shown.push("constant".to_owned());
        }
        Some(shown.join(" | "))
    }

    #[test]
    fn formulas_as_units_write_them() {
        for (text, expected) in [
            ("SUM(F5:F36)", "Sum F5:F36"),
            ("=sum( $F$5:$F$36 )", "Sum F5:F36"),
            ("SUM(F5,F9:F20)", "Sum F5:F5 | Sum F9:F20"),
            ("F5+F6-F7", "Value F5:F5 | Value F6:F6 | -Value F7:F7"),
            ("+E9+E16", "Value E9:E9 | Value E16:E16"),
            ("SUM(F9:F5)+F40", "Sum F5:F9 | Value F40:F40"),
            ("SUBTOTAL(9,F5:F36)", "Subtotal F5:F36"),
            ("SUBTOTAL(109,F5:F36,F40)", "Subtotal F5:F36 | Subtotal F40:F40"),
            ("ROUND(SUM(F5:F36)/10000,2)", "Sum F5:F36"),
            ("SUM(F5:F36)*0.0001", "Sum F5:F36"),
            ("SUM(F:F)", "Sum F1:F1048576"),
            ("SUM(5:36)", "Sum A5:XFD36"),
            ("COUNTA(B5:B36)", "CountAll B5:B36"),
            ("COUNT(A5:A36)", "Count A5:A36"),
            ("SUMIF(C5:C36,\"签约(一)\",F5:F36)", "Some F5:F36"),
            ("SUMIF(C5:C36,H1,F5:F36)", "Some F5:F36"),
            ("SUMIF(F5:F36,\">0\")", "Some F5:F36"),
            ("SUMIFS(F5:F36,C5:C36,H1)", "Some F5:F36"),
            ("SUM(签约!F5:F36)+'2.开工'!F40", "Sum 签约!F5:F36 | Value 2.开工!F40:F40"),
            ("of:=SUM([.F5:.F36])", "Sum F5:F36"),
            ("of:=SUM([.F5:.F8];[$签约.F40])", "Sum F5:F8 | Sum 签约!F40:F40"),
            ("SUM(R[-32]C:R[-1]C)", "Sum F5:F36"),
            ("SUM(R5C6:R36C6)", "Sum F5:F36"),
            ("SUM(F5:F36)+1200", "Sum F5:F36 | constant"),
            ("IFERROR(SUM(F5:F36),0)", "Sum F5:F36"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_opaque() {
        for text in [
            "",
            "=",
            "1200",
            "SUM(F5:F36",
            "F5*1.1",
            "F5*F6",
            "IF(F5>0,F5,F6)",
            "合计",
            "[1]签约!F5",
            "VLOOKUP(A1,B:C,2,0)",
            "SUM(F5:F36)/3",
            "R",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"(".repeat(5000)), None);
    }
}
