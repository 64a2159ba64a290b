//! Slips of scale: an amount ten thousand times too large or too small, because 亿元 stood in a 万元 column or the
//! other way round.
//!
//! Nobody states how large a project should be, so the amounts of a row are weighed against each other, against the
//! other projects of the sheet, against an amount in the row's own text and against what was published before. Each
//! disagreement has a cost that grows with its distance in orders of magnitude. A slip is believed when assuming it
//! saves far more than it costs, and the amount that it is assumed for is the one to report. Values here are decimal
//! logarithms of 万元; money itself stays fixed point.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Accepted;
use super::registry::Threshold;
use super::stated::stated_total;
use crate::model::{BatchId, Field, Record, Stage};
use crate::spec::Spec;

/// The amounts that are weighed.
const AMOUNTS: [Field; 4] =
    [Field::TotalInvestment, Field::AnnualPlannedInvestment, Field::CompletedInvestment, Field::ContractedCapital];
/// Orders of magnitude of a slip between 元, 万元 and 亿元.
const SLIPS: [i32; 4] = [4, -4, 8, -8];
/// What assuming a slip must save, in units of half a squared standard deviation. Undisturbed rows save nothing.
pub(super) const EVIDENCE: Threshold = Threshold {
    name: "evidence",
    default: 8.0,
    meaning: "证据强度：改正后各项金额互相符合的程度要好多少才报，越大越少报",
};
/// Rows of a sheet from which its own median is used.
pub(super) const MIN_PEERS: Threshold =
    Threshold {
        name: "min_peers", default: 8.0, meaning: "同表至少有几个项目，才与同表的中位数比较"
    };
/// Typical project of the campaign, when there are no peers: 3 亿元, give or take a factor of eight.
const TYPICAL: (f64, f64) = (4.5, 0.9);
/// Bounds of the spread of peers.
const SPREAD: (f64, f64) = (0.4, 0.9);
/// No project of the campaign is below 100 万元 or above 1000 亿元.
const PLAUSIBLE: (f64, f64) = (2.0, 7.0);
/// No part of a project is planned or finished for less than 10 万元.
const SMALLEST: f64 = 1.0;
/// A column of which this share slips alike is one cause.
const WHOLE_COLUMN: f64 = 0.6;
/// … if it has at least so many rows.
const MIN_COLUMN: usize = 5;

/// One amount that slipped.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slip {
    /// Which amount.
    pub(super) field: Field,
    /// Power of ten that would set it right: 4, -4, 8 or -8.
    pub(super) exponent: i32,
    /// Median of 总投资 of the sheet in 元, when it was used.
    pub(super) peers: Option<i64>,
    /// The whole column slipped: number of rows, told at the first.
    pub(super) column: Option<usize>,
    /// Told at another row of the same column.
    pub(super) told: bool,
}

/// Slips by position of the record.
#[derive(Debug, Default)]
pub(super) struct Slips(pub(super) BTreeMap<usize, Slip>);

impl Slips {
    /// Whether one of these amounts of the record slipped.
    pub(super) fn concern(&self, position: usize, fields: &[Field]) -> bool {
        self.0.get(&position).is_some_and(|s| fields.contains(&s.field))
    }
}

/// Finds the slips of a batch. `ids` are the project ids of the records, `history` their earlier records.
pub(super) fn find(records: &[&Record], ids: &[&str], history: &Accepted<'_>, batch: &BatchId, spec: &Spec) -> Slips {
    let mut sheets: BTreeMap<(Arc<str>, u32), Vec<usize>> = BTreeMap::new();
    let mut units: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (i, record) in records.iter().enumerate() {
        sheets.entry((Arc::clone(&record.origin.source.file), record.origin.sheet_index)).or_default().push(i);
        units.entry(&record.unit_code).or_default().extend(log_of(record, Field::TotalInvestment));
    }
    let mut slips = Slips::default();
    for rows in sheets.into_values() {
        // The lists of a sheet share their peers: the first one's settings decide.
        let list = rows.first().and_then(|&i| records[i].stage);
        let min_peers = MIN_PEERS.of("V504", spec, batch, list);
        let totals: Vec<f64> = rows.iter().filter_map(|&i| log_of(records[i], Field::TotalInvestment)).collect();
        let of_unit = || rows.first().and_then(|&i| units.get(records[i].unit_code.as_str()));
        let peers = Peers::of(&totals, min_peers)
            .or_else(|| of_unit().and_then(|totals| Peers::of(totals, min_peers)))
            .unwrap_or(Peers { center: TYPICAL.0, spread: TYPICAL.1, median: None });
        let mut found: BTreeMap<usize, Slip> = BTreeMap::new();
        for &i in &rows {
            let past = history.get(ids[i]).and_then(|p| p.iter().rev().find_map(|p| p.total_yuan)).and_then(log);
            let finished = records[i].stage == Some(Stage::Production);
            let row = Row {
                finished,
                amounts: AMOUNTS.map(|f| log_of(records[i], f)),
                text: stated_total(records[i]).and_then(log),
                past,
            };
            let evidence = EVIDENCE.of("V504", spec, batch, records[i].stage);
            if let Some((field, exponent)) = row.likeliest_slip(&peers, evidence) {
                found.insert(i, Slip { field, exponent, peers: peers.median, column: None, told: false });
            }
        }
        merge_columns(&rows, records, &mut found);
        slips.0.append(&mut found);
    }
    slips
}

