//! The way of the batches through a run. Each thread of the crew takes the next batch and goes all the way with it: what is
//! made of a batch is used and freed where it was made, for handing it from core to core costs a third more CPU. Only what
//! depends on earlier batches waits for its turn; a thread that waits, or finds no batch, helps the others with theirs.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::model::BatchId;
use crate::publish::Store;

use super::RunError;
use super::aftermath::{Aftermath, Assembled, Finished};
use super::earlier::Earlier;
use super::lives::Lives;
use super::order::{Bell, Ended, Order, entered};
use super::reading::Arrived;
use super::run::{How, Work};

/// Batches that are held at a time, whatever the number of threads: more threads help with these.
const AT_ONCE: usize = 3;

/// What becomes of the next batch, oldest first.
pub(super) enum Turn {
    /// It is made, of these files or of those in the inbox.
    Made(BatchId, How, Option<Vec<Arrived>>),
    /// It stays as it was published.
    Stays(BatchId),
}

/// A batch with its place in the order.
type Numbered = (usize, Turn);

/// What came of a batch.
type Answer = (usize, Result<Finished, Ended>);

/// Batches on their way.
pub(super) struct Line<'a> {
    work: &'a Work<'a>,
    store: &'a Store,
    aftermath: &'a Aftermath<'a>,
    queue: Mutex<VecDeque<Numbered>>,
    closed: AtomicBool,
    /// Threads that have come to the line.
    here: AtomicUsize,
    bell: Bell,
    /// What earlier batches left, once a batch asks for it.
    earlier: Order<Option<Earlier<'a>>>,
    lives: Order<Lives<'a>>,
}

impl<'a> Line<'a> {
    /// Calls `hand` with the end of the line that batches are put to, while the crew works on them. Gives what it gives, and
    /// what is known over all batches.
    ///
    /// # Errors
    /// That of `hand`.
    pub(super) fn run<R>(
        work: &'a Work<'a>,
        store: &'a Store,
        aftermath: &'a Aftermath<'a>,
        hand: impl FnOnce(&mut Hand<'_, 'a>) -> Result<R, RunError>,
    ) -> Result<(R, Lives<'a>), RunError> {
        let line = Self {
            work,
            store,
            aftermath,
            queue: Mutex::new(VecDeque::new()),
            closed: AtomicBool::new(false),
            here: AtomicUsize::new(0),
            bell: Bell::new(),
            earlier: Order::new(None),
            lives: Order::new(Lives::new(work.imprints, work.spec)),
        };
        let (sender, answers) = channel();
        let handed = work.crew().in_place_scope(|scope| {
            let line = &line;
            scope.spawn_broadcast(move |_, context| {
                line.here.fetch_add(1, Ordering::SeqCst);
                line.bell.ring();
                if context.index() < AT_ONCE {
                    line.serve(&sender.clone());
                }
            });
            // One that came later could find work for others first, come to the line amid that, and wait here for a batch
            // that waits for that work.
            line.bell.wait_until(|| line.here.load(Ordering::SeqCst) == work.crew().current_num_threads());
            hand(&mut Hand { line, answers, handed: 0, due: 0 })
        })?;
        Ok((handed, line.lives.end()))
    }

    /// Takes batch after batch, until there will be no more.
    fn serve(&self, answers: &Sender<Answer>) {
        while let Some((number, turn)) = self.next() {
            let mut pending = Pending { line: self, answers, answer: Some((number, Err(Ended::Left))) };
            pending.answer = Some((number, self.one(number, turn)));
        }
    }

    fn next(&self) -> Option<Numbered> {
        loop {
            let is_closed = self.closed.load(Ordering::SeqCst);
            match entered(&self.queue).pop_front() {
                None if !is_closed => {}
                next => return next,
            }
            self.bell.wait_until(|| self.closed.load(Ordering::SeqCst) || !entered(&self.queue).is_empty());
        }
    }

