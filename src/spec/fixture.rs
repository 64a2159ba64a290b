//! The configuration of this crate, for unit tests.

use std::collections::BTreeSet;
use std::path::Path;

use super::Spec;

/// `pipelines/` as committed. Every code that `rules.toml` names is taken for known.
pub(crate) fn pipelines() -> Spec {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let rules = std::fs::read_to_string(dir.join("rules.toml")).unwrap_or_default();
    let code = |line: &str| Some(line.strip_prefix('[')?.split([']', '.']).next()?.to_owned());
    let codes: BTreeSet<String> = rules.lines().filter_map(code).collect();
    Spec::load(&dir, &codes.iter().map(String::as_str).collect()).unwrap_or_else(|e| panic!("pipelines/: {e:?}"))
}
