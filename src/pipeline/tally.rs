//! A batch in numbers: what summary, run report and exit code are made of, also when the batch was not made again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{BatchResult, Severity};

/// What the terminal says about a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// When it is the only one.
    pub text: String,
    /// Among others: cells of one line.
    pub row: Vec<String>,
}

/// Numbers of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Files by outcome (`read`, `superseded` …).
    pub files: BTreeMap<String, u64>,
    /// Project rows read from the files.
    pub rows_read: u64,
    /// Of these accepted.
    pub rows_accepted: u64,
    /// Of these rejected.
    pub rows_rejected: u64,
    /// Findings by severity that count: neither waived nor of a rule on trial.
    pub findings: BTreeMap<String, u64>,
    /// Findings that a waiver accepts.
    pub waived: u64,
    /// Findings of rules on trial.
    pub trial: u64,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(result: &BatchResult) -> Self {
        let mut tally = Self::default();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            tally.findings.insert(severity.as_str().to_owned(), 0);
        }
        for submission in &result.submissions {
            *tally.files.entry(submission.outcome.as_str().to_owned()).or_default() += 1;
            tally.rows_read += u64::from(submission.rows_read);
        }
        tally.rows_accepted = result.accepted.len() as u64;
        tally.rows_rejected = result.rejected.len() as u64;
        for finding in &result.findings {
            match (finding.waived, finding.trial) {
                (true, _) => tally.waived += 1,
                (_, true) => tally.trial += 1,
                _ => *tally.findings.entry(finding.severity.as_str().to_owned()).or_default() += 1,
            }
        }
        tally
    }

    /// Whether a finding that counts is at or above a level.
    #[must_use]
    pub fn reaches(&self, level: Severity) -> bool {
        let at_least = [Severity::Error, Severity::Warning, Severity::Info].into_iter().filter(|s| *s >= level);
        at_least.filter_map(|s| self.findings.get(s.as_str())).any(|n| *n > 0)
    }
}
