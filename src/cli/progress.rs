//! The progress bar of a run; nothing where stderr is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sanpi::pipeline::Event;

/// How often the time is drawn.
const TICK: Duration = Duration::from_millis(200);

/// A bar on stderr.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar without length yet; `quiet`: none at all.
    pub(super) fn new(quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} 个文件，已用 {elapsed}，还需 {eta}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
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
