//! Every published figure that was collected is in a batch file, or left out for a reason that is written here.

use std::collections::BTreeMap;

use sanpi::model::{BatchId, Measure, Stage};
use sanpi::rules;
use sanpi::spec::{Batch, Published, Spec};

use crate::harness::{root, shared};

/// Figures of other things than the two measures that are reconciled.
const OTHER_MEASURES: [&str; 5] = ["年度计划投资", "年度投资", "合同引资", "已完成投资", "完成投资"];
/// Where contracts were signed: the submissions hold no such column, and the parts say nothing about money.
const VENUES: [&str; 3] = ["现场签约", "分会场签约", "自行组织签约"];

/// Why a row is in no batch file; `None`: it must be in one.
fn left_out(row: &BTreeMap<&str, &str>, unit: Option<&str>) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|w| row["breakdown"].contains(w));
    if row["period"].contains('-') {
        return Some("cumulative over several batches");
    }
    if unit.is_none() {
        return Some("of a county or zone, which does not submit by itself");
    }
    if has(&OTHER_MEASURES) {
        return Some("another measure");
    }
    has(&VENUES).then_some("by venue")
}

fn fits(figure: &Published, unit: &str, stages: &[Stage], measure: Measure, value: &str) -> bool {
    let covered: Vec<Stage> = Stage::ALL.into_iter().filter(|s| figure.covers(Some(*s))).collect();
    let factor = if measure == Measure::Count { 1 } else { 100_000_000 };
    figure.unit_code == unit
        && figure.measure == measure
        && covered == stages
        && figure.amount.map(|a| i128::from(a.yuan) * 10_000) == decimal(value).map(|v| v * factor)
}

/// `279.61` as 2796100.
fn decimal(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<4}").parse().ok()
}

fn figures(batch: &Batch) -> impl Iterator<Item = &Published> {
    let items = batch.breakdown.iter().flat_map(|b| &b.item).flat_map(|i| &i.figures);
    batch.published.iter().chain(items)
}

#[test]
fn every_collected_figure_is_in_its_batch_file_or_left_out_for_a_reason() {
    let Some(path) = shared("facts/published_totals.csv") else { return };
    let spec = Spec::load(&root().join("pipelines"), &rules::codes()).expect("pipelines");
    let mut reader = csv::Reader::from_path(path).expect("facts");
    let header = reader.headers().expect("header").clone();
    let (mut listed, mut out, mut lost) = (0, BTreeMap::<&str, usize>::new(), Vec::new());
    for record in reader.records().map(|r| r.expect("row")) {
        let row: BTreeMap<&str, &str> = header.iter().zip(record.iter()).collect();
        let unit = match row["scope"] {
            "河南省" => Some(spec.roster.province_code.as_str()),
            name => {
                let named = |u: &&sanpi::spec::Unit| u.name == name || u.aliases.iter().any(|a| a == name);
                spec.roster.unit.iter().find(named).map(|u| u.code.as_str())
            }
        };
        if let Some(reason) = left_out(&row, unit) {
            *out.entry(reason).or_default() += 1;
            continue;
        }
        let stages: Vec<Stage> = match row["batch"] {
            "合计" => Stage::ALL.to_vec(),
            names => Stage::ALL.into_iter().filter(|s| names.split('+').any(|n| n == s.as_str())).collect(),
        };
        let batch = BatchId::parse(row["period"]).and_then(|id| spec.batches.get(&id));
        let written = [(Measure::Count, row["projects"]), (Measure::TotalInvestment, row["investment_yi"])];
        for (measure, value) in written.into_iter().filter(|(_, value)| !value.is_empty()) {
            let found = batch.is_some_and(|b| figures(b).any(|f| fits(f, unit.unwrap_or(""), &stages, measure, value)));
            listed += usize::from(found);
            if !found {
                lost.push(format!("{measure:?} {row:?}"));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(listed > 200 && out.len() == 4, "{listed} figures; left out: {out:?}");
}

#[test]
fn every_batch_so_far_has_its_file() {
    let spec = Spec::load(&root().join("pipelines"), &rules::codes()).expect("pipelines");
    for number in 1..=15 {
        let batch = &spec.batches[&BatchId::from_number(number)];
        let undated = [10, 11].contains(&number);
        assert_eq!(batch.date.is_none(), undated, "batch {number}");
        assert!(figures(batch).all(|f| f.source.len() > 10), "batch {number}");
    }
}
