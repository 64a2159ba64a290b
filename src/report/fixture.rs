//! An invented batch for the tests of this module: 19 units, every kind of finding and comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fixture_life as life;
use crate::model::{
    Amount, BatchId, BatchResult, Bound, CellRef, Comparison, FACTOR_WAN, Field, FieldValue, FileOutcome, Finding,
    Measure, Origin, Record, Rejected, Reported, Severity, Slot, Source, Stage, SubmissionRow, Value, Values, Verdict,
};
use crate::spec::{
    Batch, Columns, Folders, Indicators, Layouts, Measures, Published, Roster, RuleSettings, Settings, Spec, Unit,
};

pub(super) const UNITS: [(&str, &str); 19] = [
    ("410100", "郑州市"),
    ("410200", "开封市"),
    ("410300", "洛阳市"),
    ("410400", "平顶山市"),
    ("410500", "安阳市"),
    ("410600", "鹤壁市"),
    ("410700", "新乡市"),
    ("410800", "焦作市"),
    ("410900", "濮阳市"),
    ("411000", "许昌市"),
    ("411100", "漯河市"),
    ("411200", "三门峡市"),
    ("411300", "南阳市"),
    ("411400", "商丘市"),
    ("411500", "信阳市"),
    ("411600", "周口市"),
    ("411700", "驻马店市"),
    ("410173", "郑州航空港区"),
    ("419001", "济源示范区"),
];

const SECTORS: [&str; 7] =
    ["先进制造业", "现代服务业", "战略性新兴产业", "基础设施", "民生社会事业", "生态环保", "现代农业"];

/// 商丘市 sends nothing.
pub(super) const MISSING: &str = "411400";
/// 鹤壁市 has no finding.
pub(super) const CLEAN: &str = "410600";

pub(super) fn spec() -> Spec {
    let unit = |(code, name): &(&str, &str)| Unit {
        code: (*code).into(),
        name: (*name).into(),
        aliases: vec![],
        since_batch: None,
        tile: None,
        region_prefixes: vec![],
        area: vec![],
    };
    let published = |stage, measure, value: &str, unit: &str| Published {
        unit_code: "410000".into(),
        stage: Some(stage),
        measure,
        value: value.into(),
        unit: unit.into(),
        scope: Some("省台账".into()),
        source: "2021年10月8日活动通稿".into(),
        not_comparable: None,
        stages: vec![],
        bound: Bound::Exact,
        amount: None,
    };
    let mut figures = Vec::new();
    for (stage, n, yi) in
        [(Stage::Signing, "340", "2844"), (Stage::Start, "519", "4647"), (Stage::Production, "524", "3559")]
    {
        figures.push(published(stage, Measure::Count, n, "项"));
        figures.push(published(stage, Measure::TotalInvestment, yi, "亿元"));
    }
    let batch = Batch {
        id: "02".into(),
        date: Some(jiff::civil::date(2021, 10, 8)),
        deadline: Some(jiff::civil::date(2021, 9, 30)),
        sectors: vec![],
        published: figures,
        breakdown: vec![],
    };
    Spec {
        settings: Settings { folders: Folders { inbox: "inbox".into(), out: "out".into() }, ..Settings::default() },
        roster: Roster {
            province_name: "全省".into(),
            province_code: "410000".into(),
            unit: UNITS.iter().map(unit).collect(),
            overlap: Vec::new(),
        },
        columns: Columns::default(),
        layouts: Layouts::default(),
        measures: Measures { measure: vec![] },
        rules: RuleSettings::default(),
        waivers: crate::spec::Waivers::default(),
        indicators: Indicators::default(),
        bulletin: None,
        batches: BTreeMap::from([(BatchId::from_number(2), batch)]),
        hash: "0".repeat(64),
    }
}

fn source(code: &str, name: &str) -> Arc<Source> {
    Arc::new(Source {
        file: format!("02/{name}/{name}三个一批项目汇总表.xlsx").into(),
        sha256: code.repeat(11)[..64].into(),
    })
}

