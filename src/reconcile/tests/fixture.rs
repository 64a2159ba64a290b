//! Small submissions for tests: one table of one unit, with its totals.

use std::sync::{Arc, LazyLock};

use crate::model::{
    Amount, BatchId, Bound, CellRef, Comparison, DeclaredTotal, FACTOR_WAN, FACTOR_YI, Field, FieldValue, Finding,
    GroupTotal, Measure, Origin, Record, Slot, Source, Stage, TotalScope, Value, Verdict,
};
use crate::reconcile::{Input, reconcile};
use crate::spec::{Published, Spec};

/// The owner's configuration, without published figures.
static SPEC: LazyLock<Spec> = LazyLock::new(|| {
    let mut spec = crate::spec::pipelines();
    for batch in spec.batches.values_mut() {
        batch.published.clear();
        batch.breakdown.clear();
    }
    spec
});

/// Column F, where amounts stand.
pub(super) const COLUMN: u32 = 5;
/// Excel row of the first project.
pub(super) const FIRST: u32 = 5;

/// `"412.30"` in units of `factor`.
pub(super) fn amount(text: &str, factor: i64) -> Amount {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = 10i64.pow(u32::try_from(fraction.len()).expect("short"));
    let digits: i64 = format!("{whole}{fraction}").parse().expect("digits");
    let decimals = u8::try_from(fraction.len()).expect("short");
    Amount::new(digits * factor / scale, factor, decimals)
}

/// 元 as a figure in 万元 without zeros at the end.
pub(super) fn wan(yuan: i64) -> String {
    let text = format!("{}.{:04}", yuan / FACTOR_WAN, yuan % FACTOR_WAN);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One unit's submission of one batch.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) rows: Vec<(Record, bool)>,
    pub(super) totals: Vec<DeclaredTotal>,
    pub(super) findings: Vec<Finding>,
    pub(super) spec: Spec,
}

fn source(file: &str) -> Arc<Source> {
    Arc::new(Source { file: file.into(), sha256: "0".repeat(64).into() })
}

/// A project row of 洛阳市 in 开工, in 万元.
pub(super) fn record(row: u32, wan: &str) -> Record {
    let value =
        |value, raw: &str, col| FieldValue { value: Some(value), raw: raw.into(), cell: CellRef::new(row - 1, col) };
    let name = format!("项目{row}");
    Record {
        batch: BatchId::from_number(2),
        unit_code: "410300".into(),
        stage: Some(Stage::Start),
        origin: Origin {
            source: source("02/洛阳.xlsx"),
            sheet: Some("开工".into()),
            sheet_index: 1,
            row,
            slot: Slot { table: 1, line: row },
        },
        group: None,
        values: [
            (Field::ProjectName, value(Value::Text(name.as_str().into()), &name, 1)),
            (Field::TotalInvestment, value(Value::Amount(amount(wan, FACTOR_WAN)), wan, COLUMN)),
        ]
        .into(),
        extras: Vec::new(),
        hidden: false,
        after_total: false,
    }
}

impl Table {
    /// Rows with these amounts in 万元, from [`FIRST`] on.
    pub(super) fn of(wan: &[&str]) -> Self {
        let rows = (FIRST..).zip(wan).map(|(row, wan)| (record(row, wan), true)).collect();
        Self { rows, totals: Vec::new(), findings: Vec::new(), spec: SPEC.clone() }
    }

    /// Excel row below the last project.
    pub(super) fn below(&self) -> u32 {
        FIRST + u32::try_from(self.rows.len()).expect("few")
    }

    /// A total of the sheet below its rows.
    pub(super) fn total(&mut self, measure: Measure, text: &str, factor: i64) -> &mut DeclaredTotal {
        let (row, col) = (self.below(), if measure == Measure::Count { 1 } else { COLUMN });
        self.totals.push(DeclaredTotal {
            batch: BatchId::from_number(2),
            unit_code: "410300".into(),
            stage: Some(Stage::Start),
            scope: TotalScope::Sheet,
            group: None,
            measure,
            value: text.into(),
            amount: Some(amount(text, factor)),
            source: source("02/洛阳.xlsx"),
            sheet: Some("开工".into()),
            sheet_index: 1,
            cell: CellRef::new(row - 1, col),
            formula: None,
            rows: self.rows.iter().map(|(r, _)| r.origin.row).collect(),
        });
        self.totals.last_mut().expect("just pushed")
    }

    /// The total of the sheet in 万元.
    pub(super) fn wan(&mut self, text: &str) -> &mut DeclaredTotal {
        self.total(Measure::TotalInvestment, text, FACTOR_WAN)
    }

