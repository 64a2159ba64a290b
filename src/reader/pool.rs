//! The parent's side: children that are started when needed, reused, and replaced when a file kills them.

use std::io::{self, ErrorKind, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::pipe::fcntl_setpipe_size;
use rustix::process::Signal;

use super::fault::Fault;
use super::frame::{read_answer, write_request};
use super::watch::Watch;
use crate::model::ReadOutcome;
use crate::spec::Limits;

/// Bytes of a dead child's stderr that are looked at.
const STDERR: u64 = 4096;
/// Bytes that a pipe to or from a child holds; what any user may ask for.
const PIPE: usize = 1 << 20;

/// How glibc's allocator in a child keeps memory from one file for the next instead of giving it back and asking again:
/// bytes that it keeps, asks for at once, and from which on a block is the system's.
const ALLOCATION: [(&str, &str); 3] =
    [("MALLOC_TRIM_THRESHOLD_", "67108864"), ("MALLOC_TOP_PAD_", "1048576"), ("MALLOC_MMAP_THRESHOLD_", "4194304")];

/// A pool of reading children. Callable from many threads; at most `size` files are read at once.
#[derive(Debug)]
pub struct Pool {
    exe: PathBuf,
    limits: Limits,
    state: Mutex<State>,
    freed: Condvar,
    watch: Watch,
}

#[derive(Debug)]
struct State {
    idle: Vec<Worker>,
    free: usize,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Pool {
    /// A pool that starts `exe read-child`, at most `size` at a time. Nothing is started yet.
    #[must_use]
    pub fn new(exe: PathBuf, limits: Limits, size: usize) -> Self {
        let state = State { idle: Vec::new(), free: size.max(1) };
        let watch = Watch::new(Duration::from_secs(limits.child_wall_seconds));
        Self { exe, limits, state: Mutex::new(state), freed: Condvar::new(), watch }
    }

    /// Reads one file in a child. A file that kills its child is not retried; no other file notices.
    #[must_use]
    pub fn read(&self, bytes: &[u8], name: &str) -> ReadOutcome {
        let idle = self.acquire();
        let result = idle.map_or_else(|| self.start(), Ok).map_err(|_| Fault::died("读取进程无法启动"));
        let (worker, outcome) = match result {
            Err(fault) => (None, Err(fault)),
            Ok(worker) => self.ask(worker, bytes, name),
        };
        self.release(worker);
        outcome.unwrap_or_else(|fault| ReadOutcome { workbook: None, issues: vec![fault.issue()] })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a free place; gives an idle child when there is one.
    fn acquire(&self) -> Option<Worker> {
        let mut state = self.state();
        while state.free == 0 {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.free -= 1;
        state.idle.pop()
    }

    fn release(&self, worker: Option<Worker>) {
        let mut state = self.state();
        state.free += 1;
        state.idle.extend(worker);
        self.freed.notify_one();
    }

    fn start(&self) -> io::Result<Worker> {
        let mut command = Command::new(&self.exe);
        command.arg("read-child").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.envs(ALLOCATION);
        let mut child = command.spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => {
                // Most files fit at once then, without a change of process per 64 KiB. Refused: as it was.
                let _ = fcntl_setpipe_size(&stdin, PIPE).and_then(|_| fcntl_setpipe_size(&stdout, PIPE));
                Ok(Worker { child, stdin, stdout })
            }
            _ => Err(io::Error::from(ErrorKind::BrokenPipe)),
        }
    }

    /// Sends a file and waits for the answer or the deadline. The worker comes back only when it can be used again.
    fn ask(&self, worker: Worker, bytes: &[u8], name: &str) -> (Option<Worker>, Result<ReadOutcome, Fault>) {
        let Worker { mut child, mut stdin, mut stdout } = worker;
        let limits = &self.limits;
        let asked = self.watch.over(child.id(), || {
            // A child that dies while it is written to still says why by its exit status.
            write_request(&mut stdin, name, limits, bytes).and_then(|()| read_answer(&mut stdout))
        });
        let Some((answer, late)) = asked else { return (None, Err(Fault::died("读取进程无法启动"))) };
        match answer {
            _ if late => {
                let _ = child.wait();
                (None, Err(Fault::limit(&format!("读取超过 {} 秒", limits.child_wall_seconds))))
            }
            Ok(outcome) => (Some(Worker { child, stdin, stdout }), Ok(outcome)),
            Err(error) => {
                drop((stdin, stdout));
                let fault = autopsy(child);
                let too_large = error.kind() == ErrorKind::FileTooLarge;
                (None, Err(if too_large { Fault::limit("表格内容过多") } else { fault }))
            }
        }
    }
}

/// Ends a child that gave no usable answer, and says what it died of.
fn autopsy(mut child: Child) -> Fault {
    // It is dead or dying when its pipe broke; one that talks nonsense is given a moment, then killed.
    let mut status = child.try_wait().ok().flatten();
    for _ in 0..20 {
        if status.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
        status = child.try_wait().ok().flatten();
    }
    let _ = child.kill();
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(STDERR).read_to_end(&mut said);
    }
    let _ = child.wait();
    fault_of(status, &String::from_utf8_lossy(&said))
}

fn fault_of(status: Option<ExitStatus>, said: &str) -> Fault {
    let signal = status.and_then(|s| s.signal());
    if signal == Some(Signal::XCPU.as_raw()) {
        return Fault::limit("读取耗时过长");
    }
    if signal == Some(Signal::ABORT.as_raw()) && said.contains("memory allocation") {
        return Fault::limit("读取所需内存过多");
    }
    match (signal, status.and_then(|s| s.code())) {
        (Some(signal), _) => Fault::died(&format!("信号 {signal}")),
        (_, Some(code)) if code != 0 => Fault::died(&format!("退出码 {code}")),
        _ => Fault::died("结果不完整"),
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for mut worker in std::mem::take(&mut self.state().idle) {
            drop(worker.stdin);
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn code(pool: &Pool) -> String {
        pool.read(&[0u8; 4096], "a.xlsx").issues[0].code.clone()
    }

    #[test]
    fn children_that_answer_nonsense_become_outcomes() {
        for exe in ["/bin/false", "/bin/true", "/bin/cat", "/no/such/program"] {
            let pool = Pool::new(PathBuf::from(exe), Limits::default(), 2);
            assert_eq!((code(&pool), code(&pool)), ("F110".into(), "F110".into()), "{exe}");
        }
    }

    #[test]
    fn deadline_and_limits_are_f109() {
        let dir = tempfile::tempdir().unwrap();
        let cases = [
            ("exec sleep 60", "F109"),
            ("kill -XCPU $$", "F109"),
            ("echo 'memory allocation of 8 bytes failed' >&2; kill -ABRT $$", "F109"),
            ("kill -SEGV $$", "F110"),
        ];
        for (i, (script, expected)) in cases.into_iter().enumerate() {
            let exe = dir.path().join(format!("child{i}"));
            std::fs::write(&exe, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&exe, std::fs::Permissions::from_mode(0o700)).unwrap();
            let limits = Limits { child_wall_seconds: 1, ..Limits::default() };
            assert_eq!(code(&Pool::new(exe, limits, 1)), expected, "{script}");
        }
    }
}