fn record(code: &str, name: &str, stage: Stage, row: u32, yuan: i64, project: &str) -> Record {
    let column = |field, value, raw: &str, col| {
        (field, FieldValue { value: Some(value), raw: raw.into(), cell: CellRef::new(row - 1, col) })
    };
    let amount = Amount::new(yuan, FACTOR_WAN, 0);
    Record {
        batch: BatchId::from_number(2),
        unit_code: code.into(),
        stage: Some(stage),
        origin: Origin {
            source: source(code, name),
            sheet: Some(stage.as_str().into()),
            sheet_index: 0,
            row,
            slot: Slot { table: 1, line: row },
        },
        group: None,
        values: Values::from([
            column(Field::ProjectName, Value::Text(project.into()), project, 2),
            column(Field::Sector, Value::Text(SECTORS[row as usize % SECTORS.len()].into()), "", 5),
            column(Field::TotalInvestment, Value::Amount(amount), &(yuan / 10_000).to_string(), 7),
        ]),
        extras: vec![],
        hidden: false,
        after_total: false,
    }
}

/// Splits `total` into `n` whole parts that add up to it: equal ones, or as uneven as projects are.
fn parts(total: i64, n: i64, weights: &'static [i64]) -> impl Iterator<Item = i64> {
    let weight = move |i: i64| weights[usize::try_from(i).unwrap_or(0) % weights.len()];
    let below = move |i: i64| (0..i).map(weight).sum::<i64>();
    let whole = below(n);
    (0..n).map(move |i| total * below(i + 1) / whole - total * below(i) / whole)
}

/// Accepted and rejected records with their project ids.
type Records = (Vec<(Record, String)>, Vec<(Rejected, String)>);

fn records(findings: &mut Vec<Reported>) -> Records {
    let (mut accepted, mut rejected) = (Vec::new(), Vec::new());
    let stages = [(Stage::Signing, 340, 2_844), (Stage::Start, 517, 4_590), (Stage::Production, 524, 3_559)];
    let kinds = [
        "年产10万吨高端铝板带",
        "智能终端产业园（二期）",
        "冷链物流港",
        "新能源汽车零部件",
        "抽水蓄能电站",
        "5G智慧园区",
    ];
    for (stage, count, yi) in stages {
        let mut money = parts(yi * 10_000, count, &[2, 5, 1, 12, 3, 70, 6, 1, 4]).map(|wan| wan * 10_000);
        let units: Vec<_> = UNITS.iter().filter(|u| u.0 != MISSING).collect();
        let mut shares = parts(count, i64::try_from(units.len()).unwrap_or(1), &[3, 2, 4, 3]);
        for (code, name) in units {
            for i in 0..shares.next().unwrap_or(0) {
                let row = 6 + u32::try_from(i).unwrap_or(0);
                let project = format!("{name}{}项目{}", kinds[(row as usize) % kinds.len()], i + 1);
                let record = record(code, name, stage, row, money.next().unwrap_or(0), &project);
                accepted.push((record, format!("p{}{}{row}", stage.as_str(), code)));
            }
        }
    }
    for (code, name) in [UNITS[0], UNITS[3], UNITS[6]] {
        let record = record(code, name, Stage::Start, 40, 285_000_000, "<script>alert('x')</script>高端装备制造基地");
        let finding = Finding::new("X601", format!("与第 12 行是同一个项目，{name}在开工表里报了两次"))
            .on(&record, Some(Field::ProjectName))
            .read_as("重复项目");
        findings.push(reported(
            finding,
            "duplicate-in-unit",
            "本单位内重复",
            Severity::Error,
            "删去其中一行；如果确是两个项目，请在名称上区分，例如加“（二期）”。",
        ));
        rejected.push((Rejected { record, reasons: vec!["X601"] }, format!("x{code}")));
    }
    (accepted, rejected)
}

pub(super) fn reported(
    finding: Finding,
    rule: &'static str,
    title: &'static str,
    severity: Severity,
    help: &str,
) -> Reported {
    Reported {
        finding,
        rule,
        title,
        severity,
        help: help.into(),
        waived: false,
        waiver: None,
        explanation: None,
        trial: false,
    }
}

