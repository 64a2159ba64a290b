//! Counts and amounts of one batch's lists.

use std::collections::{BTreeMap, BTreeSet};

use super::seen::GroupNumber;
use super::table::Figure;
use crate::model::{IndicatorKind, Line, Stage};
use crate::spec::Indicators;

/// A share, a count and an amount have four decimals.
pub(super) const ONE: i64 = 10_000;

/// Sums of one list, or of all.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    rows: i64,
    yuan: i64,
}

/// Completed and planned investment, over rows that give both.
#[derive(Debug, Clone, Copy, Default)]
struct Plan {
    completed: i64,
    planned: i64,
}

/// Sums of one batch.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    sums: BTreeMap<(GroupNumber, Option<Stage>), Sum>,
    plans: BTreeMap<GroupNumber, Plan>,
    groups: BTreeSet<GroupNumber>,
}

impl Amounts {
    /// Adds a row of the batch to its groups.
    pub(super) fn add(&mut self, row: &Line, groups: impl Iterator<Item = GroupNumber>, spec: &Indicators) {
        for group in groups {
            self.groups.insert(group);
            for stage in [Some(row.stage), None] {
                let sum = self.sums.entry((group, stage)).or_default();
                sum.rows += 1;
                sum.yuan = sum.yuan.saturating_add(row.total_yuan.unwrap_or(0));
            }
            if let (true, Some(planned), Some(completed)) =
                (row.stage == spec.annual_plan.of, row.annual_yuan, row.completed_yuan)
            {
                let plan = self.plans.entry(group).or_default();
                plan.planned = plan.planned.saturating_add(planned);
                plan.completed = plan.completed.saturating_add(completed);
            }
        }
    }

    /// Groups with a row in the batch.
    pub(super) fn groups(&self) -> impl Iterator<Item = GroupNumber> {
        self.groups.iter().copied()
    }

    /// Figures of a group. One without any row in the batch has empty figures: nothing is known, which is not 0.
    pub(super) fn figures(&self, group: GroupNumber, spec: &Indicators) -> Vec<Figure> {
        let known = self.groups.contains(&group);
        let mut figures = Vec::new();
        for stage in Stage::ALL.into_iter().map(Some).chain([None]) {
            let sum = self.sums.get(&(group, stage)).copied().unwrap_or_default();
            let plain = |kind, value| Figure::plain(kind, stage, known.then_some(value));
            figures.push(plain(IndicatorKind::Count, sum.rows.saturating_mul(ONE)));
            figures.push(plain(IndicatorKind::TotalInvestment, sum.yuan));
        }
        let plan = self.plans.get(&group).copied().unwrap_or_default();
        figures.push(Figure::ratio(
            IndicatorKind::AnnualPlanRate,
            spec.annual_plan.of,
            (plan.planned > 0).then_some(plan.completed),
            plan.planned,
        ));
        figures
    }
}
