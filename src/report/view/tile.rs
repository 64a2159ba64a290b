//! The province as tiles: each unit a square about where it lies.

use serde::Serialize;

use super::unit::UnitView;
use crate::spec::Spec;

/// Side of a tile and the gap between two, in pixels.
const WIDE: i64 = 92;
const HIGH: i64 = 68;
const GAP: i64 = 6;
/// Shades of a figure.
const SHADES: usize = 5;

/// One unit on the map.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Tile {
    /// From the left.
    pub(in super::super) x: i64,
    /// From the top.
    pub(in super::super) y: i64,
    /// Short name that fits.
    pub(in super::super) name: String,
    /// The unit as in the table.
    pub(in super::super) unit: UnitView,
    /// Shade of its 总投资, 0 to 4.
    pub(in super::super) money_shade: usize,
    /// Shade of its findings, 0 to 4.
    pub(in super::super) finding_shade: usize,
    /// Findings that need something: errors and warnings.
    pub(in super::super) findings: usize,
}

/// The map.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct TileMap {
    /// Size.
    pub(in super::super) width: i64,
    /// Size.
    pub(in super::super) height: i64,
    /// Size of a tile.
    pub(in super::super) wide: i64,
    /// Size of a tile.
    pub(in super::super) high: i64,
    /// Units of the roster, in report order.
    pub(in super::super) tiles: Vec<Tile>,
}

/// Units by the places that the roster gives them; units without one follow below, side by side.
pub(in super::super) fn tile_map(units: &[UnitView], spec: &Spec) -> TileMap {
    let placed = spec.roster.unit.iter().filter_map(|u| u.tile);
    let columns = placed.clone().map(|t| t[0]).max().map_or(5, |c| i64::from(c) + 1);
    let below = placed.map(|t| t[1]).max().map_or(0, |r| i64::from(r) + 1);
    let mut homeless = 0;
    let mut tiles: Vec<Tile> = Vec::new();
    let known: Vec<&UnitView> = units.iter().filter(|u| spec.roster.by_code(&u.code).is_some()).collect();
    let money: Vec<i64> = known.iter().map(|u| u.total.yuan).collect();
    let findings: Vec<i64> = known.iter().map(|u| count(u)).collect();
    for unit in &known {
        let roster = spec.roster.by_code(&unit.code);
        let (column, row) = roster.and_then(|u| u.tile).map_or_else(
            || {
                homeless += 1;
                ((homeless - 1) % columns, below + (homeless - 1) / columns)
            },
            |[column, row]| (i64::from(column), i64::from(row)),
        );
        tiles.push(Tile {
            x: column * (WIDE + GAP),
            y: row * (HIGH + GAP),
            name: roster.map_or_else(|| unit.name.clone(), |u| short(&u.name, &u.aliases)),
            money_shade: shade(unit.total.yuan, &money),
            finding_shade: shade(count(unit), &findings),
            findings: unit.errors + unit.warnings,
            unit: (*unit).clone(),
        });
    }
    let edge = |end: fn(&Tile) -> i64| tiles.iter().map(end).max().unwrap_or(0);
    TileMap { width: edge(|t| t.x + WIDE), height: edge(|t| t.y + HIGH), wide: WIDE, high: HIGH, tiles }
}

fn count(unit: &UnitView) -> i64 {
    i64::try_from(unit.errors + unit.warnings).unwrap_or(i64::MAX)
}

/// A part of the official name that is a name of its own and fits on a tile, or the official name.
fn short(name: &str, aliases: &[String]) -> String {
    let fits = |n: &&str| (2..=4).contains(&n.chars().count()) && name.contains(*n);
    aliases.iter().map(String::as_str).find(fits).unwrap_or(name).to_owned()
}

/// Fifth of the order that a value lies in; 0 for nothing.
fn shade(value: i64, all: &[i64]) -> usize {
    if value <= 0 {
        return 0;
    }
    let below = all.iter().filter(|v| **v < value).count();
    (below * SHADES / all.len().max(1)).min(SHADES - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::fixture;
    use super::super::unit::overview_of;
    use super::*;

    #[test]
    fn every_unit_has_a_tile_of_its_own() {
        let (mut spec, result) = (fixture::spec(), fixture::result());
        for placed in [true, false] {
            for (i, unit) in spec.roster.unit.iter_mut().enumerate() {
                let i = u8::try_from(i).expect("few");
                unit.tile = (placed && i > 2).then_some([i % 4, i / 4]);
            }
            let map = tile_map(&overview_of(&result, &spec).units, &spec);
            let places: BTreeSet<(i64, i64)> = map.tiles.iter().map(|t| (t.x, t.y)).collect();
            assert_eq!(places.len(), 19, "{placed}");
            assert!(map.tiles.iter().all(|t| t.x + WIDE <= map.width && t.y + HIGH <= map.height));
        }
    }

    #[test]
    fn shades_follow_the_order() {
        let all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!((shade(0, &all), shade(1, &all), shade(9, &all)), (0, 0, 4));
        assert_eq!(shade(7, &[]), 0);
    }

    #[test]
    fn names_on_tiles_are_short() {
        assert_eq!(short("郑州航空港区", &["港".into(), "航空港区".into()]), "航空港区");
        assert_eq!(short("济源示范区", &["济源市".into(), "济源".into()]), "济源");
        assert_eq!(short("郑州市", &[]), "郑州市");
    }
}
