//! Tags and texts of a page, in order.

use super::entities::decode;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start tag: its name in lower case and its attributes as they stand.
    Start(String, &'a str),
    /// An end tag: its name in lower case.
    End(String),
    /// Characters, entities not resolved.
    Text(&'a str),
    /// The inside of a comment.
    Comment(&'a str),
    /// The inside of a style sheet.
    Style(&'a str),
}

/// Iterates over the tokens of a page.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    /// Begins at the start of the page.
    pub(super) fn new(page: &'a str) -> Self {
        Self { rest: page }
    }

    /// Everything up to `end`, which is passed over; all that is left when it never comes.
    fn until(&mut self, end: &str) -> &'a str {
        let at = self.rest.find(end);
        let (inside, rest) = self.rest.split_at(at.unwrap_or(self.rest.len()));
        self.rest = rest.get(end.len()..).unwrap_or_default();
        inside
    }

    /// The inside of an element that holds no tags, its end tag passed over.
    fn raw(&mut self, name: &str) -> &'a str {
        let end = format!("</{name}");
        let bytes = self.rest.as_bytes();
        let at = bytes.windows(end.len()).position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
        let (inside, rest) = self.rest.split_at(at.unwrap_or(bytes.len()));
        self.rest = rest;
        self.until(">");
        inside
    }

    /// The end of a tag: `>` outside quotes. A tag that is never closed is text.
    fn tag_end(&self) -> Option<usize> {
        let mut quote = None;
        let mut after_equals = false;
        for (i, b) in self.rest.bytes().enumerate() {
            match (quote, b) {
                (None, b'>') => return Some(i),
                (None, b'"' | b'\'') if after_equals => quote = Some(b),
                (Some(q), b) if q == b => quote = None,
                _ => {}
            }
            if !b.is_ascii_whitespace() {
                after_equals = b == b'=';
            }
        }
        // A quote that is never closed: the tag ends at its first `>`.
        self.rest.find('>')
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                let at = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(at);
                self.rest = rest;
                return (!text.is_empty()).then_some(Token::Text(text));
            };
            if let Some(comment) = tag.strip_prefix("!--") {
                self.rest = comment;
                return Some(Token::Comment(self.until("-->")));
            }
            let first = tag.chars().next();
            if matches!(first, Some('!' | '?')) {
                // <!DOCTYPE>, <![if …]>, <?xml …?> say nothing here.
                self.until(">");
                continue;
            }
            if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '/') {
                self.rest = tag;
                return Some(Token::Text("<"));
            }
            let Some(end) = self.tag_end() else {
                self.rest = "";
                return None;
            };
            let inside = &self.rest[1..end];
            self.rest = &self.rest[end + 1..];
            if let Some(name) = inside.strip_prefix('/') {
                return Some(Token::End(name.trim().to_ascii_lowercase()));
            }
            let cut = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
            let (name, attributes) = inside.split_at(cut);
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "style" => return Some(Token::Style(self.raw("style"))),
                "script" | "title" | "textarea" | "noframes" => {
                    self.raw(&name);
                }
                _ => return Some(Token::Start(name, attributes)),
            }
        }
    }
}

/// The value of an attribute, entities resolved; empty for one without value.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let cut = rest.char_indices().skip(1).find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '=' | '/'));
        let (name, after) = rest.split_at(cut.map_or(rest.len(), |(i, _)| i));
        let mut value = "";
        rest = after;
        if let Some(after) = after.trim_start().strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (found, left) = match quote {
                Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len())),
            };
            (value, rest) = (found, left);
        }
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decode(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgiving_tags() {
        let page = "<!doctype html><TABLE border=1 x:str><tr><td a='>'>1 < 2<br/><!-- <td> --><script>if (a<b) '<td>'</script></TD >";
        let tokens: Vec<_> = Tokens::new(page).collect();
        assert_eq!(
            tokens,
            [
                Token::Start("table".into(), " border=1 x:str"),
                Token::Start("tr".into(), ""),
                Token::Start("td".into(), " a='>'"),
                Token::Text("1 "),
                Token::Text("<"),
                Token::Text(" 2"),
                Token::Start("br".into(), "/"),
                Token::Comment(" <td> "),
                Token::End("td".into()),
            ]
        );
        assert_eq!(Tokens::new("a<td").collect::<Vec<_>>(), [Token::Text("a")]);
    }

    #[test]
    fn attributes_in_every_spelling() {
        let text = r#" class=xl65 COLSPAN = "2" x:num style='a:"b"' title="&lt;甲" /"#;
        let value = |name| attribute(text, name);
        assert_eq!(value("class").as_deref(), Some("xl65"));
        assert_eq!(value("colspan").as_deref(), Some("2"));
        assert_eq!(value("x:num").as_deref(), Some(""));
        assert_eq!(value("style").as_deref(), Some("a:\"b\""));
        assert_eq!(value("title").as_deref(), Some("<甲"));
        assert_eq!(value("rowspan"), None);
    }
}
