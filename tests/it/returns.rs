//! What goes back to a unit: its own workbook, marked and otherwise untouched, and the loop that the clerk goes through.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Chart, ChartType, DataValidation, Format, Formula, Image, Note, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{Tree, root, stderr, stdout};

/// A picture of one pixel.
const PIXEL: [u8; 67] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00, 0x0A, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x00, 0x01, 0x00, 0x00, 0x05, 0x00, 0x01, 0x0D, 0x0A, 0x2D, 0xB4, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

/// The parts of a package by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).expect("a part");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("a part");
            (entry.name().expect("a name").into_owned(), content)
        })
        .collect()
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts.get(name).unwrap_or_else(|| panic!("{name} in {:?}", parts.keys())).clone()).expect("UTF-8")
}

/// A package from parts.
fn packed(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(name.clone(), SimpleFileOptions::default()).expect("a part");
        out.write_all(content).expect("a part");
    }
    out.finish().expect("a package").into_inner()
}

/// A list of 洛阳市 with everything that a workbook may carry. 总投资 of the second project is missing (F5), its name has
/// a note already, and a text begins like a formula.
fn rich_workbook(dir: &Path) -> Vec<u8> {
    let macros = dir.join("vbaProject.bin");
    fs::write(&macros, b"not really macros, but nobody looks").expect("written");
    let mut book = Workbook::new();
    book.add_vba_project(&macros).expect("macros");
    let sheet = book.add_worksheet();
    sheet.set_name("签约'表 1").expect("a name");
    let bold = Format::new().set_bold();
    sheet.merge_range(0, 0, 0, 5, "洛阳市第二期“三个一批”签约项目清单", &bold).expect("a title");
    sheet.write_string(1, 0, "填报单位：洛阳市").expect("a cell");
    sheet.write_string(1, 5, "单位：万元").expect("a cell");
    for (col, heading) in (0..).zip(["序号", "项目名称", "项目单位", "县区", "建设内容", "总投资（万元）"])
    {
        sheet.write_string_with_format(2, col, heading, &bold).expect("a cell");
    }
    let rows: [(&str, &str, &str, Option<f64>); 3] = [
        ("涧西高端轴承产业园项目", "洛阳甲装备有限公司", "涧西区", Some(51_000.0)),
        ("洛龙智能终端生产线项目", "洛阳乙电子有限公司", "洛龙区", None),
        ("老城文化街区改造项目", "洛阳丙文旅有限公司", "老城区", Some(23_500.0)),
    ];
    for (row, (name, owner, county, amount)) in (3u32..).zip(rows) {
        sheet.write_number(row, 0, f64::from(row - 2)).expect("a cell");
        for (col, value) in (1..).zip([name, owner, county, "=1+1 建设厂房 13812345678"]) {
            sheet.write_string(row, col, value).expect("a cell");
        }
        if let Some(amount) = amount {
            sheet.write_number(row, 5, amount).expect("a cell");
        }
    }
    sheet.write_string(6, 1, "合计").expect("a cell");
    sheet.write_formula(6, 5, Formula::new("=SUM(F4:F6)").set_result("74500")).expect("a formula");
    sheet.insert_note(4, 1, &Note::new("本市自己的批注").set_author("张")).expect("a note");
    sheet.insert_image(9, 1, &Image::new_from_buffer(&PIXEL).expect("a picture")).expect("a picture");
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("签约'表 1", 3, 5, 5, 5));
    sheet.insert_chart(9, 3, &chart).expect("a chart");
    let list = DataValidation::new().allow_list_strings(&["涧西区", "洛龙区", "老城区"]).expect("a list");
    sheet.add_data_validation(3, 3, 20, 3, &list).expect("a validation");
    sheet.set_column_width(1, 33.5).expect("a width");
    book.define_name("金额", "='签约''表 1'!$F$4:$F$6").expect("a name");
    book.save_to_buffer().expect("a workbook")
}

fn inbox_with(tree: &Tree, name: &str, bytes: &[u8]) -> PathBuf {
    let inbox = tree.path().join("inbox");
    let folder = inbox.join("02/洛阳市");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("written");
    inbox
}

fn returned(tree: &Tree, name: &str) -> PathBuf {
    tree.path().join("current/reports/02/洛阳市").join(name)
}

