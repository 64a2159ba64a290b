//! The list of rules and what it says about each.

use std::collections::BTreeSet;

use crate::model::{Finding, Reported, Severity};
use crate::spec::Spec;

/// A rule: identity and documents. The check, if the rule has one of its own, is in its file.
#[derive(Debug)]
pub struct Rule {
    /// Code, e.g. `V502`.
    pub code: &'static str,
    /// Slug, e.g. `total-investment-missing`.
    pub slug: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Severity unless `rules.toml` says otherwise.
    pub severity: Severity,
    /// 怎么改, one or two sentences.
    pub help: &'static str,
}

/// Codes of all rules.
#[must_use]
pub fn codes() -> BTreeSet<&'static str> {
    BTreeSet::new()
}

/// The rule of this code or slug.
#[must_use]
pub fn lookup(code_or_slug: &str) -> Option<&'static Rule> {
    let _ = code_or_slug;
    None
}

/// A finding with severity, slug, title and advice in force.
#[must_use]
pub fn report(finding: Finding, spec: &Spec) -> Reported {
    let rule = lookup(finding.code);
    let setting = spec.rules.rule.get(finding.code);
    Reported {
        rule: rule.map_or("unknown", |r| r.slug),
        title: rule.map_or("", |r| r.title),
        severity: setting.and_then(|s| s.severity).or(rule.map(|r| r.severity)).unwrap_or(Severity::Error),
        help: finding.help.clone().unwrap_or_else(|| rule.map_or("", |r| r.help).to_owned()),
        waived: false,
        trial: setting.is_some_and(|s| s.trial),
        finding,
    }
}

/// All rules, by code.
#[must_use]
pub fn all() -> &'static [&'static Rule] {
    &[]
}

/// A rule's documents as text for a terminal.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    format!("{} {}\n", rule.code, rule.title)
}
