//! The province's overview of one batch, `reports/<batch>/index.html`.

use serde::Serialize;

use super::format;
use super::island::island;
use super::template::page;
use super::view::{
    self, Chart, FileView, FindingView, LaggardSum, LedgerView, Overview, RateTable, RuleView, Share, StageView,
    TileMap, UnitView,
};
use crate::model::BatchResult;
use crate::spec::Spec;

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
    /// Units by what they have to do, for the list beside the map.
    duties: Vec<Duty<'a>>,
    map: TileMap,
    rates: Option<RateTable>,
    charts: Vec<Chart>,
    stages: Vec<StageView>,
    /// Where the published figures come from, each once.
    sources: Vec<String>,
    /// Published figures that were compared.
    compared: usize,
    /// Of these not met.
    missed: usize,
    problems: Vec<&'a LedgerView>,
    settled: Vec<&'a LedgerView>,
    /// Causes of the problems with their number, the most frequent first.
    causes: Vec<(&'static str, usize)>,
    sectors: Vec<Share>,
    bands: Vec<Share>,
    rules: Vec<RuleView>,
    laggards: usize,
    lag_units: Vec<LaggardSum>,
    strangers: Vec<FileView>,
    findings: usize,
    waived: usize,
    /// Units with findings, for the filter.
    finding_units: Vec<(String, String)>,
    /// Findings and laggards for the script.
    island: minijinja::Value,
}

/// Units in one state.
#[derive(Serialize)]
struct Duty<'a> {
    state: &'static str,
    title: &'static str,
    units: Vec<&'a UnitView>,
}

/// The overview as one self-contained page.
#[must_use]
pub fn overview(result: &BatchResult, spec: &Spec) -> String {
    of(result, &view::overview_of(result, spec), spec)
}

/// As [`overview`], of what is known.
pub(super) fn of(result: &BatchResult, overview: &Overview, spec: &Spec) -> String {
    let findings = view::all_findings(result, spec);
    let ledger = view::ledger(result, spec);
    let stages = view::stages(result, spec);
    let (compared, missed) = view::tally(&stages);
    let batch = spec.batches.get(&result.batch);
    let rules = view::rules(&findings, &overview.units);
    let laggards = view::laggards(result, spec);
    let island = island(&findings, &laggards, &overview.units, &rules);
    let (expected, missing) = view::expected(overview);
    let problems: Vec<&LedgerView> = ledger.iter().filter(|l| l.problem).collect();
    page(
        "overview.html",
        Context {
            title: format::batch_title(&result.batch),
            date: batch.and_then(|b| b.date).map(format::day),
            deadline: batch.and_then(|b| b.deadline).map(format::day),
            province: &spec.roster.province_name,
            submitted: expected - missing.len(),
            expected,
            late: overview.units.iter().filter(|u| u.late).collect(),
            missing,
            duties: duties(overview),
            map: view::tile_map(&overview.units, spec),
            rates: view::rates(result, spec, &overview.units),
            charts: view::trend(result, spec),
            sources: view::sources(&stages),
            compared,
            missed,
            stages,
            causes: causes(&problems),
            problems,
            settled: ledger.iter().filter(|l| !l.problem).collect(),
            sectors: view::sectors(result),
            bands: view::bands(result),
            rules,
            lag_units: view::laggards_by_unit(result, &overview.units),
            laggards: laggards.len(),
            strangers: view::files_of(result, None),
            findings: findings.len(),
            waived: findings.iter().filter(|f: &&FindingView| f.waived).count(),
            finding_units: island.units,
            island: minijinja::Value::from_safe_string(island.json),
            overview,
        },
    )
}

/// Units by state, the most urgent first.
fn duties(overview: &Overview) -> Vec<Duty<'_>> {
    let of = |state, title| Duty { state, title, units: overview.units.iter().filter(|u| u.state == state).collect() };
    let all = [
        of("missing", "未报送"),
        of("must", "需更正"),
        of("explain", "需说明"),
        of("clean", "无问题"),
        of("exempt", "本期不单独报送"),
    ];
    all.into_iter().filter(|d| !d.units.is_empty()).collect()
}

fn causes(problems: &[&LedgerView]) -> Vec<(&'static str, usize)> {
    let mut causes: Vec<(&'static str, usize)> = Vec::new();
    for cause in problems.iter().filter_map(|p| p.cause) {
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, n)) => *n += 1,
            None => causes.push((cause, 1)),
        }
    }
    causes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    causes
}