#[test]
fn a_rich_workbook_comes_back_with_marks_and_all_it_had() {
    let tree = Tree::new();
    let original = rich_workbook(tree.path());
    let inbox = inbox_with(&tree, "洛阳市签约.xlsm", &original);
    let run = tree.run(&inbox, &["--fail-on", "never"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let copy = returned(&tree, "洛阳市-批注-1.xlsm");
    assert_eq!(fs::metadata(&copy).expect("a copy").permissions().mode() & 0o777, 0o600);
    let (before, after) = (parts(&original), parts(&fs::read(&copy).expect("a copy")));

    let changed = [
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    ];
    for (name, content) in &before {
        assert!(changed.contains(&name.as_str()) || after.get(name) == Some(content), "{name} changed");
    }
    assert!(before.keys().any(|n| n.contains("chart")) && before.keys().any(|n| n.contains("media")));
    assert!(before.contains_key("xl/vbaProject.bin") && text(&after, "xl/workbook.xml").contains("金额"));

    // The sheet: one more cell and other formats, nothing else.
    let (old, new) = (text(&before, "xl/worksheets/sheet1.xml"), text(&after, "xl/worksheets/sheet1.xml"));
    let cell = new.find("<c r=\"F5\" s=\"").expect("the missing amount is a coloured cell now");
    assert!(!old.contains("<c r=\"F5\"") && new[cell..].starts_with("<c r=\"F5\" s=\""));
    for part in ["<f>SUM(F4:F6)</f><v>74500</v>", "<dataValidation ", "<mergeCell ", "width=\"34"] {
        assert_eq!(old.matches(part).count(), new.matches(part).count(), "{part}");
    }
    let notes = text(&after, "xl/comments1.xml");
    assert!(notes.contains("本市自己的批注") && notes.contains("<author>张</author>"));
    assert!(notes.contains("ref=\"F5\"") && notes.contains("V502") && notes.contains("怎么改"));
    let boxes = text(&after, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(boxes.matches("ObjectType=\"Note\"").count(), notes.matches("<comment ").count());

    let list = text(&after, "xl/worksheets/sheetSanpi.xml");
    assert!(list.contains("location=\"&#39;签约&#39;&#39;表 1&#39;!F5\""), "{list}");
    assert!(!list.contains("<f>") && !list.contains("13812345678") && !notes.contains("13812345678"));
    let page = fs::read_to_string(returned(&tree, "退回说明.html")).expect("a page");
    assert!(page.contains("href=\"洛阳市-批注-1.xlsm\""));

    // Not corrected, the copy says the same as the original; corrected at the marked cell, it is accepted.
    assert_eq!(codes(&tree, &original, "xlsm"), codes(&tree, &packed(&after), "xlsm"));
    let mut corrected = after.clone();
    let end = new[cell..].find("/>").expect("an empty cell") + cell;
    let sheet = format!("{}><v>18000</v></c>{}", &new[..end], &new[end + 2..]).replace("<v>74500</v>", "<v>92500</v>");
    corrected.insert("xl/worksheets/sheet1.xml".into(), sheet.into_bytes());
    // What remains are hints that some rules had no column to look at.
    let (wrong, right) = (codes(&tree, &original, "xlsm"), codes(&tree, &packed(&corrected), "xlsm"));
    assert!(wrong.contains(&"V502".to_owned()) && !right.contains(&"V502".to_owned()), "{wrong:?} {right:?}");
    let file = tree.path().join("洛阳市台账.xlsm");
    let check = tree.sanpi(&["check", file.to_str().expect("UTF-8"), "--batch", "02", "--unit", "洛阳市"]);
    assert!(check.status.success() && stdout(&check).contains("错误 0，警告 0"), "{}", stdout(&check));
}

/// Codes that `check` names for a workbook of 洛阳市, as often as it names them.
fn codes(tree: &Tree, bytes: &[u8], ending: &str) -> Vec<String> {
    let file = tree.path().join(format!("洛阳市台账.{ending}"));
    fs::write(&file, bytes).expect("written");
    let output = tree.sanpi(&["check", file.to_str().expect("UTF-8"), "--batch", "02", "--unit", "洛阳市"]);
    let said = stdout(&output);
    let is_code =
        |w: &&str| w.len() == 4 && w[1..].bytes().all(|b| b.is_ascii_digit()) && w.as_bytes()[0].is_ascii_uppercase();
    said.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_code).map(str::to_owned).collect()
}

#[test]
fn a_marked_copy_that_is_sent_back_is_marked_once() {
    let tree = Tree::new();
    let run = tree.run(&root().join("sample_data/inbox"), &["--batch", "02", "--fail-on", "never"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let copy = fs::read(tree.path().join("current/reports/02/安阳市/安阳市-批注-1.xlsx")).expect("a copy");
    let second = Tree::new();
    let folder = second.path().join("in/02/安阳市");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("安阳市第二期三个一批项目清单.xlsx"), &copy).expect("sent back");
    let run = second.run(&second.path().join("in"), &["--batch", "02", "--fail-on", "never"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let again = fs::read(second.path().join("current/reports/02/安阳市/安阳市-批注-1.xlsx")).expect("a second copy");
    let (before, after) = (parts(&copy), parts(&again));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert_eq!(text(&after, "xl/workbook.xml").matches("name=\"问题清单").count(), 1);
    let notes = text(&after, before.keys().find(|n| n.contains("comments")).expect("notes"));
    assert_eq!(notes.matches("<author>").count(), 1);
}

#[test]
fn a_marked_copy_that_is_sent_back_corrected_is_clean() {
    let tree = Tree::new();
    let run = tree.run(&root().join("sample_data/inbox"), &["--batch", "02", "--fail-on", "never"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let copy = fs::read(tree.path().join("current/reports/02/安阳市/安阳市-批注-1.xlsx")).expect("a copy");
    let mut marked = parts(&copy);
    let corrected = root().join("sample_data/corrections/02/安阳市/安阳市第二期三个一批项目清单（更正）.xlsx");
    let corrected = parts(&fs::read(corrected).expect("the correction"));
    let (name, answer) = corrected.iter().find(|(n, _)| n.starts_with("xl/worksheets/sheet")).expect("a sheet");
    let answer = String::from_utf8(answer.clone()).expect("UTF-8");
    let sheet = text(&marked, name);
    let mut filled = sheet.clone();
    // What the notes point at, and the totals that Excel calculates from it.
    for cell in cells_of(&answer).keys() {
        let (old, new) = (cells_of(&filled).get(cell).cloned(), cells_of(&answer)[cell].clone());
        let value = |c: &str| c.find("<v>").map(|at| c[at..c.find("</v>").expect("an end") + 4].to_owned());
        let Some(old) = old.filter(|old| value(old) != value(&new)) else { continue };
        let is_total = new.contains("<f>");
        assert!(is_total || cell == "H17", "{cell} is not marked");
        let value = value(&new).expect("a value");
        let patched = match old.find("<v>") {
            Some(at) => format!("{}{value}{}", &old[..at], &old[old.find("</v>").expect("an end") + 4..]),
            None => format!("{}>{value}</c>", old.trim_end_matches("/>")),
        };
        filled = filled.replacen(&old, &patched, 1);
    }
    assert_ne!(filled, sheet);
    marked.insert(name.clone(), filled.into_bytes());
    let file = tree.path().join("安阳市更正.xlsx");
    fs::write(&file, packed(&marked)).expect("written");
    let check = tree.sanpi(&["check", file.to_str().expect("UTF-8"), "--batch", "02", "--unit", "安阳市"]);
    let said = stdout(&check);
    assert_eq!(check.status.code(), Some(0), "{said}");
    assert!(said.contains("错误 0，警告 0"), "{said}");
}

/// The cells of a worksheet part by place, as text.
fn cells_of(sheet: &str) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    for (at, _) in sheet.match_indices("<c r=\"") {
        let rest = &sheet[at..];
        let tag = rest.find('>').expect("an end");
        let end = if rest[..tag].ends_with('/') { tag + 1 } else { rest.find("</c>").expect("an end") + 4 };
        let place = rest[6..].split('"').next().expect("a place");
        cells.insert(place.to_owned(), rest[..end].to_owned());
    }
    cells
}

#[test]
fn copies_are_the_same_bytes_in_every_run() {
    let copies = |jobs: &str| {
        let tree = Tree::new();
        tree.run(&root().join("sample_data/inbox"), &["--batch", "02", "--jobs", jobs, "--fail-on", "never"]);
        tree.files().into_iter().filter(|(name, _)| name.contains("批注")).collect::<Vec<_>>()
    };
    let (one, two) = (copies("1"), copies("2"));
    assert!(one.len() > 10);
    assert!(one.iter().map(|c| &c.0).eq(two.iter().map(|c| &c.0)));
    for ((name, a), (_, b)) in one.iter().zip(&two) {
        assert!(a == b, "{name}");
    }
}

#[test]
fn texts_of_other_formats_stay_texts_at_their_places() {
    let tree = Tree::new();
    let csv = "洛阳市“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）\n\
               1,=cmd|'/c calc'!A1项目,洛阳甲装备有限公司,涧西区,51000\n\
               2,洛龙智能终端生产线项目,@洛阳乙电子有限公司,洛龙区,\n合计,,,,51000\n";
    let inbox = inbox_with(&tree, "洛阳市签约项目.csv", csv.as_bytes());
    tree.run(&inbox, &["--fail-on", "never"]);
    let copy = parts(&fs::read(returned(&tree, "洛阳市-批注-1.xlsx")).expect("a copy"));
    let sheet = text(&copy, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"));
    assert!(text(&copy, "xl/sharedStrings.xml").contains("=cmd|"));
    assert!(sheet.contains("<c r=\"E5\" s=\""), "{sheet}");
    assert!(text(&copy, "xl/comments1.xml").contains("ref=\"E5\""));
    let damaged = inbox_with(&tree, "洛阳市开工.xlsx", b"PK\x03\x04 nothing more");
    let run = tree.run(&damaged, &["--fail-on", "never"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let page = fs::read_to_string(returned(&tree, "退回说明.html")).expect("a page");
    assert!(page.contains("文件不能读取，无法批注") && page.contains("洛阳市-批注-1.xlsx"));
}

/// A worksheet part with texts and numbers put into its empty cells.
fn filled(sheet: &str, cells: &[(String, String)]) -> String {
    let mut out = sheet.to_owned();
    for (at, value) in cells {
        let old = cells_of(&out).get(at).cloned().unwrap_or_else(|| panic!("{at} is not there"));
        assert!(old.ends_with("/>") && !old.contains("t=\""), "{at} is not empty: {old}");
        let open = old.trim_end_matches("/>");
        let new = match value.parse::<f64>() {
            Ok(_) => format!("{open}><v>{value}</v></c>"),
            Err(_) => format!("{open} t=\"inlineStr\"><is><t>{value}</t></is></c>"),
        };
        out = out.replacen(&old, &new, 1);
    }
    out
}

#[test]
fn a_filled_template_is_clean() {
    let tree = Tree::new();
    let path = tree.path().join("洛阳市台账.xlsx");
    let name = path.to_str().expect("UTF-8");
    let args = ["template", "--batch", "02", "--unit", "洛阳市", "--out", name];
    let made = tree.sanpi(&args);
    assert!(made.status.success(), "{}", stderr(&made));
    assert_eq!(tree.sanpi(&args).status.code(), Some(2), "nothing is overwritten");
    let template = fs::read(&path).expect("a template");
    assert_eq!(codes(&tree, &template, "xlsx"), Vec::<String>::new(), "an empty one");

    let mut parts = parts(&template);
    let dates = [["44440", "44531"], ["44440", "45016"], ["43891", "44440"]]; // 2021-09-01, 2021-12-01, 2023-03-31, 2020-03-01
    for (n, (stage, dates)) in ["签约", "开工", "投产"].iter().zip(dates).enumerate() {
        let mut cells = Vec::new();
        for (row, amount) in [(5, "51000"), (6, "23500.5")] {
            let project = format!("涧西高端轴承{stage}产业园{}项目", ["（一期）", "（二期）"][row - 5]);
            let number = (row - 4).to_string();
            let texts = ["", "洛阳甲装备有限公司", "", "涧西区", "建设厂房3万平方米", "新建", "先进制造业"];
            let values =
                [number.as_str(), &project].into_iter().chain(texts).chain([amount, "10000", "5000"]).chain(dates);
            for (col, value) in ('A'..).zip(values).filter(|(_, v)| !v.is_empty()) {
                cells.push((format!("{col}{row}"), value.to_owned()));
            }
        }
        let part = format!("xl/worksheets/sheet{}.xml", n + 1);
        let mut sheet = filled(&text(&parts, &part), &cells);
        for (col, sum) in [("J", "74500.5"), ("K", "20000"), ("L", "10000")] {
            let total = format!("<f>SUM({col}5:{col}1004)</f><v>");
            assert!(sheet.contains(&format!("{total}0</v>")), "{col}");
            sheet = sheet.replace(&format!("{total}0</v>"), &format!("{total}{sum}</v>"));
        }
        parts.insert(part, sheet.into_bytes());
    }
    fs::write(&path, packed(&parts)).expect("written");
    let check = tree.sanpi(&["check", name, "--batch", "02", "--unit", "洛阳市"]);
    assert_eq!((check.status.code(), stdout(&check).trim()), (Some(0), "未发现问题。"), "{}", stderr(&check));
    assert!(stderr(&check).contains("读到项目 6 个"), "{}", stderr(&check));
}
