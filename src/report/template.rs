//! The templates of the HTML forms. They are part of the program: pages carry their style and script inside, and a
//! content policy that forbids every request.

use std::fmt::{self, Write};
use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, Engine};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("templates/base.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("unit.html", include_str!("templates/unit.html")),
];

const STYLE: &str = include_str!("templates/style.css");
const SCRIPT: &str = include_str!("templates/script.js");

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut env = environment()?;
    env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    env.add_global("unit_style", Value::from_safe_string(include_str!("templates/unit.css").to_owned()));
    env.add_global("script", Value::from_safe_string(SCRIPT.to_owned()));
    let style = [STYLE, include_str!("templates/overview.css")].concat();
    let script = [SCRIPT, include_str!("templates/overview.js")].concat();
    env.add_global("overview_policy", Value::from_safe_string(policy(&style, &script)));
    env.add_global("overview_style", Value::from_safe_string(style));
    env.add_global("overview_script", Value::from_safe_string(script));
    for (name, source) in TEMPLATES {
        env.add_template(name, source)?;
    }
    Ok(env)
});

/// The template language as all pages use it: everything escaped, and a name that does not exist is an error.
pub(super) fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_undefined_behavior(UndefinedBehavior::Strict); // a misspelt name fails a test instead of showing nothing
    env.set_formatter(|out, _, value| {
        if value.is_safe() {
            out.write_str(value.as_str().unwrap_or_default())?;
        } else if let Some(text) = value.as_str() {
            escape(text, out)?;
        } else if !value.is_none() {
            escape(&value.to_string(), out)?;
        }
        Ok(())
    });
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    Ok(env)
}

/// A content policy that admits this style and this script and nothing else: no request, no other code, whatever the data
/// may contain.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

/// Writes a text as HTML, in element content and in quoted attributes. Minijinja's own escaping would also turn the `/`
/// of every path into a reference, which nobody can search for in the source.
fn escape(text: &str, out: &mut (impl Write + ?Sized)) -> fmt::Result {
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let instead = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            // Not allowed in HTML, or able to turn the direction of the text around it.
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => "\u{fffd}",
            _ => continue,
        };
        out.write_str(text.get(written..at).unwrap_or_default())?;
        out.write_str(instead)?;
        written = at + c.len_utf8();
    }
    out.write_str(text.get(written..).unwrap_or_default())
}

/// A text as HTML, see [`escape`].
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A string takes everything.
    let _ = escape(text, &mut out);
    out
}

/// A page from a template. Templates are fixed and tested; if one failed all the same, the page says so instead of
/// ending the run.
pub(super) fn page<S: Serialize>(name: &str, context: S) -> String {
    let rendered = match &*ENVIRONMENT {
        Ok(env) => env.get_template(name).and_then(|t| t.render(Serde(context))).map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    };
    rendered.unwrap_or_else(|e| failed(&e))
}

/// A page that says why there is no other.
pub(super) fn failed(error: &str) -> String {
    let error = escaped(error);
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>报告</title><p>报告没有生成：{error}</p></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        assert!(ENVIRONMENT.is_ok(), "{:?}", ENVIRONMENT.as_ref().err());
    }

    #[test]
    fn text_is_escaped_and_paths_stay_readable() {
        assert_eq!(escaped("02/a<b>&\"'\u{202e}"), "02/a&lt;b&gt;&amp;&quot;&#39;\u{fffd}");
    }
}
