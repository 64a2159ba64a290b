//! One list on a sheet: title, unit line, header, rows, total, note.

use super::book::{Sheet, Value};
use super::project::{Office, Project, Stage};

/// Rows above the first project.
pub(super) const HEAD_ROWS: u32 = 3;
/// Column of 总投资 from 0.
const TOTAL: usize = 10;

/// Headers of a list. All lists share the first columns; the last ones say how far the project is.
fn headers(stage: Stage) -> Vec<&'static str> {
    let mut headers = vec![
        "序号",
        "项目名称",
        "项目代码",
        "建设单位",
        "统一社会信用代码",
        "县（市、区）",
        "建设性质",
        "所属领域",
        "产业链",
        "主要建设内容及规模",
        "总投资（万元）",
        "本年度计划投资（万元）",
    ];
    headers.extend(match stage {
        Stage::Sign => &["签约时间", "计划开工时间", "投资方所在地", "备注"][..],
        Stage::Start => &[
            "累计完成投资（万元）",
            "签约时间",
            "开工时间",
            "计划竣工时间",
            "占地面积（亩）",
            "形象进度",
            "责任单位",
            "备注",
        ][..],
        Stage::Produce => &[
            "累计完成投资（万元）",
            "开工时间",
            "竣工时间",
            "投产时间",
            "占地面积（亩）",
            "预计年产值（万元）",
            "备注",
        ][..],
    });
    headers
}

/// A list of `n` projects.
pub(super) fn sheet(office: &Office, batch: u32, stage: Stage, n: u32) -> Sheet {
    let headers = headers(stage);
    let last = headers.len() - 1;
    let wide = |row: u32| (row, 0, row, u32::try_from(last).unwrap_or(0));
    let text = |t: &str| Value::Text(t.to_owned());
    let mut rows = vec![
        line(last, [(0, text(&format!("{}第{batch}期“三个一批”{}项目清单", office.name, stage.title())))]),
        line(last, [(0, text(&format!("填报单位：{}发展和改革委员会", office.name))), (last - 1, text("单位：万元"))]),
        headers.iter().map(|h| text(h)).collect(),
    ];
    rows.extend((0..n).map(|i| row(office, batch, stage, i, i + HEAD_ROWS + 1)));
    let merges = vec![wide(0)];
    if n > 0 {
        let mut total = line(last, [(0, text("合计"))]);
        for col in [TOTAL, TOTAL + 1] {
            let sum = rows.iter().skip(HEAD_ROWS as usize).filter_map(|r| match r.get(col) {
                Some(Value::Number(n)) => Some(*n),
                _ => None,
            });
            total[col] = Value::Sum(HEAD_ROWS + 1, HEAD_ROWS + n, sum.sum());
        }
        rows.push(total);
        rows.push(line(last, [(0, text("注：总投资以备案文件为准，时间精确到月。"))]));
    }
    Sheet { name: format!("{}一批", stage.title()), rows, merges }
}

fn line<const N: usize>(last: usize, values: [(usize, Value); N]) -> Vec<Value> {
    let mut row = vec![Value::Empty; last + 1];
    for (col, value) in values {
        row[col] = value;
    }
    row
}

/// Project `i` of a list; `at` is its row in Excel's numbers.
pub(super) fn row(office: &Office, batch: u32, stage: Stage, i: u32, at: u32) -> Vec<Value> {
    let project = Project::new(office, batch, stage, i);
    let p = &project;
    let text = |t: &str| if t.is_empty() { Value::Empty } else { Value::Text(t.to_owned()) };
    let money = |wan: u32| Value::Number(f64::from(wan));
    let mut row = vec![
        Value::Number(f64::from(at - HEAD_ROWS)),
        text(&p.name),
        text(&p.code),
        text(&p.owner),
        text(&p.credit),
        text(&p.county),
        text(p.nature),
        text(p.sector),
        text(p.chain),
        text(&p.content),
        p.fault.total(p.total),
        money(p.annual),
    ];
    match stage {
        Stage::Sign => row.extend([p.date(0), p.month(4), text(p.origin), text(p.remark)]),
        Stage::Start => row.extend([
            money(p.completed),
            p.date(0),
            p.date(5),
            p.month(24),
            Value::Number(f64::from(p.acres)),
            text(p.progress),
            text(&p.department),
            text(p.remark),
        ]),
        Stage::Produce => row.extend([
            money(p.completed),
            p.date(5),
            p.month(24),
            p.date(25),
            Value::Number(f64::from(p.acres)),
            money(p.total + p.total / 7),
            text(p.remark),
        ]),
    }
    row
}
