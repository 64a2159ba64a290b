//! One entry of the inbox: bytes, reader, extract. Whatever the file holds, an [`Extract`] comes out.

use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::books;
use crate::discover::{Entry, EntryKind};
use crate::extract::{Knowledge, extract_with};
use crate::model::{BatchId, Extract, FileOutcome, ReadIssue, ReadOutcome, Source, hex};
use crate::publish::Checksum;
use crate::reader::Pool;
use crate::spec::Spec;

/// Bytes read from disk at a time.
const CHUNK: usize = 1 << 16;

/// Reads one entry of the inbox.
pub(super) fn read_entry(entry: &Entry, pool: &Pool, spec: &Spec) -> Extract {
    match load(entry, spec) {
        Ok(loaded) => read_bytes(loaded, entry, pool, &Knowledge::new(spec)),
        Err(unread) => *unread,
    }
}

/// The bytes of a file.
pub(super) struct Loaded {
    bytes: Vec<u8>,
    /// SHA-256 of all of them, 64 hex digits.
    pub(super) sha256: String,
}

/// The bytes of an entry; of what has none, what it yields without.
pub(super) fn load(entry: &Entry, spec: &Spec) -> Result<Loaded, Box<Extract>> {
    let unread = |code, message: String| Err(Box::new(without_bytes(entry, code, message, spec)));
    match entry.kind {
        EntryKind::LinkOutside => unread("F113", "链接指向收件夹以外，没有读取".to_owned()),
        EntryKind::Special => unread("F113", "不是普通文件（管道、设备等），没有读取".to_owned()),
        EntryKind::UnreadableFolder => unread("F105", "文件夹无法打开，里面的文件都没有读取。请检查权限".to_owned()),
        EntryKind::File => match bytes_of(&entry.path(), spec.settings.limits.file_bytes) {
            Ok((bytes, sha256)) => Ok(Loaded { bytes, sha256 }),
            Err(error) => unread("F105", format!("文件无法从磁盘读出：{}", cause(&error))),
        },
    }
}

/// What an entry yields that is not read: one finding.
pub(super) fn without_bytes(entry: &Entry, code: &str, message: String, spec: &Spec) -> Extract {
    let source = Arc::new(Source { file: Arc::clone(&entry.name), sha256: Arc::from("") });
    guarded(&failed(code, message), &source, &entry.batch, &Knowledge::new(spec))
}

/// What the bytes of an entry yield, read in a child.
pub(super) fn read_bytes(loaded: Loaded, entry: &Entry, pool: &Pool, knowledge: &Knowledge) -> Extract {
    let source = Arc::new(Source { file: Arc::clone(&entry.name), sha256: Arc::from(loaded.sha256) });
    let outcome = pool.read(&loaded.bytes, &entry.name);
    drop(loaded.bytes);
    guarded(&outcome, &source, &entry.batch, knowledge)
}

/// What one file yields, read in this process: `sanpi extract`, for executors that bring their own sandbox.
#[must_use]
pub fn extract_bytes(bytes: &[u8], path: &str, batch: &BatchId, spec: &Spec) -> Extract {
    let sha256 = hex(&Sha256::digest(bytes));
    let source = Arc::new(Source { file: Arc::from(path), sha256: Arc::from(sha256) });
    let outcome = crate::reader::read(bytes, path, &spec.settings.limits);
    guarded(&outcome, &source, batch, &Knowledge::new(spec))
}

/// Extracts; a defect of ours that a file brings to light costs that file, never the run.
fn guarded(outcome: &ReadOutcome, source: &Arc<Source>, batch: &BatchId, knowledge: &Knowledge) -> Extract {
    let run =
        |outcome: &ReadOutcome| catch_unwind(AssertUnwindSafe(|| extract_with(outcome, source, batch, knowledge)));
    match run(outcome).map(|extract| (books::of_file(&extract), extract)) {
        Ok((Ok(()), extract)) => return extract,
        // Rows or cells that have no place: nothing of the file may be published, and the others are not held up.
        Ok((Err(unbalanced), _)) => tracing::error!(file = &*source.file, error = %unbalanced, "books of a file"),
        Err(_) => tracing::error!(file = &*source.file, "extract panicked"),
    }
    let message = "处理本文件时程序出错，其他文件不受影响。请把本文件反馈给维护人员";
    run(&failed("F110", message.to_owned())).unwrap_or_else(|_| Extract {
        source: Arc::clone(source),
        batch: batch.clone(),
        unit_code: None,
        format: None,
        outcome: FileOutcome::Unreadable,
        records: Vec::new(),
        totals: Vec::new(),
        cells: Vec::new(),
        sheets: Vec::new(),
        headers: Vec::new(),
        stages: Vec::new(),
        supplement: false,
        explanations: Vec::new(),
        findings: vec![crate::model::Finding::new("F110", message).in_file(&source.file)],
    })
}

fn failed(code: &str, message: String) -> ReadOutcome {
    let issue = ReadIssue { code: code.to_owned(), sheet: None, cell: None, message, seen: None };
    ReadOutcome { workbook: None, issues: vec![issue] }
}

/// Checksum of a file; `None` where it cannot be read.
pub(super) fn checksum_of(path: &Path) -> Option<Checksum> {
    bytes_of(path, 0).ok().and_then(|(_, sha256)| Checksum::parse(&sha256))
}

/// The bytes of a file, at most one more than `most`, and the SHA-256 of all of them.
pub(super) fn bytes_of(path: &Path, most: u64) -> io::Result<(Vec<u8>, String)> {
    let mut file = File::open(path)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1);
    let (mut bytes, mut hash) = (Vec::new(), Sha256::new());
    let mut chunk = vec![0u8; CHUNK];
    loop {
        let n = match file.read(&mut chunk) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let part = &chunk[..n];
        hash.update(part);
        bytes.extend_from_slice(&part[..n.min(most - bytes.len().min(most))]);
    }
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "读取时文件已不在".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oversized_files_are_hashed_whole_and_kept_in_part() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let content = vec![7u8; 3 * CHUNK + 5];
        std::fs::write(&path, &content).unwrap();
        for (most, kept) in [(10, 11), (CHUNK as u64 * 2, CHUNK * 2 + 1), (1 << 30, content.len())] {
            let (bytes, sha256) = bytes_of(&path, most).unwrap();
            assert_eq!((bytes.len(), sha256), (kept, hex(&Sha256::digest(&content))));
        }
    }
}
