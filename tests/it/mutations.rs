//! Damaged files: small good ones of each format, changed at random places. None may panic beyond the reader, and
//! whatever is read keeps the promises of the model.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use sanpi::model::{CellKind, ReadOutcome};
use sanpi::reader::read;
use sanpi::spec::Limits;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::harness::root;

/// Damaged files that one test run reads; `SANPI_MUTATIONS` asks for more.
const INPUTS: u64 = 20_000;

const PAGE: &str = r#"<html><head><meta charset=utf-8><style>.a{mso-number-format:"0\.00"}</style></head><table>
<tr><td colspan=2>签约项目</td></tr><tr><td rowspan=2 class=a x:num="3.5">3.50</td><td>甲&nbsp;&#9313;</td></tr></table></html>"#;
const XML: &str = r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row ss:Index="2"><Cell ss:MergeAcross="1">
<Data ss:Type="Number">3.5</Data></Cell><Cell ss:Formula="=SUM(R[-1]C)"><Data ss:Type="String">甲</Data></Cell></Row></Table></Worksheet></Workbook>"#;

/// A small generator (xorshift), so that a failure can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (most.max(1) as u64)).unwrap_or(0)
    }
}

#[test]
fn damaged_files_are_contained() {
    let inputs = std::env::var("SANPI_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(INPUTS);
    let bases = bases();
    assert!(bases.len() >= 6, "{} files to damage", bases.len());
    let limits = Limits { cells: 100_000, ..Limits::default() };
    let mut random = Random(0x5EED);
    for input in 0..inputs {
        let (name, base) = &bases[random.below(bases.len())];
        let damaged = damage(base, &mut random);
        let outcome = read(&damaged, name, &limits);
        assert!(outcome.issues.iter().all(|i| i.code != "F110"), "input {input} of {name}: the reader panicked");
        assert!(outcome.workbook.is_some() || !outcome.issues.is_empty(), "input {input} of {name}: nothing is said");
        assert_promises(&outcome, &format!("input {input} of {name}"));
    }
    eprintln!("{inputs} damaged files, 0 panics");
}

fn assert_promises(outcome: &ReadOutcome, what: &str) {
    for sheet in outcome.workbook.iter().flat_map(|w| &w.sheets) {
        assert!(sheet.cells.windows(2).all(|pair| pair[0].at < pair[1].at), "{what}: cells are sorted and stand once");
        let finite = |kind: &CellKind| !matches!(kind, CellKind::Number(n) | CellKind::Date(n) if !n.is_finite());
        assert!(sheet.cells.iter().all(|c| finite(&c.kind)), "{what}: numbers are finite");
        let hidden = |row: &u32| sheet.hidden_rows.binary_search(row).is_ok();
        assert!(sheet.filtered_rows.iter().all(hidden), "{what}: filtered rows are hidden rows");
    }
}

/// The smallest sample of each format, and a page and an XML workbook.
fn bases() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(&root().join("sample_data/inbox"), &mut files);
    files.sort_by_key(|path| (fs::metadata(path).map_or(u64::MAX, |m| m.len()), path.clone()));
    let mut bases: Vec<(String, Vec<u8>)> = ["xlsx", "xls", "et", "ods", "csv"]
        .iter()
        .filter_map(|ending| files.iter().find(|path| path.extension().is_some_and(|e| e == *ending)))
        .map(|path| (path.to_string_lossy().into_owned(), fs::read(path).expect("sample")))
        .collect();
    bases.extend([("a.xls", PAGE), ("b.xls", XML)].map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    bases
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            collect(&entry.path(), out);
        } else {
            out.push(entry.path());
        }
    }
}

/// Changes the file itself, or one part inside a zip file.
fn damage(base: &[u8], random: &mut Random) -> Vec<u8> {
    if !base.starts_with(b"PK") || random.below(8) == 0 {
        return changed(base.to_vec(), random);
    }
    let mut archive = ZipArchive::new(Cursor::new(base)).expect("a good zip");
    let chosen = random.below(archive.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).expect("entry");
        let name = file.name().expect("name").into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("content");
        let content = if i == chosen { changed(content, random) } else { content };
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(name, stored).expect("entry");
        writer.write_all(&content).expect("content");
    }
    writer.finish().expect("a zip").into_inner()
}

fn changed(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        let rest = bytes.len() - at;
        match random.below(7) {
            _ if rest == 0 => {}
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)],
            2 => bytes[at..at + rest.min(4)].fill(0xFF),
            3 => drop(bytes.drain(at..at + random.below(16).min(rest))),
            4 => {
                let piece = bytes[at..at + random.below(64).min(rest)].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            5 => bytes.truncate(at.max(1)),
            _ => drop(bytes.splice(at..at, (0..random.below(8)).map(|_| b'0').collect::<Vec<_>>())),
        }
    }
    bytes
}
