//! Published versions: staged beside the old one, verified, then switched to atomically.

mod store;

pub use store::{Outcome, PublishError, Staging, Store, Version};
