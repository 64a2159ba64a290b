//! A zip workbook, opened with bounds: what is inflated is counted, not what is declared.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::fault::Fault;
use super::xml::Pull;
use crate::spec::Limits;

/// Parts of at most this many bytes are told from their whole text.
const WHOLE: u64 = 32 << 20;

/// The parts of a zip workbook. Names are compared without case, leading `/`, and with `/` for `\`.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    index: BTreeMap<String, usize>,
    limits: Limits,
    inflated: u64,
}

impl<'a> Package<'a> {
    /// Opens the archive and lists its parts.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::damaged("压缩结构不完整，文件可能没有传完"))?;
        if archive.len() as u64 > limits.zip_entries {
            return Err(Fault::limit(&format!("文件内部有 {} 个部件，上限 {}", archive.len(), limits.zip_entries)));
        }
        if archive.has_duplicate_names() {
            return Err(Fault::damaged("文件内部有重名的部件，无法判断以哪个为准"));
        }
        let mut index = BTreeMap::new();
        for (i, raw) in archive.file_names_raw().enumerate() {
            let twice = index.insert(normal(&String::from_utf8_lossy(raw)), i).is_some();
            if twice {
                return Err(Fault::damaged("文件内部有重名的部件，无法判断以哪个为准"));
            }
        }
        Ok(Self { archive, index, limits: *limits, inflated: 0 })
    }

    /// Whether the bytes end with a zip directory.
    pub(super) fn has_end_record(bytes: &[u8]) -> bool {
        let tail = &bytes[bytes.len().saturating_sub(66_000)..];
        tail.windows(4).any(|w| w == b"PK\x05\x06") && ZipArchive::new(Cursor::new(bytes)).is_ok()
    }

    /// Whether the part exists.
    pub(super) fn has(&self, name: &str) -> bool {
        self.index.contains_key(&normal(name))
    }

    /// Hands a part to `parse` as a stream, then reads the rest of it so that its checksum is compared.
    pub(super) fn part<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&mut dyn BufRead) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let index = *self.index.get(&normal(name)).ok_or_else(|| Fault::damaged(&format!("缺少内部部件 {name}")))?;
        let file = self.archive.by_index(index).map_err(|_| Fault::damaged(&format!("内部部件 {name} 无法解压")))?;
        let allowed = self.limits.part_bytes.min(self.limits.inflated_bytes.saturating_sub(self.inflated));
        // A part that says itself that it is too large is not worth inflating; what others say is not believed.
        if file.size() > allowed {
            return Err(too_large());
        }
        let mut source = BufReader::with_capacity(1 << 16, Counted { inner: file, left: allowed });
        let parsed = parse(&mut source);
        let rest = match &parsed {
            Err(fault) if fault.code == "F109" => Ok(0),
            _ => io::copy(&mut source, &mut io::sink()),
        };
        self.inflated += allowed - source.get_ref().left;
        match rest {
            // A damaged checksum explains whatever the parser complained about.
            Err(error) => Err(io_fault(&error)),
            Ok(_) => parsed,
        }
    }

    /// Hands an XML part to `parse`, as text where it is of usual size and written as usual. What `parse` stumbles over
    /// then, it gets again as a stream: only what it says of that is a fault.
    pub(super) fn xml<T>(
        &mut self,
        name: &str,
        mut parse: impl FnMut(Pull<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if let Some(text) = self.text(name)
            && let Some(parsed) = Pull::quick(&text).and_then(|pull| parse(pull).ok())
        {
            self.inflated += text.len() as u64;
            return Ok(parsed);
        }
        self.part(name, |source| parse(Pull::new(source)))
    }

    /// A part as text; nothing when it is large, not whole or not UTF-8. It is not yet counted as inflated.
    fn text(&mut self, name: &str) -> Option<String> {
        let most = WHOLE.min(self.limits.part_bytes).min(self.limits.inflated_bytes.saturating_sub(self.inflated));
        let file = self.archive.by_index(*self.index.get(&normal(name))?).ok()?;
        let size = usize::try_from(file.size()).ok().filter(|_| file.size() <= most)?;
        let mut bytes = Vec::with_capacity(size.saturating_add(1));
        // One byte more than is allowed shows that there are more; the checksum is compared at the end of the part.
        file.take(most + 1).read_to_end(&mut bytes).ok()?;
        String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= most)
    }

    /// The whole part as bytes.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Fault> {
        self.part(name, |source| {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes).map_err(|e| io_fault(&e))?;
            Ok(bytes)
        })
    }
}

/// The fault behind an I/O error of a part.
pub(super) fn io_fault(error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::FileTooLarge {
        too_large()
    } else {
        Fault::damaged("内部部件解压出错或校验值不符")
    }
}

fn too_large() -> Fault {
    Fault::limit("文件内部的某个部件解压后过大")
}

fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// Stops with [`io::ErrorKind::FileTooLarge`] after `left` bytes.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if n as u64 > self.left {
            self.left = 0;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.left -= n as u64;
        Ok(n)
    }
}
