//! The progress bar of a run; nothing where stderr is no terminal.

use indicatif::{ProgressBar, ProgressStyle};
use sanpi::pipeline::Event;

/// A bar on stderr.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar without length yet.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {elapsed}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Takes note of a step.
    pub(super) fn on(&self, event: &Event) {
        match event {
            Event::Found { files, .. } => {
                self.bar.set_length(*files as u64);
                self.bar.set_message("读取");
            }
            Event::Read { .. } => self.bar.inc(1),
            Event::Checking(batch) => self.bar.set_message(format!("校验 {batch}")),
            Event::Writing => self.bar.set_message("写入"),
            Event::Publishing => self.bar.set_message("发布"),
        }
    }

    /// Removes the bar.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
