//! The lists of the overview that are too long for markup, as JSON inside the page: the script shows some rows of them at
//! a time, so that five thousand findings cost no more than fifty.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::view::{FindingView, LaggardView, RuleView, UnitView};
use crate::model::Class;

/// Texts that many rows share, each once.
#[derive(Default)]
struct Texts<'a> {
    texts: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Texts<'a> {
    fn of(&mut self, text: &'a str) -> usize {
        *self.places.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() - 1
        })
    }
}

/// Code, name and link of a unit; code and name of what is none.
type Names<'a> = Vec<(&'a str, &'a str, Option<&'a str>)>;

/// The island, and the units with findings in it by the order of the page: code (`-` for none), name.
pub(super) struct Island {
    /// JSON, safe inside of a script element whatever the data says.
    pub(super) json: String,
    /// Units with findings.
    pub(super) units: Vec<(String, String)>,
}

/// Findings and laggards for the script: `units` (code, name, link), `rules` (code, title), `texts` (advice), `findings`
/// and `laggards`.
pub(super) fn island(
    findings: &[FindingView],
    laggards: &[LaggardView],
    units: &[UnitView],
    rules: &[RuleView],
) -> Island {
    let mut texts = Texts::default();
    let mut names: Names<'_> = units.iter().map(|u| (&*u.code, &*u.name, u.link.as_deref())).collect();
    let rows: Vec<Value> = findings
        .iter()
        .map(|f| {
            let unit = names.iter().position(|n| n.0 == f.unit_code).unwrap_or_else(|| {
                names.push((&f.unit_code, &f.unit_name, None));
                names.len() - 1
            });
            row(f, unit, rules.iter().position(|r| r.code == f.code), texts.of(&f.help))
        })
        .collect();
    let lagging: Vec<Value> = laggards
        .iter()
        .map(|l| json!([l.unit_name, l.lag, l.project, l.since_batch, l.since, l.months, l.over, l.yi]))
        .collect();
    let code = |code: &str| if code.is_empty() { "-".to_owned() } else { code.to_owned() };
    let used = names.iter().filter(|n| findings.iter().any(|f| f.unit_code == n.0));
    let used = used.map(|n| (code(n.0), n.1.to_owned())).collect();
    let names: Vec<Value> = names.iter().map(|n| json!([code(n.0), n.1, n.2])).collect();
    let rules: Vec<Value> = rules.iter().map(|r| json!([r.code, r.title])).collect();
    let all = json!({
        "units": names, "rules": rules, "texts": texts.texts, "findings": rows, "laggards": lagging,
    });
    Island { json: inert(&all.to_string()), units: used }
}

/// A finding; the script knows the places of its parts.
fn row(f: &FindingView, unit: usize, rule: Option<usize>, help: usize) -> Value {
    let class = match f.class {
        Class::Must => 0,
        Class::Explain => 1,
        Class::Know => 2,
    };
    let marks = u8::from(f.waived) + 2 * u8::from(f.trial);
    let seen = f.seen.as_ref().map(|seen| f.field.map_or_else(|| seen.clone(), |field| format!("{field}：{seen}")));
    json!([unit, rule, f.severity, class, marks, f.stage, f.message, f.place, f.project, seen, f.read_as, help])
}

/// JSON in which nothing can end the script element, start markup or turn the direction of text. All these characters
/// only ever stand inside of strings.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            '\u{7f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_island_is_markup() {
        let text = "</script><!--&\u{2028}\u{202e}\\\"";
        let json = inert(&Value::from(text).to_string());
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{202e}']), "{json}");
        let back: String = serde_json::from_str(&json).expect("JSON");
        assert_eq!(back, text.replace('\u{202e}', "\u{fffd}"));
    }
}
