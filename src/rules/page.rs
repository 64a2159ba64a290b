//! The rules as text: for the terminal, and as the page `pipelines/RULES.md`.

use std::fmt::Write as _;

use super::RULES;
use super::registry::{Need, Rule};

/// Names of the letters that codes begin with.
const LETTERS: [(char, &str); 8] = [
    ('F', "文件与报送"),
    ('L', "表的结构与单元格"),
    ('C', "列与单位"),
    ('N', "读数"),
    ('V', "单个项目的值"),
    ('X', "项目之间、各期之间"),
    ('R', "与合计、汇总、公布数核对"),
    ('W', "豁免"),
];

/// A rule's documents as text for a terminal, ending in a line break.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    let mut text = format!("{} {}（{}，{}）\n", rule.code, rule.title, rule.slug, rule.severity.title());
    for (heading, body) in sections(rule) {
        let _ = write!(text, "\n{heading}\n");
        for line in body.lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    if !rule.needs.is_empty() {
        let _ = write!(text, "\n需要的列（没有就不检查，见 C308）\n  {}\n", needs(rule));
    }
    if !rule.thresholds.is_empty() {
        text.push_str("\n阈值（在 rules.toml 里改）\n");
        for t in rule.thresholds {
            let _ = writeln!(text, "  {} = {}：{}", t.name, t.default, t.meaning);
        }
    }
    text
}

/// All rules as one Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# 规则说明\n\n\
         <!-- 由 `make docs` 从 src/rules/ 生成，请勿手工修改。 -->\n\n\
         每条规则有一个代码，代码不会改作他用。严重程度是默认值，可以在 `rules.toml` 里按规则调整或设为试行：\n\n\
         - **错误**：所在的项目退回，不进入项目库（`rejected`）；\n\
         - **警告**：请单位核对，项目照常入库；\n\
         - **提示**：只作说明。\n\n\
         例子中的表，“结果”一列是该行应当报出的代码，空白为没有问题；金额没有写单位的都是万元。命令 `sanpi explain 代码` 显示同样的内容。\n",
    );
    for (letter, name) in LETTERS {
        let rules = || RULES.iter().filter(|r| r.code.starts_with(letter));
        let _ = write!(page, "\n## {letter} {name}\n\n| 代码 | 规则 | 名称 | 严重程度 |\n|---|---|---|---|\n");
        for rule in rules() {
            let anchor = anchor(rule);
            let _ = writeln!(
                page,
                "| [{}](#{anchor}) | `{}` | {} | {} |",
                rule.code,
                rule.slug,
                rule.title,
                rule.severity.title()
            );
        }
        for rule in rules() {
            let _ = write!(page, "\n### {} {}\n\n", rule.code, rule.slug);
            let _ = writeln!(page, "**{}**（{}）", rule.title, rule.severity.title());
            for (heading, body) in sections(rule) {
                let _ = write!(page, "\n**{heading}**\n\n{}\n", body.trim_end());
            }
            if !rule.needs.is_empty() {
                let _ = write!(page, "\n**需要的列**（没有就不检查，见 C308）\n\n{}\n", needs(rule));
            }
            if !rule.thresholds.is_empty() {
                page.push_str("\n**阈值**（在 `rules.toml` 里改）\n\n");
                for t in rule.thresholds {
                    let _ = writeln!(page, "- `{}` = {}：{}", t.name, t.default, t.meaning);
                }
            }
        }
    }
    page
}

/// All rules as JSON: identity, severity, documents, thresholds and needed columns of each.
///
/// # Errors
/// None that data could cause.
pub fn json() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(RULES).map(|text| text + "\n")
}

fn needs(rule: &Rule) -> String {
    let one = |n: &Need| n.list.map_or_else(|| n.title(), |list| format!("{list}清单的{}", n.title()));
    rule.needs.iter().map(one).collect::<Vec<_>>().join("；")
}

fn sections(rule: &Rule) -> [(&'static str, &'static str); 5] {
    [("查什么", rule.what), ("为什么", rule.why), ("怎么改", rule.fix), ("依据", rule.basis), ("例", rule.example)]
}

/// The anchor that a Markdown viewer gives the rule's heading.
fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.code.to_lowercase(), rule.slug)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rules::lookup;

    /// `SANPI_BLESS=1 cargo test --lib rules::` (`make docs`) writes the pages anew.
    #[test]
    fn the_generated_pages_are_fresh() {
        for (name, fresh) in [("RULES.md", markdown()), ("rules.json", json().unwrap())] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines").join(name);
            if std::env::var_os("SANPI_BLESS").is_some() {
                std::fs::write(&path, &fresh).unwrap();
            }
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(written == fresh, "pipelines/{name} is stale: run `make docs`");
        }
    }

    #[test]
    fn every_rule_is_on_the_page_once() {
        let page = markdown();
        for rule in RULES {
            assert_eq!(page.matches(&format!("### {} ", rule.code)).count(), 1, "{}", rule.code);
        }
    }

    #[test]
    fn every_rule_is_documented_for_a_clerk() {
        for rule in RULES {
            for (heading, body) in sections(rule) {
                assert!(body.chars().count() >= 10, "{} {heading} is too short", rule.code);
                let ends = heading == "例" || body.ends_with(['。', '）']);
                assert!(ends, "{} {heading} is no whole sentence", rule.code);
            }
            let help = rule.help.chars().count();
            assert!((8..=60).contains(&help), "{}: help has {help} characters", rule.code);
            assert!(rule.title.chars().count() <= 24, "{}: long title", rule.code);
        }
    }

    #[test]
    fn a_rule_on_the_terminal() {
        let text = explain(lookup("V501").unwrap());
        assert!(text.starts_with("V501 项目名称为空（name-missing，错误）\n\n查什么\n  项目行里"), "{text}");
        assert!(text.ends_with("|\n\n需要的列（没有就不检查，见 C308）\n  项目名称\n"), "{text}");
    }

    #[test]
    fn rules_as_data() {
        let json = serde_json::to_value(RULES).unwrap();
        assert_eq!(json[0]["code"], "F101");
        assert_eq!(json[0]["severity"], "error");
        assert!(json[0].get("check").is_none());
    }
}
