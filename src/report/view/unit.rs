//! The units of the roster: what each sent and what was found in it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::format;
use super::figure::Figure;
use crate::model::{BatchResult, Class, FileOutcome, Record, Severity};
use crate::spec::{Spec, Unit};

/// Name of the page in the unit's folder.
pub(in super::super) const UNIT_PAGE: &str = "退回说明.html";

/// One unit.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct UnitView {
    /// Position in report order, from 1.
    pub(in super::super) order: usize,
    /// Code.
    pub(in super::super) code: String,
    /// Name.
    pub(in super::super) name: String,
    /// Relative link to its page; `None` for units outside of the roster.
    pub(in super::super) link: Option<String>,
    /// Files received.
    pub(in super::super) files: usize,
    /// Files whose rows count.
    pub(in super::super) files_read: usize,
    /// Accepted per stage.
    pub(in super::super) stages: Vec<Figure>,
    /// Accepted in all stages.
    pub(in super::super) total: Figure,
    /// Rejected rows.
    pub(in super::super) rejected: Figure,
    /// Findings by severity.
    pub(in super::super) errors: usize,
    /// Findings by severity.
    pub(in super::super) warnings: usize,
    /// Findings by severity.
    pub(in super::super) infos: usize,
    /// Findings that must be corrected.
    pub(in super::super) must: usize,
    /// Findings that must be explained.
    pub(in super::super) explain: usize,
    /// Findings to know.
    pub(in super::super) know: usize,
    /// Nothing readable was received.
    pub(in super::super) missing: bool,
    /// Received after the deadline.
    pub(in super::super) late: bool,
    /// `missing`, `must`, `explain`, `clean`, `exempt`.
    pub(in super::super) state: &'static str,
    /// 未报送, 需更正, 需说明, 无问题, 本期不单独报送.
    pub(in super::super) state_title: &'static str,
}

/// All units with their sums.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Overview {
    /// Units of the roster in its order, then other codes that data carries.
    pub(in super::super) units: Vec<UnitView>,
    /// Sum per stage.
    pub(in super::super) stages: Vec<Figure>,
    /// Sum.
    pub(in super::super) total: Figure,
    /// Rejected rows.
    pub(in super::super) rejected: Figure,
    /// Files of all units, known or not.
    pub(in super::super) files: usize,
    /// Findings of the batch by severity, also those without a unit.
    pub(in super::super) errors: usize,
    /// As `errors`.
    pub(in super::super) warnings: usize,
    /// As `errors`.
    pub(in super::super) infos: usize,
    /// Findings that belong to no unit of the table.
    pub(in super::super) unassigned: usize,
}

/// What adds up while walking the batch once.
#[derive(Debug, Default)]
struct Tally {
    files: usize,
    files_read: usize,
    accepted: [(usize, i64); 3],
    rejected: (usize, i64),
    severities: [usize; 3],
    classes: [usize; 3],
    missing: bool,
    late: bool,
}

impl Tally {
    fn find(&mut self, reported: &crate::model::Reported) {
        self.severities[match reported.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        }] += 1;
        self.classes[match Class::of(reported) {
            Class::Must => 0,
            Class::Explain => 1,
            Class::Know => 2,
        }] += 1;
        self.missing |= reported.finding.code == "F101";
        self.late |= reported.finding.code == "F102";
    }
}

fn add(sum: &mut (usize, i64), record: &Record) {
    sum.0 += 1;
    sum.1 = sum.1.saturating_add(record.total_yuan().unwrap_or(0));
}

fn tallies(result: &BatchResult) -> BTreeMap<&str, Tally> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for s in &result.submissions {
        let tally = tallies.entry(s.unit_code.as_deref().unwrap_or_default()).or_default();
        tally.files += 1;
        tally.files_read += usize::from(s.outcome == FileOutcome::Read);
    }
    for (record, _) in &result.accepted {
        let tally = tallies.entry(&record.unit_code).or_default();
        if let Some(stage) = record.stage {
            add(&mut tally.accepted[stage.index()], record);
        }
    }
    for (rejected, _) in &result.rejected {
        add(&mut tallies.entry(&rejected.record.unit_code).or_default().rejected, &rejected.record);
    }
    for reported in &result.findings {
        tallies.entry(reported.finding.unit_code.as_deref().unwrap_or_default()).or_default().find(reported);
    }
    tallies
}

