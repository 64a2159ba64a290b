//! The parts of a run, one by one: reading a workbook, extracting its projects, normalizing values, telling projects,
//! writing datasets. `sanpi run` as a whole is measured by `compare.py`.

use std::fs;
use std::path::{Path, PathBuf};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use sanpi::model::{BatchId, Cell, CellKind, CellRef, name_key};
use sanpi::spec::{Limits, Spec};
use sanpi::{normalize, pipeline, reader, rules};

/// An .xlsx and an .xls of the sample, of the usual size.
const FILES: [&str; 2] =
    ["02/郑州市/郑州市第二期“三个一批”项目汇总及清单.xlsx", "02/驻马店市/驻马店市分县区三个一批项目表（第二期）.xls"];
/// Texts of amount cells, in the ways that units write them.
const AMOUNTS: [&str; 6] = ["51000", "1.2", "12,500", "10000万元", "约3亿元", "１２３４５.６"];
/// Texts of date cells.
const DATES: [&str; 6] = ["2026-01-15", "2026.1", "2026年1月", "二〇二六年一月", "2026/1/5", "2026年上半年"];
/// Names of projects.
const NAMES: [&str; 3] =
    ["年产三万台减速机生产线建设项目", "豫中产业园（二期）项目", "ＡＢＣ新材料 研发\n生产基地项目"];

fn main() {
    divan::main();
}

fn sample(file: &str) -> (PathBuf, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/inbox").join(file);
    let bytes = fs::read(&path).expect("sample");
    (path, bytes)
}

fn spec() -> Spec {
    Spec::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines"), &rules::codes()).expect("configuration")
}

fn cells(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::new(CellRef::new(0, 0), CellKind::Text((*text).into()))).collect()
}

/// Cells of a workbook, in process.
#[divan::bench(args = FILES)]
fn read(bencher: Bencher, file: &str) {
    let (path, bytes) = sample(file);
    let (name, limits) = (path.to_string_lossy(), Limits::default());
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| reader::read(black_box(&bytes), &name, &limits));
}

/// Reading, locating and normalizing all projects of a file, in process.
#[divan::bench(args = FILES)]
fn extract(bencher: Bencher, file: &str) {
    let (_, bytes) = sample(file);
    let (spec, batch) = (spec(), BatchId::from_number(2));
    let rows = pipeline::extract_bytes(&bytes, file, &batch, &spec).records.len();
    bencher.counter(ItemsCount::new(rows)).bench(|| pipeline::extract_bytes(black_box(&bytes), file, &batch, &spec));
}

/// Amounts in text cells.
#[divan::bench]
fn amounts(bencher: Bencher) {
    let (spec, cells) = (spec(), cells(&AMOUNTS));
    let unit = normalize::money_unit("万元", &spec.measures).expect("a unit");
    bencher.counter(ItemsCount::new(cells.len())).bench(|| {
        cells.iter().filter(|cell| normalize::amount(black_box(cell), &unit, &spec.measures).value.is_some()).count()
    });
}

/// Dates in text cells.
#[divan::bench]
fn dates(bencher: Bencher) {
    let cells = cells(&DATES);
    bencher
        .counter(ItemsCount::new(cells.len()))
        .bench(|| cells.iter().filter(|cell| normalize::date(black_box(cell), Some(2026)).value.is_some()).count());
}

/// Normalized names.
#[divan::bench]
fn names(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(NAMES.len()))
        .bench(|| NAMES.iter().map(|name| name_key(black_box(name)).len()).sum::<usize>());
}
