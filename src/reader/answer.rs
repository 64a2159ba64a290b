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
