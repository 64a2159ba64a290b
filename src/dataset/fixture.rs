//! An invented batch with every kind of value, for the tests of this module.

use std::sync::Arc;

use jiff::civil::date;

use crate::model::{
    Amount, BatchId, BatchResult, CellRef, CellTrace, Comparison, DeclaredTotal, FACTOR_WAN, FACTOR_YI, Field,
    FieldValue, FileOutcome, Finding, GroupTotal, HeaderColumn, Measure, Origin, PartialDate, Precision, Record,
    Rejected, Reported, Severity, Slot, Source, Stage, SubmissionRow, TableHeaders, TotalScope, Value, Values, Verdict,
};
use crate::spec::Spec;

/// A telephone that must not appear outside `contacts`.
pub(super) const TELEPHONE: &str = "13812345678";

/// `pipelines/` as committed.
pub(super) fn spec() -> Spec {
    crate::spec::pipelines()
}

fn source() -> Arc<Source> {
    Arc::new(Source { file: "02/洛阳市/洛阳市签约项目.xlsx".into(), sha256: "5".repeat(64).into() })
}

/// A record of 洛阳市 in row `row` with this 总投资 in 元.
pub(super) fn record(row: u32, yuan: i64) -> Record {
    let value = |field, value: Value, raw: &str| {
        (field, FieldValue { value: Some(value), raw: raw.into(), cell: CellRef::new(row - 1, 3) })
    };
    let text = |field, text: &str| value(field, Value::Text(text.into()), text);
    let october = PartialDate { first: date(2021, 10, 1), precision: Precision::Month };
    Record {
        batch: BatchId::from_number(2),
        unit_code: "410300".to_owned(),
        stage: Some(Stage::Signing),
        origin: Origin {
            source: source(),
            sheet: Some("签约".into()),
            sheet_index: 0,
            row,
            slot: Slot { table: 1, line: row },
        },
        group: Some("涧西区".to_owned()),
        values: Values::from([
            text(Field::ProjectName, &format!("高端轴承产业园项目{row}")),
            text(Field::Owner, "洛阳甲装备有限公司"),
            value(Field::County, Value::County { name: "涧西区".into(), code: Some("410305".into()) }, "涧西"),
            value(Field::TotalInvestment, Value::Amount(Amount::new(yuan, FACTOR_WAN, 0)), "51000"),
            value(Field::IsReconstruction, Value::Flag(false), "否"),
            value(Field::StartDate, Value::Date(october), "2021年10月"),
            text(Field::Contact, "张三"),
            text(Field::Telephone, TELEPHONE),
            text(Field::Remark, &format!("联系{TELEPHONE}")),
        ]),
        extras: vec![("用地（亩）".into(), "12".into()), ("其他电话".into(), TELEPHONE.into())],
        hidden: row.is_multiple_of(2),
        after_total: false,
    }
}

fn findings(record: &Record) -> Vec<Reported> {
    let seen = Finding::new("V516", format!("电话“{TELEPHONE}”不全")).on(record, Some(Field::Telephone));
    let reported = |finding, severity| Reported {
        finding,
        rule: "field-missing",
        title: "必填项缺失",
        severity,
        help: "补填。".to_owned(),
        waived: false,
        waiver: None,
        explanation: None,
        trial: false,
    };
    let of_unit =
        Finding { batch: Some(BatchId::from_number(2)), ..Finding::new("F101", "没有报送").unit("410200") };
    vec![reported(seen, Severity::Warning), reported(of_unit, Severity::Error)]
}

fn total(measure: Measure, value: &str, amount: Amount) -> DeclaredTotal {
    DeclaredTotal {
        batch: BatchId::from_number(2),
        unit_code: "410300".to_owned(),
        stage: Some(Stage::Signing),
        scope: TotalScope::Group,
        group: Some(GroupTotal { label: "涧西区".to_owned() }),
        measure,
        value: value.to_owned(),
        amount: Some(amount),
        source: source(),
        sheet: Some("签约".into()),
        sheet_index: 0,
        cell: CellRef::new(9, 4),
        formula: Some("SUM(E5:E9)".to_owned()),
        rows: vec![5, 6],
    }
}