/// Where most of a column slipped in the same way, the first row speaks for all.
fn merge_columns(rows: &[usize], records: &[&Record], found: &mut BTreeMap<usize, Slip>) {
    for field in AMOUNTS {
        let filled = rows.iter().filter(|&&i| log_of(records[i], field).is_some()).count();
        for exponent in SLIPS {
            let alike = |s: &Slip| s.field == field && s.exponent == exponent;
            let count = found.values().filter(|s| alike(s)).count();
            #[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
            if count < MIN_COLUMN || (count as f64) < WHOLE_COLUMN * filled as f64 {
                continue;
            }
            for (n, slip) in found.values_mut().filter(|s| alike(s)).enumerate() {
                slip.column = (n == 0).then_some(count);
                slip.told = n > 0;
            }
        }
    }
}

/// How large the projects of a sheet are.
struct Peers {
    center: f64,
    spread: f64,
    /// 元, when it is the sheet's own median.
    median: Option<i64>,
}

impl Peers {
    fn of(totals: &[f64], min: f64) -> Option<Self> {
        #[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
        if (totals.len() as f64) < min {
            return None;
        }
        let center = median(totals.to_vec())?;
        if center < PLAUSIBLE.0 || center > PLAUSIBLE.1 {
            return None; // the sheet as a whole slipped
        }
        let deviation = median(totals.iter().map(|t| (t - center).abs()).collect())?;
        // 1.4826 turns the median deviation of a normal distribution into its standard deviation.
        let spread = (1.4826 * deviation).clamp(SPREAD.0, SPREAD.1);
        #[allow(clippy::cast_possible_truncation, reason = "the center lies between 2 and 7")]
        let median = (10f64.powf(center).round() as i64) * crate::model::FACTOR_WAN;
        Some(Self { center, spread, median: Some(median) })
    }
}

/// The amounts of one row and what else is known about its 总投资.
struct Row {
    /// A project in production has completed most of its investment.
    finished: bool,
    amounts: [Option<f64>; 4],
    text: Option<f64>,
    past: Option<f64>,
}

impl Row {
    /// The slip that explains the row best, if one explains it far better than none.
    fn likeliest_slip(&self, peers: &Peers, evidence: f64) -> Option<(Field, i32)> {
        self.amounts[0]?;
        let as_written = self.cost(peers);
        if as_written < evidence {
            return None;
        }
        let mut best: Option<(f64, Field, i32)> = None;
        for (k, field) in AMOUNTS.into_iter().enumerate() {
            let Some(value) = self.amounts[k] else { continue };
            for exponent in SLIPS {
                let mut corrected = Row { amounts: self.amounts, ..*self };
                corrected.amounts[k] = Some(value + f64::from(exponent));
                let saved = as_written - corrected.cost(peers);
                if saved >= evidence && best.is_none_or(|(most, ..)| saved > most) {
                    best = Some((saved, field, exponent));
                }
            }
        }
        best.map(|(_, field, exponent)| (field, exponent))
    }

