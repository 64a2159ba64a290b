//! Every code of the catalogue is produced by a case and absent from its clean twin. Codes that judge records have both
//! in their own example (the tests of `src/rules/`); here are the cases of all other codes, made on the spot.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use sanpi::model::BatchId;
use sanpi::pipeline::{CheckOptions, check};
use sanpi::rules;
use sanpi::spec::Spec;

use crate::harness::{Tree, lay_over, root, spec, stderr};

/// Codes whose cases are elsewhere, with the tests that hold them.
const ELSEWHERE: [(&str, &str); 6] = [
    ("C307", "commands::changed_headers_are_told_once_before_the_rows"),
    ("F106", "hostile::*, reader::crypt::*"),
    ("F114", "night::a_file_that_is_being_written_keeps_what_was_published"),
    ("L210", "hostile::*, conservation::*"),
    ("W801", "rules_settings::a_waiver_lets_the_row_pass_and_stays_visible"),
    ("W802", "rules_settings::a_waiver_lets_the_row_pass_and_stays_visible"),
];
/// Codes about a whole batch: the case is a run.
const OF_BATCHES: [&str; 3] = ["F101", "F102", "R703"];

/// A list in which nothing is wrong.
const CLEAN: &str = "\
洛阳市“三个一批”签约项目清单
填报单位：洛阳市
单位：万元
序号,项目名称,项目单位,统一社会信用代码,项目代码,县区,行业领域,建设性质,总投资,年度计划投资,累计完成投资,签约时间,开工时间,竣工时间,备注
1,涧西高端轴承产业园项目,洛阳甲装备有限公司,91330100799655058B,2511-410305-04-01-986123,涧西区,先进制造业,新建,51000,9000,0,2026年1月,2026年3月,2028年3月,
2,洛龙智能终端生产线项目,洛阳乙电子有限公司,,2511-410311-04-01-986124,洛龙区,先进制造业,新建,32000,8000,0,2026年1月,2026年3月,2028年3月,
3,伊川铝基新材料项目,洛阳丙铝业有限公司,,2511-410329-04-01-986125,伊川县,先进制造业,新建,40000,7000,0,2026年1月,2026年3月,2028年3月,
合计,,,,,,,,123000,24000,0,,,,
";

/// Codes on the files, each with path below the folder and bytes, as one submission of 洛阳市 for batch 31.
fn codes(files: &[(&str, Vec<u8>)], change: impl Fn(&mut Spec, &mut CheckOptions)) -> BTreeSet<&'static str> {
    let dir = tempfile::tempdir().expect("folder");
    let mut options = CheckOptions {
        files: Vec::new(),
        batch: BatchId::from_number(31),
        unit: None,
        exe: PathBuf::from(env!("CARGO_BIN_EXE_sanpi")),
    };
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(&path, bytes).expect("file");
        options.files.push(path);
    }
    let mut spec = spec();
    change(&mut spec, &mut options);
    let result = check(&options, &spec).expect("checked");
    result.findings.iter().map(|r| r.finding.code).collect()
}

/// The clean list with one text in the place of another.
fn text(old: &str, new: &str) -> Vec<(&'static str, Vec<u8>)> {
    assert!(CLEAN.contains(old), "{old}");
    vec![("洛阳市/签约.csv", CLEAN.replacen(old, new, 1).into_bytes())]
}

/// The clean list as a workbook with one sheet, changed by `change`.
fn workbook(change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    change(fill(book.add_worksheet().set_name("签约").expect("name")));
    book.save_to_buffer().expect("workbook")
}

fn fill(sheet: &mut Worksheet) -> &mut Worksheet {
    for (r, line) in (0u32..).zip(CLEAN.lines()) {
        for (c, text) in (0u16..).zip(line.split(',')).filter(|(_, t)| !t.is_empty()) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(r, c, number).expect("cell"),
                Err(_) => sheet.write_string(r, c, text).expect("cell"),
            };
        }
    }
    sheet
}

/// The clean list as an XML spreadsheet in which one amount is a formula that nobody calculated.
fn uncached() -> String {
    let cell = |text: &str| match text {
        "" => "<Cell/>".to_owned(),
        "51000" => "<Cell ss:Formula=\"=50000+1000\"/>".to_owned(),
        _ if text.parse::<f64>().is_ok() => format!("<Cell><Data ss:Type=\"Number\">{text}</Data></Cell>"),
        _ => format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>"),
    };
    let row = |line: &str| format!("<Row>{}</Row>", line.split(',').map(cell).collect::<Vec<_>>().concat());
    let rows: Vec<String> = CLEAN.lines().map(row).collect();
    format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
         <Worksheet ss:Name=\"签约\"><Table>{}</Table></Worksheet></Workbook>",
        rows.concat()
    )
}

