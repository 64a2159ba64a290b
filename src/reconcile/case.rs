//! A stated investment that does not hold, and everything that could explain it alone.

use std::collections::BTreeMap;

use super::cause::{Candidate, Cause, OfRows, Story};
use super::digits::exchanged;
use super::rows::Row;
use super::scope::is_within;
use super::single::{Sizes, single_row};
use super::stated::Stated;
use super::trace::{Decision, Trace, World};
use crate::model::{FACTOR_WAN, FACTOR_YI, Measure, Stage};

const MONEY: Measure = Measure::TotalInvestment;
/// Longest run of first or last rows that a typed total may lack.
const MAX_END: usize = 20;
/// A slip is only seen when the figure is this many times wider than what its digits leave open.
const CLEAR: i128 = 4;

/// A narrower total that does not hold either.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    /// Which.
    pub(super) total: usize,
    /// Details − total.
    pub(super) difference: i128,
    /// Half the weight of its last digit.
    pub(super) half: i128,
    /// Its cause.
    pub(super) cause: Cause,
    /// Its explanation.
    pub(super) text: String,
    /// Rows that explain it.
    pub(super) rows: Vec<usize>,
}

/// A total to be explained.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// Rows and totals.
    pub(super) world: World<'a>,
    /// Rows of the total.
    pub(super) scope: &'a [usize],
    /// The figure.
    pub(super) stated: Stated,
    /// Details − figure.
    pub(super) difference: i128,
    /// What the digits allow.
    pub(super) tolerance: i128,
    /// The formula of its cell.
    pub(super) trace: Option<&'a Trace>,
    /// Whether that formula gives the figure.
    pub(super) decision: Option<Decision>,
    /// Whether its cell has a formula, understood or not.
    pub(super) computed: bool,
    /// Group totals within it and what they state.
    pub(super) groups: Vec<(usize, i128)>,
    /// Totals within it that do not hold.
    pub(super) broken: Vec<Broken>,
    /// Rows − count beside it, when a count is stated.
    pub(super) count_gap: Option<i128>,
}

/// What may be found in the rows of a case, whatever its difference is.
#[derive(Debug)]
pub(super) struct Known {
    /// What evidence points to.
    pub(super) sets: Vec<Candidate>,
    /// Parts of the table.
    parts: Vec<Candidate>,
    /// How large amounts are.
    pub(super) sizes: Sizes,
}

/// How near an effect must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Largest distance.
    pub(super) width: i128,
    /// Whether a corrected row may also be off by its own digits.
    pub(super) wide: bool,
}

