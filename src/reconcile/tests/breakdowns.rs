//! Published breakdowns, as the batch files of the project hold them.

use super::fixture::{Table, record};
use crate::model::{BatchId, Comparison, Field, FieldValue, Finding, Measure, Record, Stage, Value, Verdict};
use crate::reconcile::{Input, reconcile};
use crate::spec::{By, Relation, pipelines};

/// A project of a sector in 万元, in a batch and stage.
fn project(batch: u32, stage: Stage, row: u32, sector: Option<&str>, wan: &str) -> Record {
    let mut record = record(row, wan);
    record.batch = BatchId::from_number(batch);
    record.stage = Some(stage);
    if let Some(sector) = sector {
        let cell = crate::model::CellRef::new(row - 1, 3);
        let value = Some(Value::Text(sector.into()));
        record.values.insert(Field::Sector, FieldValue { value, raw: sector.into(), cell });
    }
    record
}

fn run(batch: u32, records: &[Record]) -> (Vec<Comparison>, Vec<Finding>) {
    let details: Vec<(&Record, bool)> = records.iter().map(|r| (r, true)).collect();
    let spec = pipelines();
    let batch = BatchId::from_number(batch);
    reconcile(&Input { batch: &batch, details: &details, totals: &[], findings: &[], spec: &spec })
}

fn of<'c>(found: &'c [Comparison], stage: Option<Stage>, group: &str, measure: Measure) -> &'c Comparison {
    let own = |c: &&Comparison| {
        c.unit_code == "410000" && c.stage == stage && c.measure == measure && c.group.as_deref() == Some(group)
    };
    found.iter().find(|c| own(c) && c.right == "published").unwrap_or_else(|| panic!("no {group}: {found:#?}"))
}

#[test]
fn the_published_sectors_of_batch_15_leave_a_residual_of_their_own() {
    let records = [project(15, Stage::Production, 5, Some("先进制造业"), "20000")];
    let (found, findings) = run(15, &records);
    let group = "领域：各项之和";
    let count = of(&found, Some(Stage::Production), group, Measure::Count);
    assert_eq!((count.left, count.verdict, count.cause), ("published", Verdict::NotComparable, None));
    assert_eq!(count.difference, Some(-350 * 10_000));
    let money = of(&found, Some(Stage::Production), group, Measure::TotalInvestment);
    assert_eq!((money.verdict, money.difference), (Verdict::NotComparable, Some(-218_610_000_000)));
    let note = money.note.as_deref().unwrap_or_default();
    assert!(note.contains("差 2186.10 亿元：转载缺先进制造业一行"), "{note}");
    assert!(note.contains("不是报送数据的差额"), "{note}");
    // The sectors of 开工 add up to the last digit.
    for measure in [Measure::Count, Measure::TotalInvestment] {
        assert_eq!(of(&found, Some(Stage::Start), group, measure).verdict, Verdict::Match);
    }
    assert!(findings.iter().all(|f| !f.message.contains("各项之和")));
}

#[test]
fn batch_08_speaks_of_signing_and_start_only() {
    let mut records = Vec::new();
    for (stage, count) in [(Stage::Signing, 651u32), (Stage::Start, 769), (Stage::Production, 907)] {
        // 1.8 万亿元 over 1420 projects; what is in production has another amount and must not be added.
        let wan = if stage == Stage::Production { "990000" } else { "126760" };
        let first = 5 + 2_000 * u32::try_from(stage.index()).expect("three");
        records.extend((first..first + count).map(|row| project(8, stage, row, None, wan)));
    }
    let (found, _) = run(8, &records);
    let count = of(&found, None, "签约+开工", Measure::Count);
    assert_eq!((count.verdict, count.left_value), (Verdict::Match, Some(1_420 * 10_000)));
    let money = of(&found, None, "签约+开工", Measure::TotalInvestment);
    assert_eq!((money.verdict, money.left_value), (Verdict::WithinRounding, Some(1_420 * 1_267_600_000)));
    // 外资 and 省外 add up; the five provinces are inside 省外 and are not added.
    assert_eq!(of(&found, Some(Stage::Signing), "资金来源：各项之和", Measure::Count).verdict, Verdict::Match);
    assert!(!found.iter().any(|c| c.group.as_deref() == Some("省外资金来源地：各项之和")));
    let foreign = of(&found, Some(Stage::Signing), "资金来源：外资", Measure::Count);
    assert_eq!((foreign.verdict, foreign.left_value), (Verdict::NotComparable, None));
    assert!(foreign.note.as_deref().is_some_and(|n| n.contains("没有“资金来源”一栏")));
}

