//! The list of rules and what it says about each.

use serde::Serialize;

use super::RULES;
use super::context::Context;
use crate::model::{BatchId, Field, Finding, Reported, Severity, Stage};
use crate::spec::{RuleNames, Spec};

/// A check over the records of a batch: its findings in the order of the records.
pub(super) type Check = fn(&Context<'_>) -> Vec<Finding>;

/// A rule: identity, documents for the clerk, and the check when the rule has one of its own. Rules without a check are
/// raised by the step that sees their cause (reading, locating, reconciling …).
#[derive(Debug, Serialize)]
pub struct Rule {
    /// Code, e.g. `V502`. Never used again for another rule.
    pub code: &'static str,
    /// Slug, e.g. `total-investment-missing`.
    pub slug: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Severity unless `rules.toml` says otherwise.
    pub severity: Severity,
    /// 查什么.
    pub what: &'static str,
    /// 为什么.
    pub why: &'static str,
    /// 怎么改.
    pub fix: &'static str,
    /// 依据.
    pub basis: &'static str,
    /// 例: for rules that check records a Markdown table, which is also the rule's first test.
    pub example: &'static str,
    /// Advice in one or two sentences, for a finding that brings none of its own.
    pub help: &'static str,
    /// Numbers that `rules.toml` may change.
    pub thresholds: &'static [Threshold],
    /// Columns without which a table cannot be checked.
    pub needs: &'static [Need],
    /// The check.
    #[serde(skip)]
    pub(super) check: Option<Check>,
}

/// A number that a rule reads, and that `rules.toml` may change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Threshold {
    /// Key below `thresholds` of the rule.
    pub name: &'static str,
    /// Value unless `rules.toml` says otherwise.
    pub default: f64,
    /// What it means, with its unit (Chinese).
    pub meaning: &'static str,
}

impl Threshold {
    /// The value in force for the rule `code` in a list of a batch.
    pub(super) fn of(&self, code: &str, spec: &Spec, batch: &BatchId, stage: Option<Stage>) -> f64 {
        spec.rules.threshold(code, self.name, batch, stage, self.default)
    }
}

/// Columns that a rule cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The columns.
    pub fields: &'static [Field],
    /// How many of them there must be.
    pub at_least: usize,
    /// Only in this list; `null`: in every one.
    pub list: Option<Stage>,
}

impl Need {
    /// All of the columns.
    pub(super) const fn all(fields: &'static [Field]) -> Self {
        Self { fields, at_least: fields.len(), list: None }
    }

    /// So many of the columns.
    pub(super) const fn some(at_least: usize, fields: &'static [Field]) -> Self {
        Self { fields, at_least, list: None }
    }

    /// All of the columns, in one list.
    pub(super) const fn in_list(list: Stage, fields: &'static [Field]) -> Self {
        Self { fields, at_least: fields.len(), list: Some(list) }
    }

    /// In words: `总投资`, `项目单位或项目代码`, `四个时间中的两个`.
    pub(super) fn title(&self) -> String {
        let titles: Vec<&str> = self.fields.iter().map(|f| f.title()).collect();
        match (self.at_least, titles.len()) {
            (all, fields) if all == fields => titles.join("、"),
            (1, _) => titles.join("或"),
            (some, _) => format!("{}中的 {some} 列", titles.join("、")),
        }
    }
}

/// What tells whether two rows are one project, besides the name.
pub(super) const IDENTITY: &[Need] =
    &[Need::some(1, &[Field::Owner, Field::OwnerCreditCode, Field::ProjectCode, Field::County])];

/// Declares the modules of all rules and the list of them, from one entry per rule: `folder { file file … }`.
macro_rules! catalog {
    ($($folder:ident { $($file:ident)* })*) => {
        $(mod $folder { $(pub(super) mod $file;)* })*

        /// All rules, by code within each letter.
        pub(super) static RULES: &[&Rule] = &[$($(&$folder::$file::RULE,)*)*];

        /// Folder and file of each rule, as in the list.
        #[cfg(test)]
        pub(super) const FILES: &[(&str, &str)] = &[$($((stringify!($folder), stringify!($file)),)*)*];
    };
}
pub(super) use catalog;

/// All rules, in the order of the catalogue.
#[must_use]
pub fn all() -> &'static [&'static Rule] {
    RULES
}

/// Codes of all rules, with the names of their thresholds: what the configuration may name.
#[must_use]
pub fn codes() -> RuleNames<'static> {
    RULES.iter().map(|r| (r.code, r.thresholds.iter().map(|t| t.name).collect())).collect()
}

/// The rule of this code or slug.
#[must_use]
pub fn lookup(code_or_slug: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|r| r.code == code_or_slug || r.slug == code_or_slug)
}

