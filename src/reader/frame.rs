//! What parent and child say to each other: length-prefixed frames, the answer with a checksum.

use std::io::{self, ErrorKind, Read, Write};

use super::answer;
use crate::model::{self, ReadOutcome};
use crate::spec::Limits;

/// Most bytes of an answer that the parent accepts.
const MOST_ANSWER: u64 = 512 << 20;
/// Most bytes of a name.
const MOST_NAME: u64 = 1 << 16;
/// Most bytes that are set aside before they arrive.
const BELIEVED: u64 = 1 << 20;

/// Bytes before the payload of an answer: its length and checksum.
const HEAD: usize = 12;

/// One file to read.
#[derive(Debug)]
pub(super) struct Request {
    /// Path below the inbox.
    pub(super) name: String,
    /// Limits in force.
    pub(super) limits: Limits,
    /// The file.
    pub(super) bytes: Vec<u8>,
}

/// Writes a request.
pub(super) fn write_request(out: &mut dyn Write, name: &str, limits: &Limits, bytes: &[u8]) -> io::Result<()> {
    for value in pack(limits) {
        out.write_all(&value.to_le_bytes())?;
    }
    for part in [name.as_bytes(), bytes] {
        out.write_all(&(part.len() as u64).to_le_bytes())?;
        out.write_all(part)?;
    }
    out.flush()
}

/// Reads the next request; `None` at the end of the stream.
pub(super) fn read_request(input: &mut dyn Read) -> io::Result<Option<Request>> {
    let mut values = [0u64; 9];
    for (i, value) in values.iter_mut().enumerate() {
        match read_number(input) {
            Ok(n) => *value = n,
            Err(e) if i == 0 && e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(e) => return Err(e),
        }
    }
    let limits = unpack(values);
    let name = read_block(input, MOST_NAME)?;
    // A file over the limit is still taken, so that reading it gives its F109.
    let bytes = read_block(input, u64::MAX)?;
    Ok(Some(Request { name: String::from_utf8_lossy(&name).into_owned(), limits, bytes }))
}

/// Writes an answer.
pub(super) fn write_answer(out: &mut dyn Write, outcome: &ReadOutcome) -> io::Result<()> {
    // In one piece, so that it is one write.
    let mut frame = model::pack(outcome, answer::texts(outcome), &[0; HEAD]);
    let (head, payload) = frame.split_at_mut(HEAD);
    let (length, checksum) = head.split_at_mut(HEAD - 4);
    length.copy_from_slice(&(payload.len() as u64).to_le_bytes());
    checksum.copy_from_slice(&crc32fast::hash(payload).to_le_bytes());
    out.write_all(&frame)?;
    out.flush()
}

/// Reads an answer; anything but a whole one with the right checksum is an error.
pub(super) fn read_answer(input: &mut dyn Read) -> io::Result<ReadOutcome> {
    let length = read_number(input)?;
    if length > MOST_ANSWER {
        return Err(io::Error::from(ErrorKind::FileTooLarge));
    }
    let mut checksum = [0u8; 4];
    input.read_exact(&mut checksum)?;
    let payload = read_exactly(input, length)?;
    if crc32fast::hash(&payload) != u32::from_le_bytes(checksum) {
        return Err(io::Error::from(ErrorKind::InvalidData));
    }
    model::unpack(&payload).ok_or_else(|| io::Error::from(ErrorKind::InvalidData))
}

fn read_number(input: &mut dyn Read) -> io::Result<u64> {
    let mut bytes = [0u8; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn read_block(input: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let length = read_number(input)?;
    if length > most {
        return Err(io::Error::from(ErrorKind::FileTooLarge));
    }
    read_exactly(input, length)
}

/// Grows with what arrives; what was announced is believed up to [`BELIEVED`].
fn read_exactly(input: &mut dyn Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(BELIEVED)).unwrap_or_default());
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::Error::from(ErrorKind::UnexpectedEof)) }
}

fn pack(l: &Limits) -> [u64; 9] {
    [
        l.file_bytes,
        l.part_bytes,
        l.inflated_bytes,
        l.zip_entries,
        u64::from(l.sheets),
        l.cells,
        l.child_memory_mib,
        l.child_cpu_seconds,
        l.child_wall_seconds,
    ]
}

fn unpack(v: [u64; 9]) -> Limits {
    Limits {
        file_bytes: v[0],
        part_bytes: v[1],
        inflated_bytes: v[2],
        zip_entries: v[3],
        sheets: u32::try_from(v[4]).unwrap_or(u32::MAX),
        cells: v[5],
        child_memory_mib: v[6],
        child_cpu_seconds: v[7],
        child_wall_seconds: v[8],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_answers_round_trip() {
        let limits = Limits { sheets: 7, ..Limits::default() };
        let mut wire = Vec::new();
        write_request(&mut wire, "02/a.csv", &limits, b"x").unwrap();
        let mut input = wire.as_slice();
        let request = read_request(&mut input).unwrap().unwrap();
        assert_eq!(
            (request.name.as_str(), request.bytes.as_slice(), request.limits.sheets),
            ("02/a.csv", &b"x"[..], 7)
        );
        assert!(read_request(&mut input).unwrap().is_none());

        let outcome = super::super::read("序号,项目\n1,甲\n".as_bytes(), "a.csv", &limits);
        let mut wire = Vec::new();
        write_answer(&mut wire, &outcome).unwrap();
        assert_eq!(read_answer(&mut wire.as_slice()).unwrap(), outcome);
        let last = wire.len() - 1;
        wire[last] ^= 1;
        assert_eq!(read_answer(&mut wire.as_slice()).unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(read_answer(&mut &wire[..last]).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
