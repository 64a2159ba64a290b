//! The province's overview of one batch, `reports/<batch>/index.html`.

use serde::Serialize;

use super::format;
use super::template::page;
use super::view::{self, FileView, FindingView, LedgerView, Overview, RuleView, Share, StageView, UnitView};
use crate::model::BatchResult;
use crate::spec::Spec;

/// Findings of one unit, for the list at the end of the page.
#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    link: Option<&'a str>,
    errors: usize,
    warnings: usize,
    infos: usize,
    findings: Vec<&'a FindingView>,
}

#[derive(Serialize)]
struct Context<'a> {
    title: String,
    date: Option<String>,
    deadline: Option<String>,
    province: &'a str,
    overview: &'a Overview,
    submitted: usize,
    expected: usize,
    missing: Vec<&'a UnitView>,
    late: Vec<&'a UnitView>,
    stages: Vec<StageView>,
    /// Where the published figures come from, each once.
    sources: Vec<String>,
    /// Published figures that were compared.
    compared: usize,
    /// Of these not met.
    missed: usize,
    problems: Vec<&'a LedgerView>,
    settled: Vec<&'a LedgerView>,
    sectors: Vec<Share>,
    bands: Vec<Share>,
    rules: Vec<RuleView>,
    groups: Vec<Group<'a>>,
    strangers: Vec<FileView>,
    findings: usize,
}

/// The overview as one self-contained page.
#[must_use]
pub fn overview(result: &BatchResult, spec: &Spec) -> String {
    let overview = view::overview_of(result, spec);
    let findings = view::all_findings(result, spec);
    let ledger = view::ledger(result, spec);
    let stages = view::stages(result, spec);
    let (compared, missed) = tally(&stages);
    let batch = spec.batches.get(&result.batch);
    let day = |d: jiff::civil::Date| format!("{}年{}月{}日", d.year(), d.month(), d.day());
    let expected = overview.units.iter().filter(|u| u.state != "exempt").count();
    let missing: Vec<&UnitView> = overview.units.iter().filter(|u| u.missing).collect();
    page(
        "overview.html",
        Context {
            title: format::batch_title(&result.batch),
            date: batch.and_then(|b| b.date).map(day),
            deadline: batch.and_then(|b| b.deadline).map(day),
            province: &spec.roster.province_name,
            submitted: expected - missing.len(),
            expected,
            late: overview.units.iter().filter(|u| u.late).collect(),
            missing,
            sources: sources(&stages),
            compared,
            missed,
            stages,
            problems: ledger.iter().filter(|l| l.problem).collect(),
            settled: ledger.iter().filter(|l| !l.problem).collect(),
            sectors: view::sectors(result),
            bands: view::bands(result),
            rules: view::rules(&findings),
            groups: groups(&overview, &findings),
            strangers: view::files_of(result, None),
            findings: findings.len(),
            overview: &overview,
        },
    )
}

fn sources(stages: &[StageView]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for source in stages.iter().flat_map(|s| [&s.count.source, &s.investment.source]).flatten() {
        if !all.contains(source) {
            all.push(source.clone());
        }
    }
    all
}

/// How many published figures were compared, and how many of them missed.
fn tally(stages: &[StageView]) -> (usize, usize) {
    let all = || stages.iter().flat_map(|s| [s.count.verdict, s.investment.verdict]);
    let missed = all().filter(|v| matches!(*v, "mismatch" | "missing")).count();
    let met = all().filter(|v| matches!(*v, "match" | "within_rounding")).count();
    (missed + met, missed)
}

/// Findings by unit in the order of the table, then those of the province and of no unit.
fn groups<'a>(overview: &'a Overview, findings: &'a [FindingView]) -> Vec<Group<'a>> {
    let known = |code: &str| overview.units.iter().any(|u| u.code == code);
    let mut keys: Vec<(&str, &str, Option<&str>)> =
        overview.units.iter().map(|u| (u.code.as_str(), u.name.as_str(), u.link.as_deref())).collect();
    for f in findings {
        if !known(&f.unit_code) && !keys.iter().any(|k| k.0 == f.unit_code) {
            keys.push((&f.unit_code, &f.unit_name, None));
        }
    }
    let mut groups = Vec::new();
    for (code, name, link) in keys {
        let own: Vec<&FindingView> = findings.iter().filter(|f| f.unit_code == code).collect();
        if own.is_empty() {
            continue;
        }
        let of = |severity: &str| own.iter().filter(|f| f.severity == severity).count();
        let (errors, warnings, infos) = (of("error"), of("warning"), of("info"));
        groups.push(Group { name, link, errors, warnings, infos, findings: own });
    }
    groups
}
