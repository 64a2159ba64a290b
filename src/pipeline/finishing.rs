//! Where assembled batches are finished: here and now, or beside the assembling of the next one.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::RunError;
use super::aftermath::{Aftermath, Made, Turn};

/// What takes assembled batches, in their order.
pub(super) enum Finishing<'scope, 'a> {
    /// On the thread that assembles.
    Here {
        /// With what.
        aftermath: Box<Aftermath<'a>>,
        /// Batches that are finished.
        made: Vec<Made>,
    },
    /// On a thread of its own. No more than one batch is finished there while one waits: memory is bounded.
    Beside {
        /// The way there.
        sender: SyncSender<Turn>,
        /// The way back: one answer per turn, and none after an error.
        answers: Receiver<Result<Option<Made>, RunError>>,
        /// Turns without an answer yet.
        due: usize,
        /// The thread; what is left of the aftermath when all went well.
        thread: ScopedJoinHandle<'scope, Option<Box<Aftermath<'a>>>>,
    },
}

impl<'scope, 'a> Finishing<'scope, 'a> {
    /// Here and now.
    pub(super) fn here(aftermath: Aftermath<'a>) -> Self {
        Self::Here { aftermath: Box::new(aftermath), made: Vec::new() }
    }

    /// On a thread of `scope`, with the workers of `crew`.
    pub(super) fn beside(
        aftermath: Aftermath<'a>,
        crew: &'scope rayon::ThreadPool,
        scope: &'scope Scope<'scope, '_>,
    ) -> Self
    where
        'a: 'scope,
    {
        let mut aftermath = Box::new(aftermath);
        let (sender, turns) = sync_channel::<Turn>(0);
        let (answer, answers) = channel();
        let thread = scope.spawn(move || {
            for turn in turns {
                let made = crew.install(|| aftermath.take(turn));
                let failed = made.is_err();
                if answer.send(made).is_err() || failed {
                    return None;
                }
            }
            Some(aftermath)
        });
        Self::Beside { sender, answers, due: 0, thread }
    }

    /// Takes the next batch.
    ///
    /// # Errors
    /// When it, or one before it, could not be finished.
    pub(super) fn hand(&mut self, turn: Turn) -> Result<(), RunError> {
        match self {
            Self::Here { aftermath, made } => made.extend(aftermath.take(turn)?),
            Self::Beside { sender, due, .. } => {
                *due += 1;
                if sender.send(turn).is_err() {
                    // The thread has ended early: its last answer says why, unless it has panicked.
                    self.done()?;
                    return Err(RunError::Books("有一期没有写完".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// The batches that were finished since this was asked last; waits for all that were handed over.
    ///
    /// # Errors
    /// When one of them could not be finished.
    pub(super) fn done(&mut self) -> Result<Vec<Made>, RunError> {
        match self {
            Self::Here { made, .. } => Ok(std::mem::take(made)),
            Self::Beside { answers, due, .. } => {
                let mut made = Vec::new();
                while *due > 0 {
                    // Without an answer the thread has panicked, which the scope passes on.
                    let Ok(answer) = answers.recv() else { break };
                    *due -= 1;
                    made.extend(answer?);
                }
                Ok(made)
            }
        }
    }

    /// After the last batch, when all are done.
    ///
    /// # Errors
    /// When a batch that was handed over could not be finished.
    pub(super) fn end(mut self) -> Result<Box<Aftermath<'a>>, RunError> {
        self.done()?;
        match self {
            Self::Here { aftermath, .. } => Ok(aftermath),
            Self::Beside { sender, thread, .. } => {
                drop(sender);
                match thread.join() {
                    Ok(Some(aftermath)) => Ok(aftermath),
                    Ok(None) => Err(RunError::Books("有一期没有写完".to_owned())),
                    Err(panic) => resume_unwind(panic),
                }
            }
        }
    }
}
