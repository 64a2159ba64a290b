//! The records of a binary part, and the fields inside them.

use std::io::BufRead;

use crate::reader::fault::Fault;
use crate::reader::ole::{u32_at, utf16};
use crate::reader::package::io_fault;

/// Reads records one after the other; a part that ends inside one is damaged.
pub(super) struct Records<'r> {
    source: &'r mut dyn BufRead,
    data: Vec<u8>,
}

impl<'r> Records<'r> {
    /// Begins at the start of a part.
    pub(super) fn new(source: &'r mut dyn BufRead) -> Self {
        Self { source, data: Vec::new() }
    }

    /// The next record: its type and content.
    pub(super) fn next(&mut self) -> Result<Option<(u16, &[u8])>, Fault> {
        let Some(first) = self.byte()? else { return Ok(None) };
        let mut id = u16::from(first);
        if first & 0x80 != 0 {
            let second = self.byte()?.ok_or_else(cut)?;
            id = u16::from(first & 0x7F) | u16::from(second & 0x7F) << 7;
        }
        let mut size = 0u64;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?.ok_or_else(cut)?;
            size |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        self.data.clear();
        // Grows with what is there, not with what is announced.
        let read = std::io::Read::read_to_end(&mut std::io::Read::take(&mut *self.source, size), &mut self.data);
        if read.map_err(|e| io_fault(&e))? as u64 != size {
            return Err(cut());
        }
        Ok(Some((id, &self.data)))
    }

    fn byte(&mut self) -> Result<Option<u8>, Fault> {
        let byte = self.source.fill_buf().map_err(|e| io_fault(&e))?.first().copied();
        if byte.is_some() {
            self.source.consume(1);
        }
        Ok(byte)
    }
}

fn cut() -> Fault {
    Fault::damaged("二进制部件的记录不完整，文件可能没有传完")
}

/// A text with its length in four bytes at `at`, and where it ends. A length of all ones means no text.
pub(super) fn text(data: &[u8], at: usize) -> Option<(String, usize)> {
    let count = u32_at(data, at)?;
    if count == u32::MAX {
        return Some((String::new(), at + 4));
    }
    let end = (at + 4).checked_add(usize::try_from(count).ok()?.checked_mul(2)?)?;
    Some((utf16(data.get(at + 4..end)?), end))
}

/// A number of eight bytes.
pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_cut_parts() {
        let part = [0x85, 0x01, 0x02, 7, 8, 0x05, 0x00, 0x02, 0x80, 0x01, 9];
        let mut source = &part[..];
        let mut records = Records::new(&mut source);
        assert_eq!(records.next(), Ok(Some((133, &[7, 8][..]))));
        assert_eq!(records.next(), Ok(Some((5, &[][..]))));
        assert_eq!(records.next().map_err(|f| f.code), Err("F105"));
        assert_eq!(text(&[1, 0, 0, 0, b'x', 0], 0), Some(("x".into(), 6)));
        assert_eq!(text(&[0xFE, 0xFF, 0xFF, 0xFF, b'x', 0], 0), None);
    }
}
