//! What the accepted projects are: by sector and by size.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::figure::Figure;
use crate::model::{BatchResult, FACTOR_YI, Field, Record, Stage};

/// Lines of the sector table; the rest is summed up as 其他.
const SECTORS: usize = 15;

/// Bands of 总投资 as (from 亿元, name), largest first.
const BANDS: [(i64, &str); 6] = [
    (100, "100 亿元及以上"),
    (50, "50–100 亿元"),
    (10, "10–50 亿元"),
    (5, "5–10 亿元"),
    (1, "1–5 亿元"),
    (0, "不足 1 亿元"),
];

/// One line: a sector or a band.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Share {
    /// Sector as written, or band.
    pub(in super::super) name: String,
    /// Per stage.
    pub(in super::super) stages: Vec<Figure>,
    /// All stages.
    pub(in super::super) total: Figure,
    /// Part of all 总投资, in tenths of a percent.
    pub(in super::super) permille: i64,
    /// The same as text: `12.3%`.
    pub(in super::super) percent: String,
}

/// Counts and sums per stage.
type Sums = [(usize, i64); 3];

fn add(sums: &mut Sums, record: &Record) {
    let at = Stage::ALL.iter().position(|s| Some(*s) == record.stage).unwrap_or(0);
    sums[at].0 += 1;
    sums[at].1 = sums[at].1.saturating_add(record.total_yuan().unwrap_or(0));
}

fn share(name: &str, sums: &Sums, all: i64) -> Share {
    let stages: Vec<Figure> = sums.iter().map(|(n, y)| Figure::new(*n, *y)).collect();
    let total = Figure::sum(stages.iter());
    // i128: 元 × 1000 of a province may pass i64 when amounts are absurd, and absurd amounts do arrive.
    let permille = if all > 0 { (i128::from(total.yuan) * 1000 + i128::from(all) / 2) / i128::from(all) } else { 0 };
    let permille = i64::try_from(permille).unwrap_or(0).clamp(0, 1000);
    Share { name: name.to_owned(), stages, percent: format!("{}.{}%", permille / 10, permille % 10), total, permille }
}

fn all_yuan(result: &BatchResult) -> i64 {
    result.accepted.iter().fold(0i64, |sum, (r, _)| sum.saturating_add(r.total_yuan().unwrap_or(0)))
}

/// Accepted projects by sector, the largest sum first; empty when no project names a sector.
pub(in super::super) fn sectors(result: &BatchResult) -> Vec<Share> {
    let mut by_name: BTreeMap<&str, Sums> = BTreeMap::new();
    for (record, _) in &result.accepted {
        add(by_name.entry(record.text(Field::Sector).unwrap_or("")).or_default(), record);
    }
    let unnamed = by_name.remove("");
    let all = all_yuan(result);
    let mut named: Vec<(&str, Sums)> = by_name.into_iter().collect();
    named.sort_by_key(|(_, sums)| Reverse(sums.iter().fold(0i64, |sum, (_, y)| sum.saturating_add(*y))));
    let mut lines: Vec<Share> = named.iter().take(SECTORS).map(|(name, sums)| share(name, sums, all)).collect();
    if named.len() > SECTORS {
        let mut rest = Sums::default();
        for (_, sums) in &named[SECTORS..] {
            for (to, from) in rest.iter_mut().zip(sums) {
                *to = (to.0 + from.0, to.1.saturating_add(from.1));
            }
        }
        lines.push(share(&format!("其他 {} 类", named.len() - SECTORS), &rest, all));
    }
    if let (Some(sums), false) = (unnamed, lines.is_empty()) {
        lines.push(share("未填行业", &sums, all));
    }
    lines
}

/// Accepted projects by size, the largest first; bands without a project are left out.
pub(in super::super) fn bands(result: &BatchResult) -> Vec<Share> {
    let mut sums = [Sums::default(); BANDS.len() + 1];
    for (record, _) in &result.accepted {
        let band = record.total_yuan().and_then(|y| BANDS.iter().position(|(from, _)| y >= from * FACTOR_YI));
        add(&mut sums[band.unwrap_or(BANDS.len())], record);
    }
    let all = all_yuan(result);
    let names = BANDS.iter().map(|(_, name)| *name).chain(["没有金额"]);
    names.zip(&sums).filter(|(_, s)| s.iter().any(|(n, _)| *n > 0)).map(|(name, s)| share(name, s, all)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let result = fixture::result();
        for lines in [sectors(&result), bands(&result)] {
            assert!(lines.len() > 1);
            assert_eq!(lines.iter().map(|l| l.total.count).sum::<usize>(), result.accepted.len());
            assert_eq!(lines.iter().map(|l| l.total.yuan).sum::<i64>(), all_yuan(&result));
            assert!((995..=1005).contains(&lines.iter().map(|l| l.permille).sum::<i64>()));
        }
    }

    #[test]
    fn shares_survive_absurd_amounts() {
        assert_eq!(share("x", &[(1, i64::MAX), (1, i64::MAX), (0, 0)], i64::MAX).percent, "100.0%");
        assert_eq!(share("x", &[(1, -5), (0, 0), (0, 0)], 0).percent, "0.0%");
    }
}
