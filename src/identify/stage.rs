//! Words for the three lists, and for 补报, in names and titles.

use crate::model::{Stage, squeeze};
use crate::spec::Layouts;

/// The list that a text speaks of; `None` when it speaks of none or of several.
#[must_use]
pub fn stated_stage(text: &str, layouts: &Layouts) -> Option<Stage> {
    let text = squeeze(text);
    let mut spoken = layouts.stage.iter().filter(|s| s.words.iter().any(|w| text.contains(&squeeze(w))));
    let (first, second) = (spoken.next(), spoken.next());
    first.filter(|_| second.is_none()).map(|s| s.stage)
}

/// Whether a text says that it adds to what was sent before.
#[must_use]
pub fn is_supplement(text: &str, layouts: &Layouts) -> bool {
    let text = squeeze(text);
    layouts.words.supplement.iter().any(|w| text.contains(&squeeze(w)))
}