fn on_cells(findings: &mut Vec<Reported>) {
    for (i, (code, name)) in UNITS.iter().enumerate().filter(|(_, u)| u.0 != MISSING && u.0 != CLEAN) {
        let row = 9 + u32::try_from(i).unwrap_or(0);
        let record = record(
            code,
            name,
            Stage::ALL[i % 3],
            row,
            2_850_000_000_000,
            &format!("{name}先进制造业开发区标准化厂房项目"),
        );
        findings.push(reported(
            Finding::new("V504", "总投资 28,500,000 万元，约是同表其他项目的一万倍，很可能把元或万元写错了")
                .on(&record, Some(Field::TotalInvestment))
                .read_as("28500000 万元（2850.00 亿元）"),
            "amount-scale",
            "金额数量级异常",
            Severity::Warning,
            "核对单位是万元还是亿元；写错的改正，属实的书面说明。",
        ));
        if i % 2 == 0 {
            findings.push(reported(
                Finding::new("V502", "没有填总投资").on(&record, None).at_range(format!("H{row}")),
                "total-investment-missing",
                "总投资缺失",
                Severity::Error,
                "在这一行的“总投资（万元）”一栏填上数字。",
            ));
        }
        if i % 3 == 0 {
            findings.push(reported(
                Finding::new("N405", "开工时间“近期”不是日期")
                    .on(&record, None)
                    .at_range(format!("K{row}"))
                    .field(Field::StartDate)
                    .seen("近期"),
                "date-unreadable",
                "日期无法识别",
                Severity::Warning,
                "写成 2021年10月 或 2021-10-08 这样的日期。",
            ));
        }
        findings.push(reported(
            Finding::new("C301", "“备用列”不是要求的栏目，原样保留")
                .unit(*code)
                .in_file(&source(code, name).file)
                .in_sheet(&"签约".into())
                .at(CellRef::new(3, 14)),
            "column-unmapped",
            "未对应的列",
            Severity::Info,
            "不需要处理。",
        ));
    }
}

fn comparison(
    code: &str,
    stage: Stage,
    measure: Measure,
    sides: (&'static str, &'static str),
    values: (i64, i64),
    verdict: Verdict,
) -> Comparison {
    Comparison {
        batch: BatchId::from_number(2),
        unit_code: code.into(),
        stage: Some(stage),
        group: None,
        measure,
        left: sides.0,
        right: sides.1,
        left_value: Some(values.0),
        right_value: Some(values.1),
        difference: Some(values.0 - values.1),
        tolerance: Some(if measure == Measure::Count { 0 } else { 50_000_000 }),
        half_widths: (None, None),
        right_unit: None,
        verdict,
        cause: None,
        note: None,
        left_at: None,
        right_at: None,
    }
}

fn comparisons() -> Vec<Comparison> {
    let yi = 100_000_000;
    let mut all = Vec::new();
    for (stage, ours, theirs) in [
        (Stage::Signing, (340, 2844), (340, 2844)),
        (Stage::Start, (517, 4590), (519, 4647)),
        (Stage::Production, (524, 3559), (524, 3559)),
    ] {
        let verdict = if ours == theirs { Verdict::Match } else { Verdict::Mismatch };
        let mut count = comparison(
            "410000",
            stage,
            Measure::Count,
            ("accepted", "published"),
            (ours.0 * 10_000, theirs.0 * 10_000),
            verdict,
        );
        let verdict = if stage == Stage::Production { Verdict::WithinRounding } else { verdict };
        let mut money = comparison(
            "410000",
            stage,
            Measure::TotalInvestment,
            ("accepted", "published"),
            (ours.1 * yi, theirs.1 * yi),
            verdict,
        );
        for c in [&mut count, &mut money] {
            c.right_at = Some("2021年10月8日活动通稿".into());
            if c.verdict == Verdict::Mismatch {
                c.cause = Some("rejected_rows");
                c.note = Some("商丘市没有报送；郑州市、平顶山市、新乡市各退回 1 行。".into());
            }
        }
        all.extend([count, money]);
    }
    for (i, (code, name)) in UNITS.iter().enumerate().filter(|(_, u)| u.0 != MISSING) {
        let stage = Stage::ALL[i % 3];
        let verdict = if i % 4 == 0 { Verdict::Mismatch } else { Verdict::Match };
        let left = 150 * yi + 3_250_000 * i64::try_from(i).unwrap_or(0);
        let right = if verdict == Verdict::Match { left } else { left - 2_850_000_000 };
        let mut c =
            comparison(code, stage, Measure::TotalInvestment, ("detail", "sheet_total"), (left, right), verdict);
        c.right_at = Some(format!("02/{name}/{name}三个一批项目汇总表.xlsx › {stage} › H42"));
        if verdict == Verdict::Mismatch {
            c.cause = Some(["unit_slip", "formula_range_short", "hidden_row"][i / 4 % 3]);
            c.note = Some("H17 写作 28500，按亿元读；若按万元，差额正好消失。".into());
        }
        all.push(c);
    }
    all
}

