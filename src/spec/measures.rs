//! `measures.toml`: money units and their factors.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Problem;
use super::document::{Document, Step};

/// `measures.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measures {
    /// Units in any order: where several spellings fit, the longest one counts.
    pub measure: Vec<MeasureSpec>,
}

/// A unit of money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// Name in reports, and a spelling, e.g. 万元.
    pub name: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// 元 in one unit; absent for a foreign currency, which is never added to totals (N410).
    #[serde(default)]
    pub yuan: Option<i64>,
}

impl Measures {
    /// A spelling of two units, or a unit that is worth nothing, would make wrong amounts.
    pub(super) fn check(&self, doc: &Document, problems: &mut Vec<Problem>) {
        let mut spellings: BTreeMap<&str, &str> = BTreeMap::new();
        for (m, measure) in self.measure.iter().enumerate() {
            let at = |key| [Step::Key("measure"), Step::Index(m), Step::Key(key)];
            if measure.yuan.is_some_and(|yuan| yuan < 1) {
                problems.push(doc.problem_at(&at("yuan"), format!("{}折合的元数必须是正整数", measure.name)));
            }
            for spelling in std::iter::once(&measure.name).chain(&measure.aliases) {
                if spelling.trim().is_empty() {
                    problems.push(doc.problem_at(&at("aliases"), format!("{}有一个空的写法", measure.name)));
                } else if let Some(other) = spellings.insert(spelling, &measure.name) {
                    let message = format!("“{spelling}”出现两次：{other}、{}", measure.name);
                    problems.push(doc.problem_at(&at("aliases"), message));
                }
            }
        }
    }
}
