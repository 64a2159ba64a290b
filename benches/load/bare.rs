//! The yardstick: calamine reads every cell of every file, and nothing is done with any of them.

use std::fs;
use std::hint::black_box;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use calamine::{Reader, Xls, Xlsx};

/// Reads all files below a folder (or one file) on `threads` threads; prints how many cells there were.
pub(super) fn read(folder: &Path, threads: usize) -> io::Result<()> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let (next, cells, failed) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match count(path) {
                        Some(n) => cells.fetch_add(n, Ordering::Relaxed),
                        None => failed.fetch_add(1, Ordering::Relaxed) as u64,
                    };
                }
            });
        }
    });
    println!("{} files, {} cells, {} not read", paths.len(), cells.into_inner(), failed.into_inner());
    Ok(())
}

/// Cells with a value; `None` for what calamine does not read.
fn count(path: &Path) -> Option<u64> {
    let bytes = fs::read(path).ok()?;
    let mut cells = 0;
    if bytes.starts_with(b"PK") {
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).ok()?;
        for name in book.sheet_names() {
            let mut reader = book.worksheet_cells_reader(&name).ok()?;
            while let Some(cell) = reader.next_cell().ok()? {
                black_box(&cell);
                cells += u64::from(*cell.get_value() != calamine::DataRef::Empty);
            }
        }
    } else {
        let mut book: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).ok()?;
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name).ok()?;
            cells += black_box(&range).used_cells().count() as u64;
        }
    }
    Some(cells)
}

fn collect(path: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        out.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), out)?;
    }
    Ok(())
}
