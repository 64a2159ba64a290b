//! Two units over four batches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::date;

use super::{Asked, Outlook, Sweep};
use crate::model::{
    BatchId, Imprint, ImprintMaker, Indicator, IndicatorKind, Lag, PartialDate, Precision, Sighting, Stage,
};
use crate::spec::{Spec, pipelines};

const LUOYANG: &str = "410300";
const ZHENGZHOU: &str = "410100";
const PROVINCE: &str = "410000";
const YI: i64 = 100_000_000;

fn row(batch: u32, stage: Stage, unit: &str, id: &str, yi: i64) -> Sighting {
    Sighting {
        batch: BatchId::from_number(batch),
        stage,
        unit_code: unit.to_owned(),
        project_id: id.to_owned(),
        name: format!("项目{id}"),
        county_name: None,
        project_code: None,
        owner: None,
        owner_credit_code: None,
        sector: Some("先进制造业".to_owned()),
        total_yuan: Some(yi * YI),
        annual_yuan: None,
        completed_yuan: None,
        date: None,
        said: Vec::new(),
    }
}

/// Batches 01 (2021-07-10) to 04 (2022-04-06).
fn rows() -> Vec<Sighting> {
    use Stage::{Production, Signing, Start};
    vec![
        row(1, Signing, ZHENGZHOU, "a", 10),
        row(1, Signing, ZHENGZHOU, "b", 20),
        row(1, Signing, LUOYANG, "c", 5),
        row(2, Start, ZHENGZHOU, "a", 11),
        row(2, Signing, LUOYANG, "d", 6),
        row(2, Start, LUOYANG, "d", 6),
        row(4, Start, LUOYANG, "c", 5),
        row(4, Production, ZHENGZHOU, "a", 12),
    ]
}

fn swept(rows: &[Sighting], spec: &Spec) -> Vec<Outlook> {
    asked(rows, [Asked::All; 4], spec)
}

fn asked(rows: &[Sighting], asked: [Asked; 4], spec: &Spec) -> Vec<Outlook> {
    let batches: BTreeSet<BatchId> = (1..=4).map(BatchId::from_number).collect();
    let told = |said: &[(String, String)], _: Option<jiff::civil::Date>| {
        let said = |what: &str| said.iter().find(|(header, _)| header == what).map(|(_, text)| text == "是");
        (said("履约"), said("达效"))
    };
    let of = |batch: &BatchId| {
        let mut maker = ImprintMaker::new(batch);
        rows.iter().filter(|r| r.batch == *batch).for_each(|row| maker.push(row, true));
        (batch.clone(), Arc::new(maker.done()))
    };
    let kept: BTreeMap<BatchId, Arc<Imprint>> = batches.iter().map(of).collect();
    let mut sweep = Sweep::new(Box::new(told), &kept, spec);
    kept.values().zip(asked).map(|(rows, asked)| sweep.add(rows, asked).expect("rows")).collect()
}

fn find(outlooks: &[Outlook], batch: u32, unit: &str, kind: IndicatorKind, stage: Option<Stage>) -> Indicator {
    let of_batch = outlooks.iter().find(|o| o.batch == BatchId::from_number(batch)).expect("batch");
    let own = |i: &&Indicator| i.unit_code == unit && i.kind == kind && i.stage == stage && i.sector.is_none();
    let mut found = of_batch.indicators.iter().filter(own);
    let one = found.next().expect("indicator").clone();
    assert_eq!(found.next(), None, "once");
    one
}

#[test]
fn counts_are_those_of_the_batch_and_change_against_the_one_before() {
    let spec = pipelines();
    let all = swept(&rows(), &spec);
    let count = |batch, unit, stage| find(&all, batch, unit, IndicatorKind::Count, stage);
    assert_eq!(count(1, PROVINCE, Some(Stage::Signing)).value, Some(30_000));
    let second = count(2, PROVINCE, Some(Stage::Signing));
    assert_eq!((second.value, second.previous, second.change), (Some(10_000), Some(30_000), Some(-20_000)));
    assert_eq!((second.rank, second.numerator), (None, None));
    // 郑州市 sent something in batch 02, but nothing to sign; in batch 03 nobody sent anything.
    assert_eq!(count(2, ZHENGZHOU, Some(Stage::Signing)).value, Some(0));
    assert_eq!(count(3, ZHENGZHOU, Some(Stage::Signing)).value, None);
    assert_eq!(count(4, ZHENGZHOU, Some(Stage::Signing)).previous, None, "batch 03 says nothing");
    let money = find(&all, 1, ZHENGZHOU, IndicatorKind::TotalInvestment, None);
    assert_eq!((money.value, money.rank), (Some(30 * YI), Some(1)));
    assert_eq!(find(&all, 1, LUOYANG, IndicatorKind::TotalInvestment, None).rank, Some(2));
    assert_eq!(find(&all, 1, "410200", IndicatorKind::TotalInvestment, None).rank, None);
}

#[test]
fn rates_grow_with_what_is_known() {
    let spec = pipelines();
    let all = swept(&rows(), &spec);
    let rate = |batch, unit| {
        let i = find(&all, batch, unit, IndicatorKind::StartRate, Some(Stage::Signing));
        (i.numerator, i.denominator, i.value)
    };
    assert_eq!(rate(1, PROVINCE), (Some(0), Some(30_000), Some(0)));
    assert_eq!(rate(2, PROVINCE), (Some(20_000), Some(40_000), Some(5_000)));
    assert_eq!(rate(3, PROVINCE), rate(2, PROVINCE));
    assert_eq!(rate(4, PROVINCE), (Some(30_000), Some(40_000), Some(7_500)));
    assert_eq!(rate(4, LUOYANG), (Some(20_000), Some(20_000), Some(10_000)));
    assert_eq!(rate(4, "410200"), (Some(0), Some(0), None), "nothing to divide by");
    let production = find(&all, 4, PROVINCE, IndicatorKind::ProductionRate, Some(Stage::Start));
    assert_eq!((production.numerator, production.value), (Some(10_000), Some(3_333)));
    let sector = all[3].indicators.iter().filter(|i| i.sector.as_deref() == Some("先进制造业"));
    assert_eq!(sector.filter(|i| i.kind == IndicatorKind::StartRate).count(), 3, "two units and the province");
}

