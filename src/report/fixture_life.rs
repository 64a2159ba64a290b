//! Indicators and laggards of the invented batch.

use super::fixture::{MISSING, UNITS};
use crate::model::{BatchId, Indicator, IndicatorKind, Lag, Laggard, Stage};

/// Counts and amounts of the province, and the three rates of the units; 商丘市 has none.
pub(super) fn indicators(batch: u32, stages: &[(i64, i64)]) -> Vec<Indicator> {
    let batch = BatchId::from_number(batch);
    let one = |code: &str, stage, kind, parts: Option<(i64, i64)>, value: Option<i64>| Indicator {
        batch: batch.clone(),
        unit_code: code.into(),
        stage: Some(stage),
        sector: None,
        kind,
        numerator: parts.map(|p| p.0 * 10_000),
        denominator: parts.map(|p| p.1 * 10_000),
        value,
        previous: value.map(|v| v - 327),
        change: value.map(|_| 327),
        rank: None,
    };
    let mut all = Vec::new();
    for (stage, (count, yi)) in Stage::ALL.into_iter().zip(stages) {
        all.push(one("410000", stage, IndicatorKind::Count, None, Some(count * 10_000)));
        all.push(one("410000", stage, IndicatorKind::TotalInvestment, None, Some(yi * 100_000_000)));
    }
    let rates = [
        (Stage::Signing, IndicatorKind::StartRate, 12),
        (Stage::Start, IndicatorKind::ProductionRate, 17),
        (Stage::Production, IndicatorKind::CapacityRate, 21),
    ];
    for (stage, kind, short) in rates {
        let rate = |short: i64| {
            let parts = (42 - short, 42);
            (Some(parts), Some((parts.0 * 10_000 + 21) / 42))
        };
        let (parts, value) = rate(short);
        all.push(one("410000", stage, kind, parts, value));
        for (i, (code, _)) in UNITS.iter().enumerate() {
            let (parts, value) =
                if *code == MISSING { (None, None) } else { rate(short + i64::try_from(i % 7).unwrap_or(0)) };
            let mut own = one(code, stage, kind, parts, value);
            if i % 3 == 1 {
                own.change = own.change.map(|c| -c);
            }
            own.rank = value.map(|_| u32::try_from(i % 7 * 3 + 1).unwrap_or(1));
            all.push(own);
        }
    }
    all
}

/// Every other unit has one.
pub(super) fn laggards() -> Vec<Laggard> {
    let units = UNITS.iter().enumerate().filter(|(i, u)| i % 2 == 0 && u.0 != MISSING);
    let one = |(i, (code, name)): (usize, &(&str, &str))| Laggard {
        lag: if i % 4 == 0 { Lag::SignedNotStarted } else { Lag::StartedNotInProduction },
        unit_code: (*code).into(),
        project_id: format!("l{code}"),
        project_name: format!("{name}现代物流园（一期）"),
        since_batch: BatchId::from_number(1),
        since: jiff::civil::date(2020, 7, 10),
        months: 13 + u32::try_from(i).unwrap_or(0),
        allowed_months: 12,
        total_yuan: (i != 6).then_some(1_250_000_000),
    };
    units.map(one).collect()
}
