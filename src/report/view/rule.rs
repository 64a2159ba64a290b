//! Findings by rule and by unit.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::finding::FindingView;
use super::unit::UnitView;

/// Shades of a cell of the matrix.
const SHADES: usize = 4;

/// How often a rule found something.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct RuleView {
    /// `V502`.
    pub(in super::super) code: &'static str,
    /// Chinese title.
    pub(in super::super) title: &'static str,
    /// `error` … (of the first finding: one rule has one severity in a run).
    pub(in super::super) severity: &'static str,
    /// 错误 …
    pub(in super::super) severity_title: &'static str,
    /// Findings.
    pub(in super::super) count: usize,
    /// Units concerned.
    pub(in super::super) units: usize,
    /// Findings per unit of the table, then those of no unit of it.
    pub(in super::super) cells: Vec<Cell>,
}

/// Findings of a rule in a unit.
#[derive(Debug, Clone, Default, Serialize)]
pub(in super::super) struct Cell {
    /// Findings.
    pub(in super::super) count: usize,
    /// 0 (none) to 4 (most).
    pub(in super::super) shade: usize,
}

/// Rules with findings, by code, each with its findings per unit of `units`.
pub(in super::super) fn rules(findings: &[FindingView], units: &[UnitView]) -> Vec<RuleView> {
    let mut by_code: BTreeMap<&str, (RuleView, BTreeSet<&str>)> = BTreeMap::new();
    for f in findings {
        let (view, concerned) = by_code.entry(f.code).or_insert_with(|| {
            let cells = vec![Cell::default(); units.len() + 1];
            let (code, title, severity, severity_title) = (f.code, f.title, f.severity, f.severity_title);
            (RuleView { code, title, severity, severity_title, count: 0, units: 0, cells }, BTreeSet::new())
        });
        view.count += 1;
        concerned.insert(&f.unit_code);
        view.units = concerned.len();
        let at = units.iter().position(|u| u.code == f.unit_code).unwrap_or(units.len());
        view.cells[at].count += 1;
    }
    let mut rules: Vec<RuleView> = by_code.into_values().map(|(view, _)| view).collect();
    for rule in &mut rules {
        let most = rule.cells.iter().map(|c| c.count).max().unwrap_or(0).max(1);
        for cell in &mut rule.cells {
            cell.shade = (cell.count * SHADES).div_ceil(most);
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::super::{all_findings, overview_of};
    use super::*;

    #[test]
    fn the_matrix_has_every_finding_once() {
        let (spec, result) = (fixture::spec(), fixture::result());
        let units = overview_of(&result, &spec).units;
        let rules = rules(&all_findings(&result, &spec), &units);
        for rule in &rules {
            assert_eq!(rule.cells.len(), units.len() + 1);
            assert_eq!(rule.cells.iter().map(|c| c.count).sum::<usize>(), rule.count, "{}", rule.code);
            assert!(rule.cells.iter().all(|c| (c.count == 0) == (c.shade == 0) && c.shade <= SHADES));
        }
        assert_eq!(rules.iter().map(|r| r.count).sum::<usize>(), result.findings.len());
        assert!(rules.iter().any(|r| r.cells[units.len()].count > 0), "the province and strangers");
    }
}
