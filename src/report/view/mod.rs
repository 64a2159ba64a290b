//! The batch as people see it: serializable values with finished texts, from which all forms are made.

mod breakdown;
mod entry;
mod figure;
mod file;
mod finding;
mod ledger;
mod own;
mod rule;
mod stage;
mod unit;

pub(super) use breakdown::{Share, bands, sectors};
pub(super) use entry::{Entry, entries};
pub(super) use file::{FileView, files_of, files_with_copies};
pub(super) use finding::{FindingView, all_findings, findings_of};
pub(super) use ledger::{LedgerView, ledger};
pub(super) use own::{OwnLine, own_lines};
pub(super) use rule::{RuleView, rules};
pub(super) use stage::{StageView, stages};
pub(super) use unit::{Overview, UNIT_PAGE, UnitView, overview_of, unit_of};
