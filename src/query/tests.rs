//! What analysts ask.

use std::fs::{self, File};
use std::path::Path;

use polars::prelude::*;
use tempfile::TempDir;

use super::run;
use crate::model::{View, ViewColumn};

/// `projects` of two batches, `findings` of one, an empty `rejected`.
fn version() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    projects(dir.path(), "01", &[("签约", "410100", Some(510_005_000), "甲项目")]);
    let second = [
        ("签约", "410100", Some(10_000), "乙项目（一期）"),
        ("签约", "410300", None, "丙项目"),
        ("开工", "410300", Some(1), "丁%项目"),
    ];
    projects(dir.path(), "02", &second);
    let findings = df!("batch" => ["02", "02"], "unit_code" => ["410300", "410300"], "code" => ["V502", "V504"]);
    write(dir.path(), "findings", "02", findings.unwrap());
    write(
        dir.path(),
        "rejected",
        "02",
        DataFrame::empty_with_schema(&Schema::from_iter([
            Field::new("batch".into(), DataType::String),
            Field::new("source_row".into(), DataType::Int64),
        ])),
    );
    fs::create_dir_all(dir.path().join("reports/02")).unwrap();
    dir
}

/// Stage, unit, 元, name.
type Row = (&'static str, &'static str, Option<i64>, &'static str);

fn projects(dir: &Path, batch: &str, rows: &[Row]) {
    let yuan = Int128Chunked::from_iter_options("x".into(), rows.iter().map(|r| r.2.map(i128::from)));
    let money = yuan.into_decimal_unchecked(18, 4).into_series().with_name("total_investment_wan".into());
    let dates = Int32Chunked::from_iter_options("start_date".into(), rows.iter().map(|r| r.2.map(|_| 18_901)));
    let reasons: ListChunked = rows
        .iter()
        .map(|r| Series::new("".into(), &[r.0, "\"引号\""]))
        .collect::<ListChunked>()
        .with_name("reasons".into());
    let text = |name: &str, get: fn(&Row) -> String| Column::new(name.into(), rows.iter().map(get).collect::<Vec<_>>());
    let batches = vec![batch.to_owned(); rows.len()];
    let columns = vec![
        Column::new("batch".into(), batches),
        text("stage", |r| r.0.to_owned()),
        text("unit_code", |r| r.1.to_owned()),
        text("project_name", |r| r.3.to_owned()),
        money.into_column(),
        dates.into_date().into_series().into_column(),
        reasons.into_series().into_column(),
    ];
    write(dir, "projects", batch, DataFrame::new(rows.len(), columns).unwrap());
}

fn write(dir: &Path, dataset: &str, batch: &str, mut frame: DataFrame) {
    let folder = dir.join(dataset).join(format!("batch={batch}"));
    fs::create_dir_all(&folder).unwrap();
    ParquetWriter::new(File::create(folder.join("part-0.parquet")).unwrap()).finish(&mut frame).unwrap();
}

fn ask(sql: &str) -> String {
    let table = match run(version().path(), &[], sql) {
        Ok(table) => table,
        Err(error) => return error.to_string(),
    };
    let row = |row: &Vec<Option<String>>| row.iter().map(|v| v.as_deref().unwrap_or("∅")).collect::<Vec<_>>().join(" ");
    table.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn analysts_get_exact_answers() {
    let mut wrong = Vec::new();
    for (sql, answer) in [
        ("SELECT COUNT(*) FROM projects", "4"),
        ("SELECT SUM(total_investment_wan) AS wan FROM projects", "51001.5001"),
        (
            "SELECT batch, stage, COUNT(*) AS n, SUM(total_investment_wan) AS wan FROM projects GROUP BY batch, stage ORDER BY batch, stage",
            "01 签约 1 51000.5000\n02 开工 1 0.0001\n02 签约 2 1.0000",
        ),
        ("SELECT project_name, total_investment_wan FROM projects WHERE batch = '01'", "甲项目 51000.5000"),
        ("SELECT project_name FROM projects WHERE total_investment_wan > 1 ORDER BY project_name;", "甲项目"),
        ("SELECT project_name FROM projects WHERE total_investment_wan IS NULL", "丙项目"),
        ("SELECT COUNT(DISTINCT unit_code) AS n FROM projects", "2"),
        ("SELECT MAX(total_investment_wan) AS m, MIN(total_investment_wan) AS n FROM projects", "51000.5000 0.0001"),
        ("SELECT project_name FROM projects WHERE project_name LIKE '%一期%'", "乙项目（一期）"),
        (
            "SELECT project_name FROM projects ORDER BY total_investment_wan DESC NULLS LAST LIMIT 2",
            "甲项目\n乙项目（一期）",
        ),
        ("SELECT start_date, reasons FROM projects WHERE batch = '01'", "2021-10-01 [\"签约\",\"\\\"引号\\\"\"]"),
        ("SELECT COUNT(*) AS n FROM projects WHERE start_date >= DATE '2021-10-01'", "3"),
        ("SELECT COUNT(*) AS n FROM projects WHERE start_date >= '2021-10-02'", "0"),
        (
            "SELECT CASE WHEN stage = '签约' THEN 'a' ELSE 'b' END AS k, COUNT(*) AS n FROM projects GROUP BY k ORDER BY k",
            "a 3\nb 1",
        ),
        (
            "SELECT p.project_name, f.code FROM projects p JOIN findings f ON p.unit_code = f.unit_code WHERE p.stage = '开工' ORDER BY f.code",
            "丁%项目 V502\n丁%项目 V504",
        ),
        (
            "SELECT p.batch, f.code FROM projects p LEFT JOIN findings f ON p.unit_code = f.unit_code WHERE p.batch = '01'",
            "01 ∅",
        ),
        ("WITH t AS (SELECT unit_code, COUNT(*) AS n FROM projects GROUP BY unit_code) SELECT SUM(n) AS s FROM t", "4"),
        ("SELECT stage, COUNT(*) AS n FROM projects GROUP BY stage HAVING COUNT(*) > 1", "签约 3"),
        ("SELECT COUNT(*) AS n FROM rejected", "0"),
        (
            "SELECT SUM(n) AS n FROM (SELECT COUNT(*) AS n FROM projects UNION ALL SELECT COUNT(*) AS n FROM findings) AS t",
            "6",
        ),
        ("SELECT SUM(total_investment_wan)/10000 AS yi FROM projects WHERE batch = '01'", "5.1000"),
        ("SELECT COUNT(*) AS n FROM projects WHERE unit_code IN ('410300')", "2"),
        ("SELECT COUNT(*) AS n FROM projects WHERE total_investment_wan BETWEEN 0 AND 1", "2"),
        ("SELECT ROUND(SUM(total_investment_wan) / 10000, 2) AS yi FROM projects WHERE batch = '01'", "5.1000"),
        (
            "SELECT SUBSTRING(unit_code, 1, 4) AS p, UPPER(stage) AS s, LENGTH(project_name) AS l FROM projects WHERE batch='01'",
            "4101 签约 3",
        ),
        ("SELECT AVG(total_investment_wan) AS a FROM projects WHERE batch = '02'", "0.50005"),
        ("SELECT COALESCE(total_investment_wan, 0) AS w FROM projects WHERE project_name = '丙项目'", "0.0000"),
    ] {
        let given = ask(sql);
        if given != answer {
            wrong.push(format!("{sql}\n  {given}\n  instead of {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn columns_tell_whether_they_are_numbers() {
    let table = run(
        version().path(),
        &[],
        "SELECT batch, total_investment_wan, start_date, COUNT(*) OVER () AS n FROM projects",
    )
    .unwrap();
    let columns: Vec<(&str, bool)> = table.columns.iter().map(|(n, k)| (n.as_str(), *k)).collect();
    assert_eq!(columns, [("batch", false), ("total_investment_wan", true), ("start_date", false), ("n", true)]);
    assert_eq!(table.rows.len(), 4);
    let empty = run(version().path(), &[], "SELECT * FROM rejected").unwrap();
    assert_eq!(empty.columns, [("batch".to_owned(), false), ("source_row".to_owned(), true)]);
    assert!(empty.rows.is_empty());
}

#[test]
fn what_is_wrong_is_said_in_chinese() {
    let dir = version();
    for (sql, parts) in [
        ("SELECT nothing FROM nowhere", &["没有叫 nowhere 的数据集", "findings、projects、rejected"][..]),
        ("SELECT total_investment FROM projects", &["没有叫 total_investment 的列", "total_investment_wan"]),
        ("SELECT COUNT(*) FROM projects WHERE unit = '410100'", &["没有叫 unit 的列", "unit_code"]),
        ("SELECT project_nam FROM projects ORDER BY stage", &["没有叫 project_nam 的列", "project_name"]),
        ("SELEC 1", &["SQL 写法有误"]),
        ("SELECT * FROM projects; SELECT * FROM findings", &["SQL 写法有误"]),
        ("", &["SQL 写法有误"]),
    ] {
        let error = run(dir.path(), &[], sql).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{sql}: {error}");
        }
    }
    let gone = run(&dir.path().join("gone"), &[], "SELECT 1").unwrap_err().to_string();
    assert!(gone.contains("gone") && gone.contains("restore"), "{gone}");
    fs::write(dir.path().join("findings/batch=02/part-0.parquet"), "PAR1 no").unwrap();
    assert!(run(dir.path(), &[], "SELECT COUNT(*) FROM projects").is_ok(), "other datasets are not touched");
    let damaged = run(dir.path(), &[], "SELECT * FROM findings").unwrap_err().to_string();
    assert!(damaged.contains("查询无法执行") || damaged.contains("无法读取"), "{damaged}");
}

fn views() -> Vec<View> {
    let column = |name: &str, column: &str, values: &[(&str, &str)]| ViewColumn {
        name: name.into(),
        column: column.into(),
        values: values.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect(),
    };
    let columns = vec![
        column("期", "batch", &[]),
        column("报送单位", "unit_code", &[("410100", "郑州市"), ("410300", "洛阳市")]),
        column("总投资", "total_investment_wan", &[]),
        column("新增的列", "not_yet_written", &[]),
    ];
    let absent = View { name: "没有的".into(), dataset: "nowhere", one_row_per: "", columns: vec![] };
    vec![View { name: "项目".into(), dataset: "projects", one_row_per: "一个项目", columns }, absent]
}

#[test]
fn chinese_views_answer_like_their_datasets() {
    let dir = version();
    let ask = |sql: &str| run(dir.path(), &views(), sql);
    let table = ask("SELECT 报送单位, COUNT(*) AS 项数, SUM(总投资) AS 万元 FROM 项目 WHERE 期 = '02' GROUP BY 报送单位 ORDER BY 项数").unwrap();
    let texts: Vec<Vec<&str>> =
        table.rows.iter().map(|r| r.iter().map(|v| v.as_deref().unwrap_or("∅")).collect()).collect();
    assert_eq!(texts, [["郑州市", "1", "1.0000"], ["洛阳市", "2", "0.0001"]]);
    let all = ask("SELECT * FROM 项目").unwrap();
    assert_eq!(all.columns.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["期", "报送单位", "总投资"]);
    for (sql, parts) in [
        ("SELECT * FROM 项目表", &["没有叫 项目表 的数据集", "相近的有 项目"][..]),
        ("SELECT 投资 FROM 项目", &["没有叫 投资 的列", "总投资"]),
        ("SELECT * FROM project", &["没有叫 project 的数据集", "相近的有 projects"]),
    ] {
        let error = ask(sql).unwrap_err().to_string();
        assert!(parts.iter().all(|p| error.contains(p)), "{sql}: {error}");
    }
}

#[test]
fn tables_are_listed_with_their_rows() {
    let dir = version();
    let listed = super::tables(dir.path(), &views()).unwrap();
    let texts: Vec<_> = listed.iter().map(|l| (l.dataset.as_str(), l.view.as_deref(), l.rows.as_deref())).collect();
    assert_eq!(texts[0], ("projects", Some("项目"), Some("4")));
    assert_eq!(texts[1..], [("findings", None, Some("2")), ("rejected", None, Some("0"))]);
}
