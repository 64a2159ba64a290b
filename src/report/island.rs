//! The lists of the overview that are too long for markup, as JSON inside the page: the script shows some rows of them at
//! a time, so that five thousand findings cost no more than fifty.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

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
    let rows: Vec<Row<'_>> = findings
        .iter()
        .map(|f| {
            let unit = names.iter().position(|n| n.0 == f.unit_code).unwrap_or_else(|| {
                names.push((&f.unit_code, &f.unit_name, None));
                names.len() - 1
            });
            row(f, unit, rules.iter().position(|r| r.code == f.code), texts.of(&f.help))
        })
        .collect();
    let code = |code: &'_ str| if code.is_empty() { "-" } else { code }.to_owned();
    let used = names.iter().filter(|n| findings.iter().any(|f| f.unit_code == n.0));
    let used = used.map(|n| (code(n.0), n.1.to_owned())).collect();
    let lists = Lists {
        findings: rows,
        laggards: laggards
            .iter()
            .map(|l| (&*l.unit_name, l.lag, &*l.project, &*l.since_batch, &*l.since, l.months, l.over, l.yi.as_deref()))
            .collect(),
        rules: rules.iter().map(|r| (r.code, r.title)).collect(),
        texts: &texts.texts,
        units: names.iter().map(|n| (code(n.0), n.1, n.2)).collect(),
    };
    // Plain lists of texts and numbers always serialize.
    Island { json: inert(&serde_json::to_string(&lists).unwrap_or_default()), units: used }
}

/// Everything for the script, in the order of the names.
#[derive(Serialize)]
struct Lists<'a> {
    findings: Vec<Row<'a>>,
    laggards: Vec<Lag<'a>>,
    rules: Vec<(&'a str, &'a str)>,
    texts: &'a [&'a str],
    units: Vec<(String, &'a str, Option<&'a str>)>,
}

/// A laggard: unit, kind, project, batch and day from which it is counted, months passed and beyond what is allowed, 总投资.
type Lag<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, u32, u32, Option<&'a str>);

/// A finding: unit, rule, severity, class, marks, list, message, place, project, what stands there, how it was read,
/// advice. The script knows the places of its parts.
type Row<'a> = (
    usize,
    Option<usize>,
    &'a str,
    u8,
    u8,
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<Cow<'a, str>>,
    Option<&'a str>,
    usize,
);

fn row(f: &FindingView, unit: usize, rule: Option<usize>, help: usize) -> Row<'_> {
    let class = match f.class {
        Class::Must => 0,
        Class::Explain => 1,
        Class::Know => 2,
    };
    let marks = u8::from(f.waived) + 2 * u8::from(f.trial);
    let seen = f.seen.as_deref().map(|seen| match f.field {
        Some(field) => Cow::Owned(format!("{field}：{seen}")),
        None => Cow::Borrowed(seen),
    });
    let (place, project, read_as) = (f.place.as_deref(), f.project.as_deref(), f.read_as.as_deref());
    (unit, rule, f.severity, class, marks, f.stage, &f.message, place, project, seen, read_as, help)
}

/// JSON in which nothing can end the script element, start markup or turn the direction of text. All these characters
/// only ever stand inside of strings.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut written = 0;
    for (at, c) in json.char_indices() {
        let instead = match c {
            '<' => "\\u003c",
            '>' => "\\u003e",
            '&' => "\\u0026",
            '\u{2028}' => "\\u2028",
            '\u{2029}' => "\\u2029",
            '\u{7f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "\u{fffd}",
            _ => continue,
        };
        out.push_str(json.get(written..at).unwrap_or_default());
        out.push_str(instead);
        written = at + c.len_utf8();
    }
    out.push_str(json.get(written..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

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
