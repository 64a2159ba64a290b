//! What the README says about queries works as it stands there.

use std::fs;

use crate::harness::{Tree, root, stderr, stdout};

/// The `sanpi query` lines of the README: SQL and further arguments.
fn queries() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let lines = text.lines().filter_map(|line| line.strip_prefix("sanpi query \""));
    let split = lines.map(|rest| rest.split_once('"').expect("a closing quote"));
    split.map(|(sql, rest)| (sql.to_owned(), rest.split_whitespace().map(str::to_owned).collect())).collect()
}

#[test]
fn every_query_of_the_readme_answers_over_the_sample() {
    let queries = queries();
    assert!(queries.len() >= 5, "{queries:?}");
    let tree = Tree::new();
    tree.run(&root().join("sample_data/inbox"), &["--fail-on", "never"]);
    for (sql, rest) in &queries {
        let args: Vec<&str> = ["query", sql].into_iter().chain(rest.iter().map(String::as_str)).collect();
        let output = tree.sanpi(&args);
        assert!(output.status.success(), "{sql}\n{}", stderr(&output));
        assert!(!tree.query(sql).is_empty(), "{sql} finds nothing:\n{}", stdout(&output));
    }
    let (rates, _) = queries.iter().find(|(sql, _)| sql.contains("start_rate")).expect("rates by unit");
    let rows = tree.query(rates);
    assert_eq!(rows.len(), 20, "19 units and the province");
    assert!(rows.iter().any(|r| r[0] == "全省" && r[5].is_empty()), "{rows:?}");
    let (life, _) = queries.iter().find(|(sql, _)| sql.contains("FROM lifecycle")).expect("one life");
    let rows = tree.query(life);
    assert_eq!(rows.len(), 1, "one project: {rows:?}");
    assert!(!rows[0][1].is_empty() && !rows[0][3].is_empty() && !rows[0][5].is_empty(), "{rows:?}");
}
