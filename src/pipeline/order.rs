//! Turns: what batches come to one after another, oldest first, whatever thread each of them is on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::RunError;

/// How long a thread sleeps before it looks for something to help with. Far less than any batch takes, and far more than
/// the look.
const NAP: Duration = Duration::from_millis(1);

/// Why a batch has come to nothing.
#[derive(Debug)]
pub(super) enum Ended {
    /// It could not be made.
    Wrong(RunError),
    /// Another one came to nothing, and with it the run.
    Left,
}

impl<E: Into<RunError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Wrong(error.into())
    }
}

/// Wakes the threads that wait for another one, and tells them how far the run may go.
#[derive(Debug)]
pub(super) struct Bell {
    rung: Condvar,
    lock: Mutex<()>,
    /// The first batch that came to nothing: those before it are still finished, so that the run ends with the same error
    /// on any number of threads.
    failed: AtomicUsize,
}

impl Bell {
    pub(super) fn new() -> Self {
        Self { rung: Condvar::new(), lock: Mutex::new(()), failed: AtomicUsize::new(usize::MAX) }
    }

    /// Wakes all that wait.
    pub(super) fn ring(&self) {
        let _guard = entered(&self.lock);
        self.rung.notify_all();
    }

    /// Batch `number` has come to nothing, and so will those after it.
    pub(super) fn fail(&self, number: usize) {
        self.failed.fetch_min(number, Ordering::SeqCst);
        self.ring();
    }

    /// Whether batch `number` is no longer asked for.
    pub(super) fn is_left(&self, number: usize) -> bool {
        self.failed.load(Ordering::SeqCst) < number
    }

    /// Waits until something is so. A thread of the crew helps the others with their batches meanwhile; it takes up no batch
    /// of its own for that, so nothing that it helps with can wait for what it was about.
    pub(super) fn wait_until(&self, is_so: impl Fn() -> bool) {
        while !is_so() {
            if rayon::yield_now() == Some(rayon::Yield::Executed) {
                continue;
            }
            let guard = entered(&self.lock);
            if !is_so() {
                drop(self.rung.wait_timeout(guard, NAP));
            }
        }
    }
}

/// A state that each batch finds as the one before it has left it.
#[derive(Debug)]
pub(super) struct Order<T> {
    next: AtomicUsize,
    state: Mutex<T>,
}

impl<T> Order<T> {
    /// Before batch 0.
    pub(super) fn new(state: T) -> Self {
        Self { next: AtomicUsize::new(0), state: Mutex::new(state) }
    }

    /// Waits for the turn of batch `number`, and takes it.
    ///
    /// # Errors
    /// That of the work, or [`Ended::Left`] when a batch before it has come to nothing.
    pub(super) fn turn<R>(
        &self,
        number: usize,
        bell: &Bell,
        work: impl FnOnce(&mut T) -> Result<R, RunError>,
    ) -> Result<R, Ended> {
        bell.wait_until(|| self.next.load(Ordering::SeqCst) == number || bell.is_left(number));
        if bell.is_left(number) {
            return Err(Ended::Left);
        }
        let done = work(&mut entered(&self.state))?;
        self.next.store(number + 1, Ordering::SeqCst);
        bell.ring();
        Ok(done)
    }

    /// After the last batch.
    pub(super) fn end(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lock, also one that a panic has left: the panic ends the run.
pub(super) fn entered<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn turns_are_taken_in_their_order() {
        let (order, bell) = (Order::new(Vec::new()), Bell::new());
        std::thread::scope(|scope| {
            for number in (0..8).rev() {
                let (order, bell) = (&order, &bell);
                let note = move |seen: &mut Vec<usize>| {
                    seen.push(number);
                    Ok(())
                };
                scope.spawn(move || order.turn(number, bell, note).is_ok());
            }
        });
        assert_eq!(order.end(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn those_after_a_failure_are_left_and_those_before_it_are_not() {
        let (order, bell, late) = (Order::new(0), Bell::new(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let after = scope.spawn(|| order.turn(2, &bell, |_| Ok(())));
            bell.fail(1);
            assert!(matches!(after.join().unwrap(), Err(Ended::Left)));
            late.store(true, Ordering::SeqCst);
        });
        assert!(order.turn(0, &bell, |_| Ok(())).is_ok() && late.into_inner());
        let wrong = order.turn(1, &bell, |_| Err::<(), _>(RunError::Books("甲".to_owned())));
        assert!(matches!(wrong, Err(Ended::Wrong(RunError::Books(_)))));
    }
}
