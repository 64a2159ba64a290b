//! What the folder of a unit holds besides its page: annotated copies of what it sent.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The annotated copy of one file, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// A file beside the page.
    Copy {
        /// Its name.
        name: String,
        /// It is the unit's own workbook with marks, not a new one with the same cells.
        own: bool,
    },
    /// No copy, and why, in Chinese.
    Without(String),
}

/// By path below the inbox. Files without findings have none.
pub type Returns = BTreeMap<Arc<str>, Returned>;
