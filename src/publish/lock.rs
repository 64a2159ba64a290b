//! One writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::PublishError;

/// Name of the lock file in the published tree. It stays; what counts is the lock on it, which ends with its process.
const LOCK_FILE: &str = ".lock";
/// Times are told as the operators' clocks show them.
const BEIJING: Offset = jiff::tz::offset(8);
/// Longest process number that is believed.
const MOST_DIGITS: u64 = 20;
/// Time between two looks at a lock that somebody else holds.
const PAUSE: Duration = Duration::from_millis(100);

/// The right to write, until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Said, not left to closing: a child that is just being started holds the open file for a moment, and with it the lock.
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock of the tree, or says who holds it, after having waited for `patience`.
    pub(super) fn take(out: &Path, patience: Duration) -> Result<Self, PublishError> {
        let path = out.join(LOCK_FILE);
        let failed = |e: std::io::Error| PublishError::io(&path, "写入", &e);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        let mut left = patience.as_millis() / PAUSE.as_millis();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if left > 0 => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(held(&path, &mut file)),
                Err(TryLockError::Error(error)) => return Err(PublishError::io(&path, "加锁", &error)),
            }
            left -= 1;
        }
        file.set_len(0).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { file })
    }

    /// Who holds the lock, when somebody does.
    pub(super) fn holder(out: &Path) -> Option<String> {
        let path = out.join(LOCK_FILE);
        let mut file = File::open(&path).ok()?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Some(who(&mut file)),
            Err(TryLockError::Error(_)) => None,
            Ok(()) => {
                // As when a lock is dropped.
                let _ = file.unlock();
                None
            }
        }
    }
}

/// What to say to somebody who comes second.
fn held(path: &Path, file: &mut File) -> PublishError {
    let who = who(file);
    PublishError::new(path, format!("另一个 sanpi 正在写这个发布目录（{who}）。请等它结束后再运行，或加 --wait 等待"))
}

/// The holder wrote its process number when it took the lock; the time of that is the file's.
fn who(file: &mut File) -> String {
    let mut text = String::new();
    let _ = Read::take(&*file, MOST_DIGITS).read_to_string(&mut text);
    let who = match text.trim() {
        pid if !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()) => format!("进程 {pid}"),
        _ => "另一进程".to_owned(),
    };
    let modified = file.metadata().and_then(|m| m.modified()).ok().and_then(|t| Timestamp::try_from(t).ok());
    let since = modified.map_or_else(String::new, |t| {
        format!("，{} 开始", t.to_zoned_datetime(TimeZone::fixed(BEIJING)).strftime("%Y-%m-%d %H:%M:%S"))
    });
    format!("{who}{since}")
}