    /// The number of projects of the sheet.
    pub(super) fn count(&mut self, text: &str) -> &mut DeclaredTotal {
        self.total(Measure::Count, text, 1)
    }

    /// A 小计 in 万元 that stands in row `row` and covers `rows`.
    pub(super) fn group(&mut self, row: u32, rows: std::ops::RangeInclusive<u32>, text: &str) -> &mut DeclaredTotal {
        for (record, _) in self.rows.iter_mut().filter(|(r, _)| rows.contains(&r.origin.row)) {
            record.group = Some(format!("组{row}"));
        }
        let total = self.wan(text);
        total.scope = TotalScope::Group;
        total.group = Some(GroupTotal { label: format!("组{row}") });
        total.cell.row = row - 1;
        total.rows = rows.collect();
        total
    }

    /// A line of a summary sheet in 亿元.
    pub(super) fn cover(&mut self, stage: Option<Stage>, text: &str) -> &mut DeclaredTotal {
        let line = u32::try_from(self.totals.len()).expect("few");
        let total = self.total(Measure::TotalInvestment, text, FACTOR_YI);
        (total.scope, total.stage) = (TotalScope::Cover, stage);
        (total.sheet, total.sheet_index) = (Some("汇总表".into()), 0);
        (total.cell, total.rows) = (CellRef::new(line, 2), Vec::new());
        total
    }

    /// A published figure of the province in 亿元, or a count.
    pub(super) fn publish(&mut self, stage: Option<Stage>, measure: Measure, value: &str) -> &mut Published {
        let (unit, factor) = if measure == Measure::Count { ("项", 1) } else { ("亿元", FACTOR_YI) };
        let batch =
            self.spec.batches.entry(BatchId::from_number(2)).or_insert_with(|| unreachable!("pipelines has 02"));
        batch.published.push(Published {
            unit_code: "410000".into(),
            stage,
            measure,
            value: value.into(),
            unit: unit.into(),
            scope: None,
            not_comparable: None,
            stages: Vec::new(),
            bound: Bound::Exact,
            source: "公布稿".into(),
            amount: Some(amount(value, factor)),
        });
        batch.published.last_mut().expect("just pushed")
    }

    /// The record in an Excel row.
    pub(super) fn at(&mut self, row: u32) -> &mut Record {
        &mut self.rows.iter_mut().find(|(r, _)| r.origin.row == row).expect("row").0
    }

    /// Rejects a row.
    pub(super) fn reject(&mut self, row: u32) {
        self.rows.iter_mut().find(|(r, _)| r.origin.row == row).expect("row").1 = false;
    }

    /// Puts a finding on the amount of a row.
    pub(super) fn find(&mut self, code: &'static str, row: u32) {
        let finding = Finding::new(code, "").on(self.at(row), Some(Field::TotalInvestment));
        self.findings.push(finding);
    }

    /// Runs the step.
    pub(super) fn run(&self) -> (Vec<Comparison>, Vec<Finding>) {
        let batch = BatchId::from_number(2);
        let details: Vec<(&Record, bool)> = self.rows.iter().map(|(r, accepted)| (r, *accepted)).collect();
        let totals: Vec<&DeclaredTotal> = self.totals.iter().collect();
        let input =
            Input { batch: &batch, details: &details, totals: &totals, findings: &self.findings, spec: &self.spec };
        reconcile(&input)
    }

    /// The comparisons with one kind of figure.
    pub(super) fn against(&self, right: &str) -> Vec<Comparison> {
        self.run().0.into_iter().filter(|c| c.right == right).collect()
    }

    /// Codes of the findings with their cells.
    pub(super) fn codes(&self) -> Vec<String> {
        let show = |f: Finding| format!("{} {}", f.code, f.cell.unwrap_or_default());
        self.run().1.into_iter().map(show).collect()
    }

    /// Sum of the rows as a spreadsheet would show it in 万元.
    pub(super) fn sum(&self) -> String {
        let yuan: i64 = self.rows.iter().filter_map(|(r, _)| r.total_yuan()).sum();
        wan(yuan)
    }

    /// Verdict, cause and note of the sheet's 总投资 total.
    pub(super) fn verdict(&self) -> (Verdict, Option<&'static str>, String) {
        let all = self.against("sheet_total");
        let found = all.into_iter().find(|c| c.measure == Measure::TotalInvestment).expect("a total");
        (found.verdict, found.cause, found.note.unwrap_or_default())
    }
}
