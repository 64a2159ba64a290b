//! What a run knows about one batch after all steps: the input of the datasets and the reports.

use std::sync::Arc;

use serde::Serialize;

use super::{
    BatchId, CellTrace, DeclaredTotal, FileOutcome, Finding, Imprint, ImprintMaker, Indicator, Laggard, Measure,
    Record, Severity, Sighting, Source, Stage, TableHeaders,
};

/// Outcome of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Equal to the last digit.
    Match,
    /// Inside the interval that the written digits allow.
    WithinRounding,
    /// Outside of it.
    Mismatch,
    /// One side does not exist.
    Missing,
    /// The two sides speak of different things; `note` says why.
    NotComparable,
}

impl Verdict {
    /// Value of `reconciliation.verdict`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::WithinRounding => "within_rounding",
            Self::Mismatch => "mismatch",
            Self::Missing => "missing",
            Self::NotComparable => "not_comparable",
        }
    }

    /// 一致, 舍入内一致, 不一致, 缺失, 不可比.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Match => "一致",
            Self::WithinRounding => "舍入内一致",
            Self::Mismatch => "不一致",
            Self::Missing => "缺失",
            Self::NotComparable => "不可比",
        }
    }
}

/// One comparison. Values are fixed point with four decimals (× 10⁴): 万元 for investment, 项 for counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Batch.
    pub batch: BatchId,
    /// Unit code; `410000` for the whole province.
    pub unit_code: String,
    /// Stage; `None` over all stages.
    pub stage: Option<Stage>,
    /// Group label, for 小计.
    pub group: Option<String>,
    /// What is counted.
    pub measure: Measure,
    /// `detail`, `accepted`, `sheet_total`, `group_total`, `cover`, `published`.
    pub left: &'static str,
    /// As `left`.
    pub right: &'static str,
    /// × 10⁴.
    pub left_value: Option<i64>,
    /// × 10⁴.
    pub right_value: Option<i64>,
    /// left − right, × 10⁴.
    pub difference: Option<i64>,
    /// Largest difference that the written digits allow, × 10⁴.
    pub tolerance: Option<i64>,
    /// How far either side may be off because of its written digits, × 10⁴; their sum is the tolerance.
    pub half_widths: (Option<i64>, Option<i64>),
    /// Unit in which the right side is written: 亿元, 万元, 项 …
    pub right_unit: Option<&'static str>,
    /// Outcome.
    pub verdict: Verdict,
    /// Likeliest cause of a mismatch, a name of the contract's list.
    pub cause: Option<&'static str>,
    /// Chinese sentence that explains the cause with its cells.
    pub note: Option<String>,
    /// file › sheet › cell, or source.
    pub left_at: Option<String>,
    /// file › sheet › cell, or source.
    pub right_at: Option<String>,
}

/// One input file of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionRow {
    /// Unit code, when one could be told.
    pub unit_code: Option<String>,
    /// The file.
    pub source: Arc<Source>,
    /// What became of it.
    pub outcome: FileOutcome,
    /// Sheets in it.
    pub sheets: u32,
    /// Project rows read.
    pub rows_read: u32,
    /// Of these accepted.
    pub rows_accepted: u32,
    /// Of these rejected.
    pub rows_rejected: u32,
    /// 总投资 of the accepted rows, in 元.
    pub amount_accepted: i64,
    /// Version words of its name: 修订版, 第二次报送 …
    pub version: Option<String>,
    /// The file that was used instead.
    pub superseded_by: Option<Arc<str>>,
}

/// A finding with what the rule registry and the owner's settings say about its rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// Slug of its rule, e.g. `total-investment-missing`.
    pub rule: &'static str,
    /// Chinese title of its rule.
    pub title: &'static str,
    /// Severity in force.
    pub severity: Severity,
    /// Advice in force.
    pub help: String,
    /// Accepted by a waiver.
    pub waived: bool,
    /// Why it was accepted, by whom and until when (Chinese); set when `waived`.
    pub waiver: Option<String>,
    /// What the unit itself says about it, from its own 说明.
    pub explanation: Option<String>,
    /// The rule is on trial: reported, never blocks.
    pub trial: bool,
}

impl Reported {
    /// Whether it blocks: an error, neither waived nor on trial.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && !self.waived && !self.trial
    }
}

/// What the unit has to do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// 退回: must be corrected.
    Must,
    /// 说明: must be explained.
    Explain,
    /// 提示: good to know.
    Know,
}

impl Class {
    /// Waived findings need nothing any more; trial rules ask but do not send back.
    #[must_use]
    pub fn of(reported: &Reported) -> Self {
        match reported.severity {
            _ if reported.waived => Self::Know,
            Severity::Error if !reported.trial => Self::Must,
            Severity::Error | Severity::Warning => Self::Explain,
            Severity::Info => Self::Know,
        }
    }

    /// 退回, 说明, 提示.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Must => "退回",
            Self::Explain => "说明",
            Self::Know => "提示",
        }
    }
}

/// A record with an error on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The record, as far as it could be read.
    pub record: Record,
    /// Codes of the errors on it, sorted, each once.
    pub reasons: Vec<&'static str>,
}

/// One batch, ready for datasets and reports. Everything is sorted: roster order, stage, file, sheet, row.
#[derive(Debug, Clone)]
pub struct BatchResult {
    /// Batch.
    pub batch: BatchId,
    /// One row per input file.
    pub submissions: Vec<SubmissionRow>,
    /// Accepted records with their project id.
    pub accepted: Vec<(Record, String)>,
    /// Rejected records with their project id.
    pub rejected: Vec<(Rejected, String)>,
    /// Findings.
    pub findings: Vec<Reported>,
    /// Totals stated in the files that count.
    pub totals: Vec<DeclaredTotal>,
    /// Comparisons.
    pub comparisons: Vec<Comparison>,
    /// Cells of table bodies, by file.
    pub cells: Vec<(Arc<Source>, Vec<CellTrace>)>,
    /// Columns of the tables of the files that count.
    pub headers: Vec<TableHeaders>,
    /// Indicators of this batch.
    pub indicators: Vec<Indicator>,
    /// Indicators of the province in earlier batches, oldest first: what a trend shows.
    pub earlier_indicators: Vec<Indicator>,
    /// Projects that lag on this batch's date.
    pub laggards: Vec<Laggard>,
}

impl BatchResult {
    /// Its rows as other batches see them. Of the texts without a field only those that `keep` wants (header, text) are
    /// kept.
    #[must_use]
    pub fn imprint(&self, keep: &dyn Fn(&str, &str) -> bool) -> Imprint {
        let mut maker = ImprintMaker::new(&self.batch);
        let accepted = self.accepted.iter().map(|(record, id)| (record, id, true));
        let rejected = self.rejected.iter().map(|(row, id)| (&row.record, id, false));
        for (record, id, accepted) in accepted.chain(rejected) {
            // What was rejected because nobody could tell whose it is, or of which list, is nothing to others.
            let told = accepted || !record.unit_code.is_empty();
            if let Some(row) = Sighting::of(record, id, keep).filter(|_| told) {
                maker.push(&row, accepted);
            }
        }
        maker.done()
    }
}
