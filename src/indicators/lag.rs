//! 提醒预警: projects that have stood still for too long on a batch's day.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use super::rates::State;
use super::seen::{At, Seen};
use crate::model::{BatchId, Lag, Laggard};
use crate::spec::Spec;

/// Projects that lag on day `as_of`, by unit, lag, and how long.
pub(super) fn laggards<'a>(
    states: impl Iterator<Item = &'a State>,
    seen: &Seen,
    as_of: Date,
    spec: &Spec,
) -> Vec<Laggard> {
    let days: BTreeMap<&BatchId, Date> = spec.batches.iter().filter_map(|(id, b)| Some((id, b.date?))).collect();
    let mut found: Vec<Laggard> = states.filter_map(|s| of_project(s, seen, as_of, &days, spec)).collect();
    found.sort_by_cached_key(|l| {
        let longest = std::cmp::Reverse(l.months);
        (spec.roster.position(&l.unit_code), l.unit_code.clone(), l.lag, longest, l.since, l.project_id.clone())
    });
    found
}

fn of_project(
    state: &State,
    seen: &Seen,
    as_of: Date,
    days: &BTreeMap<&BatchId, Date>,
    spec: &Spec,
) -> Option<Laggard> {
    let times = &spec.indicators.laggards;
    let (lag, from, allowed_months) = match state.stages {
        [_, Some(start), None] => (Lag::StartedNotInProduction, start, times.started_not_in_production_months),
        [Some(signing), None, None] => (Lag::SignedNotStarted, signing, times.signed_not_started_months),
        [_, _, Some(_)] | [None, None, None] => return None,
    };
    let since = since(from, seen, days)?;
    let due = since.checked_add(Span::new().months(i64::from(allowed_months))).ok()?;
    if due >= as_of {
        return None;
    }
    let ((of_first, first), (of_latest, latest)) = (seen.get(from)?, seen.get(state.latest)?);
    Some(Laggard {
        lag,
        unit_code: of_first.name(first.unit).to_owned(),
        project_id: of_first.project_id(first).to_owned(),
        project_name: of_latest.project_name(latest).to_owned(),
        since_batch: of_first.batch().clone(),
        since,
        months: months(since, as_of),
        allowed_months,
        total_yuan: latest.total_yuan.or(first.total_yuan),
    })
}

/// The day that the list gives (the last one that its words allow), but not after the day of its batch: a date beyond it
/// is a plan. Without either nothing can be counted.
fn since(row: At, seen: &Seen, days: &BTreeMap<&BatchId, Date>) -> Option<Date> {
    let (batch, line) = seen.get(row)?;
    let written = line.date.map(|d| d.last());
    match (written, days.get(batch.batch()).copied()) {
        (Some(written), Some(day)) => Some(written.min(day)),
        // 签约 and 开工 lists of a batch whose day is not known: only a day that has passed is one that happened.
        (written, day) => day.or(written),
    }
}

/// Whole months from one day to another.
fn months(from: Date, to: Date) -> u32 {
    let months = i32::from(to.year() - from.year()) * 12 + i32::from(to.month() - from.month());
    let begun = i32::from(to.day() < from.day());
    u32::try_from(months - begun).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_months_count() {
        let day = Date::constant;
        for (from, to, expected) in [
            (day(2021, 7, 10), day(2022, 1, 10), 6),
            (day(2021, 7, 10), day(2022, 1, 9), 5),
            (day(2021, 12, 31), day(2022, 2, 28), 1),
            (day(2022, 2, 28), day(2021, 12, 31), 0),
        ] {
            assert_eq!(months(from, to), expected, "{from} {to}");
        }
    }
}
