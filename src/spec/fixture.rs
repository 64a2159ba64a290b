//! The configuration of this crate, for unit tests.

use std::path::Path;

use super::{RuleNames, Spec};

/// `pipelines/` as committed. Every rule and threshold that `rules.toml` names is taken for known.
pub(crate) fn pipelines() -> Spec {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let text = std::fs::read_to_string(dir.join("rules.toml")).unwrap_or_default();
    let rules: toml::Table = toml::from_str(&text).unwrap_or_default();
    Spec::load(&dir, &names(&rules)).unwrap_or_else(|e| panic!("pipelines/: {e}"))
}

fn names(rules: &toml::Table) -> RuleNames<'_> {
    fn thresholds(table: &toml::Value) -> impl Iterator<Item = &str> {
        let named = table.get("thresholds").and_then(toml::Value::as_table).into_iter();
        named.flat_map(|t| t.keys().map(String::as_str))
    }
    fn exceptions(rule: &toml::Value) -> &[toml::Value] {
        rule.get("when").and_then(toml::Value::as_array).map_or(&[], Vec::as_slice)
    }
    let all = |rule| exceptions(rule).iter().chain([rule]).flat_map(thresholds).collect();
    rules.iter().map(|(code, rule)| (code.as_str(), all(rule))).collect()
}