type Files = Vec<(&'static str, Vec<u8>)>;

fn book(change: impl Fn(&mut Worksheet)) -> Files {
    vec![("洛阳市/签约.xlsx", workbook(change))]
}

/// Cases whose clean twin is the clean list, or the clean workbook.
fn cases() -> Vec<(&'static str, Files)> {
    [of_files(), of_layouts(), of_columns_and_cells()].concat()
}

fn of_files() -> Vec<(&'static str, Files)> {
    let clean = || CLEAN.as_bytes().to_vec();
    let whole = workbook(|_| {});
    vec![
        ("F103", vec![("某单位/签约.csv", CLEAN.replace("洛阳", "某某").into_bytes())]),
        ("F104", text("填报单位：洛阳市", "填报单位：开封市")),
        ("F105", vec![("洛阳市/签约.xlsx", whole[..whole.len() / 2].to_vec())]),
        ("F107", vec![("洛阳市/签约.7z", b"7z\xbc\xaf\x27\x1c\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00".to_vec())]),
        ("F108", vec![("洛阳市/签约.xlsx", clean())]),
        ("F111", vec![("洛阳市/签约.csv", clean()), ("洛阳市/签约副本.csv", clean())]),
        (
            "F112",
            vec![
                ("洛阳市/签约.csv", clean()),
                ("洛阳市/签约（修订）.csv", CLEAN.replace("51000", "51000.0").into_bytes()),
            ],
        ),
        ("F113", vec![("洛阳市/扫描件.pdf", b"%PDF-1.4\n%%EOF\n".to_vec())]),
        ("F115", text("洛阳市“三个一批”", "洛阳市第十二期“三个一批”")),
    ]
}

fn of_layouts() -> Vec<(&'static str, Files)> {
    vec![
        ("L201", vec![("洛阳市/签约.csv", "甲,1,2\n乙,3,4\n丙,5,6\n".as_bytes().to_vec())]),
        (
            "L202",
            book(|s| {
                s.set_row_hidden(5).expect("row");
            }),
        ),
        (
            "L203",
            book(|s| {
                s.merge_range(4, 14, 5, 14, "同上级批复", &Format::new()).expect("merge");
                s.write_string(5, 14, "另有说明").expect("cell");
            }),
        ),
        ("L204", vec![("洛阳市/签约.xml", uncached().into_bytes())]),
        (
            "L205",
            book(|s| {
                s.write_formula(4, 8, Formula::new("=A1/0").set_result("#DIV/0!")).expect("cell");
            }),
        ),
        (
            "L207",
            text(
                "合计,,,,,,,,123000,24000,0,,,,\n",
                "合计,,,,,,,,123000,24000,0,,,,\n4,孟津石化配套项目,洛阳丁化工有限公司,,,孟津区,先进制造业,新建,27000,7000,0,2026年1月,2026年3月,2028年3月,\n",
            ),
        ),
        (
            "L208",
            vec![(
                "洛阳市/项目.csv",
                CLEAN.replace("签约项目清单", "项目清单").replace("签约时间", "登记时间").into_bytes(),
            )],
        ),
        ("L209", {
            let mut book = Workbook::new();
            fill(book.add_worksheet().set_name("签约").expect("name"));
            fill(book.add_worksheet().set_name("签约 (2)").expect("name"));
            vec![("洛阳市/签约.xlsx", book.save_to_buffer().expect("workbook"))]
        }),
        (
            "L211",
            book(|s| {
                let struck = Format::new().set_font_strikethrough();
                for (c, text) in
                    (0u16..).zip(CLEAN.lines().nth(5).expect("a row").split(',')).filter(|(_, t)| !t.is_empty())
                {
                    match text.parse::<f64>() {
                        Ok(number) => s.write_number_with_format(5, c, number, &struck).expect("cell"),
                        Err(_) => s.write_string_with_format(5, c, text, &struck).expect("cell"),
                    };
                }
            }),
        ),
    ]
}

fn of_columns_and_cells() -> Vec<(&'static str, Files)> {
    let cover = "三个一批汇总表,,\n单位：万元,,\n项目类别,个数,总投资\n签约一批,3,999000\n合计,3,999000\n";
    vec![
        ("C301", text(",备注\n", ",雅思成绩\n")),
        ("C302", text(",总投资,", ",颜色,")),
        ("C303", text("累计完成投资", "总投资")),
        ("C305", text("单位：万元\n", "")),
        (
            "C306",
            vec![(
                "洛阳市/签约.csv",
                CLEAN
                    .replace("单位：万元", "单位：亿元")
                    .replace(",总投资,", ",总投资（万元）,")
                    .replace("51000", "510")
                    .replace("32000", "320")
                    .replace("40000", "400")
                    .replace("123000", "1230")
                    .into_bytes(),
            )],
        ),
        ("C308", text("行业领域", "雅思成绩")),
        ("N401", text("51000", "待定")),
        (
            "N402",
            book(|s| {
                s.write_string(4, 8, "51000").expect("cell");
            }),
        ),
        ("N404", text("51000", "约51000")),
        ("N405", text("2026年1月", "适时")),
        ("N407", text("新建", "说不清")),
        ("N410", text("51000", "7000万美元")),
        ("N411", text("涧西区", "蓬莱仙境")),
        ("R701", text("123000", "124000")),
        (
            "R702",
            vec![("洛阳市/签约.csv", CLEAN.as_bytes().to_vec()), ("洛阳市/汇总表.csv", cover.as_bytes().to_vec())],
        ),
        ("R704", text("3,伊川", "小计,,,,,,,,99000,17000,0,,,,\n3,伊川")),
        (
            "R705",
            book(|s| {
                let total = Formula::new("=SUM(I5:I6)").set_result("83000");
                s.write_formula(7, 8, total).expect("cell");
            }),
        ),
    ]
}

#[test]
fn every_code_has_a_case_and_is_absent_from_its_clean_twin() {
    let mut wrong = Vec::new();
    let mut shown: BTreeSet<&str> = OF_BATCHES.into_iter().chain(ELSEWHERE.map(|(code, _)| code)).collect();
    let clean: [Files; 2] = [vec![("洛阳市/签约.csv", CLEAN.as_bytes().to_vec())], book(|_| {})];
    let unchanged: BTreeSet<&str> = clean.iter().flat_map(|files| codes(files, |_, _| {})).collect();
    for (code, files) in cases() {
        let found = codes(&files, |_, _| {});
        if !found.contains(code) {
            wrong.push(format!("{code}: not on its case, which has {found:?}"));
        }
        if unchanged.contains(code) {
            wrong.push(format!("{code}: on the clean list"));
        }
        shown.insert(code);
    }
    // The same list, under a limit that it breaks, and with a reader that dies.
    let limited = codes(&clean[0], |spec, _| spec.settings.limits.file_bytes = 10);
    let dead = codes(&clean[0], |_, options| options.exe = PathBuf::from("/bin/false"));
    for (code, found) in [("F109", limited), ("F110", dead)] {
        if !found.contains(code) || unchanged.contains(code) {
            wrong.push(format!("{code}: {found:?}"));
        }
        shown.insert(code);
    }
    for rule in rules::all() {
        let by_example = rule.code.starts_with(['V', 'X']);
        if !by_example && !shown.contains(rule.code) {
            wrong.push(format!("{}: no case", rule.code));
        }
    }
    assert!(wrong.is_empty(), "clean: {unchanged:?}\n{}", wrong.join("\n"));
}

#[test]
fn codes_of_whole_batches_have_a_case_and_a_clean_twin() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    for batch in ["02", "31"] {
        let file = inbox.join(batch).join("洛阳市/签约.csv");
        fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
        fs::write(file, CLEAN).expect("file");
    }
    let pipelines = tree.path().join("pipelines");
    lay_over(&root().join("pipelines"), &pipelines);
    let path: &Path = &pipelines.join("batches/02.toml");
    let old = fs::read_to_string(path).expect("batch");
    fs::write(path, old.replacen("# deadline = ", "deadline = ", 1)).expect("batch");
    let output = tree.run(&inbox, &["--pipelines", pipelines.to_str().expect("UTF-8"), "--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let found = tree.query("SELECT DISTINCT batch, unit_code, code FROM findings");
    let has = |batch: &str, unit: &str, code: &str| found.iter().any(|f| f == &[batch, unit, code]);
    assert!(has("02", "410200", "F101") && !has("02", "410300", "F101"), "{found:?}");
    assert!(has("02", "410300", "F102") && !has("31", "410300", "F102"), "{found:?}");
    assert!(has("02", "410000", "R703") && !has("31", "410000", "R703"), "{found:?}");
}
