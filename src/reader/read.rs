//! Reading one file in process: by content, whatever the name says.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::container::{self, Content};
use super::fault::Fault;
use super::package::Package;
use super::sniff::{Kind, sniff};
use super::{html, names, ods, ooxml, text_table, xls, xlsb, xlsx, xml2003};
use crate::model::{Format, ReadIssue, ReadOutcome};
use crate::spec::Limits;

/// Reads a file's bytes. `name` is its path below the inbox; only lock files and F108 are told by it.
///
/// Runs in the caller's process: a hostile file can exhaust it. Production code uses [`super::Pool`].
#[must_use]
pub fn read(bytes: &[u8], name: &str, limits: &Limits) -> ReadOutcome {
    // Format crates can panic on damaged files; that costs the file, not the run.
    let mut outcome = catch_unwind(AssertUnwindSafe(|| by_content(bytes, name, limits)))
        .unwrap_or_else(|_| Err(Fault::died("内容不合规范")))
        .unwrap_or_else(|fault| ReadOutcome { workbook: None, issues: vec![fault.issue()] });
    if let Some(format) = outcome.workbook.as_ref().map(|w| w.format).filter(|f| !names::fits(name, *f)) {
        outcome.issues.insert(0, mismatch(name, format));
    }
    outcome
}

fn by_content(bytes: &[u8], name: &str, limits: &Limits) -> Result<ReadOutcome, Fault> {
    if names::is_lock_file(name) {
        return Err(Fault::stray("表格打开时产生的临时锁文件"));
    }
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Fault::limit(&format!("文件大小 {} MB，上限 {} MB", bytes.len() >> 20, limits.file_bytes >> 20)));
    }
    // What is called a workbook was meant as one; a note may be called .txt.
    let meant_as_table = names::promises_table(name) && names::ending(name) != "txt";
    by_kind(bytes, name, limits).map_err(|fault| if meant_as_table { fault.of_a_submission() } else { fault })
}

fn by_kind(bytes: &[u8], name: &str, limits: &Limits) -> Result<ReadOutcome, Fault> {
    match sniff(bytes) {
        Kind::Empty => Err(Fault::empty()),
        Kind::Zip => zip(bytes, limits),
        Kind::Ole => match container::open(bytes)? {
            Content::Workbook(stream) => xls::read(&stream, limits),
            Content::Package(package) => zip(&package, limits),
        },
        Kind::BareBiff(5 | 8) => xls::read(bytes, limits),
        Kind::BareBiff(version) => Err(Fault::unsupported(&format!("Excel {version}.0 的老格式"))),
        Kind::Html => html::read_page(bytes, limits),
        Kind::Mhtml => html::read_archive(bytes, limits),
        Kind::SpreadsheetMl => xml2003::read(bytes, limits),
        Kind::Text if is_note(bytes, name) => Err(Fault::stray("文字说明")),
        Kind::Text => text_table::read(bytes, limits),
        Kind::Stray(what) => Err(Fault::stray(what)),
        Kind::Other(what) => Err(Fault::unsupported(what)),
        Kind::Unknown => Err(unknown(name)),
    }
}

/// Bytes of no known format: damaged when the name promises a workbook.
fn unknown(name: &str) -> Fault {
    if names::promises_table(name) {
        Fault::damaged("内容不是表格，文件可能没有传完")
    } else {
        Fault::unsupported("内容无法识别")
    }
}

/// A text file without columns that is named as a text is a note, not a broken table.
fn is_note(bytes: &[u8], name: &str) -> bool {
    matches!(names::ending(name).as_str(), "txt" | "md" | "log")
        && super::decode::decode(bytes).is_some_and(|t| !text_table::has_columns(&t))
}

fn zip(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let mut package = Package::open(bytes, limits)?;
    match ods::is_ods(&mut package) {
        Some(true) => return ods::read(&mut package, limits),
        Some(false) => return Err(Fault::stray("OpenDocument 文档")),
        None => {}
    }
    let part = ooxml::workbook_part(&mut package);
    match part.as_deref() {
        Some(part) if part.starts_with("word/") => Err(Fault::stray("Word 文档")),
        Some(part) if part.starts_with("ppt/") => Err(Fault::stray("演示文稿")),
        Some(part) if part.to_ascii_lowercase().ends_with(".bin") => xlsb::read(&mut package, part, limits),
        Some(part) => xlsx::read(&mut package, part, limits),
        None if package.has("xl/workbook.xml") || package.has("[content_types].xml") => {
            Err(Fault::damaged("缺少工作簿部件"))
        }
        None => Err(Fault::unsupported("压缩包（ZIP）。请先解压")),
    }
}

fn mismatch(name: &str, format: Format) -> ReadIssue {
    let ending = names::ending(name);
    ReadIssue {
        code: "F108".to_owned(),
        sheet: None,
        cell: None,
        message: format!(
            "扩展名是 .{ending}，内容其实是{}，已按内容读取。下次请用 Excel 或 WPS 另存为 .xlsx",
            names::title(format)
        ),
        seen: Some(format!(".{ending}")),
    }
}
