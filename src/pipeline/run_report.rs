//! The run report: what a run did, in figures, for programs. `<out>/logs/<run id>.json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::run::{How, RunResult};
use super::tally::Tally;
use crate::publish::Outcome;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// Run id: time of the start and process.
    pub run: String,
    /// Version of the program.
    pub program: String,
    /// Hash of the configuration.
    pub spec_hash: String,
    /// Start.
    pub started: Timestamp,
    /// End.
    pub ended: Timestamp,
    /// Time from start to end.
    pub milliseconds: u64,
    /// Milliseconds of each step: `discover`, `read`, `check`, `write`, `publish`.
    pub steps: BTreeMap<String, u64>,
    /// `published`, `unchanged` or `failed`.
    pub outcome: String,
    /// The version that is current now, as far as this run knows.
    pub version: Option<u64>,
    /// As the process will exit.
    pub exit_code: u8,
    /// Why nothing was published (Chinese).
    pub error: Option<String>,
    /// Files of the run.
    pub files: FileCounts,
    /// Batches, oldest first.
    pub batches: Vec<BatchReport>,
    /// What the operator was told besides (Chinese).
    pub remarks: Vec<String>,
    /// Versions that were deleted.
    pub removed_versions: Vec<u64>,
}

/// Files of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// In the inbox, of the batches of the run.
    pub found: u64,
    /// Read, or taken from the cache.
    pub read: u64,
    /// Of these taken from the cache.
    pub from_cache: u64,
    /// Of batches that stayed as they were.
    pub kept: u64,
}

/// A batch of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchReport {
    /// Batch id.
    pub batch: String,
    /// `made`, `kept` (nothing has changed) or `followed` (made again because an earlier batch has changed).
    pub how: String,
    /// Its numbers.
    #[serde(flatten)]
    pub tally: Tally,
}

impl How {
    /// Value of [`BatchReport::how`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Kept => "kept",
            Self::Followed => "followed",
        }
    }
}

impl RunReport {
    /// The report of a run that has begun and about which nothing else is known: it failed, until it is told otherwise.
    #[must_use]
    pub fn begun(run: &str, spec_hash: &str, started: Timestamp) -> Self {
        Self {
            run: run.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            spec_hash: spec_hash.to_owned(),
            started,
            ended: started,
            milliseconds: 0,
            steps: BTreeMap::new(),
            outcome: "failed".to_owned(),
            version: None,
            exit_code: 2,
            error: None,
            files: FileCounts::default(),
            batches: Vec::new(),
            remarks: Vec::new(),
            removed_versions: Vec::new(),
        }
    }

    /// Takes over what came of the run, the numbers of its batches too.
    pub fn tell(&mut self, result: &mut RunResult) {
        let (outcome, version) = match &result.outcome {
            Outcome::Published(number, _) => ("published", *number),
            Outcome::Unchanged(number, _) => ("unchanged", *number),
        };
        outcome.clone_into(&mut self.outcome);
        self.version = Some(version);
        self.files.from_cache = result.from_cache;
        self.removed_versions.clone_from(&result.removed);
        let report = |b: &mut super::run::BatchTold| BatchReport {
            batch: b.batch.to_string(),
            how: b.how.as_str().to_owned(),
            tally: std::mem::take(&mut b.tally),
        };
        self.batches = result.batches.iter_mut().map(report).collect();
    }

    /// Sets the end.
    pub fn end(&mut self, ended: Timestamp, milliseconds: u64, exit_code: u8) {
        (self.ended, self.milliseconds, self.exit_code) = (ended, milliseconds, exit_code);
    }
}