#[test]
fn a_sector_that_counts_in_no_rate_is_told_of_its_own_batch_alone() {
    let mut spec = pipelines();
    spec.indicators.rate.retain(|rate| rate.of == Stage::Signing);
    let farming = Sighting { sector: Some("农业".to_owned()), ..row(1, Stage::Production, LUOYANG, "e", 7) };
    let all = swept(&[rows(), vec![farming]].concat(), &spec);
    let tells = |o: &Outlook, sector: &str| o.indicators.iter().any(|i| i.sector.as_deref() == Some(sector));
    let told = |sector: &str| all.iter().map(|o| tells(o, sector)).collect::<Vec<_>>();
    assert_eq!(told("农业"), [true, false, false, false]);
    assert_eq!(told("先进制造业"), [true; 4]);
}

#[test]
fn nothing_said_is_no_zero() {
    let spec = pipelines();
    let mut rows = rows();
    let capacity = |rows: &[Sighting]| {
        let i = find(&swept(rows, &spec), 4, PROVINCE, IndicatorKind::CapacityRate, Some(Stage::Production));
        (i.numerator, i.denominator, i.value)
    };
    assert_eq!(capacity(&rows), (None, Some(10_000), None));
    for (text, numerator) in [("否", 0), ("是", 10_000)] {
        rows[7].said = vec![("达效".to_owned(), text.to_owned())];
        assert_eq!(capacity(&rows), (Some(numerator), Some(10_000), Some(numerator)));
    }
}

#[test]
fn annual_plans_count_where_both_figures_are_given() {
    let spec = pipelines();
    let mut rows = rows();
    rows[3].annual_yuan = Some(4 * YI);
    rows[3].completed_yuan = Some(3 * YI);
    rows[5].annual_yuan = Some(4 * YI);
    let i = find(&swept(&rows, &spec), 2, PROVINCE, IndicatorKind::AnnualPlanRate, Some(Stage::Start));
    assert_eq!((i.numerator, i.denominator, i.value), (Some(3 * YI), Some(4 * YI), Some(7_500)));
}

#[test]
fn laggards_are_counted_to_the_day_of_the_batch() {
    let spec = pipelines();
    let mut rows = rows();
    let lagging = |rows: &[Sighting], batch: usize| -> Vec<(String, Lag, u32)> {
        let all = swept(rows, &spec);
        all[batch - 1].laggards.iter().map(|l| (l.project_id.clone(), l.lag, l.months)).collect()
    };
    // b was signed on 2021-07-10 and never started: eight whole months on 2022-04-06, six are allowed.
    assert_eq!(lagging(&rows, 4), [("b".to_owned(), Lag::SignedNotStarted, 8)]);
    assert!(lagging(&rows, 3).is_empty());
    // A signing date before the batch counts from its last possible day; one after it is a plan.
    rows[1].date = Some(PartialDate { first: date(2021, 5, 1), precision: Precision::Month });
    assert_eq!(lagging(&rows, 4), [("b".to_owned(), Lag::SignedNotStarted, 10)]);
    assert_eq!(lagging(&rows, 3), [("b".to_owned(), Lag::SignedNotStarted, 7)]);
    rows[1].date = Some(PartialDate { first: date(2022, 5, 1), precision: Precision::Month });
    assert_eq!(lagging(&rows, 4), [("b".to_owned(), Lag::SignedNotStarted, 8)]);
    // d started on 2020-12-01 and is not in production.
    rows[5].date = Some(PartialDate { first: date(2020, 12, 1), precision: Precision::Day });
    assert_eq!(lagging(&rows, 4)[1], ("d".to_owned(), Lag::StartedNotInProduction, 16));
}

#[test]
fn a_sweep_is_the_same_whatever_comes_later() {
    let spec = pipelines();
    let rows = rows();
    let all = swept(&rows, &spec);
    let early: Vec<Sighting> = rows.iter().filter(|r| r.batch <= BatchId::from_number(2)).cloned().collect();
    assert_eq!(swept(&early, &spec)[..2], all[..2]);
}

/// Batches of which less is asked leave later ones as they are.
#[test]
fn what_is_not_asked_changes_nothing_else() {
    let spec = pipelines();
    let all = swept(&rows(), &spec);
    let less = asked(&rows(), [Asked::Nothing, Asked::Province, Asked::Indicators, Asked::All], &spec);
    assert!(less[0].indicators.is_empty() && less[0].laggards.is_empty());
    let of_province = |o: &Outlook| -> Vec<_> {
        let own = o.indicators.iter().filter(|i| i.unit_code == PROVINCE && i.sector.is_none());
        own.map(|i| (i.kind, i.stage, i.numerator, i.denominator, i.value)).collect()
    };
    assert_eq!(of_province(&less[1]), of_province(&all[1]));
    assert_eq!(less[1].indicators.len(), of_province(&less[1]).len());
    assert_eq!(less[2].indicators.len(), all[2].indicators.len());
    assert_eq!(less[3], all[3]);
}