fn state(tally: &Tally, exempt: bool) -> (&'static str, &'static str) {
    match tally {
        t if t.missing || (t.files_read == 0 && !exempt) => ("missing", "未报送"),
        t if t.classes[0] > 0 => ("must", "需更正"),
        t if t.classes[1] > 0 => ("explain", "需说明"),
        t if t.files_read == 0 => ("exempt", "本期不单独报送"),
        _ => ("clean", "无问题"),
    }
}

fn view(order: usize, code: &str, unit: Option<&Unit>, tally: &Tally, result: &BatchResult) -> UnitView {
    let stages: Vec<Figure> = tally.accepted.iter().map(|(n, y)| Figure::new(*n, *y)).collect();
    let exempt = unit.and_then(|u| u.since_batch).is_some_and(|since| since > result.batch.number());
    let (state, state_title) = state(tally, exempt);
    UnitView {
        order,
        code: code.to_owned(),
        name: unit.map_or_else(|| code.to_owned(), |u| u.name.clone()),
        link: unit.map(|u| format!("{}/{UNIT_PAGE}", format::link(&format::folder(u)))),
        files: tally.files,
        files_read: tally.files_read,
        total: Figure::sum(stages.iter()),
        stages,
        rejected: Figure::new(tally.rejected.0, tally.rejected.1),
        errors: tally.severities[0],
        warnings: tally.severities[1],
        infos: tally.severities[2],
        must: tally.classes[0],
        explain: tally.classes[1],
        know: tally.classes[2],
        missing: state == "missing",
        late: tally.late,
        state,
        state_title,
    }
}

/// The units of the roster in its order, then units that only data knows, with their sums.
pub(in super::super) fn overview_of(result: &BatchResult, spec: &Spec) -> Overview {
    let mut tallies = tallies(result);
    let none = Tally::default();
    let mut units: Vec<UnitView> = Vec::new();
    for (i, unit) in spec.roster.unit.iter().enumerate() {
        let tally = tallies.remove(unit.code.as_str());
        units.push(view(i + 1, &unit.code, Some(unit), tally.as_ref().unwrap_or(&none), result));
    }
    for (code, tally) in &tallies {
        let rows = tally.rejected.0 + tally.accepted.iter().map(|(n, _)| n).sum::<usize>();
        if rows > 0 {
            units.push(view(units.len() + 1, code, None, tally, result));
        }
    }
    let severity = |s: Severity| result.findings.iter().filter(|r| r.severity == s).count();
    let assigned: usize = units.iter().map(|u| u.errors + u.warnings + u.infos).sum();
    Overview {
        stages: (0..3).map(|i| Figure::sum(units.iter().map(|u| &u.stages[i]))).collect(),
        total: Figure::sum(units.iter().map(|u| &u.total)),
        rejected: Figure::sum(units.iter().map(|u| &u.rejected)),
        files: result.submissions.len(),
        errors: severity(Severity::Error),
        warnings: severity(Severity::Warning),
        infos: severity(Severity::Info),
        unassigned: result.findings.len() - assigned,
        units,
    }
}

/// How many units should report, and those of them that did not.
pub(in super::super) fn expected(overview: &Overview) -> (usize, Vec<&UnitView>) {
    let expected = overview.units.iter().filter(|u| u.state != "exempt").count();
    (expected, overview.units.iter().filter(|u| u.missing).collect())
}

/// One unit; a code outside of the roster gets an empty view with the code for a name.
pub(in super::super) fn unit_of(result: &BatchResult, unit_code: &str, spec: &Spec) -> UnitView {
    let tallies = tallies(result);
    let none = Tally::default();
    let tally = tallies.get(unit_code).unwrap_or(&none);
    view(spec.roster.position(unit_code) + 1, unit_code, spec.roster.by_code(unit_code), tally, result)
}
