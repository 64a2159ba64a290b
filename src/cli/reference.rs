//! `sanpi explain` and `sanpi schema`: the reference that the program carries with it.

use std::process::ExitCode;

use sanpi::{dataset, rules};

use super::args::{ExplainArgs, ExplainFormat, SchemaArgs, SchemaFormat};
use super::console::{Ended, fail, say};

/// Explains one rule or all.
pub(super) fn explain(args: &ExplainArgs) -> Ended {
    let one = match args.code.as_deref().filter(|_| !args.all) {
        None => None,
        Some(name) => {
            let rule = rules::lookup(name).or_else(|| rules::lookup(&name.to_uppercase()));
            Some(rule.ok_or_else(|| fail(format!("没有规则 {name}。sanpi explain --all 列出全部规则")))?)
        }
    };
    let text = match (one, args.format) {
        (None, ExplainFormat::Text) => rules::all().iter().map(|r| rules::explain(r)).collect::<Vec<_>>().join("\n"),
        (Some(rule), ExplainFormat::Text) => rules::explain(rule),
        (None, ExplainFormat::Json) => rules::json().map_err(fail)?,
        (Some(rule), ExplainFormat::Json) => serde_json::to_string_pretty(rule).map_err(fail)? + "\n",
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the data dictionary.
pub(super) fn schema(args: &SchemaArgs) -> Ended {
    let dictionary = dataset::dictionary();
    let text = match args.format {
        SchemaFormat::Md => dataset::markdown(&dictionary),
        SchemaFormat::Json => serde_json::to_string_pretty(&dictionary).map_err(fail)? + "\n",
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}
