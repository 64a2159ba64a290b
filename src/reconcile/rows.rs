//! The project rows as addends.

use std::collections::{BTreeMap, BTreeSet};

use super::stated::half_weight;
use crate::model::{Amount, CellRef, Field, Finding, Measure, Record};

/// A sheet: file and position in it.
pub(super) type Place<'a> = (&'a str, u32);

/// A project row with what matters for sums.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// The record.
    pub(super) record: &'a Record,
    /// Whether it is in `projects`.
    pub(super) accepted: bool,
    /// 总投资, when it could be read.
    pub(super) money: Option<Amount>,
    /// Half the weight of its last digit, in 元.
    half: i128,
    /// The amount stands as text, so that SUM passes over it.
    pub(super) as_text: bool,
    /// V504 doubts its scale.
    pub(super) suspect: bool,
}

impl<'a> Row<'a> {
    /// What it adds: 1 to a count, its 总投资 in 元 (0 when it could not be read) to an investment.
    pub(super) fn value(&self, measure: Measure) -> i128 {
        match measure {
            Measure::Count => 1,
            Measure::TotalInvestment => self.money.map_or(0, |a| i128::from(a.yuan)),
        }
    }

    /// How far it may be off because of its digits.
    pub(super) fn half(&self, measure: Measure) -> i128 {
        match measure {
            Measure::Count => 0,
            Measure::TotalInvestment => self.half,
        }
    }

    /// Excel's row number.
    pub(super) fn number(&self) -> u32 {
        self.record.origin.row
    }

    /// Its sheet.
    pub(super) fn place(&self) -> Place<'a> {
        place(self.record)
    }

    /// The cell of its 总投资, when there is something in it.
    pub(super) fn cell(&self) -> Option<CellRef> {
        self.record.values.get(&Field::TotalInvestment).map(|v| v.cell)
    }

    /// What stands in that cell.
    pub(super) fn raw(&self) -> Option<&str> {
        self.record.values.get(&Field::TotalInvestment).map(|v| v.raw.trim()).filter(|raw| !raw.is_empty())
    }
}

fn place(record: &Record) -> Place<'_> {
    (&record.origin.source.file, record.origin.sheet_index)
}

/// All rows of a batch, in the order of the datasets.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// The rows; everything else speaks of them by position.
    pub(super) all: Vec<Row<'a>>,
    by_sheet: BTreeMap<Place<'a>, Vec<usize>>,
    /// Sheet, Excel row, position.
    by_line: BTreeSet<(Place<'a>, u32, usize)>,
    /// Most decimals per sheet and unit of money.
    finest: BTreeMap<(Place<'a>, i64), u8>,
}

impl<'a> Rows<'a> {
    /// The rows with the evidence that findings give about their amounts.
    pub(super) fn new(details: &[(&'a Record, bool)], findings: &[Finding]) -> Self {
        let texts = marked(findings, "N402");
        let suspects = marked(findings, "V504");
        // A spreadsheet drops zeros at the end: 3 below 3.25 is 3.00. The finest figure of a column tells its precision.
        let mut finest: BTreeMap<(Place<'a>, i64), u8> = BTreeMap::new();
        for (record, _) in details {
            if let Some(amount) = record.amount(Field::TotalInvestment) {
                let decimals = finest.entry((place(record), amount.factor)).or_default();
                *decimals = amount.decimals.max(*decimals);
            }
        }
        let row = |&(record, accepted): &(&'a Record, bool)| {
            let money = record.amount(Field::TotalInvestment);
            let half = money.map_or(0, |a| {
                half_weight(a.factor.max(1), finest.get(&(place(record), a.factor)).copied().unwrap_or(a.decimals))
            });
            let raw = record.values.get(&Field::TotalInvestment).map_or("", |v| v.raw.trim());
            let as_text = money.is_some() && (raw.parse::<f64>().is_err() || is_marked(&texts, record));
            Row { record, accepted, money, half, as_text, suspect: is_marked(&suspects, record) }
        };
        let all: Vec<Row<'a>> = details.iter().map(row).collect();
        let mut by_sheet: BTreeMap<Place<'a>, Vec<usize>> = BTreeMap::new();
        for (i, (record, _)) in details.iter().enumerate() {
            by_sheet.entry(place(record)).or_default().push(i);
        }
        let by_line = details.iter().enumerate().map(|(i, (r, _))| (place(r), r.origin.row, i)).collect();
        Self { all, by_sheet, by_line, finest }
    }

    /// Rows of a sheet.
    pub(super) fn on_sheet(&self, place: Place<'a>) -> &[usize] {
        self.by_sheet.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Rows of a sheet between two Excel rows, both included.
    pub(super) fn between(&self, place: Place<'a>, first: u32, last: u32) -> impl Iterator<Item = usize> {
        self.by_line.range((place, first, 0)..=(place, last.max(first), usize::MAX)).map(|&(.., position)| position)
    }

    /// Sheets that hold rows, with a row of each.
    pub(super) fn sheets(&self) -> impl Iterator<Item = (Place<'a>, &Row<'a>)> {
        self.by_sheet.iter().filter_map(|(place, rows)| Some((*place, self.all.get(*rows.first()?)?)))
    }

    /// Most decimals that amounts of this sheet have in this unit of money.
    pub(super) fn finest(&self, place: Place<'a>, factor: i64) -> u8 {
        self.finest.get(&(place, factor)).copied().unwrap_or(0)
    }

    /// The rows at these positions.
    pub(super) fn at<'s>(&'s self, positions: &'s [usize]) -> impl Iterator<Item = &'s Row<'a>> {
        positions.iter().filter_map(|&i| self.all.get(i))
    }

    /// Positions of the rows that fulfil a condition.
    pub(super) fn pick(&self, positions: &[usize], wanted: impl Fn(&Row<'a>) -> bool) -> Vec<usize> {
        positions.iter().copied().filter(|&i| self.all.get(i).is_some_and(&wanted)).collect()
    }

    /// Sum over rows.
    pub(super) fn sum(&self, positions: &[usize], measure: Measure) -> i128 {
        self.at(positions).map(|r| r.value(measure)).sum()
    }

    /// How far that sum may be off because of the digits of its addends.
    pub(super) fn half(&self, positions: &[usize], measure: Measure) -> i128 {
        self.at(positions).map(|r| r.half(measure)).sum()
    }
}

/// Cells named by findings of a rule about 总投资: file, sheet position when known, cell.
type Marks<'f> = BTreeMap<(&'f str, &'f str), BTreeSet<Option<u32>>>;

fn marked<'f>(findings: &'f [Finding], code: &str) -> Marks<'f> {
    let mut marks = Marks::new();
    for f in findings.iter().filter(|f| f.code == code) {
        if let (Some(file), Some(cell)) = (&f.file, &f.cell) {
            marks.entry((file, cell)).or_default().insert(f.sheet_index);
        }
    }
    marks
}

fn is_marked(marks: &Marks<'_>, record: &Record) -> bool {
    let Some(value) = record.values.get(&Field::TotalInvestment) else { return false };
    if marks.is_empty() {
        return false;
    }
    let cell = value.cell.to_string();
    marks
        .get(&(&*record.origin.source.file, cell.as_str()))
        .is_some_and(|sheets| sheets.contains(&None) || sheets.contains(&Some(record.origin.sheet_index)))
}