    /// All that becomes of a batch.
    fn one(&self, number: usize, turn: Turn) -> Result<Finished, Ended> {
        if self.bell.is_left(number) {
            return Err(Ended::Left);
        }
        self.work.reading.in_time()?;
        let (batch, how, files) = match turn {
            Turn::Made(batch, how, files) => (batch, how, files),
            Turn::Stays(batch) => {
                self.earlier.turn(number, &self.bell, |_| Ok(()))?;
                let outlook = self.lives.turn(number, &self.bell, |lives| lives.stays(&batch))?;
                return Ok(self.aftermath.stays(&batch, outlook.as_ref())?);
            }
        };
        let files = match files {
            Some(files) => files,
            None => self.work.reading.all(self.work.entries(&batch))?,
        };
        let assembled = self.earlier.turn(number, &self.bell, |earlier| {
            let earlier = match earlier {
                Some(earlier) => earlier,
                none => {
                    none.insert(Earlier::published(self.store, self.work.imprints, &batch, &self.work.spec.roster)?)
                }
            };
            self.work.assemble(&batch, how, files, earlier)
        })?;
        let Assembled { mut result, .. } = assembled;
        let assembled = self.lives.turn(number, &self.bell, |lives| {
            lives.made(&mut result, &assembled.rows)?;
            Ok(Assembled { result, ..assembled })
        })?;
        Ok(self.aftermath.finish(assembled)?)
    }
}

/// A batch that a thread is at. However that ends, there is an answer: also when it panics.
struct Pending<'l, 'a> {
    line: &'l Line<'a>,
    answers: &'l Sender<Answer>,
    answer: Option<Answer>,
}

impl Drop for Pending<'_, '_> {
    fn drop(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        if answer.1.is_err() {
            self.line.bell.fail(answer.0);
        }
        // Nobody asks any more: the run has ended.
        let _ = self.answers.send(answer);
    }
}

/// The end of the line that batches are put to.
pub(super) struct Hand<'l, 'a> {
    line: &'l Line<'a>,
    answers: Receiver<Answer>,
    /// Batches that were put to it.
    handed: usize,
    /// Batches without an answer yet.
    due: usize,
}

impl Hand<'_, '_> {
    /// Puts the next batch to the line.
    pub(super) fn put(&mut self, turn: Turn) {
        entered(&self.line.queue).push_back((self.handed, turn));
        self.handed += 1;
        self.due += 1;
        self.line.bell.ring();
    }

    /// No batch will follow: threads without one are free to help the others at once.
    pub(super) fn close(&mut self) {
        self.line.closed.store(true, Ordering::SeqCst);
        self.line.bell.ring();
    }

    /// What came of the batches since this was asked last, in their order; waits for all that were put to the line.
    ///
    /// # Errors
    /// That of the first batch that came to nothing.
    pub(super) fn done(&mut self) -> Result<Vec<Finished>, RunError> {
        let mut all = BTreeMap::new();
        while self.due > 0 {
            let Ok((number, answer)) = self.answers.recv() else { break };
            self.due -= 1;
            all.insert(number, answer);
        }
        let mut finished = Vec::with_capacity(all.len());
        let mut left = self.due > 0;
        for answer in all.into_values() {
            match answer {
                Ok(one) => finished.push(one),
                Err(Ended::Wrong(error)) => return Err(error),
                Err(Ended::Left) => left = true,
            }
        }
        // None of them says why: a thread has panicked, which the crew passes on.
        if left { Err(RunError::Books("有一期没有写完".to_owned())) } else { Ok(finished) }
    }
}

impl Drop for Hand<'_, '_> {
    fn drop(&mut self) {
        if self.due > 0 || !entered(&self.line.queue).is_empty() {
            // The run ends early: nothing that is still under way is asked for.
            entered(&self.line.queue).clear();
            self.line.bell.fail(0);
        }
        self.close();
    }
}
