//! `rules.toml`: severity, trial and thresholds per rule.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Severity;

/// `rules.toml`: one table per code.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct RuleSettings {
    /// By code.
    pub rule: BTreeMap<String, RuleSetting>,
}

/// What the owner changed about a rule.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSetting {
    /// Instead of the rule's own severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Reported, but never blocks: a trial rule rejects no row and does not count for `--fail-on`.
    #[serde(default)]
    pub trial: bool,
    /// Named numbers that the rule reads, instead of its own.
    #[serde(default)]
    pub thresholds: BTreeMap<String, f64>,
    /// Where the severity or the numbers come from.
    #[serde(default)]
    pub source: Option<String>,
}

impl RuleSettings {
    /// A named number of a rule, or its default.
    #[must_use]
    pub fn threshold(&self, code: &str, name: &str, default: f64) -> f64 {
        self.rule.get(code).and_then(|r| r.thresholds.get(name)).copied().unwrap_or(default)
    }
}
