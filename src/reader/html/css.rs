//! The few style properties that change what a table says: number format, strike, hidden.

use std::collections::BTreeMap;

use crate::reader::number_format::named;

/// What a style says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Css {
    /// Number format as Excel spells it.
    pub(super) format: Option<String>,
    /// Struck through.
    pub(super) struck: bool,
    /// Not shown.
    pub(super) hidden: bool,
}

impl Css {
    /// What the declarations of a `style` attribute say on top of this.
    pub(super) fn add(&mut self, declarations: &str) {
        for (name, value) in declarations_of(declarations) {
            let lower = value.to_ascii_lowercase();
            match name.to_ascii_lowercase().as_str() {
                "mso-number-format" => self.format = Some(number_format(&value)),
                "text-decoration" | "text-line-through" | "text-decoration-line" => {
                    self.struck |= lower.contains("line-through");
                }
                "display" => self.hidden = lower.starts_with("none"),
                "visibility" => self.hidden |= lower.starts_with("collapse") || lower.starts_with("hidden"),
                _ => {}
            }
        }
    }

    /// This, and what `other` says.
    pub(super) fn merge(&mut self, other: &Self) {
        self.format = other.format.clone().or(self.format.take());
        self.struck |= other.struck;
        self.hidden |= other.hidden;
    }
}

/// Adds the classes of a style sheet: `.xl65 {…}`, `td.a, .b {…}`.
pub(super) fn add_classes(sheet: &str, classes: &mut BTreeMap<String, Css>) {
    let mut rest = sheet;
    while let Some((selectors, after)) = rest.split_once('{') {
        let end = closing(after);
        let (body, left) = after.split_at(end);
        rest = left.strip_prefix('}').unwrap_or(left);
        let mut css = Css::default();
        css.add(body);
        if css == Css::default() {
            continue;
        }
        // A selector may follow a comment mark.
        for selector in selectors.split(',') {
            let Some((_, class)) = selector.trim().rsplit_once('.') else { continue };
            if !class.is_empty() && !class.contains(|c: char| c.is_whitespace() || c == ':') {
                classes.entry(class.to_ascii_lowercase()).or_default().merge(&css);
            }
        }
    }
}

/// Where the block ends: at `}` outside quotes.
fn closing(text: &str) -> usize {
    scan(text, |c| c == '}').next().unwrap_or(text.len())
}

/// Positions of characters that `wanted` picks, outside quotes and behind no backslash.
fn scan(text: &str, wanted: impl Fn(char) -> bool) -> impl Iterator<Item = usize> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter_map(move |(i, c)| {
        if escaped {
            escaped = false;
            return None;
        }
        match (quote, c) {
            (_, '\\') => escaped = true,
            (Some(q), c) => quote = (q != c).then_some(q),
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if wanted(c) => return Some(i),
            (None, _) => {}
        }
        None
    })
}

fn declarations_of(text: &str) -> Vec<(String, String)> {
    let mut ends: Vec<usize> = scan(text, |c| c == ';').collect();
    ends.push(text.len());
    let mut start = 0;
    let mut found = Vec::new();
    for end in ends {
        let declaration = text[start..end].trim();
        start = (end + 1).min(text.len());
        if let Some((name, value)) = declaration.split_once(':') {
            found.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

/// `"0\.00"` is `0.00`, `"yyyy\0022年\0022"` is `yyyy"年"`, `Fixed` is `0.00`.
fn number_format(value: &str) -> String {
    let quoted = value.trim_matches(['"', '\'']);
    let mut code = String::new();
    let mut chars = quoted.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            code.push(c);
            continue;
        }
        let mut hex = String::new();
        while let Some(digit) = chars.peek().copied().filter(|d| d.is_ascii_hexdigit() && hex.len() < 4) {
            hex.push(digit);
            chars.next();
        }
        if hex.len() == 4 {
            code.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
        } else if hex.is_empty() {
            code.extend(chars.next());
        } else {
            code.push_str(&hex);
        }
    }
    named(&code).map(str::to_owned).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_formats() {
        let mut classes = BTreeMap::new();
        let sheet = r#"<!-- td {padding:0} .xl65 {mso-style-parent:style0; mso-number-format:"0\.00_ \0022万元;}\0022";}
            td.gone, .xl66 {display:none; text-decoration:line-through} .xl67{mso-number-format:"\@"} -->"#;
        add_classes(sheet, &mut classes);
        assert_eq!(classes["xl65"].format.as_deref(), Some("0.00_ \"万元;}\""));
        assert!(classes["gone"].hidden && classes["xl66"].struck);
        assert_eq!(classes["xl67"].format.as_deref(), Some("@"));
        assert_eq!(number_format("\"yyyy\\0022年\\0022m\\0022月\\0022\""), "yyyy\"年\"m\"月\"");
        assert_eq!(number_format("\"Short Date\""), "yyyy/m/d");
        assert_eq!(number_format("\"#\\,##0\\.00\""), "#,##0.00");
    }
}
