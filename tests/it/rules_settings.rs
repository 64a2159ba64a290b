//! What the owner's settings do to findings: severities by batch and list, waivers, and places that no row tells.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Tree, lay_over, root, stderr, stdout};

/// A folder of configuration with texts added to its files.
fn pipelines(tree: &Tree, added: &[(&str, &str)]) -> PathBuf {
    let folder = tree.path().join("pipelines");
    lay_over(&root().join("pipelines"), &folder);
    for (file, text) in added {
        let path = folder.join(file);
        let old = fs::read_to_string(&path).expect("configuration");
        fs::write(path, format!("{old}\n{text}\n")).expect("configuration");
    }
    folder
}

/// A list of 洛阳市 for batch 02: the second project has no 总投资.
fn submit(inbox: &Path) {
    let folder = inbox.join("02/洛阳市");
    fs::create_dir_all(&folder).expect("folder");
    let text = "洛阳市“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）\n\
                1,涧西高端轴承产业园项目,洛阳甲装备有限公司,涧西区,51000\n\
                2,洛龙智能终端生产线项目,洛阳乙电子有限公司,洛龙区,\n";
    fs::write(folder.join("洛阳市签约项目.csv"), text).expect("file");
}

fn run(tree: &Tree, inbox: &Path, added: &[(&str, &str)]) -> Option<i32> {
    let folder = pipelines(tree, added);
    let output = tree.run(inbox, &["--pipelines", folder.to_str().expect("UTF-8")]);
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    output.status.code()
}

/// Units that do not submit, and the province's figures, are no matter of these tests.
const ONLY_ROWS: (&str, &str) = ("rules.toml", "[F101]\nenabled = false\n[R703]\nenabled = false");
const WAIVED: &str = "SELECT code, waived, waiver FROM findings WHERE code IN ('V502', 'W801', 'W802') ORDER BY code";

#[test]
fn a_waiver_lets_the_row_pass_and_stays_visible() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox);
    assert_eq!(run(&tree, &inbox, &[ONLY_ROWS]), Some(1));
    assert_eq!(tree.query("SELECT COUNT(*) AS n FROM rejected"), [["1"]]);

    let waiver = "[[waiver]]\nrule = \"V502\"\nunit = \"洛阳\"\nproject = \"洛龙智能终端 生产线项目\"\n\
                  reason = \"总投资待批复\"\nwho = \"省商务厅投资促进处\"\nuntil = 2021-10-08";
    assert_eq!(run(&tree, &inbox, &[ONLY_ROWS, ("waivers.toml", waiver)]), Some(0));
    assert_eq!(tree.query("SELECT COUNT(*) AS n FROM projects"), [["2"]]);
    let why = "总投资待批复（省商务厅投资促进处认可，至 2021-10-08）";
    assert_eq!(tree.query(WAIVED), [["V502", "true", why]]);

    // The batch was on 2021-10-08, the day before which this one ends.
    let over = waiver.replace("2021-10-08", "2021-10-07");
    assert_eq!(run(&tree, &inbox, &[ONLY_ROWS, ("waivers.toml", &over)]), Some(1));
    assert_eq!(tree.query(WAIVED), [["V502", "false", ""], ["W801", "false", ""]]);

    let unused = waiver.replace("V502", "V503");
    run(&tree, &inbox, &[ONLY_ROWS, ("waivers.toml", waiver), ("waivers.toml", &unused)]);
    assert_eq!(tree.query(WAIVED).iter().map(|r| r[0].as_str()).collect::<Vec<_>>(), ["V502", "W802"]);
}

#[test]
fn severities_change_by_batch_and_list() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox);
    let severity = "SELECT severity, trial FROM findings WHERE code = 'V502'";
    let when = |range: &str, what: &str| format!("[V502]\n[[V502.when]]\n{range}\n{what}");
    for (range, what, exit, expected) in [
        ("stage = \"签约\"", "severity = \"warning\"", 0, vec![["warning", "false"]]),
        ("stage = \"签约\"\nto_batch = 2", "trial = true", 0, vec![["error", "true"]]),
        ("stage = \"开工\"", "severity = \"warning\"", 1, vec![["error", "false"]]),
        ("from_batch = 3", "severity = \"warning\"", 1, vec![["error", "false"]]),
        ("to_batch = 2", "enabled = false", 0, vec![]),
    ] {
        assert_eq!(run(&tree, &inbox, &[ONLY_ROWS, ("rules.toml", &when(range, what))]), Some(exit), "{range} {what}");
        assert_eq!(tree.query(severity), expected, "{range} {what}");
    }
    assert_eq!(tree.query("SELECT COUNT(*) AS n FROM projects"), [["2"]], "switched off: the row is accepted");
}

