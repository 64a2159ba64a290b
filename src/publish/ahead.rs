//! Files of finished batches on their way to the disk while other batches are still made. At the end of a run, all of them
//! at once would be a time in which everybody waits for the disk.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::PublishError;
use super::disk;
use crate::model::BatchId;

/// Files of a batch that are synced at a time: enough not to fall behind, and none of them needs a processor.
const AT_ONCE: usize = 4;

/// Batches whose files nobody changes any more, and what became of them.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<BatchId>,
    is_closed: bool,
    /// Batches whose files are on the disk, and how many they are.
    synced: BTreeMap<BatchId, usize>,
    failed: Option<PublishError>,
}

impl Ahead {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody changes the files of a batch any more.
    pub(super) fn finished(&self, batch: &BatchId) {
        self.state().waiting.push_back(batch.clone());
        self.rung.notify_all();
    }

    /// Syncs batch after batch below a folder until that is no longer wanted, or the disk fails.
    pub(super) fn serve(&self, dir: &Path) {
        while let Some(batch) = self.next() {
            let synced = sync(dir, &batch);
            let mut state = self.state();
            match synced {
                Ok(files) => state.synced.insert(batch, files),
                Err(error) => {
                    // To sync once more would prove nothing: a disk tells of a failure once.
                    state.failed = Some(error);
                    return;
                }
            };
        }
    }

    fn next(&self) -> Option<BatchId> {
        let mut state = self.state();
        while !state.is_closed {
            if let Some(batch) = state.waiting.pop_front() {
                return Some(batch);
            }
            state = self.rung.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// As long as the answer lives, batches are synced; those that wait then are left to whoever publishes.
    pub(super) fn open(&self) -> Open<'_> {
        Open(self)
    }

    /// Whether so many batches are synced, or one has failed.
    #[cfg(test)]
    pub(super) fn has_come_to(&self, batches: usize) -> bool {
        let state = self.state();
        state.failed.is_some() || state.synced.len() == batches
    }

    /// Batches whose files are on the disk, and how many they are.
    ///
    /// # Errors
    /// When the disk has failed.
    pub(super) fn synced(&self) -> Result<BTreeMap<BatchId, usize>, PublishError> {
        let mut state = self.state();
        match state.failed.take() {
            Some(error) => Err(error),
            None => Ok(state.synced.clone()),
        }
    }
}

/// See [`Ahead::open`].
pub(super) struct Open<'a>(&'a Ahead);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.state().is_closed = true;
        self.0.rung.notify_all();
    }
}

/// Syncs the files of a batch, and tells how many they are.
fn sync(dir: &Path, batch: &BatchId) -> Result<usize, PublishError> {
    let files = disk::files_of(dir, batch)?;
    disk::at_once(AT_ONCE, &files, |file| disk::sync(&dir.join(file)))?;
    Ok(files.len())
}
