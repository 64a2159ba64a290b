//! The batch as people see it: serializable values with finished texts, from which all forms are made.

mod breakdown;
mod entry;
mod figure;
mod file;
mod finding;
mod ledger;
mod own;
mod rate;
mod rule;
mod stage;
mod tile;
mod trend;
mod unit;

pub(super) use breakdown::{Share, bands, sectors};
pub(super) use entry::{Entry, entries};
pub(super) use file::{FileView, files_of, files_with_copies};
pub(super) use finding::{FindingView, all_findings, findings_of};
pub(super) use ledger::{LedgerView, ledger};
pub(super) use own::{OwnLine, own_lines};
pub(super) use rate::{LaggardSum, LaggardView, RateTable, laggards, laggards_by_unit, rates};
pub(super) use rule::{RuleView, rules};
pub(super) use stage::{StageView, sources, stages, tally};
pub(super) use tile::{TileMap, tile_map};
pub(super) use trend::{Chart, trend};
pub(super) use unit::{Overview, UNIT_PAGE, UnitView, expected, overview_of, unit_of};
