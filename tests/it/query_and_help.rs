//! What analysts type, and what the commands say about themselves.

use std::fs;

use crate::harness::{Tree, lay_over, root, stderr, stdout};

#[test]
fn every_command_has_examples() {
    let tree = Tree::new();
    let help = stdout(&tree.sanpi(&["--help"]));
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|l| !l.starts_with("Commands:") && !l.starts_with("命令"))
        .skip(1)
        .take_while(|l| !l.trim().is_empty())
        .filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' '))?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 10, "{help}");
    for command in commands {
        let output = tree.sanpi(&[command, "--help"]);
        let text = stdout(&output);
        assert!(
            output.status.success() && text.contains("示例：") && text.contains(&format!("sanpi {command}")),
            "{command}: {text}"
        );
    }
}

fn published() -> Tree {
    let tree = Tree::new();
    let inbox = tree.path().join("inbox");
    lay_over(&root().join("sample_data/inbox/02/洛阳市"), &inbox.join("02/洛阳市"));
    let ran = tree.run(&inbox, &["--fail-on", "never"]);
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    tree
}

#[test]
fn datasets_have_chinese_views_and_a_list() {
    let tree = published();
    let same = |dataset: &str, view: &str| {
        assert_eq!(tree.query(dataset), tree.query(view), "{view}");
        assert!(!tree.query(view).is_empty(), "{view}");
    };
    same(
        "SELECT unit_name, stage, SUM(total_investment_wan) AS wan FROM projects GROUP BY unit_name, stage ORDER BY stage",
        "SELECT 报送单位, 批次类别, SUM(总投资) AS 万元 FROM 项目 GROUP BY 报送单位, 批次类别 ORDER BY 批次类别",
    );
    same(
        "SELECT COUNT(*) AS n FROM findings WHERE severity = 'error'",
        "SELECT COUNT(*) AS 条数 FROM 问题 WHERE 级别 = '错误'",
    );
    let names = tree.query("SELECT DISTINCT 报送单位 FROM 对账 WHERE 单位代码 = '410300'");
    assert_eq!(names, [["洛阳市"]]);
    for args in [&["query"][..], &["query", "--tables"]] {
        let list = stdout(&tree.sanpi(args));
        for part in ["projects", "项目", "reconciliation", "对账", "一行是"] {
            assert!(list.contains(part), "{args:?} {part}: {list}");
        }
    }
    for (sql, part) in [("SELECT * FROM 项目表", "相近的有 项目"), ("SELECT 投资 FROM 项目", "总投资")]
    {
        let output = tree.sanpi(&["query", sql]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
    let schema = stdout(&tree.sanpi(&["schema"]));
    for part in ["## lifecycle", "## indicators", "`项目历程`", "`对账`"] {
        assert!(schema.contains(part), "{part}");
    }
    let json: serde_json::Value = serde_json::from_str(&stdout(&tree.sanpi(&["schema", "--format", "json"]))).unwrap();
    assert_eq!((json[0]["name"].as_str(), json[0]["view"].as_str()), (Some("projects"), Some("项目")));
}

#[test]
fn a_quiet_run_says_nothing_and_nobody_gets_colours_in_a_pipe() {
    let tree = published();
    let inbox = tree.path().join("inbox");
    let quiet = tree.run(&inbox, &["--fail-on", "never", "--quiet"]);
    assert_eq!((stdout(&quiet).as_str(), quiet.status.code()), ("", Some(0)), "{}", stderr(&quiet));
    for args in [&["status", "--inbox", inbox.to_str().unwrap()][..], &["query", "SELECT * FROM 报送"]] {
        let text = stdout(&tree.sanpi(args));
        assert!(!text.is_empty() && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_mistake_in_the_bulletin_is_bad_configuration() {
    let tree = published();
    let pipelines = tree.path().join("pipelines");
    lay_over(&root().join("pipelines"), &pipelines);
    let page = fs::read_to_string(tree.path().join("current/reports/02/通报.html")).unwrap();
    assert!(page.contains("第二期") && page.contains("洛阳市"), "{page}");
    let path = pipelines.join("bulletin.html");
    let text = fs::read_to_string(&path).unwrap();
    let inbox = tree.path().join("inbox");
    let run = |text: &str| {
        fs::write(&path, text).unwrap();
        tree.run(&inbox, &["--fail-on", "never", "--pipelines", pipelines.to_str().unwrap()])
    };
    let bad = run(&text.replace("{{ expected }} 个", "{{ expectd }} 个"));
    assert_eq!(bad.status.code(), Some(2));
    let line = text.lines().position(|l| l.contains("{{ expected }}")).unwrap() + 1;
    for part in [&format!("bulletin.html:{line}"), "没有变量 expectd", "是不是想写 expected"] {
        assert!(stderr(&bad).contains(part), "{part}: {}", stderr(&bad));
    }
    let good = run(&text.replace("项目建设情况通报</h1>", "项目建设情况快报</h1>"));
    assert_eq!(good.status.code(), Some(0), "{}", stderr(&good));
    let page = fs::read_to_string(tree.path().join("current/reports/02/通报.html")).unwrap();
    assert!(page.contains("情况快报</h1>"), "the office's words are published");
}
