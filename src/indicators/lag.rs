//! 提醒预警: projects that have stood still for too long on a batch's day.

use std::collections::HashMap;
use std::io;

use jiff::Span;
use jiff::civil::Date;

use super::rates::State;
use super::seen::{At, Seen};
use crate::model::{Imprint, Lag, Laggard, Line, Rows};
use crate::spec::Spec;

/// A project that lags.
struct Late {
    lag: Lag,
    from: At,
    latest: At,
    since: Date,
    allowed_months: u32,
}

/// Projects that lag on day `as_of`, by unit, lag, and how long.
///
/// # Errors
/// When their rows cannot be read again.
pub(super) fn laggards(
    states: &[State],
    seen: &Seen,
    rows: &dyn Rows,
    as_of: Date,
    spec: &Spec,
) -> io::Result<Vec<Laggard>> {
    let late: Vec<Late> = states.iter().filter_map(|state| late(state, as_of, spec)).collect();
    let again = seen.read(late.iter().flat_map(|l| [l.from, l.latest]).collect(), rows)?;
    let known: HashMap<At, (&Imprint, &Line)> = again.by_row().collect();
    let mut found: Vec<Laggard> = late.iter().filter_map(|l| told(l, &known, as_of)).collect();
    found.sort_by_cached_key(|l| {
        let longest = std::cmp::Reverse(l.months);
        (spec.roster.position(&l.unit_code), l.unit_code.clone(), l.lag, longest, l.since, l.project_id.clone())
    });
    Ok(found)
}

fn late(state: &State, as_of: Date, spec: &Spec) -> Option<Late> {
    let times = &spec.indicators.laggards;
    let [since_signing, since_start] = state.since;
    let (lag, from, since, allowed_months) = match state.stages {
        [_, Some(start), None] => {
            (Lag::StartedNotInProduction, start, since_start?, times.started_not_in_production_months)
        }
        [Some(signing), None, None] => {
            (Lag::SignedNotStarted, signing, since_signing?, times.signed_not_started_months)
        }
        [_, _, Some(_)] | [None, None, None] => return None,
    };
    let due = since.checked_add(Span::new().months(i64::from(allowed_months))).ok()?;
    (due < as_of).then_some(Late { lag, from, latest: state.latest, since, allowed_months })
}

fn told(late: &Late, known: &HashMap<At, (&Imprint, &Line)>, as_of: Date) -> Option<Laggard> {
    let ((of_first, first), (of_latest, latest)) = (known.get(&late.from)?, known.get(&late.latest)?);
    Some(Laggard {
        lag: late.lag,
        unit_code: of_first.name(first.unit).to_owned(),
        project_id: of_first.project_id(first).to_owned(),
        project_name: of_latest.project_name(latest).to_owned(),
        since_batch: of_first.batch().clone(),
        since: late.since,
        months: months(late.since, as_of),
        allowed_months: late.allowed_months,
        total_yuan: latest.total_yuan.or(first.total_yuan),
    })
}

/// The day that time is counted from for a row of a batch of this `day`: the one that the list gives (the last one that its
/// words allow), but not after that of the batch: a date beyond it is a plan. Without either nothing can be counted.
pub(super) fn since(line: &Line, day: Option<Date>) -> Option<Date> {
    let written = line.date.map(|d| d.last());
    match (written, day) {
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
