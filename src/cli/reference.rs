//! `sanpi explain` and `sanpi schema`: the reference that the program carries with it.

use std::process::ExitCode;

use sanpi::{dataset, rules};

use super::args::{ExplainArgs, SchemaArgs, SchemaFormat};
use super::console::{Ended, fail, say};

/// Explains one rule or all.
pub(super) fn explain(args: &ExplainArgs) -> Ended {
    let text = match args.code.as_deref().filter(|_| !args.all) {
        None => rules::all().iter().map(|r| rules::explain(r)).collect::<Vec<_>>().join("\n"),
        Some(name) => {
            let rule = rules::lookup(name).or_else(|| rules::lookup(&name.to_uppercase()));
            rules::explain(rule.ok_or_else(|| fail(format!("没有规则 {name}。sanpi explain --all 列出全部规则")))?)
        }
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
