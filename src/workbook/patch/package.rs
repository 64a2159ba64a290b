//! A zip package whose parts are copied as they are, compressed bytes and all, unless they were changed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::workbook::Fault;

/// Most bytes that the parts which are looked at may inflate to, together.
const MOST_INFLATED: u64 = 192 << 20;
/// Changed parts are deflated at the fastest level: at a third of the time of the usual one, a copy is a fifth larger.
const LEVEL: i64 = 1;
/// Parts of fewer bytes are stored: making room for a compressor costs more than they can shrink.
const FEWEST: usize = 1_024;
/// Most names that are tried for a new part; a package has fewer entries.
const MOST_TRIED: u32 = 100_000;

pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: BTreeMap<String, usize>,
    changed: BTreeMap<usize, String>,
    added: Vec<(String, String)>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::new("压缩结构不完整"))?;
        let mut index = BTreeMap::new();
        for (i, raw) in archive.file_names_raw().enumerate() {
            if index.insert(normal(&String::from_utf8_lossy(raw)), i).is_some() {
                return Err(Fault::new("文件内部有重名的部件"));
            }
        }
        Ok(Self { archive, index, changed: BTreeMap::new(), added: Vec::new(), left: MOST_INFLATED })
    }

    pub(super) fn has(&self, part: &str) -> bool {
        self.index.contains_key(&normal(part)) || self.added.iter().any(|(name, _)| normal(name) == normal(part))
    }

    /// A part as text, with the changes made so far.
    pub(super) fn text(&mut self, part: &str) -> Result<String, Fault> {
        if let Some((_, text)) = self.added.iter().find(|(name, _)| normal(name) == normal(part)) {
            return Ok(text.clone());
        }
        let missing = || Fault::new(format!("缺少内部部件 {part}"));
        let index = *self.index.get(&normal(part)).ok_or_else(missing)?;
        if let Some(text) = self.changed.get(&index) {
            return Ok(text.clone());
        }
        let broken = || Fault::new(format!("内部部件 {part} 无法解压"));
        let file = self.archive.by_index(index).map_err(|_| broken())?;
        let mut bytes = Vec::new();
        // What is inflated is counted; what the part says of itself is not believed.
        file.take(self.left.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| broken())?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| Fault::new("内部部件解压后过大"))?;
        // A mark at the beginning would stand in the middle of nothing: it is part of the text and stays.
        String::from_utf8(bytes).map_err(|_| Fault::new(format!("内部部件 {part} 不是 UTF-8")))
    }

    /// Writes a part anew, or adds it.
    pub(super) fn put(&mut self, part: &str, text: String) {
        if let Some(index) = self.index.get(&normal(part)) {
            self.changed.insert(*index, text);
        } else if let Some(added) = self.added.iter_mut().find(|(name, _)| normal(name) == normal(part)) {
            added.1 = text;
        } else {
            self.added.push((part.to_owned(), text));
        }
    }

    /// A name that no part has, from a beginning and an ending.
    pub(super) fn free(&self, stem: &str, ending: &str) -> String {
        let name = |n: u32| format!("{stem}{}{ending}", if n == 0 { String::new() } else { n.to_string() });
        (0..=MOST_TRIED).map(name).find(|name| !self.has(name)).unwrap_or_default()
    }

    /// The package: untouched entries raw, in their order, changed ones in their place, new ones at the end.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let failed = |_| Fault::new("工作簿无法重新打包");
        // A fixed time, so that equal inputs give equal bytes.
        let stored = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default());
        let deflated = stored.compression_method(CompressionMethod::Deflated).compression_level(Some(LEVEL));
        let options = |text: &str| if text.len() < FEWEST { stored } else { deflated };
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for i in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(i).map_err(failed)?;
            let Some(text) = self.changed.get(&i) else {
                out.raw_copy_file(entry).map_err(failed)?;
                continue;
            };
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            drop(entry);
            out.start_file(name, options(text)).map_err(failed)?;
            out.write_all(text.as_bytes()).map_err(|_| Fault::new("工作簿无法重新打包"))?;
        }
        for (name, text) in &self.added {
            out.start_file(name.clone(), options(text)).map_err(failed)?;
            out.write_all(text.as_bytes()).map_err(|_| Fault::new("工作簿无法重新打包"))?;
        }
        out.finish().map(Cursor::into_inner).map_err(failed)
    }
}

/// Names are compared as the reader compares them: without case and leading `/`, with `/` for `\`.
fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}
