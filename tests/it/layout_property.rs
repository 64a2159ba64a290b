//! A list of projects laid out at random is read back equal: offsets, header depth, merges, unit lines, sections,
//! totals, page breaks, counties written once.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::struct_excessive_bools,
    reason = "small grids, and a plan is a list of switches"
)]

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use sanpi::extract::extract;
use sanpi::model::{
    BatchId, Cell, CellKind, CellRef, Field, Format, ReadOutcome, Region, Sheet, Source, Stage, TotalScope, Workbook,
};

use crate::harness::spec;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UnitAt {
    Header,
    Parent,
    Line,
    Title,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StageBy {
    Title,
    SheetName,
    FileName,
    Column,
    Section,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CountyBy {
    Nothing,
    Column,
    Blank,
    Merged,
    Ditto,
    Section,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TotalAt {
    Nowhere,
    Top,
    Bottom,
    Both,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    counts: Vec<(usize, usize)>,
    offset: (u32, u32),
    title: bool,
    reporter: bool,
    yi: bool,
    unit_at: UnitAt,
    depth: u32,
    merged_header: bool,
    numbering: bool,
    sequence: bool,
    details: u32,
    spelling: usize,
    stage_by: StageBy,
    county_by: CountyBy,
    total: TotalAt,
    subtotals: bool,
    repeat: bool,
    notes: bool,
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let shape = (
        prop::collection::vec((0usize..3, 1usize..4), 1..5),
        (0u32..4, 0u32..3),
        any::<[bool; 8]>(),
        select(vec![UnitAt::Header, UnitAt::Parent, UnitAt::Line, UnitAt::Title]),
        1u32..4,
        0u32..16,
        0usize..6,
    );
    let habits = (
        select(vec![StageBy::Title, StageBy::SheetName, StageBy::FileName, StageBy::Column, StageBy::Section]),
        select(vec![
            CountyBy::Nothing,
            CountyBy::Column,
            CountyBy::Blank,
            CountyBy::Merged,
            CountyBy::Ditto,
            CountyBy::Section,
        ]),
        select(vec![TotalAt::Nowhere, TotalAt::Top, TotalAt::Bottom, TotalAt::Both]),
        any::<[bool; 2]>(),
    );
    (shape, habits).prop_map(
        |((counts, offset, flags, unit_at, depth, details, spelling), (stage_by, county_by, total, more))| {
            let title = flags[0] || stage_by == StageBy::Title || unit_at == UnitAt::Title;
            let unit_at = if depth == 1 && unit_at == UnitAt::Parent { UnitAt::Header } else { unit_at };
            Plan {
                counts,
                offset,
                title,
                reporter: flags[1],
                yi: flags[2],
                unit_at,
                depth,
                merged_header: flags[3],
                numbering: flags[4],
                // A list needs something that tells its rows from remarks.
                sequence: flags[5],
                details,
                spelling,
                stage_by,
                county_by,
                total,
                subtotals: flags[6],
                repeat: flags[7],
                notes: more[0],
            }
        },
    )
}

const COUNTIES: [&str; 3] = ["涧西区", "嵩县", "伊川县"];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    row: u32,
    stage: Option<Stage>,
    name: String,
    county: Option<String>,
    yuan: i64,
    start: Option<String>,
    owner: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Sequence,
    Stage,
    County,
    Name,
    Owner,
    Content,
    Total,
    Part,
    Annual,
    Start,
    Remark,
    Other,
}

struct Builder {
    sheet: Sheet,
    left: u32,
    row: u32,
}

impl Builder {
    fn put(&mut self, col: u32, text: &str) {
        if text.is_empty() {
            return;
        }
        let kind = text.parse::<f64>().map_or_else(|_| CellKind::Text(text.into()), CellKind::Number);
        self.sheet.cells.push(Cell::new(CellRef::new(self.row, self.left + col), kind));
    }

    fn merge(&mut self, from: (u32, u32), to: (u32, u32)) {
        if from != to {
            let at = |(row, col)| CellRef::new(row, self.left + col);
            self.sheet.merges.push(Region { start: at(from), end: at(to) });
        }
    }
}

fn columns(plan: &Plan) -> Vec<Col> {
    let mut columns = Vec::new();
    if plan.sequence {
        columns.push(Col::Sequence);
    }
    if plan.stage_by == StageBy::Column {
        columns.push(Col::Stage);
    }
    if !matches!(plan.county_by, CountyBy::Nothing | CountyBy::Section) {
        columns.push(Col::County);
    }
    columns.push(Col::Name);
    for (bit, col) in [(1, Col::Owner), (2, Col::Content)] {
        if plan.details & bit != 0 {
            columns.push(col);
        }
    }
    columns.push(Col::Total);
    if plan.depth == 3 {
        columns.push(Col::Part);
    }
    columns.push(Col::Annual);
    for (bit, col) in [(4, Col::Start), (8, Col::Other)] {
        if plan.details & bit != 0 {
            columns.push(col);
        }
    }
    columns.push(Col::Remark);
    columns
}

fn header(col: Col, plan: &Plan) -> &'static str {
    let pick = |texts: &[&'static str]| texts[plan.spelling % texts.len()];
    match col {
        Col::Sequence => pick(&["序号", "编号", "序 号"]),
        Col::Stage => pick(&["类别", "批次类别", "项目类别"]),
        Col::County => pick(&["县区", "所在县（市、区）", "建设地点", "属地", "隶属区县"]),
        Col::Name => pick(&["项目名称", "项 目 名 称", "工程名称", "项目\n名称", "建设项目名称", "*项目名称"]),
        Col::Owner => {
            pick(&["建设单位", "项目业主", "项目（法人）单位", "投资主体\n（企业名称）", "实施单位", "项目法人"])
        }
        Col::Content => {
            pick(&["建设规模及主要内容", "主要建设内容", "建设内容", "项目简介", "建设内容及规模", "项目概况"])
        }
        Col::Total => pick(&["总投资", "项目总投资", "总投资额", "计划总投资", "投资总额", "概算总投资"]),
        Col::Annual => pick(&[
            "2026年度计划投资",
            "年度计划投资",
            "2026年计划投资",
            "本年度投资计划",
            "年度投资计划",
            "当年计划投资",
        ]),
        Col::Part => "其中：固定资产投资",
        Col::Start => pick(&["开工时间", "开工日期", "计划开工时间", "实际开工时间", "拟开工时间", "开工年月"]),
        Col::Remark => pick(&["备注", "备  注", "备注说明"]),
        Col::Other => pick(&["责任单位", "形象进度", "用地面积（亩）", "存在问题", "预计年产值", "行政区划代码"]),
    }
}

/// Writes the header rows; money stands under a parent from the second level on, and 总投资 over 合计 on the third.
fn write_header(b: &mut Builder, columns: &[Col], plan: &Plan) {
    let unit = if plan.yi { "（亿元）" } else { "（万元）" };
    let top = b.row;
    let first_money = columns.iter().position(|c| *c == Col::Total).unwrap() as u32;
    for (i, col) in columns.iter().enumerate() {
        let i = i as u32;
        let mut text = header(*col, plan).to_owned();
        if *col == Col::Part {
            continue;
        }
        let money = matches!(col, Col::Total | Col::Annual);
        if money && plan.unit_at == UnitAt::Header {
            text.push_str(unit);
        }
        let level = if money { plan.depth.min(2) - 1 } else { 0 };
        b.row = top + level;
        b.put(i, &text);
        let last = if plan.depth == 3 && *col == Col::Total { b.row } else { top + plan.depth - 1 };
        if plan.merged_header {
            b.merge((b.row, i), (last, i));
        }
    }
    if plan.depth > 1 {
        b.row = top;
        let text =
            if plan.unit_at == UnitAt::Parent { format!("投资情况{unit}") } else { "投资情况".to_owned() };
        b.put(first_money, &text);
        if plan.merged_header {
            b.merge((top, first_money), (top, first_money + plan.depth - 1));
        }
    }
    if plan.depth == 3 {
        b.row = top + 2;
        b.put(first_money, "合计");
        b.put(first_money + 1, header(Col::Part, plan));
        if plan.merged_header {
            b.merge((top + 1, first_money), (top + 1, first_money + 1));
        }
    }
    b.row = top + plan.depth;
}

pub(crate) struct Laid {
    pub(crate) outcome: ReadOutcome,
    pub(crate) file: String,
    expected: Vec<Expected>,
    sheet_totals: usize,
}

pub(crate) fn lay_out(plan: &Plan) -> Laid {
    let columns = columns(plan);
    let width = columns.len() as u32;
    let stages: Vec<Stage> = if matches!(plan.stage_by, StageBy::Column | StageBy::Section) {
        Stage::ALL.to_vec()
    } else {
        vec![Stage::Start]
    };
    let name = if plan.stage_by == StageBy::SheetName { "开工" } else { "Sheet1" };
    let mut b =
        Builder { sheet: Sheet { name: name.to_owned(), ..Sheet::default() }, left: plan.offset.1, row: plan.offset.0 };
    let unit = if plan.yi { "亿元" } else { "万元" };
    if plan.title {
        let stage = if plan.stage_by == StageBy::Title { "开工" } else { "" };
        let note = if plan.unit_at == UnitAt::Title { format!("（单位：{unit}）") } else { String::new() };
        b.put(0, &format!("洛阳市“三个一批”{stage}项目台账{note}"));
        let row = b.row;
        b.merge((row, 0), (row, width - 1));
        b.row += 1;
    }
    if plan.reporter || plan.unit_at == UnitAt::Line {
        if plan.reporter {
            b.put(0, "填报单位：洛阳市发展改革委");
        }
        if plan.unit_at == UnitAt::Line {
            b.put(width - 1, &format!("单位：{unit}"));
        }
        b.row += 1;
    }
    write_header(&mut b, &columns, plan);
    if plan.numbering {
        for i in 0..width {
            b.put(i, &(i + 1).to_string());
        }
        b.row += 1;
    }
    let body = Body::write(&mut b, &columns, plan, &stages);
    b.sheet.cells.sort_by_key(|c| c.at);
    let file_stage = if plan.stage_by == StageBy::FileName { "开工" } else { "" };
    Laid {
        outcome: ReadOutcome {
            workbook: Some(Workbook { format: Format::Xlsx, sheets: vec![b.sheet] }),
            issues: Vec::new(),
        },
        file: format!("21/洛阳市/洛阳市{file_stage}台账.xlsx"),
        expected: body.expected,
        sheet_totals: body.sheet_totals,
    }
}

#[derive(Default)]
struct Body {
    expected: Vec<Expected>,
    sum: i64,
    sheet_totals: usize,
    number: usize,
}

impl Body {
    fn write(b: &mut Builder, columns: &[Col], plan: &Plan, stages: &[Stage]) -> Self {
        let mut body = Self::default();
        let total = |b: &mut Builder, body: &mut Self, sum: i64| {
            body.sheet_totals += 1;
            Self::total(b, columns, plan, if plan.subtotals { "总  计" } else { "合计" }, sum);
        };
        // The sum of what follows, written first.
        let in_all: i64 = body.amounts(plan, stages).iter().sum();
        if matches!(plan.total, TotalAt::Top | TotalAt::Both) {
            total(b, &mut body, in_all);
        }
        for (s, stage) in stages.iter().enumerate() {
            if plan.stage_by == StageBy::Section {
                let numeral = ["一", "二", "三"][s];
                b.put(0, &format!("{numeral}、{}项目", stage.as_str()));
                b.row += 1;
            }
            let before = body.sum;
            for (c, (county, rows)) in groups(plan).into_iter().enumerate() {
                if plan.county_by == CountyBy::Section {
                    b.put(0, &format!("（{}）{}", ["一", "二", "三", "四"][c], COUNTIES[county]));
                    b.row += 1;
                }
                body.group(b, columns, plan, *stage, county, rows);
            }
            if plan.subtotals && plan.stage_by == StageBy::Section {
                Self::total(b, columns, plan, &format!("{}项目合计", stage.as_str()), body.sum - before);
            }
            if plan.repeat && s == 0 {
                write_header(b, columns, plan);
            }
        }
        assert_eq!(body.sum, in_all);
        if matches!(plan.total, TotalAt::Bottom | TotalAt::Both) {
            total(b, &mut body, in_all);
        }
        if plan.notes {
            b.put(0, "注：1.总投资以备案文件为准；2.签约项目另表填报。");
            b.row += 1;
            b.put(0, "填表人：某某    审核人：某某");
        }
        body
    }

    fn amounts(&self, plan: &Plan, stages: &[Stage]) -> Vec<i64> {
        let rows: usize = groups(plan).iter().map(|(_, n)| n).sum();
        (0..rows * stages.len()).map(|n| tenths(n + self.number)).collect()
    }

    fn group(&mut self, b: &mut Builder, columns: &[Col], plan: &Plan, stage: Stage, county: usize, rows: usize) {
        let top = b.row;
        for n in 0..rows {
            let tenths = tenths(self.number);
            self.number += 1;
            self.sum += tenths;
            let project = Expected {
                row: b.row + 1,
                stage: Some(stage),
                name: match self.number % 5 {
                    0 => format!("洛阳{}号总部合计中心项目", self.number),
                    _ => format!("年产{}万吨高性能铜箔项目", self.number),
                },
                county: (plan.county_by != CountyBy::Nothing).then(|| COUNTIES[county].to_owned()),
                yuan: tenths * if plan.yi { 10_000_000 } else { 1_000 },
                start: columns.contains(&Col::Start).then(|| "2026-03-01".to_owned()),
                owner: columns.contains(&Col::Owner).then(|| format!("洛阳{}合计科技有限公司", self.number)),
            };
            for (i, col) in columns.iter().enumerate() {
                b.put(i as u32, &self.cell(*col, plan, &project, tenths, n));
            }
            b.row += 1;
            self.expected.push(project);
        }
        if plan.county_by == CountyBy::Merged
            && let Some(col) = columns.iter().position(|c| *c == Col::County)
        {
            let last = b.row - 1;
            b.merge((top, col as u32), (last, col as u32));
        }
    }

    fn cell(&self, col: Col, plan: &Plan, project: &Expected, tenths: i64, nth: usize) -> String {
        match col {
            Col::Sequence => self.number.to_string(),
            Col::Stage => format!("{}项目", project.stage.unwrap().as_str()),
            Col::County => match (nth, plan.county_by) {
                (0, _) | (_, CountyBy::Column) => project.county.clone().unwrap_or_default(),
                (_, CountyBy::Ditto) => if self.number.is_multiple_of(2) { "同上" } else { "〃" }.to_owned(),
                _ => String::new(),
            },
            Col::Name => project.name.clone(),
            Col::Owner => project.owner.clone().unwrap_or_default(),
            Col::Content => "占地50亩，新建厂房2万平方米，达产后年产100万台。".to_owned(),
            Col::Total => decimal(tenths),
            Col::Annual | Col::Part => decimal(tenths / 2),
            Col::Start => "2026年3月".to_owned(),
            Col::Remark => if self.number.is_multiple_of(3) { "省重点" } else { "" }.to_owned(),
            Col::Other => "发展改革委".to_owned(),
        }
    }

    fn total(b: &mut Builder, columns: &[Col], plan: &Plan, label: &str, sum: i64) {
        let _ = plan;
        b.put(0, label);
        for (i, col) in columns.iter().enumerate() {
            if *col == Col::Total && i > 0 {
                b.put(i as u32, &decimal(sum));
            }
        }
        b.row += 1;
    }
}

/// Groups of rows per county; counties that follow each other differ.
fn groups(plan: &Plan) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for &(county, rows) in &plan.counts {
        match groups.last_mut() {
            Some((last, n)) if *last == county => *n += rows,
            _ => groups.push((county, rows)),
        }
    }
    groups
}

/// Amount of the n-th project in tenths of the unit: 0.5 to 60 亿元, or as many 万元 times a thousand.
fn tenths(n: usize) -> i64 {
    5 + (n as i64 * 37) % 590
}

fn decimal(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[test]
fn any_layout_is_read_back() {
    let spec = spec();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let result = runner.run(&plan(), |plan| {
        let laid = lay_out(&plan);
        let source = Arc::new(Source { file: Arc::from(laid.file.as_str()), sha256: Arc::from("0") });
        let got = extract(&laid.outcome, &source, &BatchId::from_number(21), &spec);
        for book in &got.sheets {
            prop_assert!(book.rows.balances(), "{:?}", book.rows);
            prop_assert!(book.cells.balances(), "{:?}", book.cells);
        }
        let found: Vec<Expected> = got
            .records
            .iter()
            .map(|r| Expected {
                row: r.origin.row,
                stage: r.stage,
                name: r.name().unwrap_or_default().to_owned(),
                county: r.text(Field::County).map(str::to_owned),
                yuan: r.total_yuan().unwrap_or(-1),
                start: r.date(Field::StartDate).map(|d| d.first.to_string()),
                owner: r.text(Field::Owner).map(str::to_owned),
            })
            .collect();
        prop_assert_eq!(&found, &laid.expected);
        let totals = got.totals.iter().filter(|t| t.scope == TotalScope::Sheet);
        prop_assert_eq!(totals.count(), laid.sheet_totals, "totals: {:?}", got.totals);
        let loud: Vec<_> =
            got.findings.iter().filter(|f| f.code != "C301").map(|f| (f.code, f.message.clone())).collect();
        prop_assert!(loud.is_empty(), "{:?}", loud);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
