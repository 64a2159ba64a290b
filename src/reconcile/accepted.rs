//! What was read against what is published in `projects`: the difference is the rejected rows.

use std::collections::BTreeSet;

use super::cause::Cause;
use super::rows::{Row, Rows};
use super::stated::fixed4;
use super::words::{self, Sides};
use crate::model::{BatchId, Comparison, FACTOR_WAN, FACTOR_YI, Measure, Stage, Verdict};
use crate::spec::Roster;

/// Rows whose cells are named.
const MAX_PLACES: usize = 3;

/// Units, stages and their sums: `detail` against `accepted`, for every unit with rows and for the province.
pub(super) fn comparisons(batch: &BatchId, rows: &Rows<'_>, roster: &Roster) -> Vec<Comparison> {
    let units: BTreeSet<&str> =
        rows.all.iter().map(|r| r.record.unit_code.as_str()).filter(|u| !u.is_empty()).collect();
    let all: Vec<usize> = (0..rows.all.len()).collect();
    let mut found = Vec::new();
    for unit in units {
        of_unit(batch, rows, &rows.pick(&all, |r| r.record.unit_code == unit), unit, roster, &mut found);
    }
    of_unit(batch, rows, &all, &roster.province_code, roster, &mut found);
    found
}

fn of_unit(batch: &BatchId, rows: &Rows<'_>, own: &[usize], unit: &str, roster: &Roster, found: &mut Vec<Comparison>) {
    if own.is_empty() {
        return;
    }
    for stage in Stage::ALL.into_iter().map(Some).chain([None]) {
        let of_stage = rows.pick(own, |r| stage.is_none() || r.record.stage == stage);
        if of_stage.is_empty() {
            continue;
        }
        for measure in [Measure::Count, Measure::TotalInvestment] {
            found.push(comparison(batch, rows, &of_stage, (unit, stage, measure), roster));
        }
    }
}

fn comparison(
    batch: &BatchId,
    rows: &Rows<'_>,
    own: &[usize],
    (unit, stage, measure): (&str, Option<Stage>, Measure),
    roster: &Roster,
) -> Comparison {
    let rejected = rows.pick(own, |r| !r.accepted);
    let (sum, without) = (rows.sum(own, measure), rows.sum(&rejected, measure));
    let differs = without != 0;
    let sides = Sides {
        unit,
        stage,
        group: None,
        measure,
        names: ("明细", "采用"),
        values: (sum, sum - without),
        factor: if unit == roster.province_code { FACTOR_YI } else { FACTOR_WAN },
    };
    let note = || format!("{} = 退回的{}", words::head(&sides, roster), rejected_rows(rows, &rejected, unit, roster));
    Comparison {
        batch: batch.clone(),
        unit_code: unit.to_owned(),
        stage,
        group: None,
        measure,
        left: "detail",
        right: "accepted",
        left_value: Some(fixed4(sum, measure)),
        right_value: Some(fixed4(sum - without, measure)),
        difference: Some(fixed4(without, measure)),
        tolerance: Some(0),
        half_widths: (Some(0), Some(0)),
        right_unit: Some(words::unit(measure, FACTOR_WAN)),
        verdict: if differs { Verdict::Mismatch } else { Verdict::Match },
        cause: differs.then_some(Cause::RejectedRows.as_str()),
        note: differs.then(note),
        left_at: words::range(rows.at(own), measure),
        right_at: None,
    }
}

/// The rejected rows: by number when they share a sheet of the unit, else by unit.
fn rejected_rows(rows: &Rows<'_>, rejected: &[usize], unit: &str, roster: &Roster) -> String {
    let mut sheets: Vec<_> = rows.at(rejected).map(Row::place).collect();
    sheets.dedup();
    if sheets.len() == 1 && unit != roster.province_code {
        return words::numbers(rows.at(rejected));
    }
    format!("{}{}", by_unit(rows, rejected, roster), places(rows, rejected))
}

/// The cells of a few rows, `（file › sheet › F5）`; nothing for more.
pub(super) fn places(rows: &Rows<'_>, positions: &[usize]) -> String {
    if positions.len() > MAX_PLACES {
        return String::new();
    }
    let place = |r: &Row<'_>| {
        let cell = r.cell().map_or_else(|| format!("{0}:{0}", r.number()), |c| c.to_string());
        words::path(r.place().0, r.record.origin.sheet.as_deref(), Some(&cell))
    };
    let listed: Vec<String> = rows.at(positions).map(place).collect();
    format!("（{}）", listed.join("；"))
}

/// ` 3 行（郑州市 1，新乡市 2）`.
pub(super) fn by_unit(rows: &Rows<'_>, positions: &[usize], roster: &Roster) -> String {
    let mut units: Vec<(usize, &str, usize)> = Vec::new();
    for row in rows.at(positions) {
        let code = row.record.unit_code.as_str();
        match units.iter_mut().find(|u| u.1 == code) {
            Some(unit) => unit.2 += 1,
            None => units.push((roster.position(code), code, 1)),
        }
    }
    units.sort_unstable();
    let name = |code: &str| if code.is_empty() { "单位不明".to_owned() } else { roster.name_of(code).to_owned() };
    let listed: Vec<String> = units.iter().map(|(_, code, count)| format!("{} {count}", name(code))).collect();
    format!(" {} 行（{}）", positions.len(), listed.join("，"))
}