    /// How much the amounts disagree.
    fn cost(&self, peers: &Peers) -> f64 {
        let [total, annual, completed, contracted] = self.amounts;
        let Some(total) = total else { return 0.0 };
        let mut cost = penalty(total - peers.center, peers.spread);
        cost += penalty((PLAUSIBLE.0 - total).max(0.0), 0.3) + penalty((total - PLAUSIBLE.1).max(0.0), 0.3);
        // 年度计划投资 is usually between a tenth and all of 总投资; 累计完成投资 may be anything up to it.
        cost += annual.map_or(0.0, |a| penalty(a - total + 0.45, 0.45));
        let least = total - if self.finished { 0.5 } else { 2.0 };
        cost += completed.map_or(0.0, |c| penalty((c - total).max(0.0), 0.35) + penalty((least - c).max(0.0), 0.45));
        cost += contracted.map_or(0.0, |k| penalty(k - total + 0.15, 0.4));
        cost += [annual, completed, contracted]
            .iter()
            .flatten()
            .map(|a| penalty((SMALLEST - a).max(0.0), 0.3))
            .sum::<f64>();
        cost += self.text.map_or(0.0, |t| penalty(t - total, 0.3));
        cost + self.past.map_or(0.0, |p| penalty(p - total, 0.3))
    }
}

/// Huber's loss: square near zero, linear beyond two and a half standard deviations.
fn penalty(distance: f64, spread: f64) -> f64 {
    const BEND: f64 = 2.5;
    let z = (distance / spread).abs();
    if z <= BEND { z * z / 2.0 } else { BEND * z - BEND * BEND / 2.0 }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}

fn log_of(record: &Record, field: Field) -> Option<f64> {
    record.amount(field).and_then(|a| log(a.yuan))
}

/// Decimal logarithm of an amount in 元, in 万元; `None` for nothing and below.
fn log(yuan: i64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "an order of magnitude is wanted, not the amount")]
    (yuan > 0).then(|| (yuan as f64).log10() - 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(wan: [f64; 4], text: Option<f64>, past: Option<f64>) -> Option<(Field, i32)> {
        let peers = Peers { center: 4.5, spread: 0.5, median: None };
        let amounts = wan.map(|w| (w > 0.0).then(|| w.log10()));
        Row { finished: false, amounts, text: text.map(f64::log10), past: past.map(f64::log10) }
            .likeliest_slip(&peers, EVIDENCE.default)
    }

    #[test]
    fn the_amount_that_slipped_is_named() {
        use Field::{AnnualPlannedInvestment, CompletedInvestment, TotalInvestment};
        type Case = ([f64; 4], Option<f64>, Option<f64>, Option<(Field, i32)>);
        let cases: &[Case] = &[
            ([34.2, 147_000.0, 0.0, 0.0], None, None, Some((TotalInvestment, 4))),
            ([8e8, 0.0, 0.0, 0.0], None, None, Some((TotalInvestment, -4))),
            ([5_000.0, 0.26, 5_000.0, 0.0], None, None, Some((AnnualPlannedInvestment, 4))),
            ([9_000.0, 36_000_000.0, 0.0, 0.0], None, None, Some((AnnualPlannedInvestment, -4))),
            ([60_000.0, 20_000.0, 4e8, 0.0], None, None, Some((CompletedInvestment, -4))),
            ([3e8, 0.0, 0.0, 0.0], Some(3e4), None, Some((TotalInvestment, -4))),
            ([500.0, 0.0, 0.0, 0.0], Some(5e6), None, Some((TotalInvestment, 4))),
            ([0.55, 0.0, 0.0, 0.0], None, Some(5_500.0), Some((TotalInvestment, 4))),
            // Large, small, overspent, far from the text, or slow: doubtful at most, but no slip.
            ([2_000_000.0, 800_000.0, 0.0, 0.0], None, None, None),
            ([600.0, 300.0, 0.0, 0.0], None, None, None),
            ([60_000.0, 82_000.0, 90_000.0, 0.0], None, None, None),
            ([60_000.0, 20_000.0, 50.0, 0.0], None, None, None),
            ([60_000.0, 20_000.0, 0.9, 0.0], None, None, Some((CompletedInvestment, 4))),
            ([60_000.0, 0.0, 0.0, 0.0], Some(2_000.0), None, None),
            ([80_000.0, 0.0, 0.0, 0.0], None, Some(8e8), None),
        ];
        for (wan, text, past, expected) in cases {
            assert_eq!(slip(*wan, *text, *past), *expected, "{wan:?} {text:?} {past:?}");
        }
    }
}
