//! What is compared.

use super::ledger::entries;
use super::rows::Rows;
use super::scope::scopes;
use super::trace::World;
use super::{accepted, findings, published};
use crate::model::{BatchId, Comparison, DeclaredTotal, Finding, Record};
use crate::spec::{Roster, Spec};

/// Everything that the comparisons of one batch need.
#[derive(Debug)]
pub struct Input<'a> {
    /// Batch.
    pub batch: &'a BatchId,
    /// All project rows of the files that count, each with whether it was accepted; sorted as in the datasets.
    pub details: &'a [(&'a Record, bool)],
    /// Totals stated in the files that count.
    pub totals: &'a [&'a DeclaredTotal],
    /// Findings so far: evidence for causes (N402 text numbers, L202 hidden rows …).
    pub findings: &'a [Finding],
    /// Configuration, with the published figures.
    pub spec: &'a Spec,
}

/// All comparisons of the batch, sorted, and the findings (R701–R705) about those that do not hold.
#[must_use]
pub fn reconcile(input: &Input<'_>) -> (Vec<Comparison>, Vec<Finding>) {
    let roster = &input.spec.roster;
    let rows = Rows::new(input.details, input.findings);
    let scopes = scopes(input.totals, &rows);
    let world = World { rows: &rows, totals: input.totals, scopes: &scopes };
    let entries = entries(world, roster);

    let (mut comparisons, of_published) = published::compare(input, &rows);
    comparisons.extend(accepted::comparisons(input.batch, &rows, roster));
    comparisons.extend(entries.iter().map(|e| e.comparison(world)));
    comparisons.sort_by_cached_key(|c| key(c, roster));

    let mut found = findings::of_totals(&entries, world, roster);
    found.extend(of_published);
    (comparisons, found)
}

/// The province first, then roster order; stages before their sum.
fn key(c: &Comparison, roster: &Roster) -> impl Ord + use<> {
    let province = c.unit_code != roster.province_code;
    let unit = (province, roster.position(&c.unit_code), c.unit_code.clone());
    let stage = (c.stage.is_none(), c.stage);
    (unit, stage, c.measure, c.left, c.right, c.group.clone(), c.right_at.clone(), c.left_at.clone())
}
