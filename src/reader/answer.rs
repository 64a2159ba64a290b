//! What a file gave, as bytes and back: the way from the reading child to its parent.

use crate::model::{
    Cell, CellKind, Format, Packed, ReadIssue, ReadOutcome, Region, Sheet, TextWriter, Unpacking, Visibility, Workbook,
    number, packed,
};

packed! {
    ReadOutcome { workbook issues }
    ReadIssue { code sheet cell message seen }
    Workbook { format sheets }
    Sheet { name index visibility cells merges hidden_rows filtered_rows hidden_columns }
    Region { start end }
}

/// Texts of an answer, about: most cells hold one.
pub(super) fn texts(outcome: &ReadOutcome) -> usize {
    outcome.workbook.iter().flat_map(|workbook| &workbook.sheets).map(|sheet| sheet.cells.len()).sum()
}

impl Packed for Cell {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        let Self { at, kind, format, formula, uncached, struck, number_as_text, date1904 } = self;
        at.put(out);
        kind.put(out);
        format.put(out);
        formula.put(out);
        let facts = [*uncached, *struck, *number_as_text, *date1904];
        out.body.push(facts.iter().fold(0, |bits, fact| bits << 1 | u8::from(*fact)));
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        let (at, kind) = (Packed::get(input)?, Packed::get(input)?);
        let (format, formula, facts) = (Packed::get(input)?, Packed::get(input)?, input.byte()?);
        let [uncached, struck, number_as_text, date1904] = [8, 4, 2, 1].map(|bit| facts & bit != 0);
        Some(Self { at, kind, format, formula, uncached, struck, number_as_text, date1904 })
    }
}

impl Packed for CellKind {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        let number = match self {
            Self::Empty => 0,
            Self::Text(_) => 1,
            Self::Number(_) => 2,
            Self::Date(_) => 3,
            Self::Bool(_) => 4,
            Self::Error(_) => 5,
        };
        out.body.push(number);
        match self {
            Self::Empty => {}
            Self::Text(text) => text.put(out),
            Self::Number(n) | Self::Date(n) => n.put(out),
            Self::Bool(b) => b.put(out),
            Self::Error(error) => error.put(out),
        }
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Some(match input.byte()? {
            0 => Self::Empty,
            1 => Self::Text(Packed::get(input)?),
            2 => Self::Number(Packed::get(input)?),
            3 => Self::Date(Packed::get(input)?),
            4 => Self::Bool(Packed::get(input)?),
            5 => Self::Error(Packed::get(input)?),
            _ => return None,
        })
    }
}

/// Formats in the order of their numbers.
const FORMATS: [Format; 7] =
    [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods, Format::Html, Format::SpreadsheetMl, Format::Csv];

/// Visibilities in the order of their numbers.
const VISIBILITIES: [Visibility; 3] = [Visibility::Visible, Visibility::Hidden, Visibility::VeryHidden];

/// One of a few values, by its number.
macro_rules! chosen {
    ($($type:ident of $all:ident)*) => { $(
        impl Packed for $type {
            fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
                number(&mut out.body, $all.iter().position(|one| one == self).unwrap_or($all.len()) as u64);
            }
            fn get(input: &mut Unpacking<'_>) -> Option<Self> {
                $all.get(usize::try_from(input.number()?).ok()?).copied()
            }
        }
    )* };
}

chosen! { Format of FORMATS Visibility of VISIBILITIES }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellRef, pack, unpack};

    fn outcome() -> ReadOutcome {
        let at = |col| CellRef::new(2, col);
        let kinds = [
            CellKind::Empty,
            CellKind::Text("郑州".into()),
            CellKind::Text("郑州".into()),
            CellKind::Number(-0.5),
            CellKind::Date(46_096.25),
            CellKind::Bool(true),
            CellKind::Error("#REF!".to_owned()),
        ];
        let mut cells: Vec<Cell> = kinds.into_iter().zip(0..).map(|(kind, col)| Cell::new(at(col), kind)).collect();
        for (n, cell) in cells.iter_mut().enumerate() {
            cell.format = (n % 2 == 0).then(|| "0.00".into());
            cell.formula = (n == 3).then(|| "A1/2".to_owned());
            (cell.uncached, cell.struck, cell.number_as_text, cell.date1904) = (n == 0, n == 1, n == 2, n == 4);
        }
        let sheet = Sheet {
            name: "签约".to_owned(),
            index: 1,
            visibility: Visibility::VeryHidden,
            cells,
            merges: vec![Region { start: at(0), end: at(1) }],
            hidden_rows: vec![7, 300],
            filtered_rows: vec![7],
            hidden_columns: vec![3],
        };
        let issue = ReadIssue {
            code: "L210".to_owned(),
            sheet: Some("签约".to_owned()),
            cell: None,
            message: "读不出".to_owned(),
            seen: Some("?".to_owned()),
        };
        ReadOutcome { workbook: Some(Workbook { format: Format::Ods, sheets: vec![sheet] }), issues: vec![issue] }
    }

    #[test]
    fn an_answer_comes_back_as_it_was_and_each_text_once() {
        let outcome = outcome();
        let bytes = pack(&outcome, texts(&outcome), &[]);
        assert_eq!(unpack::<ReadOutcome>(&bytes), Some(outcome));
        assert_eq!(bytes.windows(6).filter(|part| *part == "郑州".as_bytes()).count(), 1);
        for format in FORMATS {
            assert_eq!(unpack(&pack(&format, 0, &[])), Some(format));
        }
    }

    #[test]
    fn bytes_of_no_answer_are_never_a_panic() {
        let bytes = pack(&outcome(), 0, &[]);
        for at in 0..bytes.len() {
            assert_eq!(unpack::<ReadOutcome>(&bytes[..at]), None, "cut at {at}");
            for byte in [0, 1, 0x55, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = byte;
                // Another value, or none.
                let _ = unpack::<ReadOutcome>(&damaged);
            }
        }
    }
}