#[test]
fn nested_sizes_are_told_by_the_amounts_and_never_added() {
    // 196 projects of 10 亿元 or more, 15 of them of 50 or more, 3 of 100 or more, among 651.
    let wan = |n: u32| match n {
        0..3 => "1000000",
        3..15 => "500000",
        15..196 => "100000",
        _ => "99999",
    };
    let records: Vec<Record> = (0..651).map(|n| project(8, Stage::Signing, 5 + n, None, wan(n))).collect();
    let (found, findings) = run(8, &records);
    for (label, count) in [("10", 196), ("50", 15), ("100", 3)] {
        let size = of(&found, Some(Stage::Signing), &format!("总投资规模：总投资{label}亿元以上"), Measure::Count);
        assert_eq!((size.verdict, size.left_value), (Verdict::Match, Some(count * 10_000)), "{label}");
    }
    assert!(!found.iter().any(|c| c.group.as_deref() == Some("总投资规模：各项之和")));
    assert!(!findings.iter().any(|f| f.message.contains("总投资规模")));
    // One project less above 100 亿元, all others in place: the headline holds, so the band is told.
    let mut fewer = records;
    fewer[0] = project(8, Stage::Signing, 5, None, "500000");
    let (_, findings) = run(8, &fewer);
    let told: Vec<&str> = findings.iter().map(|f| f.message.as_str()).filter(|m| m.contains("总投资规模")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("全省 签约 总投资规模：总投资100亿元以上：明细 2 项，公布 3 项，差 -1 项"), "{told:?}");
}

#[test]
fn sectors_are_compared_where_every_project_has_one_of_the_list() {
    let all = [
        ("先进制造业", 327),
        ("战略性新兴产业", 115),
        ("重大基础设施", 88),
        ("现代服务业", 90),
        ("社会民生", 87),
        ("其他", 62),
    ];
    let labels = all.iter().flat_map(|(label, count)| std::iter::repeat_n(*label, *count));
    let mut records: Vec<Record> =
        (5u32..).zip(labels).map(|(row, label)| project(8, Stage::Start, row, Some(label), "1000")).collect();
    let (found, _) = run(8, &records);
    let start = Some(Stage::Start);
    assert_eq!(of(&found, start, "领域：先进制造业", Measure::Count).verdict, Verdict::Match);
    assert_eq!(of(&found, start, "领域：各项之和", Measure::Count).verdict, Verdict::Match);
    records[0].values.remove(&Field::Sector);
    let (found, _) = run(8, &records);
    let unknown = of(&found, start, "领域：先进制造业", Measure::Count);
    assert_eq!(unknown.verdict, Verdict::NotComparable);
    assert!(unknown.note.as_deref().is_some_and(|n| n.starts_with("明细有 1 项没有写领域")), "{unknown:?}");
}

#[test]
fn overlapping_lists_and_other_scopes_are_only_listed() {
    let spec = pipelines();
    let five = &spec.batches[&BatchId::from_number(5)];
    let overlapping = five.breakdown.iter().filter(|b| b.relation == Relation::Overlapping);
    assert!(overlapping.clone().count() == 1 && overlapping.clone().all(|b| b.by == By::Sector));
    let mut record = project(5, Stage::Start, 5, Some("先进制造业"), "20000");
    record.unit_code = "410200".to_owned();
    let (found, findings) = run(5, &[record]);
    let kaifeng: Vec<&Comparison> =
        found.iter().filter(|c| c.unit_code == "410200" && c.right == "published").collect();
    assert!(kaifeng.len() > 6, "{kaifeng:#?}");
    assert!(kaifeng.iter().all(|c| c.verdict == Verdict::NotComparable && c.note.is_some()), "{kaifeng:#?}");
    assert!(findings.is_empty(), "{findings:?}");
    // 信阳市 batch 07: its own register beside the province's, both of one stage.
    let mut record = project(7, Stage::Start, 5, None, "20000");
    record.unit_code = "411500".to_owned();
    let (found, _) = run(7, &[record]);
    let verdict = |yi: i64| {
        let own = |c: &&Comparison| c.unit_code == "411500" && c.right_value == Some(yi) && c.group.is_none();
        found.iter().find(own).map(|c| c.verdict)
    };
    assert_eq!(verdict(112 * 10_000), Some(Verdict::Mismatch));
    assert_eq!(verdict(275 * 10_000), Some(Verdict::NotComparable));
}

#[test]
fn a_table_without_breakdowns_has_none() {
    let mut table = Table::of(&["20000"]);
    table.publish(Some(Stage::Start), Measure::TotalInvestment, "2");
    assert!(table.against("published").iter().all(|c| c.group.is_none()));
}
