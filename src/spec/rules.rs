//! `rules.toml`: severity, trial and thresholds per rule, where needed per stage and range of batches.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Problem;
use super::document::{Document, Step};
use crate::model::{BatchId, Severity, Stage};

use Step::{Index, Key};

/// Codes that the configuration may name, each with the names of its thresholds.
pub type RuleNames<'a> = BTreeMap<&'a str, Vec<&'a str>>;

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
    /// `false`: the rule does not speak.
    #[serde(default)]
    pub enabled: Option<bool>,
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
    /// Exceptions; of several that fit, the last one that says something holds.
    #[serde(default)]
    pub when: Vec<When>,
}

/// `[[CODE.when]]`: what holds instead in a stage, in a range of batches, or in both together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Only in this list.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// From this batch on.
    #[serde(default)]
    pub from_batch: Option<u32>,
    /// Up to this batch.
    #[serde(default)]
    pub to_batch: Option<u32>,
    /// As [`RuleSetting::enabled`].
    #[serde(default)]
    pub enabled: Option<bool>,
    /// As [`RuleSetting::severity`].
    #[serde(default)]
    pub severity: Option<Severity>,
    /// As [`RuleSetting::trial`].
    #[serde(default)]
    pub trial: Option<bool>,
    /// As [`RuleSetting::thresholds`].
    #[serde(default)]
    pub thresholds: BTreeMap<String, f64>,
    /// As [`RuleSetting::source`].
    #[serde(default)]
    pub source: Option<String>,
}

/// What holds for a rule at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// The rule speaks.
    pub enabled: bool,
    /// Instead of the rule's own severity.
    pub severity: Option<Severity>,
    /// On trial.
    pub trial: bool,
}

impl When {
    fn fits(&self, batch: Option<&BatchId>, stage: Option<Stage>) -> bool {
        let stage_fits = self.stage.is_none() || self.stage == stage;
        let ranged = self.from_batch.is_some() || self.to_batch.is_some();
        let number = batch.map(BatchId::number);
        let within = |n: u32| self.from_batch.is_none_or(|from| from <= n) && self.to_batch.is_none_or(|to| n <= to);
        stage_fits && (!ranged || number.is_some_and(within))
    }

    fn says_nothing(&self) -> bool {
        self.enabled.is_none() && self.severity.is_none() && self.trial.is_none() && self.thresholds.is_empty()
    }
}

impl RuleSettings {
    /// What holds for the rule `code` in a list of a batch; `None` where a finding belongs to no single one.
    #[must_use]
    pub fn in_force(&self, code: &str, batch: Option<&BatchId>, stage: Option<Stage>) -> InForce {
        let Some(setting) = self.rule.get(code) else {
            return InForce { enabled: true, severity: None, trial: false };
        };
        let mut force =
            InForce { enabled: setting.enabled.unwrap_or(true), severity: setting.severity, trial: setting.trial };
        for when in setting.when.iter().filter(|w| w.fits(batch, stage)) {
            force.enabled = when.enabled.unwrap_or(force.enabled);
            force.severity = when.severity.or(force.severity);
            force.trial = when.trial.unwrap_or(force.trial);
        }
        force
    }

    /// A named number of a rule in a list of a batch, or its default.
    #[must_use]
    pub fn threshold(&self, code: &str, name: &str, batch: &BatchId, stage: Option<Stage>, default: f64) -> f64 {
        let Some(setting) = self.rule.get(code) else { return default };
        let mut fitting = setting.when.iter().rev().filter(|w| w.fits(Some(batch), stage));
        let special = fitting.find_map(|w| w.thresholds.get(name));
        special.or_else(|| setting.thresholds.get(name)).copied().unwrap_or(default)
    }

    /// Codes and thresholds that do not exist, exceptions that never apply or change nothing.
    pub(super) fn check(&self, doc: &Document, names: &RuleNames<'_>, problems: &mut Vec<Problem>) {
        for (code, setting) in &self.rule {
            let Some(known) = names.get(code.as_str()) else {
                let message = format!("没有代码为 {code} 的规则，sanpi explain --all 可以看全部规则");
                problems.push(doc.problem_at(&[Key(code)], message));
                continue;
            };
            let mut thresholds = |steps: &[Step], numbers: &BTreeMap<String, f64>| {
                for name in numbers.keys().filter(|name| !known.contains(&name.as_str())) {
                    let list = if known.is_empty() { "这条规则没有阈值".to_owned() } else { known.join("、") };
                    let at = [steps, &[Key("thresholds"), Key(name)]].concat();
                    problems.push(doc.problem_at(&at, format!("规则 {code} 没有阈值 {name}；可以写：{list}")));
                }
            };
            thresholds(&[Key(code)], &setting.thresholds);
            for (n, when) in setting.when.iter().enumerate() {
                thresholds(&[Key(code), Key("when"), Index(n)], &when.thresholds);
            }
            for (n, when) in setting.when.iter().enumerate() {
                let at = [Key(code), Key("when"), Index(n)];
                if let (Some(from), Some(to)) = (when.from_batch, when.to_batch)
                    && from > to
                {
                    let message = format!("from_batch {from} 大于 to_batch {to}，永远不会适用");
                    problems.push(doc.problem_at(&[&at[..], &[Key("from_batch")]].concat(), message));
                }
                if when.stage.is_none() && when.from_batch.is_none() && when.to_batch.is_none() {
                    let message = format!("没有写 stage、from_batch 或 to_batch；对全部都适用的请写在 [{code}] 里");
                    problems.push(doc.problem_at(&at, message));
                }
                if when.says_nothing() {
                    let message = "没有写 enabled、severity、trial 或 thresholds，什么也不改变".to_owned();
                    problems.push(doc.problem_at(&at, message));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
[V505]
severity = \"warning\"
thresholds.manufacturing = 30000

[[V505.when]]
stage = \"投产\"
from_batch = 6
trial = true
thresholds.manufacturing = 20000

[[V505.when]]
from_batch = 8
to_batch = 9
enabled = false
severity = \"info\"
";

    #[test]
    fn the_last_exception_that_says_something_holds() {
        let settings: RuleSettings = toml::from_str(TEXT).unwrap();
        let at = |batch: u32, stage| {
            let batch = BatchId::from_number(batch);
            let force = settings.in_force("V505", Some(&batch), stage);
            let number = settings.threshold("V505", "manufacturing", &batch, stage, 1.0);
            (force.enabled, force.severity, force.trial, number.to_string())
        };
        let (production, start) = (Some(Stage::Production), Some(Stage::Start));
        let (warning, info) = (Some(Severity::Warning), Some(Severity::Info));
        assert_eq!(at(5, production), (true, warning, false, "30000".to_owned()));
        assert_eq!(at(6, production), (true, warning, true, "20000".to_owned()));
        assert_eq!(at(6, start), (true, warning, false, "30000".to_owned()));
        assert_eq!(at(8, production), (false, info, true, "20000".to_owned()));
        assert_eq!(at(10, start), (true, warning, false, "30000".to_owned()));
        // A finding that belongs to no list and no batch meets no exception.
        assert!(settings.in_force("V505", None, None).enabled);
        assert_eq!(settings.in_force("V501", None, None), InForce { enabled: true, severity: None, trial: false });
    }
}
