//! Styles of cells, texts and tables, and number formats as the codes that Excel would show.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use crate::reader::value::Style;
use crate::reader::xml::{attr, push_text};

/// How many parents of a style are followed.
const PARENTS: usize = 16;

/// Everything that style elements said, by name.
#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: BTreeMap<String, Own>,
    texts: BTreeMap<String, bool>,
    hidden_tables: BTreeMap<String, bool>,
    codes: BTreeMap<String, String>,
    current: Option<(String, String)>,
    code: Option<(String, String)>,
    literal: Option<String>,
}

/// What a cell style says itself.
#[derive(Debug, Default)]
struct Own {
    parent: Option<String>,
    format: Option<String>,
    struck: Option<bool>,
}

impl Styles {
    /// Takes the next event inside an element of styles.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(e) => self.start(e),
            Event::End(e) => self.end(e.local_name().as_ref()),
            event => {
                if let Some(literal) = &mut self.literal {
                    push_text(event, literal);
                }
            }
        }
    }

    /// What the cells of a style share.
    pub(super) fn cell(&self, name: &str) -> Style {
        let (mut format, mut struck) = (None, None);
        let mut next = Some(name);
        for _ in 0..PARENTS {
            let Some(own) = next.and_then(|n| self.cells.get(n)) else { break };
            format = format.or(own.format.as_deref());
            struck = struck.or(own.struck);
            next = own.parent.as_deref();
        }
        let code = format.and_then(|f| self.codes.get(f)).map_or("", String::as_str);
        Style { struck: struck.unwrap_or(false), ..Style::new(Some(code), 0) }
    }

    /// Whether a style of characters strikes them through.
    pub(super) fn text_struck(&self, name: &str) -> bool {
        self.texts.get(name).copied().unwrap_or(false)
    }

    /// Whether the tables of a style are hidden.
    pub(super) fn table_hidden(&self, name: &str) -> bool {
        self.hidden_tables.get(name).copied().unwrap_or(false)
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        let name = || attr(e, "name").unwrap_or_default();
        match e.local_name().as_ref() {
            "style" => {
                let family = attr(e, "family").unwrap_or_default();
                if family == "table-cell" {
                    let own =
                        Own { parent: attr(e, "parent-style-name"), format: attr(e, "data-style-name"), struck: None };
                    self.cells.insert(name(), own);
                }
                self.current = Some((family, name()));
            }
            "text-properties" => self.text_properties(e),
            "table-properties" => {
                if let Some((_, table)) = self.current.as_ref().filter(|(family, _)| family == "table") {
                    let hidden = attr(e, "display").as_deref() == Some("false");
                    self.hidden_tables.insert(table.clone(), hidden);
                }
            }
            "number-style" | "currency-style" | "percentage-style" | "date-style" | "time-style" | "text-style" => {
                self.code = Some((name(), String::new()));
            }
            "text" | "currency-symbol" => self.literal = Some(String::new()),
            other => {
                let piece = piece(other, e);
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&piece);
                }
            }
        }
    }

    fn text_properties(&mut self, e: &BytesStart<'_>) {
        let Some(line) = attr(e, "text-line-through-style").or_else(|| attr(e, "text-line-through-type")) else {
            return;
        };
        let struck = line != "none";
        match &self.current {
            Some((family, name)) if family == "table-cell" => {
                if let Some(own) = self.cells.get_mut(name) {
                    own.struck = Some(struck);
                }
            }
            Some((family, name)) if family == "text" => {
                self.texts.insert(name.clone(), struck);
            }
            _ => {}
        }
    }

    fn end(&mut self, element: &str) {
        match element {
            "style" => self.current = None,
            "number-style" | "currency-style" | "percentage-style" | "date-style" | "time-style" | "text-style" => {
                self.codes.extend(self.code.take());
            }
            "text" | "currency-symbol" => {
                if let (Some(text), Some((_, code))) = (self.literal.take(), &mut self.code) {
                    let plain = text
                        .chars()
                        .all(|c| matches!(c, '-' | '/' | ' ' | ':' | '.' | ',' | '(' | ')' | '%' | '¥' | '$'));
                    let mark = if plain { "" } else { "\"" };
                    code.extend([mark, &text.replace('"', ""), mark]);
                }
            }
            _ => {}
        }
    }
}

/// The part of a format code that an element stands for.
fn piece(element: &str, e: &BytesStart<'_>) -> String {
    let long = attr(e, "style").as_deref() == Some("long");
    let pick = |short: &str, full: &str| if long { full } else { short }.to_owned();
    match element {
        "number" | "scientific-number" => digits(element == "scientific-number", e),
        "fraction" => "# ?/?".to_owned(),
        "year" => pick("yy", "yyyy"),
        "month" if attr(e, "textual").as_deref() == Some("true") => pick("mmm", "mmmm"),
        "month" | "minutes" => pick("m", "mm"),
        "day" => pick("d", "dd"),
        "day-of-week" => pick("aaa", "aaaa"),
        "era" => pick("e", "ee"),
        "hours" => pick("h", "hh"),
        "seconds" => pick("s", "ss"),
        "am-pm" => "AM/PM".to_owned(),
        "text-content" => "@".to_owned(),
        _ => String::new(),
    }
}

fn digits(scientific: bool, e: &BytesStart<'_>) -> String {
    let count = |name| attr(e, name).and_then(|v| v.parse::<usize>().ok()).map(|n| n.min(30));
    let places = count("decimal-places");
    let Some(places) = places else {
        // Without decimal places it is the general format, unless something else is said.
        return if count("display-factor").is_none() && !scientific { "General".to_owned() } else { "0".to_owned() };
    };
    let integer = "0".repeat(count("min-integer-digits").unwrap_or(1).max(1));
    let mut code = if attr(e, "grouping").as_deref() == Some("true") { format!("#,##{integer}") } else { integer };
    if places > 0 {
        code.push('.');
        code.push_str(&"0".repeat(places));
    }
    if scientific {
        code.push_str("E+00");
    }
    let factor = attr(e, "display-factor").and_then(|v| v.parse::<f64>().ok()).unwrap_or(1.0);
    let mut scale = 1000.0;
    while factor >= scale && scale < 1e12 {
        code.push(',');
        scale *= 1000.0;
    }
    code
}
