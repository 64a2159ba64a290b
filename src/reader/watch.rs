//! Children that are given so much time and no more: one thread for all of them, so that asking a child needs none.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Looks for children past their time so often in the time that one is given.
const LOOKS: u32 = 20;

/// Kills children that are past their time.
#[derive(Debug)]
pub(super) struct Watch(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    ended: Condvar,
    time: Duration,
}

#[derive(Debug, Default)]
struct State {
    /// Children that are being watched, by the number that each was given.
    watched: BTreeMap<u64, (Instant, Pid)>,
    given: u64,
    started: bool,
    ended: bool,
}

impl Watch {
    /// Gives each child this much time.
    pub(super) fn new(time: Duration) -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), ended: Condvar::new(), time }))
    }

    /// Does what waits for a child, and tells whether the child was killed over it. It must not be reaped meanwhile: its
    /// number would be another's. Nothing is done when nobody can watch.
    pub(super) fn over<T>(&self, child: u32, work: impl FnOnce() -> T) -> Option<(T, bool)> {
        let number = self.begin(child)?;
        let done = work();
        Some((done, self.0.state().watched.remove(&number).is_none()))
    }

    fn begin(&self, child: u32) -> Option<u64> {
        let pid = i32::try_from(child).ok().and_then(Pid::from_raw)?;
        let mut state = self.0.state();
        if !state.started {
            let shared = Arc::clone(&self.0);
            state.started = std::thread::Builder::new().name("watch".to_owned()).spawn(move || shared.look()).is_ok();
        }
        if !state.started {
            return None;
        }
        state.given += 1;
        let number = state.given;
        state.watched.insert(number, (Instant::now() + self.0.time, pid));
        Some(number)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.state().ended = true;
        self.0.ended.notify_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks now and then, and is not woken for every child.
    fn look(&self) {
        let mut state = self.state();
        while !state.ended {
            let now = Instant::now();
            state.watched.retain(|_, (until, pid)| {
                let late = *until <= now;
                if late {
                    let _ = kill_process(*pid, Signal::KILL);
                }
                !late
            });
            state = self.ended.wait_timeout(state, self.time / LOOKS).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn who_is_late_is_killed_and_nobody_else() {
        let watch = Watch::new(Duration::from_millis(200));
        let mut quick = Command::new("/bin/true").spawn().unwrap();
        let mut slow = Command::new("/bin/sleep").arg("60").spawn().unwrap();
        assert_eq!(watch.over(slow.id(), || 7), Some((7, false)));
        assert!(slow.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(400));
        assert!(slow.try_wait().unwrap().is_none(), "nobody waits for it");
        let (status, late) = watch.over(slow.id(), || slow.wait().unwrap()).unwrap();
        assert!(late && !status.success());
        assert!(quick.wait().unwrap().success());
    }
}
