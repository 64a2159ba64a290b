//! Figures → indicators: the value of the batch before, the change, the rank.

use std::collections::BTreeMap;

use super::amounts::ONE;
use crate::model::{BatchId, Indicator, IndicatorKind, Stage};
use crate::spec::Roster;

/// Unit code (the province's for all units) and sector (`None`: all).
pub(super) type Group = (String, Option<String>);

/// One value, before it is compared with others. × 10⁴.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) kind: IndicatorKind,
    pub(super) stage: Option<Stage>,
    numerator: Option<i64>,
    denominator: Option<i64>,
    value: Option<i64>,
}

impl Figure {
    /// A count or an amount.
    pub(super) fn plain(kind: IndicatorKind, stage: Option<Stage>, value: Option<i64>) -> Self {
        Self { kind, stage, numerator: None, denominator: None, value }
    }

    /// A rate; empty when the numerator is not known or the denominator is 0.
    pub(super) fn ratio(kind: IndicatorKind, of: Stage, numerator: Option<i64>, denominator: i64) -> Self {
        let value = numerator.filter(|_| denominator > 0).and_then(|n| share(n, denominator));
        Self { kind, stage: Some(of), numerator, denominator: Some(denominator), value }
    }
}

/// `numerator` ÷ `denominator` with four decimals, half away from zero.
fn share(numerator: i64, denominator: i64) -> Option<i64> {
    let (n, d) = (i128::from(numerator) * i128::from(ONE) * 2, i128::from(denominator));
    let rounded = if n < 0 { (n - d) / (2 * d) } else { (n + d) / (2 * d) };
    i64::try_from(rounded).ok()
}

/// What a figure speaks of.
type Key = (Group, IndicatorKind, Option<Stage>);

/// The values of the batch before.
#[derive(Debug, Default)]
pub(super) struct Before(BTreeMap<Key, i64>);

/// Indicators of one batch: the province first, then roster order; all sectors before each. `before` becomes this batch.
pub(super) fn indicators(
    batch: &BatchId,
    figures: BTreeMap<Group, Vec<Figure>>,
    before: &mut Before,
    roster: &Roster,
) -> Vec<Indicator> {
    let ranks = ranks(&figures, roster);
    let mut now = BTreeMap::new();
    let mut found = Vec::new();
    for (group, figures) in figures {
        for figure in figures {
            let key = (group.clone(), figure.kind, figure.stage);
            let previous = before.0.get(&key).copied();
            let rank = figure.value.and_then(|v| ranks.place(&key, v, roster));
            if let Some(value) = figure.value {
                now.insert(key, value);
            }
            found.push(Indicator {
                batch: batch.clone(),
                unit_code: group.0.clone(),
                stage: figure.stage,
                sector: group.1.clone(),
                kind: figure.kind,
                numerator: figure.numerator,
                denominator: figure.denominator,
                value: figure.value,
                previous,
                change: figure.value.zip(previous).map(|(v, p)| v.saturating_sub(p)),
                rank,
            });
        }
    }
    before.0 = now;
    found.sort_by_cached_key(|i| {
        let province = i.unit_code != roster.province_code;
        let unit = (province, roster.position(&i.unit_code), i.unit_code.clone());
        (unit, i.sector.clone(), i.stage.is_none(), i.stage, i.kind)
    });
    found
}

/// Values of all units by what they speak of, largest first.
struct Ranks(BTreeMap<(Option<String>, IndicatorKind, Option<Stage>), Vec<i64>>);

fn ranks(figures: &BTreeMap<Group, Vec<Figure>>, roster: &Roster) -> Ranks {
    let mut values: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for ((_, sector), figures) in figures.iter().filter(|((unit, _), _)| *unit != roster.province_code) {
        for figure in figures {
            if let Some(value) = figure.value {
                values.entry((sector.clone(), figure.kind, figure.stage)).or_default().push(value);
            }
        }
    }
    for values in values.values_mut() {
        values.sort_unstable_by_key(|v| std::cmp::Reverse(*v));
    }
    Ranks(values)
}

impl Ranks {
    /// Place of a unit's value, from 1; equal values share one. The province has none.
    fn place(&self, (group, kind, stage): &Key, value: i64, roster: &Roster) -> Option<u32> {
        if group.0 == roster.province_code {
            return None;
        }
        let all = self.0.get(&(group.1.clone(), *kind, *stage))?;
        u32::try_from(all.partition_point(|v| *v > value) + 1).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        for (n, d, value) in [(30, 42, 7143), (1, 3, 3333), (2, 3, 6667), (1, 20_000, 1), (0, 5, 0), (7, 5, 14_000)] {
            assert_eq!(share(n * ONE, d * ONE), Some(value), "{n}/{d}");
        }
    }
}
