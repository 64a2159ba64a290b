//! From the command line to a command to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Command};
use super::console::Failure;
use super::{check, console, diff, extract, history, query, reference, run, status, template, timer, trace};

/// Exit code of a command that could not do its work.
const FAILED: u8 = 2;

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::check(args),
        Command::Template(args) => template::template(args),
        Command::Status(args) => status::status(args),
        Command::Query(args) => query::query(args),
        Command::Trace(args) => trace::trace(args),
        Command::Explain(args) => reference::explain(args),
        Command::History(args) => history::history(args),
        Command::Restore(args) => history::restore(args),
        Command::Diff(args) => diff::diff(args),
        Command::InstallTimer(args) => timer::install_timer(args),
        Command::Schema(args) => reference::schema(args),
        Command::Extract(args) => extract::extract(args),
        Command::ReadChild => return sanpi::reader::child_main(),
    };
    match outcome {
        Ok(code) => code,
        Err(Failure::Closed) => ExitCode::SUCCESS, // `sanpi query … | head`
        Err(Failure::Message(message)) => {
            console::complain(&message);
            ExitCode::from(FAILED)
        }
    }
}
