//! Commands, exit codes and messages.

use std::fs;
use std::path::Path;

use crate::harness::{Tree, lay_over, root, stderr, stdout};

fn small_inbox(tree: &Tree) -> std::path::PathBuf {
    let inbox = tree.path().join("inbox");
    let folder = inbox.join("02/洛阳市");
    fs::create_dir_all(&folder).unwrap();
    let text = "洛阳市“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）\n\
                1,涧西高端轴承产业园项目,洛阳甲装备有限公司,涧西区,51000\n\
                2,洛龙智能终端生产线项目,洛阳乙电子有限公司,洛龙区,\n合计,,,,51000\n";
    fs::write(folder.join("洛阳市签约项目.csv"), text).unwrap();
    inbox
}

#[test]
fn exit_codes_follow_the_findings() {
    let tree = Tree::new();
    let inbox = small_inbox(&tree);
    for (args, code) in [(&[][..], 1), (&["--fail-on", "never"][..], 0), (&["--batch", "第九期"][..], 2)] {
        let output = tree.run(&inbox, args);
        assert_eq!(output.status.code(), Some(code), "{args:?} {}", stderr(&output));
    }
    let output = tree.run(&tree.path().join("nowhere"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("收件夹"), "{}", stderr(&output));
}

#[test]
fn a_missing_amount_is_rejected_and_told_with_its_cell() {
    let tree = Tree::new();
    let inbox = small_inbox(&tree);
    tree.run(&inbox, &["--fail-on", "never"]);
    let rejected = tree.query("SELECT project_name, source_row FROM rejected");
    assert_eq!(rejected, [["洛龙智能终端生产线项目", "5"]]);
    let found = tree.query("SELECT cell, severity FROM findings WHERE rule = 'total-investment-missing'");
    assert_eq!(found, [["E5", "error"]]);
    let page = fs::read_to_string(tree.path().join("current/reports/02/index.html")).unwrap();
    assert!(page.contains("洛龙智能终端生产线项目") && page.contains("未报送"));
}

#[test]
fn status_query_and_explain_answer() {
    let tree = Tree::new();
    let inbox = small_inbox(&tree);
    assert_eq!(tree.sanpi(&["query", "SELECT 1"]).status.code(), Some(2), "nothing is published yet");
    tree.run(&inbox, &["--fail-on", "never"]);
    let status = tree.sanpi(&["status", "--inbox", inbox.to_str().unwrap()]);
    assert!(stdout(&status).contains("洛阳市") && stdout(&status).contains("未报送 17 个"), "{}", stdout(&status));
    let explained = stdout(&tree.sanpi(&["explain", "V502"]));
    for heading in ["V502", "total-investment-missing", "怎么改"] {
        assert!(explained.contains(heading), "{heading}: {explained}");
    }
    let by_slug = stdout(&tree.sanpi(&["explain", "total-investment-missing"]));
    assert_eq!(by_slug, explained);
    let wrong = tree.sanpi(&["query", "SELECT nothing FROM nowhere"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("projects"), "names what there is: {}", stderr(&wrong));
}

#[test]
fn check_writes_nothing_and_finds_the_same() {
    let tree = Tree::new();
    let file = small_inbox(&tree).join("02/洛阳市/洛阳市签约项目.csv");
    let before = fs::read_dir(tree.path()).unwrap().count();
    let output = tree.sanpi(&["check", file.to_str().unwrap(), "--batch", "02", "--unit", "洛阳市"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("V502") && stdout(&output).contains("E5"), "{}", stdout(&output));
    assert_eq!(fs::read_dir(tree.path()).unwrap().count(), before);
    assert_eq!(tree.sanpi(&["check", "没有的文件.xlsx"]).status.code(), Some(2));
}

#[test]
fn an_older_version_can_be_restored_and_a_cell_traced() {
    let tree = Tree::new();
    let inbox = small_inbox(&tree);
    tree.run(&inbox, &["--fail-on", "never"]);
    let traced = stdout(&tree.sanpi(&["trace", "洛阳市签约项目.csv", "-", "E4"]));
    for part in ["51000", "总投资", "涧西高端轴承产业园项目", "projects"] {
        assert!(traced.contains(part), "{part}: {traced}");
    }
    let missing = stdout(&tree.sanpi(&["trace", "洛阳市签约项目.csv", "-", "B5"]));
    assert!(missing.contains("rejected") && missing.contains("V502"), "{missing}");
    assert_eq!(tree.sanpi(&["trace", "洛阳市签约项目.csv", "-", "5B"]).status.code(), Some(2));

    let file = inbox.join("02/洛阳市/洛阳市签约项目.csv");
    let text = fs::read_to_string(&file).unwrap().replace("洛龙区,\n", "洛龙区,20000\n");
    fs::write(&file, text).unwrap();
    tree.run(&inbox, &["--fail-on", "never"]);
    let count = "SELECT COUNT(*) AS n FROM projects";
    assert_eq!(tree.query(count), [["2"]]);
    assert_eq!(tree.sanpi(&["restore", "1"]).status.code(), Some(0));
    assert_eq!(tree.query(count), [["1"]]);
    assert_eq!(tree.sanpi(&["restore", "9"]).status.code(), Some(2));
}

#[test]
fn bad_configuration_is_told_all_at_once() {
    let tree = Tree::new();
    let inbox = small_inbox(&tree);
    let pipelines = tree.path().join("pipelines");
    lay_over(&root().join("pipelines"), &pipelines);
    let broken = |file: &str, old: &str, new: &str| {
        let path = pipelines.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    };
    broken("batches/02.toml", "unit_code = \"410000\"", "unit_kode = \"410000\"");
    broken("sanpi.toml", "sheets = ", "sheets = 0 # ");
    let output = tree.run(&inbox, &["--pipelines", pipelines.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    for part in ["02.toml", "unit_kode", "sanpi.toml", "sheets"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(!tree.path().join("current").exists());
}

/// The sample's second batch: 19 units.
#[test]
fn one_bad_file_costs_only_itself() {
    let (with, without) = (Tree::new(), Tree::new());
    let inbox = |tree: &Tree| {
        let inbox = tree.path().join("inbox");
        lay_over(&root().join("sample_data/inbox/02"), &inbox.join("02"));
        lay_over(&root().join("sample_data/corrections/02"), &inbox.join("02"));
        inbox
    };
    let victim = "02/平顶山";
    let gone = inbox(&without);
    let file = workbook(&gone.join(victim));
    fs::remove_file(gone.join(victim).join(&file)).unwrap();
    let damaged = inbox(&with);
    let path = damaged.join(victim).join(&file);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    for (tree, inbox) in [(&without, &gone), (&with, &damaged)] {
        let output = tree.run(inbox, &["--fail-on", "never"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    for dataset in ["projects/", "rejected/", "cells/"] {
        let of = |tree: &Tree| -> Vec<_> { tree.files().into_iter().filter(|(n, _)| n.starts_with(dataset)).collect() };
        assert!(of(&with) == of(&without), "{dataset}");
        assert_eq!(of(&with).len(), 1, "{dataset}");
    }
    let units = with.query("SELECT COUNT(DISTINCT unit_code) AS n FROM projects");
    assert_eq!(units, [["18"]]);
    let outcome = with.query(&format!("SELECT outcome FROM submissions WHERE source_file LIKE '%{file}'"));
    assert_eq!(outcome, [["unreadable"]]);
}

/// A table of 洛阳市 for a batch; the header and its rows are the caller's.
fn submit(inbox: &std::path::Path, batch: &str, table: &str) {
    let folder = inbox.join(batch).join("洛阳市");
    fs::create_dir_all(&folder).unwrap();
    let text = format!("洛阳市“三个一批”签约项目清单\n单位：万元\n{table}");
    fs::write(folder.join("洛阳市签约项目.csv"), text).unwrap();
}

#[test]
fn changed_headers_are_told_once_before_the_rows() {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    let row = "涧西高端轴承产业园项目,洛阳甲装备有限公司,涧西区,51000";
    submit(
        &inbox,
        "02",
        &format!("序号,项目名称,项目单位,县区,总投资（万元）,2021年计划投资（万元）,备注\n1,{row},800,\n"),
    );
    submit(
        &inbox,
        "03",
        "序号,项目名称,建设单位,县区,总投资（万元）,2022年计划投资（万元）,联审联批事项\n\
         1,洛龙智能终端生产线项目,洛阳乙电子有限公司,洛龙区,,800,已办\n\
         2,涧西精密铸造基地项目,洛阳丙铸造有限公司,涧西区,62000,900,已办\n",
    );
    let sql = "SELECT batch, code, severity, cell, message FROM findings \
               WHERE code = 'C307' OR (code = 'V502' AND source_file LIKE '03/%')";
    let told = "与第02期相比表头有变化：新增“联审联批事项”（G列）；没有了“备注”；改名“项目单位”改为“建设单位”（C列）";
    let check = |tree: &Tree, how: &str| {
        let found = tree.query(sql);
        assert_eq!(found.len(), 2, "{how}: {found:?}");
        assert_eq!(found[0], ["03", "C307", "info", "C3", told], "{how}");
        assert_eq!(found[1][1], "V502", "{how}: the layout comes before the data");
    };
    let output = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    check(&tree, "both batches in one run");
    let columns = tree.query(
        "SELECT column_letter, header, field, table_number FROM headers WHERE batch = '03' AND unit_code = '410300'",
    );
    assert_eq!(columns.len(), 7, "{columns:?}");
    assert_eq!(columns[4], ["E", "总投资（万元）", "total_investment", "1"]);
    assert_eq!(columns[6], ["G", "联审联批事项", "", "1"]);

    let apart = Tree::new();
    for batch in ["02", "03"] {
        let output = apart.run(&inbox, &["--batch", batch, "--fail-on", "never"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    check(&apart, "from the published version");
}

/// The name of the only workbook of a folder.
fn workbook(folder: &Path) -> String {
    let names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| Path::new(n).extension().is_some_and(|e| e == "xlsx"))
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names[0].clone()
}
