//! Encrypted streams: what the FILEPASS record asks for, and which bytes it leaves readable.

use std::borrow::Cow;

use super::biff::{BOF, EOF, Records};
use crate::reader::crypt::Opener;
use crate::reader::fault::Fault;
use crate::reader::ole::u16_at;

const FILEPASS: u16 = 0x002F;
/// Records that are never encrypted: BOF, FILEPASS, INTERFACEHDR, and those of shared workbooks.
const READABLE: [u16; 7] = [BOF, FILEPASS, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196];
const BOUNDSHEET: u16 = 0x0085;

/// The stream as it can be read: itself, or decrypted with the built-in password.
pub(super) fn opened(stream: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    let mut is_biff8 = false;
    let mut filepass = None;
    for record in Records::new(stream, 0) {
        // What is damaged is found again, and named, when the stream is read.
        let Ok(record) = record else { break };
        match record.id {
            BOF => is_biff8 = u16_at(record.data, 0) == Some(0x0600),
            FILEPASS => filepass = Some(record.data),
            EOF => break,
            _ => {}
        }
    }
    let Some(filepass) = filepass else { return Ok(Cow::Borrowed(stream)) };
    let mut opener = Opener::new(filepass, is_biff8).ok_or_else(Fault::encrypted)?;
    let mut plain = stream.to_vec();
    let mut records = Records::new(stream, 0);
    while let Some(Ok(record)) = records.next() {
        let readable = match record.id {
            id if READABLE.contains(&id) => record.data.len(),
            BOUNDSHEET => 4.min(record.data.len()),
            _ => 0,
        };
        let end = records.position();
        let start = end - record.data.len() + readable;
        opener.decrypt(&mut plain[start..end], start, record.data.len());
    }
    Ok(Cow::Owned(plain))
}
