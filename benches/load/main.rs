//! Makes load and reads it barely: the two halves of `benches/compare.py` that are not sanpi.
//!
//! ```text
//! load inbox DIR N       N submissions of ordinary size: 19 units a batch, three lists each, 15 % of them .xls
//! load tiny DIR N        N submissions of one list with three rows
//! load rows FILE ROWS    one .xlsx of 20 columns
//! load bare DIR THREADS  calamine's own readers over every file, nothing done with a cell
//! load where             where this program is
//! ```
//!
//! The same arguments give the same bytes.

mod bare;
mod book;
mod list;
mod project;
mod xls;
mod xlsx;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use book::{Book, Sheet};
use project::{Office, Stage};

/// Every so many submissions one comes as .xls.
const XLS_EVERY: u32 = 7;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u32>().ok();
    let done = match words[..] {
        ["inbox", folder, n] => number(n).map(|n| inbox(Path::new(folder), n, ordinary)),
        ["tiny", folder, n] => number(n).map(|n| inbox(Path::new(folder), n, tiny)),
        ["rows", file, n] => number(n).map(|n| rows(Path::new(file), n)),
        ["bare", folder, threads] => number(threads).map(|n| bare::read(Path::new(folder), n as usize)),
        ["where"] => Some(std::env::current_exe().map(|path| println!("{}", path.display()))),
        _ => None,
    };
    match done {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("usage: load inbox DIR N | tiny DIR N | rows FILE ROWS | bare DIR THREADS | where");
            // `cargo bench` without arguments runs every bench: nothing to do is no failure.
            if words.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

/// `n` files, the units of a batch one after the other, then the next batch.
fn inbox(folder: &Path, n: u32, make: fn(&Office, u32) -> Book) -> io::Result<()> {
    let offices = Office::all();
    let units = u32::try_from(offices.len()).unwrap_or(u32::MAX);
    for i in 0..n {
        let (batch, office) = (i / units + 1, &offices[(i % units) as usize]);
        let book = make(office, batch);
        let place = folder.join(format!("{batch:02}")).join(&office.name);
        fs::create_dir_all(&place)?;
        let name = format!("{}第{batch}期“三个一批”项目台账", office.name);
        if i % XLS_EVERY == XLS_EVERY - 1 {
            fs::write(place.join(format!("{name}.xls")), xls::write(&book))?;
        } else {
            let mut file = BufWriter::new(fs::File::create(place.join(format!("{name}.xlsx")))?);
            xlsx::write(&book, &mut file)?;
            file.flush()?;
        }
    }
    Ok(())
}

/// The three lists of one unit in one batch.
fn ordinary(office: &Office, batch: u32) -> Book {
    Book { sheets: Stage::ALL.iter().map(|&stage| list::sheet(office, batch, stage, office.rows())).collect() }
}

/// One short list.
fn tiny(office: &Office, batch: u32) -> Book {
    Book { sheets: vec![list::sheet(office, batch, Stage::Start, 3)] }
}

/// One long list, row after row into the file.
fn rows(path: &Path, n: u32) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let offices = Office::all();
    let office = offices.first().ok_or_else(|| io::Error::other("no unit"))?;
    let mut file = BufWriter::new(fs::File::create(path)?);
    let head = list::sheet(office, 1, Stage::Start, 0);
    let body = (0..n).map(|i| list::row(office, 1, Stage::Start, i, i + list::HEAD_ROWS + 1));
    let rows = head.rows.into_iter().take(list::HEAD_ROWS as usize).chain(body);
    xlsx::stream(&mut file, &Sheet { rows: Vec::new(), ..head }, rows)?;
    file.flush()
}
