//! The batch as people see it: serializable values with finished texts, from which all forms are made.

mod breakdown;
mod figure;
mod file;
mod finding;
mod ledger;
mod rule;
mod stage;
mod unit;

pub(super) use breakdown::{Share, bands, sectors};
pub(super) use file::{FileView, files_of};
pub(super) use finding::{Class, FindingView, all_findings, findings_of};
pub(super) use ledger::{LedgerView, ledger, ledger_of};
pub(super) use rule::{RuleView, rules};
pub(super) use stage::{StageView, stages};
pub(super) use unit::{Overview, UnitView, overview_of, unit_of};