fn comparison() -> Comparison {
    Comparison {
        batch: BatchId::from_number(2),
        unit_code: "410000".to_owned(),
        stage: None,
        group: None,
        measure: Measure::TotalInvestment,
        left: "accepted",
        right: "published",
        left_value: Some(1_020_000_000),
        right_value: Some(2_000_000_000),
        difference: Some(-980_000_000),
        tolerance: Some(FACTOR_YI / 2),
        half_widths: (None, None),
        right_unit: None,
        verdict: Verdict::Mismatch,
        cause: Some("rejected_rows"),
        note: Some("退回 1 行".to_owned()),
        left_at: None,
        right_at: Some("通稿".to_owned()),
    }
}

/// Two tables of one file.
fn headers() -> Vec<TableHeaders> {
    let table = |table, stages: &[Stage], columns: &[(&str, Option<Field>)]| TableHeaders {
        batch: BatchId::from_number(2),
        unit_code: "410300".to_owned(),
        stages: stages.to_vec(),
        file: source().file.clone(),
        sheet: Some("签约".into()),
        sheet_index: 0,
        table,
        columns: (0u32..)
            .zip(columns)
            .map(|(col, (header, field))| HeaderColumn {
                cell: CellRef::new(3, col),
                header: (*header).to_owned(),
                field: *field,
            })
            .collect(),
    };
    let name = ("项目名称", Some(Field::ProjectName));
    vec![table(1, &[Stage::Signing, Stage::Start], &[name, ("", None)]), table(2, &[], &[name])]
}

/// Two accepted rows, one rejected, one of everything else.
pub(super) fn result() -> BatchResult {
    let mut rejected = record(7, 0);
    rejected.values.remove(&Field::TotalInvestment);
    rejected.stage = None;
    let trace = |col, raw: &str, field, value: Option<&str>| CellTrace {
        sheet: Some("签约".into()),
        at: CellRef::new(4, col),
        raw: raw.into(),
        raw_kind: "text",
        field,
        value: value.map(Into::into),
        rule: "text".into(),
    };
    BatchResult {
        batch: BatchId::from_number(2),
        submissions: vec![SubmissionRow {
            unit_code: Some("410300".to_owned()),
            source: source(),
            outcome: FileOutcome::Read,
            sheets: 1,
            rows_read: 3,
            rows_accepted: 2,
            rows_rejected: 1,
            amount_accepted: 1_020_005_000,
            version: None,
            superseded_by: None,
        }],
        accepted: vec![
            (record(5, 510_000_000), "00000000000000a1".to_owned()),
            (record(6, 510_005_000), "00000000000000a2".to_owned()),
        ],
        rejected: vec![(
            Rejected { record: rejected.clone(), reasons: vec!["L208", "V502"] },
            "00000000000000a3".to_owned(),
        )],
        findings: findings(&rejected),
        totals: vec![
            total(Measure::TotalInvestment, "10.2", Amount::new(1_020_000_000, FACTOR_YI, 1)),
            total(Measure::Count, "3项", Amount::new(3, 1, 0)),
        ],
        comparisons: vec![comparison()],
        cells: vec![(
            source(),
            vec![
                trace(2, "高端轴承产业园项目5", Some(Field::ProjectName), Some("高端轴承产业园项目5")),
                trace(7, TELEPHONE, Some(Field::Telephone), Some(TELEPHONE)),
                trace(8, TELEPHONE, None, Some(TELEPHONE)),
            ],
        )],
        headers: headers(),
        indicators: Vec::new(),
        earlier_indicators: Vec::new(),
        laggards: Vec::new(),
    }
}
