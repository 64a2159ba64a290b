//! Findings by rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::finding::FindingView;

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
}

/// Rules with findings, by code.
pub(in super::super) fn rules(findings: &[FindingView]) -> Vec<RuleView> {
    let mut by_code: BTreeMap<&str, (RuleView, BTreeSet<&str>)> = BTreeMap::new();
    for f in findings {
        let (view, units) = by_code.entry(f.code).or_insert_with(|| {
            let (severity, severity_title) = (f.severity, f.severity_title);
            (RuleView { code: f.code, title: f.title, severity, severity_title, count: 0, units: 0 }, BTreeSet::new())
        });
        view.count += 1;
        units.insert(&f.unit_code);
        view.units = units.len();
    }
    by_code.into_values().map(|(view, _)| view).collect()
}
