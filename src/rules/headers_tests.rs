//! A table against its unit's earlier one: each kind of change, and its clean twin.

use std::path::Path;
use std::sync::Arc;

use super::headers::header_changes;
use crate::model::{BatchId, CellRef, Field, HeaderColumn, Stage, TableHeaders};
use crate::spec::Spec;

/// A table of 洛阳市 whose columns are written `header=field`, from column A; `!` instead of a column leaves one out.
fn table(batch: u32, stages: &[Stage], columns: &[&str]) -> TableHeaders {
    let column = |(col, text): (u32, &&str)| {
        let (header, field) = text.split_once('=').unwrap_or((text, ""));
        let field = Field::from_key(field);
        (*text != "!").then(|| HeaderColumn { cell: CellRef::new(3, col), header: header.to_owned(), field })
    };
    TableHeaders {
        batch: BatchId::from_number(batch),
        unit_code: "410300".to_owned(),
        stages: stages.to_vec(),
        file: Arc::from(format!("{batch:02}/洛阳市.xlsx")),
        sheet: Some(Arc::from("清单")),
        sheet_index: 1,
        table: 1,
        columns: (0u32..).zip(columns).filter_map(column).collect(),
    }
}

fn spec() -> Spec {
    let pipelines = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    Spec::load(&pipelines, &crate::rules::codes()).unwrap_or_else(|e| panic!("{e}"))
}

const BEFORE: [&str; 6] = [
    "序号=sequence",
    "项目名称=project_name",
    "项目单位=owner",
    "总投资（万元）=total_investment",
    "2025年计划投资（万元）=annual_planned_investment",
    "备注=remark",
];

/// Messages and cells for a 签约 table that was `BEFORE` in batch 02.
fn changes(now: &[&str]) -> Vec<(String, String)> {
    let before = [table(2, &[Stage::Signing], &BEFORE)];
    let found = header_changes(&[table(3, &[Stage::Signing], now)], &before, &spec());
    found.into_iter().map(|f| (f.message, f.cell.unwrap_or_default())).collect()
}

fn only(now: &[&str]) -> (String, String) {
    let mut found = changes(now);
    assert_eq!(found.len(), 1, "one finding per table: {found:?}");
    found.remove(0)
}

/// `BEFORE` with some columns replaced.
fn with(replaced: &[(usize, &'static str)]) -> Vec<&'static str> {
    let mut now = BEFORE.to_vec();
    for (i, text) in replaced {
        now[*i] = *text;
    }
    now
}

#[test]
fn the_same_headers_are_no_change() {
    assert_eq!(changes(&BEFORE), []);
    let shifted: Vec<&str> = ["!"].into_iter().chain(BEFORE).collect();
    assert_eq!(changes(&shifted), [], "an empty column in front changes no order");
}

#[test]
fn years_and_units_are_no_change() {
    let now =
        with(&[(3, "总投资\n（亿元）=total_investment"), (4, "2026年计划投资（万元）=annual_planned_investment")]);
    assert_eq!(changes(&now), []);
}

#[test]
fn new_and_gone_columns_are_told() {
    let now = with(&[(5, "联审联批事项")]);
    let told = "与第02期相比表头有变化：新增“联审联批事项”（F列）；没有了“备注”";
    assert_eq!(only(&now), (told.to_owned(), "F4".to_owned()));
    let told = "与第02期相比表头有变化：没有了“备注”";
    assert_eq!(only(&BEFORE[..5]), (told.to_owned(), "A4:E4".to_owned()), "what is gone has no cell");
    let mut between = BEFORE.to_vec();
    between.insert(1, "县区=county_name");
    assert_eq!(only(&between), ("与第02期相比表头有变化：新增“县区”（B列）".to_owned(), "B4".to_owned()));
}

#[test]
fn a_renamed_column_is_no_new_one() {
    let now = with(&[(2, "项目（法人）单位=owner")]);
    let told = "与第02期相比表头有变化：改名“项目单位”改为“项目（法人）单位”（C列）";
    assert_eq!(only(&now), (told.to_owned(), "C4".to_owned()));
}

#[test]
fn a_header_that_is_read_otherwise_is_told() {
    let now = with(&[(5, "备注")]);
    let told = "与第02期相比表头有变化：读法不同“备注”（F列）当时读作备注，本期不在要求的栏目里";
    assert_eq!(only(&now), (told.to_owned(), "F4".to_owned()));
}

#[test]
fn a_column_that_moved_is_told_and_no_other() {
    let mut now = BEFORE.to_vec();
    let total = now.remove(3);
    now.insert(1, total);
    let told = "与第02期相比表头有变化：换了位置“总投资（万元）”由D列到B列";
    assert_eq!(only(&now), (told.to_owned(), "B4".to_owned()));
}

#[test]
fn the_order_of_columns_that_are_not_ours_does_not_matter() {
    let before = [table(2, &[Stage::Signing], &["项目名称=project_name", "甲", "乙"])];
    let now = [table(3, &[Stage::Signing], &["项目名称=project_name", "乙", "甲"])];
    assert_eq!(header_changes(&now, &before, &spec()), []);
}

#[test]
fn another_form_is_one_sentence() {
    let now = ["项目名称=project_name", "建设单位=owner", "投资额=total_investment", "联系方式"];
    let told = "与第02期相比换了表式：当时6列，本期4列，表头相同的1列，不再有序号、年度计划投资、备注";
    let (message, cell) = only(&now);
    assert_eq!(cell, "A4:D4");
    let titles = [Field::Sequence, Field::AnnualPlannedInvestment, Field::Remark].map(Field::title).join("、");
    assert_eq!(message, told.replace("序号、年度计划投资、备注", &titles));
}

#[test]
fn the_latest_batch_of_the_unit_and_stage_counts() {
    let now = [table(4, &[Stage::Signing], &BEFORE)];
    let other = ["项目名称=project_name", "甲", "乙", "丙"];
    let of_unit = |code: &str, mut t: TableHeaders| {
        code.clone_into(&mut t.unit_code);
        t
    };
    let found = |before: &[TableHeaders]| header_changes(&now, before, &spec()).len();
    let (old, latest) = (table(2, &[Stage::Signing], &other), table(3, &[Stage::Start, Stage::Signing], &BEFORE));
    assert_eq!(found(std::slice::from_ref(&old)), 1);
    assert_eq!(found(&[old.clone(), latest.clone()]), 0, "the latest one is as now");
    assert_eq!(found(&[latest, table(3, &[Stage::Signing], &other)]), 0, "of several tables the most similar counts");
    assert_eq!(found(&[table(2, &[Stage::Start], &other)]), 0, "another list");
    assert_eq!(found(&[of_unit("410200", old.clone()), of_unit("", old)]), 0, "other units");
    assert_eq!(found(&[table(4, &[Stage::Signing], &other), table(5, &[Stage::Signing], &other)]), 0, "not earlier");
}