#[test]
fn an_error_rejects_its_own_row_of_two_lists_side_by_side() {
    let tree = Tree::new();
    let folder = tree.path().join("inbox/02/洛阳市");
    fs::create_dir_all(&folder).expect("folder");
    let text = "洛阳市“三个一批”签约项目清单,,,,,,,,\n单位：万元,,,,,,,,\n\
                序号,项目名称,项目单位,总投资（万元）,,序号,项目名称,项目单位,总投资（万元）\n\
                1,涧西高端轴承产业园项目,洛阳甲装备有限公司,51000,,4,洛龙智能终端生产线项目,洛阳乙电子有限公司,\n\
                2,伊川铝基新材料项目,洛阳丙铝业有限公司,32000,,5,孟津石化配套项目,洛阳丁化工有限公司,27000\n\
                3,栾川钨钼深加工项目,洛阳戊钨业有限公司,18000,,6,新安绿色建材项目,洛阳己建材有限公司,0\n";
    fs::write(folder.join("洛阳市签约项目.csv"), text).expect("file");
    let output = tree.run(&tree.path().join("inbox"), &["--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rejected = tree.query("SELECT project_name FROM rejected ORDER BY project_name");
    assert_eq!(rejected, [["新安绿色建材项目"], ["洛龙智能终端生产线项目"]]);
    assert_eq!(tree.query("SELECT COUNT(*) AS n FROM projects"), [["4"]]);
}

#[test]
fn waivers_hold_in_a_check_too() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    submit(&inbox);
    let waiver = "[[waiver]]\nrule = \"V502\"\nfile = \"洛阳市签约项目.csv\"\n\
                  reason = \"总投资待批复\"\nwho = \"省商务厅投资促进处\"\nuntil = 2021-12-31";
    let folder = pipelines(&tree, &[("waivers.toml", waiver)]);
    let file = inbox.join("02/洛阳市/洛阳市签约项目.csv");
    let pipelines = folder.to_str().expect("UTF-8");
    let output = tree.sanpi(&["check", file.to_str().expect("UTF-8"), "--batch", "02", "--pipelines", pipelines]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("总投资待批复（省商务厅投资促进处认可"), "{}", stdout(&output));
}

#[test]
fn what_a_unit_explains_stands_with_its_findings() {
    let tree = Tree::new();
    let folder = tree.path().join("inbox/02/洛阳市");
    fs::create_dir_all(&folder).expect("folder");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&[&str]]); 2] = [
        (
            "签约",
            &[
                &["洛阳市“三个一批”签约项目清单"],
                &["序号", "项目名称", "项目单位", "县区", "总投资（万元）", "备注", "情况说明"],
                &[
                    "1",
                    "涧西高端轴承产业园项目",
                    "洛阳甲装备有限公司",
                    "涧西区",
                    "",
                    "",
                    "总投资待批复，联系13812345678",
                ],
                &["2", "洛龙智能终端生产线项目", "洛阳乙电子有限公司", "洛龙区", "0", "", ""],
                &["3", "伊川铝基新材料项目", "洛阳丙铝业有限公司", "长葛市", "32000", "", "无"],
                &["4", "孟津石化配套项目", "洛阳丁化工有限公司", "孟津区", "27000", "", ""],
            ],
        ),
        (
            "情况说明",
            &[
                &["序号", "项目名称", "单元格", "情况说明"],
                &["1", "洛龙智能终端 生产线项目", "", "一期已冲减"],
                &["2", "", "签约!D5", "飞地项目，已与许昌商定"],
            ],
        ),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).expect("name");
        for (r, row) in (0u32..).zip(rows.iter()) {
            for (c, text) in (0u16..).zip(row.iter()).filter(|(_, t)| !t.is_empty()) {
                match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(r, c, number).expect("cell"),
                    Err(_) => sheet.write_string(r, c, *text).expect("cell"),
                };
            }
        }
    }
    let file = folder.join("洛阳市签约项目.xlsx");
    book.save(&file).expect("workbook");
    let output = tree.run(&tree.path().join("inbox"), &["--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = tree.query(
        "SELECT code, severity, explanation FROM findings WHERE code IN ('V502', 'V503', 'V514', 'C301', 'L201', 'V501') ORDER BY code",
    );
    let expected = [
        ["V502", "error", "总投资待批复，联系138********"],
        ["V503", "error", "一期已冲减"],
        ["V514", "warning", "飞地项目，已与许昌商定"],
    ];
    assert_eq!(told, expected);
    assert_eq!(tree.query("SELECT COUNT(*) AS n FROM rejected"), [["2"]], "an explanation changes no severity");
    let checked = tree.sanpi(&["check", file.to_str().expect("UTF-8"), "--batch", "02"]);
    assert!(stdout(&checked).contains("一期已冲减"), "{}", stdout(&checked));
    assert!(!stdout(&checked).contains("13812345678"));
}
