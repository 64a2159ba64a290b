//! The three stages against the published figures.

use serde::Serialize;

use super::figure::Figure;
use super::ledger::{cause_title, measure_texts, side_title, value_texts};
use crate::model::{BatchResult, Comparison, Measure, Stage};
use crate::spec::Spec;

/// One published figure against ours.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct PublishedView {
    /// 项数 or 总投资.
    pub(in super::super) measure: &'static str,
    /// 项 or 亿元.
    pub(in super::super) unit: &'static str,
    /// As published, e.g. `2844 亿元`; `None` when nothing was published.
    pub(in super::super) published: Option<String>,
    /// Where it was published.
    pub(in super::super) source: Option<String>,
    /// Our side: 采用明细 or 报送明细.
    pub(in super::super) side: &'static str,
    /// Our value.
    pub(in super::super) actual: String,
    /// Exact with unit.
    pub(in super::super) actual_exact: String,
    /// Ours − published.
    pub(in super::super) difference: Option<String>,
    /// `match` …, or `none` when nothing was compared.
    pub(in super::super) verdict: &'static str,
    /// 一致 …, or 未公布.
    pub(in super::super) verdict_title: &'static str,
    /// Likeliest cause.
    pub(in super::super) cause: Option<&'static str>,
    /// Sentence that explains it.
    pub(in super::super) note: Option<String>,
}

/// One stage of the whole province.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct StageView {
    /// 签约, 开工, 投产; 三批合计.
    pub(in super::super) title: &'static str,
    /// All rows read.
    pub(in super::super) detail: Figure,
    /// Accepted.
    pub(in super::super) accepted: Figure,
    /// Rejected.
    pub(in super::super) rejected: Figure,
    /// Number and amount.
    pub(in super::super) count: PublishedView,
    /// 总投资.
    pub(in super::super) investment: PublishedView,
}

/// The three stages, and their sum when a sum was published or compared.
pub(in super::super) fn stages(result: &BatchResult, spec: &Spec) -> Vec<StageView> {
    let mut views: Vec<StageView> = Stage::ALL.iter().map(|s| stage(result, spec, Some(*s))).collect();
    let sum = stage(result, spec, None);
    if sum.count.published.is_some() || sum.investment.published.is_some() {
        views.push(sum);
    }
    views
}

/// How many published figures were compared, and how many of them missed.
pub(in super::super) fn tally(stages: &[StageView]) -> (usize, usize) {
    let all = || stages.iter().flat_map(|s| [s.count.verdict, s.investment.verdict]);
    let missed = all().filter(|v| matches!(*v, "mismatch" | "missing")).count();
    let met = all().filter(|v| matches!(*v, "match" | "within_rounding")).count();
    (missed + met, missed)
}

/// Where the published figures come from, each once.
pub(in super::super) fn sources(stages: &[StageView]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for source in stages.iter().flat_map(|s| [&s.count.source, &s.investment.source]).flatten() {
        if !all.contains(source) {
            all.push(source.clone());
        }
    }
    all
}

fn stage(result: &BatchResult, spec: &Spec, stage: Option<Stage>) -> StageView {
    let in_stage = |s: Option<Stage>| stage.is_none() || stage == s;
    let figure = |rows: &mut dyn Iterator<Item = Option<i64>>| {
        let (count, yuan) = rows.fold((0, 0i64), |(n, y), v| (n + 1, y.saturating_add(v.unwrap_or(0))));
        Figure::new(count, yuan)
    };
    let records = result.accepted.iter().map(|(r, _)| r).filter(|r| in_stage(r.stage));
    let accepted = figure(&mut records.map(crate::model::Record::total_yuan));
    let records = result.rejected.iter().map(|(r, _)| &r.record).filter(|r| in_stage(r.stage));
    let rejected = figure(&mut records.map(crate::model::Record::total_yuan));
    let detail = Figure::sum([&accepted, &rejected].into_iter());
    StageView {
        title: stage.map_or("三批合计", Stage::as_str),
        count: published(result, spec, stage, Measure::Count, &accepted),
        investment: published(result, spec, stage, Measure::TotalInvestment, &accepted),
        detail,
        accepted,
        rejected,
    }
}

/// The comparison of the province with a published figure: of the accepted rows if there is one, else of another side.
fn comparison<'a>(
    result: &'a BatchResult,
    spec: &Spec,
    stage: Option<Stage>,
    measure: Measure,
) -> Option<(&'a Comparison, bool)> {
    let wanted = |c: &&Comparison| {
        c.unit_code == spec.roster.province_code
            && c.stage == stage
            && c.measure == measure
            && c.group.is_none()
            && (c.left == "published") != (c.right == "published")
    };
    let side = |c: &Comparison| if c.left == "published" { c.right } else { c.left };
    let mut all: Vec<&Comparison> = result.comparisons.iter().filter(wanted).collect();
    all.sort_by_key(|c| side(c) != "accepted");
    all.first().map(|c| (*c, c.left == "published"))
}

fn published(
    result: &BatchResult,
    spec: &Spec,
    stage: Option<Stage>,
    measure: Measure,
    accepted: &Figure,
) -> PublishedView {
    let (title, unit) = measure_texts(measure);
    let written = spec.batches.get(&result.batch).and_then(|batch| {
        let mut own = batch.published.iter();
        own.find(|p| p.unit_code == spec.roster.province_code && p.stage == stage && p.measure == measure)
    });
    let own_value = match measure {
        Measure::Count => i64::try_from(accepted.count).unwrap_or(i64::MAX).saturating_mul(10_000),
        Measure::TotalInvestment => accepted.yuan,
    };
    let mut view = PublishedView {
        measure: title,
        unit,
        published: written.map(|p| format!("{} {}", p.value, p.unit)),
        source: written.map(|p| p.source.clone()),
        side: side_title("accepted"),
        actual: value_texts(measure, Some(own_value), false).0,
        actual_exact: value_texts(measure, Some(own_value), false).1,
        difference: None,
        verdict: "none",
        verdict_title: if written.is_some() { "未比对" } else { "未公布" },
        cause: None,
        note: None,
    };
    if let Some((c, swapped)) = comparison(result, spec, stage, measure) {
        let (side, value, theirs) =
            if swapped { (c.right, c.right_value, c.left_value) } else { (c.left, c.left_value, c.right_value) };
        view.side = side_title(side);
        (view.actual, view.actual_exact) = value_texts(measure, value, false);
        if view.published.is_none() {
            view.published = theirs.map(|v| format!("{} {unit}", value_texts(measure, Some(v), false).0));
        }
        let difference = c.difference.map(|d| if swapped { d.saturating_neg() } else { d });
        view.difference = difference.map(|d| value_texts(measure, Some(d), true).0);
        (view.verdict, view.verdict_title) = (c.verdict.as_str(), c.verdict.title());
        view.cause = c.cause.map(cause_title);
        view.note.clone_from(&c.note);
    }
    view
}
