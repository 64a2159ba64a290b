//! Annotated copies of the files with findings, beside the page of their unit.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::RunError;
use super::file::bytes_of;
use crate::discover::Entry;
use crate::model::{BatchResult, Class, FileOutcome, Reported, SubmissionRow};
use crate::reader::Pool;
use crate::report::{self, Returned, Returns};
use crate::spec::{Spec, Unit};
use crate::workbook::{self, Annotated, Job, Remark};

/// The copies hold the unit's own data, telephones among them: only the owner may read them, as with `contacts`.
const MODE_PRIVATE: u32 = 0o600;

/// One copy to make.
struct Task<'a> {
    row: &'a SubmissionRow,
    entry: &'a Entry,
    unit: &'a Unit,
    /// Counts the copies of a unit, from 1.
    number: usize,
    findings: Vec<&'a Reported>,
}

/// Writes the copies of a batch below `dir`, on the threads of the pool that it is called from; what became of each file with findings.
pub(super) fn write(
    result: &BatchResult,
    entries: &[&Entry],
    pool: &Pool,
    spec: &Spec,
    dir: &Path,
) -> Result<Returns, RunError> {
    let (tasks, mut returns) = plan(result, entries, spec);
    if tasks.is_empty() {
        return Ok(returns);
    }
    let batch = report::batch_title(&result.batch);
    let one = |task: &Task<'_>| {
        let folder = report::unit_folder(dir, &result.batch, task.unit);
        let copy = copy(task, &batch, &folder, pool, spec)?;
        Ok((Arc::clone(&task.row.source.file), copy))
    };
    let made: Vec<Result<(Arc<str>, Returned), RunError>> = tasks.par_iter().map(one).collect();
    for made in made {
        let (file, copy) = made?;
        returns.insert(file, copy);
    }
    Ok(returns)
}

/// The copies to make, and the files that get none because they were not read.
fn plan<'a>(result: &'a BatchResult, entries: &[&'a Entry], spec: &'a Spec) -> (Vec<Task<'a>>, Returns) {
    let entries: BTreeMap<&str, &Entry> = entries.iter().map(|e| (&*e.name, *e)).collect();
    let mut findings: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for reported in &result.findings {
        if let Some(file) = reported.finding.file.as_deref() {
            findings.entry(file).or_default().push(reported);
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut tasks, mut returns) = (Vec::new(), Returns::new());
    for row in &result.submissions {
        let Some(unit) = row.unit_code.as_deref().and_then(|code| spec.roster.by_code(code)) else { continue };
        let Some(mut findings) = findings.remove(&*row.source.file) else { continue };
        match row.outcome {
            FileOutcome::Read | FileOutcome::NoTable => {}
            FileOutcome::Unreadable | FileOutcome::Unsupported => {
                let why = Returned::Without("文件不能读取，无法批注".to_owned());
                returns.insert(Arc::clone(&row.source.file), why);
                continue;
            }
            _ => continue,
        }
        let Some(entry) = entries.get(&*row.source.file) else { continue };
        findings.sort_by_key(|r| Class::of(r));
        let number = counts.entry(&unit.code).or_default();
        *number += 1;
        tasks.push(Task { row, entry, unit, number: *number, findings });
    }
    (tasks, returns)
}

/// Makes one copy. Whatever goes wrong with the file costs its copy alone; only the disk of the new version can fail.
fn copy(task: &Task<'_>, batch: &str, folder: &Path, pool: &Pool, spec: &Spec) -> Result<Returned, RunError> {
    let file = &*task.row.source.file;
    let made = catch_unwind(AssertUnwindSafe(|| make(task, batch, pool, spec)));
    if made.as_ref().is_err_and(|panic| is_without_thread(panic.as_ref())) {
        return Err(RunError::Threads { jobs: rayon::current_num_threads() });
    }
    let made = made.unwrap_or_else(|_| {
        tracing::error!(file, "annotating panicked");
        Err("批注时程序出错，没有批注文件".to_owned())
    });
    let (annotated, own) = match made {
        Ok(made) => made,
        Err(why) => {
            tracing::warn!(file, why, "no annotated copy");
            return Ok(Returned::Without(why));
        }
    };
    let ending = if annotated.macros { "xlsm" } else { "xlsx" };
    let stem = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("{stem}-批注-{}.{ending}", task.number);
    save(folder, &name, &annotated.bytes).map_err(|(path, source)| RunError::Report { path, source })?;
    tracing::info!(file, copy = name, own, findings = task.findings.len(), "annotated");
    Ok(Returned::Copy { name, own })
}

/// Whether a panic is the standard library's about a thread that cannot be had, as when memory is short: workbooks are
/// written by a few. What a run gives must not depend on that.
fn is_without_thread(panic: &(dyn Any + Send)) -> bool {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    said.is_some_and(|said| said.contains("failed to spawn thread"))
}

/// The unit's own workbook with marks, or a new one with its cells; and which of the two.
fn make(task: &Task<'_>, batch: &str, pool: &Pool, spec: &Spec) -> Result<(Annotated, bool), String> {
    let most = spec.settings.returns.file_bytes;
    let (bytes, sha256) =
        bytes_of(&task.entry.path(), most).map_err(|_| "写报告时收件夹中的文件已不能读出，没有批注文件".to_owned())?;
    if bytes.len() as u64 > most {
        return Err(format!("文件超过 {} MB，不做批注文件", most >> 20));
    }
    if *sha256 != *task.row.source.sha256 {
        return Err("读取以后文件又有改动，没有批注文件".to_owned());
    }
    let remarks: Vec<Remark> = task.findings.iter().map(|r| Remark::of(r)).collect();
    let job = Job { unit: &task.unit.name, batch, file: &task.row.source.file, remarks: &remarks };
    match workbook::annotate(&bytes, &job) {
        Ok(annotated) => return Ok((annotated, true)),
        Err(why) => tracing::debug!(file = &*task.row.source.file, why = %why, "written anew"),
    }
    let read = pool.read(&bytes, &task.row.source.file).workbook;
    let read = read.ok_or_else(|| "文件不能再次读出，没有批注文件".to_owned())?;
    let bytes = workbook::rebuild(&read, &job).map_err(|why| {
        tracing::warn!(file = &*task.row.source.file, why = %why, "not written anew");
        "内容不能写成 xlsx，没有批注文件".to_owned()
    })?;
    Ok((Annotated { bytes, macros: false }, false))
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), (PathBuf, std::io::Error)> {
    let path = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(MODE_PRIVATE).open(&path)?;
        file.write_all(bytes)
    });
    written.map_err(|error| (path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_cannot_be_had_is_told_from_other_panics() {
        let says = |text: &'static str| catch_unwind(|| std::panic::panic_any(text.to_owned())).unwrap_err();
        assert!(is_without_thread(says("failed to spawn thread: Os { code: 11, kind: WouldBlock }").as_ref()));
        assert!(!is_without_thread(says("index out of bounds").as_ref()));
    }
}