fn submissions() -> Vec<SubmissionRow> {
    let mut rows = Vec::new();
    for (code, name) in UNITS.iter().filter(|u| u.0 != MISSING) {
        rows.push(SubmissionRow {
            unit_code: Some((*code).into()),
            source: source(code, name),
            outcome: FileOutcome::Read,
            sheets: 3,
            rows_read: 77,
            rows_accepted: 76,
            rows_rejected: 1,
            amount_accepted: 61_000_000_000,
            version: (*code == "410300").then(|| "修订版".into()),
            superseded_by: None,
        });
    }
    let mut old = rows[2].clone();
    old.source =
        Arc::new(Source { file: "02/洛阳市/洛阳市三个一批.xls".into(), sha256: "b".repeat(64).into() });
    (old.outcome, old.version) = (FileOutcome::Superseded, None);
    old.superseded_by = Some(Arc::clone(&rows[2].source.file));
    rows.insert(3, old);
    let mut stray = rows[0].clone();
    stray.source = Arc::new(Source { file: "02/说明.docx".into(), sha256: "c".repeat(64).into() });
    (stray.unit_code, stray.outcome) = (None, FileOutcome::Stray);
    (stray.sheets, stray.rows_read, stray.rows_accepted, stray.rows_rejected, stray.amount_accepted) = (0, 0, 0, 0, 0);
    rows.push(stray);
    rows
}

/// The batch: 商丘市 missing, 信阳市 late, 鹤壁市 clean, a stray file, one waived finding and one on trial.
pub(super) fn result() -> BatchResult {
    let mut findings = Vec::new();
    let (accepted, rejected) = records(&mut findings);
    on_cells(&mut findings);
    findings.push(reported(
        Finding::new("F101", "商丘市没有可以读取的报送文件").unit(MISSING),
        "submission-missing",
        "未报送",
        Severity::Error,
        "请在截止日期前报送本期三批项目汇总表。",
    ));
    findings.push(reported(
        Finding::new("F102", "收到时已过截止日期 2021年9月30日")
            .unit("411500")
            .in_file(&source("411500", "信阳市").file),
        "submission-late",
        "迟报",
        Severity::Warning,
        "请说明迟报原因。",
    ));
    findings.push(reported(
        Finding::new("R703", "全省开工总投资 4590.00 亿元，公布 4647 亿元，差 57.00 亿元")
            .unit("410000")
            .stage(Stage::Start),
        "published-mismatch",
        "与公布数不符",
        Severity::Error,
        "先处理各单位的退回和未报送。",
    ));
    findings.push(reported(
        Finding::new("F113", "文件“说明.docx”不是报送表").in_file(&"02/说明.docx".into()),
        "stray-file",
        "无关文件",
        Severity::Info,
        "不需要处理。",
    ));
    let contact = Finding::new("N405", "备注里的“联系13812345678”看不懂")
        .unit("410200")
        .field(Field::Telephone)
        .seen("0371-65512345");
    findings.push(reported(contact, "date-unreadable", "日期无法识别", Severity::Warning, "改正。"));
    let count = findings.len();
    findings[count - 6].waived = true;
    findings[4].trial = true;
    let order = spec().roster;
    findings.sort_by_key(|r| order.position(r.finding.unit_code.as_deref().unwrap_or("")));
    BatchResult {
        batch: BatchId::from_number(2),
        submissions: submissions(),
        accepted,
        rejected,
        findings,
        totals: vec![],
        comparisons: comparisons(),
        cells: vec![],
        headers: vec![],
        indicators: life::indicators(2, &[(340, 2_844), (517, 4_590), (524, 3_559)]),
        earlier_indicators: life::indicators(1, &[(301, 2_210), (455, 3_980), (418, 2_902)]),
        laggards: life::laggards(),
    }
}

/// Codes of the roster with at least one finding.
pub(super) fn units_with_findings(result: &BatchResult) -> BTreeSet<String> {
    result.findings.iter().filter_map(|r| r.finding.unit_code.clone()).collect()
}
