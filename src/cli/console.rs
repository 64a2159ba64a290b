//! Writing to the terminal.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use sanpi::report::terminal;

/// Columns of a terminal that does not tell.
const WIDTH: usize = 100;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Whoever read our output went away: nothing is wrong.
    Closed,
    /// A Chinese message for stderr.
    Message(String),
}

/// How a command ends.
pub(super) type Ended = Result<ExitCode, Failure>;

/// Makes an error a message.
pub(super) fn fail(error: impl Display) -> Failure {
    Failure::Message(error.to_string())
}

/// Writes a result to stdout.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| closed(&e))
}

/// Writes something that went wrong to stderr; a closed stderr is nobody to complain to.
pub(super) fn complain(text: &str) {
    tell(&format!("sanpi: {text}"));
}

/// Writes a remark to stderr.
pub(super) fn remark(text: &str) {
    tell(text);
}

/// One line in one write: other processes of the run write to the same place.
fn tell(line: &str) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

/// An error of stdout.
pub(super) fn closed(error: &io::Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe {
        Failure::Closed
    } else {
        fail(format!("无法写标准输出：{error}"))
    }
}

/// Columns of the terminal that stdout is; `None` when it is a pipe or a file, where nothing is shortened.
pub(super) fn screen() -> Option<usize> {
    io::stdout().is_terminal().then(width)
}

/// Whether words may be coloured: on a terminal, unless `NO_COLOR` or a dumb terminal says otherwise.
pub(super) fn colours() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    io::stdout().is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// Writes a text whose verdicts are coloured where colours are wanted.
pub(super) fn say_coloured(text: &str) -> Result<(), Failure> {
    if colours() { say(&terminal::coloured(text)) } else { say(text) }
}

/// Columns to fill.
pub(super) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).filter(|w| (40..=400).contains(w)).unwrap_or(WIDTH)
}