/// The severity in force for a finding; `None` where its rule is switched off.
pub(super) fn severity(finding: &Finding, spec: &Spec) -> Option<Severity> {
    let force = spec.rules.in_force(finding.code, finding.batch.as_ref(), finding.stage);
    let default = || lookup(finding.code).map_or(Severity::Error, |r| r.severity);
    force.enabled.then(|| force.severity.unwrap_or_else(default))
}

/// A finding with severity, slug, title and advice in force; `None` where its rule is switched off.
#[must_use]
pub fn report(finding: Finding, spec: &Spec) -> Option<Reported> {
    let rule = lookup(finding.code);
    let trial = spec.rules.in_force(finding.code, finding.batch.as_ref(), finding.stage).trial;
    Some(Reported {
        severity: severity(&finding, spec)?,
        rule: rule.map_or("unknown", |r| r.slug),
        title: rule.map_or("", |r| r.title),
        help: finding.help.clone().unwrap_or_else(|| rule.map_or("", |r| r.help).to_owned()),
        waived: false,
        waiver: None,
        explanation: None,
        trial,
        finding,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::rules::FILES;

    /// Codes that the table of codes does not name.
    const BEYOND: [&str; 5] = ["C307", "C308", "F114", "W801", "W802"];

    #[test]
    fn the_list_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let mut in_folder = BTreeSet::new();
        for folder in std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
            for file in std::fs::read_dir(&folder).unwrap() {
                let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
                in_folder.insert((name(&folder), name(&file.unwrap().path())));
            }
        }
        let listed: BTreeSet<_> = FILES.iter().map(|(d, f)| ((*d).to_owned(), (*f).to_owned())).collect();
        assert_eq!(listed, in_folder);
        assert_eq!(listed.len(), RULES.len());
    }

    #[test]
    fn a_file_is_named_for_its_rule() {
        for ((_, file), rule) in FILES.iter().zip(RULES) {
            assert_eq!(*file, format!("{}_{}", rule.code.to_lowercase(), rule.slug.replace('-', "_")));
            assert!(lookup(rule.code).is_some_and(|r| std::ptr::eq(r, *rule)), "{}: code used twice", rule.code);
            assert!(lookup(rule.slug).is_some_and(|r| std::ptr::eq(r, *rule)), "{}: slug used twice", rule.slug);
        }
    }

    /// The table of codes that users and checks rely on.
    #[test]
    fn the_catalogue_is_complete() {
        let numbers =
            |letter: &str, numbers: &[u32]| numbers.iter().map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
        let expected: BTreeSet<String> = [
            numbers("F", &[101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 115]),
            numbers("L", &[201, 202, 203, 204, 205, 207, 208, 209, 210, 211]),
            numbers("C", &[301, 302, 303, 305, 306]),
            numbers("N", &[401, 402, 404, 405, 407, 410, 411]),
            numbers("V", &[501, 502, 503, 504, 505, 506, 507, 508, 509, 511, 512, 513, 514, 515, 516, 518]),
            numbers("X", &[601, 602, 603, 604, 605, 606, 607]),
            numbers("R", &[701, 702, 703, 704, 705]),
        ]
        .concat()
        .into_iter()
        .collect();
        let missing: Vec<&String> = expected.iter().filter(|c| lookup(c).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
        // Codes beyond that table: added on purpose, one by one.
        let more: Vec<&str> = codes().into_keys().filter(|c| !expected.contains(*c)).collect();
        assert_eq!(more, BEYOND);
    }

    /// Each example shows the rule at work, and a row that it passes.
    #[test]
    fn examples_have_a_case_and_its_clean_twin() {
        for rule in RULES.iter().filter(|r| r.check.is_some()) {
            let results: Vec<&str> = rule.example.lines().skip(2).filter_map(|l| l.rsplit('|').nth(1)).collect();
            assert!(results.iter().any(|r| r.trim() == rule.code), "{}: no case", rule.code);
            assert!(results.iter().any(|r| r.trim().is_empty()), "{}: no clean row", rule.code);
        }
    }

    /// What the file says about thresholds is what a reader of the documents expects.
    #[test]
    fn the_file_states_the_defaults() {
        let pipelines = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
        let spec = Spec::load(&pipelines, &codes()).unwrap_or_else(|e| panic!("{e}"));
        for (code, setting) in &spec.rules.rule {
            for (name, value) in &setting.thresholds {
                let known = lookup(code).and_then(|r| r.thresholds.iter().find(|t| t.name == name)).unwrap();
                assert!((known.default - value).abs() < 1e-9, "{code} {name}: the default and the file differ");
            }
        }
    }

    #[test]
    fn rules_that_judge_records_have_a_check() {
        for rule in RULES {
            assert_eq!(rule.check.is_some(), rule.code.starts_with(['V', 'X']), "{}", rule.code);
        }
    }
}
