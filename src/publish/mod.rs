//! Published versions: staged beside the old one, verified, then switched to atomically.
//!
//! ```text
//! <out>/.lock                      who writes here now
//! <out>/.publishing                the version that gets its number and becomes current just now
//! <out>/current -> versions/000007 what readers see: one symbolic link, replaced by one rename
//! <out>/versions/000007            complete, never changed again
//! <out>/versions/.staging-000008   in the making; whoever takes the lock removes what an interrupted run left
//! <out>/versions/.removing-000001  being deleted, likewise
//! ```
//!
//! At every moment a kill or a power cut leaves the old or the new publication, complete: files are synced before the
//! folder that names them, that folder before it gets its number, the number before `current` points to it. A file that
//! is the same as in the current version is a hard link to it, so batches that a run does not touch keep their inodes.

mod ahead;
mod disk;
mod error;
mod lock;
mod look;
mod manifest;
mod retention;
mod staging;
mod store;

#[cfg(test)]
mod look_tests;
#[cfg(test)]
mod tests;

pub use error::PublishError;
pub use look::Look;
pub use manifest::{Checksum, FileEntry, InputEntry, Manifest, unless_unread};
pub use staging::{Outcome, Staging};
pub use store::{Store, Version};
