//! OLE compound files: directory and streams, every chain bounded.

use super::fault::Fault;

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// An opened compound file.
pub(super) struct Ole<'a> {
    bytes: &'a [u8],
    sector: usize,
    mini_sector: usize,
    cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
    /// Lies directly in the root, not in an embedded object.
    outermost: bool,
}

fn damaged() -> Fault {
    Fault::damaged("97-2003 文件的内部链断裂，文件可能没有传完")
}

/// A little-endian number of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    match bytes.get(at..) {
        Some(&[a, b, c, d, ..]) => Some(u32::from_le_bytes([a, b, c, d])),
        _ => None,
    }
}

/// A little-endian number of two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    match bytes.get(at..) {
        Some(&[a, b, ..]) => Some(u16::from_le_bytes([a, b])),
        _ => None,
    }
}

/// UTF-16 as text; a lone half of a pair becomes U+FFFD.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let mut units = vec![0u16; bytes.len() / 2];
    for (i, unit) in units.iter_mut().enumerate() {
        *unit = u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]]);
    }
    String::from_utf16_lossy(&units)
}

impl<'a> Ole<'a> {
    /// Reads header, allocation tables and directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let shift = u16_at(bytes, 30).filter(|s| matches!(s, 9 | 12)).ok_or_else(damaged)?;
        let mini_shift = u16_at(bytes, 32).filter(|s| *s <= 9).ok_or_else(damaged)?;
        let number = |at| u32_at(bytes, at).ok_or_else(damaged);
        let mut ole = Self {
            bytes,
            sector: 1 << shift,
            mini_sector: 1 << mini_shift,
            cutoff: u64::from(number(56)?),
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            entries: Vec::new(),
        };
        ole.read_fat(number(68)?)?;
        let directory = ole.chain(number(48)?)?;
        ole.entries = directory.chunks_exact(128).filter_map(entry).collect();
        ole.mark_outermost();
        // The small streams are needed only when one is asked for; a fault there need not cost the workbook.
        let root = ole.entries.iter().find(|e| e.kind == 5).map(|e| e.start);
        if let Some(start) = root.filter(|&s| s < END) {
            ole.mini = ole.chain(start).unwrap_or_default();
            let table = ole.chain(number(60)?).unwrap_or_default();
            ole.mini_fat = table.chunks_exact(4).filter_map(|c| u32_at(c, 0)).collect();
        }
        Ok(ole)
    }

    /// Whether a stream exists outside embedded objects.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some_and(|e| e.outermost)
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, name: &str) -> Option<Result<Vec<u8>, Fault>> {
        let entry = self.find(name)?;
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let found = if entry.size < self.cutoff { self.mini_chain(entry.start) } else { self.chain(entry.start) };
        Some(found.and_then(|mut bytes| {
            // The last sector of a file may be cut where its stream ends.
            if bytes.len() < size {
                return Err(damaged());
            }
            bytes.truncate(size);
            Ok(bytes)
        }))
    }

    /// A stream of the root first: an embedded workbook has the same names inside.
    fn find(&self, name: &str) -> Option<&Entry> {
        let named = |e: &&Entry| e.kind == 2 && e.name.eq_ignore_ascii_case(name);
        let streams = || self.entries.iter().filter(named);
        streams().find(|e| e.outermost).or_else(|| streams().next())
    }

    /// Walks the tree of the root's children. A broken tree marks fewer; then any stream of the name will do.
    fn mark_outermost(&mut self) {
        let mut open: Vec<u32> = self.entries.iter().filter(|e| e.kind == 5).map(|e| e.child).collect();
        while let Some(id) = open.pop() {
            if let Some(entry) = self.entries.get_mut(id as usize).filter(|e| !e.outermost) {
                entry.outermost = true;
                open.extend([entry.left, entry.right]);
            }
        }
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|s| !s.is_empty())
    }

    fn read_fat(&mut self, difat: u32) -> Result<(), Fault> {
        let most = self.bytes.len() / self.sector + 1;
        let mut tables: Vec<u32> = (0..109).filter_map(|i| u32_at(self.bytes, 76 + 4 * i)).collect();
        let mut next = difat;
        for _ in 0..most {
            let Some(sector) = (next < END).then(|| self.sector(next)).flatten() else { break };
            let words: Vec<u32> = sector.chunks_exact(4).filter_map(|c| u32_at(c, 0)).collect();
            let Some((last, ids)) = words.split_last() else { break };
            tables.extend(ids);
            next = *last;
        }
        tables.retain(|&id| id < END);
        if tables.len() > most {
            return Err(damaged());
        }
        for id in tables {
            // Only the end of a stream may lack bytes at the end of the file.
            let sector = self.sector(id).filter(|s| s.len() == self.sector).ok_or_else(damaged)?;
            self.fat.extend(sector.chunks_exact(4).filter_map(|c| u32_at(c, 0)));
        }
        Ok(())
    }

    /// Follows a chain; one that is longer than the file has sectors returns to itself.
    fn chain(&self, start: u32) -> Result<Vec<u8>, Fault> {
        let most = self.bytes.len() / self.sector + 1;
        let mut out = Vec::new();
        let mut id = start;
        for _ in 0..most {
            if id == END || id == FREE {
                return Ok(out);
            }
            out.extend_from_slice(self.sector(id).ok_or_else(damaged)?);
            id = *self.fat.get(id as usize).ok_or_else(damaged)?;
        }
        Err(damaged())
    }

    fn mini_chain(&self, start: u32) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let mut id = start;
        for _ in 0..=self.mini_fat.len() {
            if id == END || id == FREE {
                return Ok(out);
            }
            let at = (id as usize).checked_mul(self.mini_sector).ok_or_else(damaged)?;
            let end = at.saturating_add(self.mini_sector).min(self.mini.len());
            out.extend_from_slice(self.mini.get(at..end).ok_or_else(damaged)?);
            id = *self.mini_fat.get(id as usize).ok_or_else(damaged)?;
        }
        Err(damaged())
    }
}

fn entry(raw: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(raw, 64)?).clamp(2, 64) - 2;
    Some(Entry {
        name: utf16(raw.get(..length)?),
        kind: raw[66],
        left: u32_at(raw, 68)?,
        right: u32_at(raw, 72)?,
        child: u32_at(raw, 76)?,
        start: u32_at(raw, 116)?,
        size: u64::from(u32_at(raw, 120)?),
        outermost: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::wrap;
    use super::*;

    #[test]
    fn wrapped_streams_come_back_and_loops_end() {
        let stream: Vec<u8> = (0..70_000u32).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let mut file = wrap(&stream);
        assert_eq!(Ole::open(&file).unwrap().stream("workbook").unwrap().unwrap(), stream);
        let data = stream.len().div_ceil(512);
        let fat = 512 * (2 + data);
        file[fat + 40..fat + 44].copy_from_slice(&3u32.to_le_bytes());
        assert_eq!(Ole::open(&file).unwrap().stream("Workbook").unwrap().unwrap_err().code, "F105");
        assert!(Ole::open(&file[..600]).is_err());
    }
}
