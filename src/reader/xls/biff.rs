//! The records of a BIFF stream.

use crate::reader::fault::Fault;
use crate::reader::ole::u16_at;

/// Beginning of a substream.
pub(super) const BOF: u16 = 0x0809;
/// End of a substream.
pub(super) const EOF: u16 = 0x000A;
/// More data of the record before.
pub(super) const CONTINUE: u16 = 0x003C;

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// Type.
    pub(super) id: u16,
    /// Content, without the CONTINUE records.
    pub(super) data: &'a [u8],
}

/// Iterates over records from an offset on. A record that leaves the stream is a fault.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// Records from `at` on.
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// Where the next record begins.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The content of a record together with that of the CONTINUE records that follow it.
    pub(super) fn continued(&mut self, first: &'a [u8]) -> Vec<&'a [u8]> {
        let mut segments = vec![first];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            let Some(Ok(more)) = self.next() else { break };
            segments.push(more.data);
        }
        segments
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let id = u16_at(self.stream, self.at)?;
        let at = self.at + 4;
        let data = u16_at(self.stream, self.at + 2).and_then(|n| self.stream.get(at..at + usize::from(n)));
        let Some(data) = data else {
            self.at = self.stream.len();
            return Some(Err(Fault::damaged("97-2003 工作簿的记录不完整，文件可能没有传完")));
        };
        self.at = at + data.len();
        Some(Ok(Record { id, data }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_cut_records() {
        let stream = [0x0A, 0, 0, 0, 3, 2, 99, 0, 1];
        let ids: Vec<_> = Records::new(&stream, 0).map(|r| r.map(|r| r.id).map_err(|f| f.code)).collect();
        assert_eq!(ids, [Ok(EOF), Err("F105")]);
    }
}