impl Case<'_> {
    /// The window of a cause that explains the difference to the last digit of the stated figure.
    pub(super) fn sharp(&self) -> Window {
        Window { width: self.stated.half + self.world.slack(self.scope), wide: false }
    }

    /// The window of a cause that leaves no more than the digits of all addends allow.
    pub(super) fn wide(&self) -> Window {
        Window { width: self.tolerance, wide: true }
    }

    /// The row at a position.
    pub(super) fn row(&self, position: usize) -> Option<&Row<'_>> {
        self.world.rows.all.get(position)
    }

    fn sum(&self, rows: &[usize]) -> i128 {
        self.world.rows.sum(rows, MONEY)
    }

    /// What does not depend on the difference.
    pub(super) fn known(&self) -> Known {
        Known { sets: self.sets(), parts: self.parts(), sizes: Sizes::of(self.world.rows.at(self.scope)) }
    }

    /// Everything within the window that explains `target`, a part of the difference or all of it.
    pub(super) fn candidates(&self, known: &Known, target: i128, window: Window) -> Vec<Candidate> {
        let near = |c: &&Candidate| c.effect != 0 && (target - c.effect).abs() <= window.width + c.blur;
        let mut found: Vec<Candidate> = known.sets.iter().chain(&known.parts).filter(near).cloned().collect();
        if target == self.difference {
            self.whole(window, &mut found);
        }
        for &i in self.scope {
            if let Some(row) = self.row(i) {
                single_row(i, row, &known.sizes, target, window, &mut found);
            }
        }
        found.sort_by(|a, b| a.story.cmp(&b.story));
        found.dedup_by(|a, b| a.story == b.story);
        found
    }

    /// What evidence points to, whatever it amounts to.
    fn sets(&self) -> Vec<Candidate> {
        let rows = self.world.rows;
        let mut found = Vec::new();
        let mut add = |story: Story, effect: i128| found.push(Candidate::new(story, effect));
        if let Some(trace) = self.trace.filter(|t| !t.left_out.is_empty()) {
            add(Story::FormulaShort(trace.left_out.clone()), self.sum(&trace.left_out));
        }
        let groups: Vec<&Broken> = self.broken_groups().collect();
        if let (Some(widest), 2..) = (groups.iter().max_by_key(|b| b.difference.abs()), groups.len()) {
            add(widest.story(), groups.iter().map(|b| b.difference).sum());
        }
        let of_kind = |wanted: &dyn Fn(&Row<'_>) -> bool| rows.pick(self.scope, |r| r.value(MONEY) != 0 && wanted(r));
        let kinds: [(Vec<usize>, OfRows); 4] = [
            (of_kind(&|r| r.as_text), Story::TextSkipped),
            (of_kind(&|r| r.record.hidden), Story::Hidden),
            (of_kind(&|r| !r.accepted), Story::Rejected),
            (of_kind(&|r| r.record.after_total), Story::Below),
        ];
        for (all, story) in kinds {
            if !all.is_empty() && all.len() < self.scope.len() {
                let effect = self.sum(&all);
                add(story(all), effect);
            }
        }
        found.extend(self.broken.iter().map(|b| Candidate { story: b.story(), effect: b.difference, blur: b.half }));
        found
    }

    /// Broken totals none of which lies within another broken one.
    fn broken_groups(&self) -> impl Iterator<Item = &Broken> {
        let scope = |b: &Broken| self.world.scopes.get(b.total).map_or(&[][..], |s| s.rows.as_slice());
        let inside = move |a: &Broken, b: &Broken| {
            let (inner, outer) = (scope(a), scope(b));
            a.total != b.total && is_within(inner, outer) && (inner.len() < outer.len() || b.total < a.total)
        };
        self.broken.iter().filter(move |a| !self.broken.iter().any(|b| inside(a, b)))
    }

    /// Parts of the table that a total may lack, or have twice.
    fn parts(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        let mut add = |story: Story, effect: i128| found.push(Candidate::new(story, effect));
        let all: Vec<usize> = self.groups.iter().map(|g| g.0).collect();
        add(Story::SubtotalTwice(all), -self.groups.iter().map(|g| g.1).sum::<i128>());
        for &(group, value) in &self.groups {
            add(Story::SubtotalTwice(vec![group]), -value);
        }
        let mut labels: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut stages: BTreeMap<Stage, Vec<usize>> = BTreeMap::new();
        for &i in self.scope {
            let Some(row) = self.row(i) else { continue };
            if let Some(label) = row.record.group.as_deref() {
                labels.entry(label).or_default().push(i);
            }
            if let Some(stage) = row.record.stage {
                stages.entry(stage).or_default().push(i);
            }
        }
        for (stage, rows) in stages.into_iter().filter(|(_, rows)| rows.len() < self.scope.len()) {
            let effect = self.sum(&rows);
            add(Story::StageMissing { stage, rows }, effect);
        }
        for (label, rows) in labels.into_iter().filter(|(_, rows)| rows.len() > 1 && rows.len() < self.scope.len()) {
            let effect = self.sum(&rows);
            add(Story::GroupMissing { label: label.to_owned(), rows }, effect);
        }
        let count = self.scope.len();
        for length in 2..=MAX_END.min(count / 2) {
            for rows in [&self.scope[..length], &self.scope[count - length..]] {
                add(Story::EndMissing(rows.to_vec()), self.sum(rows));
            }
        }
        found
    }

    /// What may be wrong with the stated figure itself.
    fn whole(&self, window: Window, found: &mut Vec<Candidate>) {
        let Stated { value, half, factor, decimals, .. } = self.stated;
        let sum = value + self.difference;
        let mut add = |story: Story| found.push(Candidate::new(story, self.difference));
        for power in [i128::from(FACTOR_WAN), i128::from(FACTOR_YI)] {
            // Whoever writes 亿元 for 万元 may as well cut the last digits as round them.
            let up = (sum - value * power).abs() <= 2 * half * power + window.width && value.abs() > CLEAR * half;
            let down =
                (sum * power - value).abs() <= half + self.tolerance * power && sum.abs() > CLEAR * self.tolerance;
            if value != 0 && sum != 0 && (up || down) {
                add(Story::TotalSlip { corrected: if up { value * power } else { value / power } });
            }
        }
        if !self.computed {
            for corrected in exchanged(value, factor, decimals) {
                if (sum - corrected).abs() <= window.width {
                    add(Story::TotalDigits { corrected });
                }
            }
        }
    }
}

impl Broken {
    /// It brought its difference along.
    pub(super) fn story(&self) -> Story {
        Story::Inherited { total: self.total, cause: self.cause, text: self.text.clone(), rows: self.rows.clone() }
    }
}
