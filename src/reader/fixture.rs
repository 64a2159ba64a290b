//! Containers for the tests of this module, made byte by byte.

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// A compound file that holds nothing but this stream as `Workbook`.
pub(super) fn wrap(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    // At least the cutoff, so that the stream is not a small one.
    let data = stream.len().max(4096).div_ceil(SECTOR);
    let mut tables = 1;
    while tables * 128 < data + 1 + tables {
        tables += 1;
    }
    assert!(tables <= 109, "a fixture stays under 7 MB");
    let word = |n: usize| u32::try_from(n).unwrap_or(END);
    let mut header = vec![0u8; SECTOR];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    header[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    let mut put = |at: usize, value: u32| header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(44, word(tables));
    put(48, word(data));
    put(56, 4096);
    put(60, END);
    put(68, END);
    for i in 0..109 {
        put(76 + 4 * i, if i < tables { word(data + 1 + i) } else { FREE });
    }
    let mut out = header;
    out.extend_from_slice(stream);
    out.resize(SECTOR * (1 + data), 0);
    out.extend_from_slice(&directory_entry("Root Entry", 5, 1, END, 0));
    out.extend_from_slice(&directory_entry("Workbook", 2, FREE, 0, word(stream.len().max(4096))));
    out.resize(SECTOR * (2 + data), 0);
    let mut fat: Vec<u32> = (1..=data).map(|i| if i == data { END } else { word(i) }).collect();
    fat.push(END);
    fat.resize(data + 1 + tables, 0xFFFF_FFFD);
    fat.resize(tables * 128, FREE);
    out.extend(fat.into_iter().flat_map(u32::to_le_bytes));
    out
}

fn directory_entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> [u8; 128] {
    let mut raw = [0u8; 128];
    for (i, unit) in name.encode_utf16().enumerate() {
        raw[2 * i..2 * i + 2].copy_from_slice(&unit.to_le_bytes());
    }
    raw[64] = u8::try_from(2 * name.len() + 2).unwrap_or(64);
    raw[66] = kind;
    raw[67] = 1;
    raw[68..76].fill(0xFF);
    raw[76..80].copy_from_slice(&child.to_le_bytes());
    raw[116..120].copy_from_slice(&start.to_le_bytes());
    raw[120..124].copy_from_slice(&size.to_le_bytes());
    raw
}

/// A BIFF record.
pub(super) fn record(id: u16, data: &[u8]) -> Vec<u8> {
    let size = u16::try_from(data.len()).expect("a small record");
    [&id.to_le_bytes(), &size.to_le_bytes(), data].concat()
}

/// Little-endian words, one after the other.
pub(super) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

/// A BIFF8 workbook stream with one visible sheet called `A`; `globals` and `sheet` are records without BOF and EOF.
pub(super) fn biff8(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    let bof = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let end = record(0x000A, &[]);
    let head = [bof(5), globals.to_vec()].concat();
    let at = u32::try_from(head.len() + 4 + 9 + end.len()).expect("a small stream");
    let entry = [&at.to_le_bytes()[..], &[0, 0, 1, 0, b'A']].concat();
    [head, record(0x0085, &entry), end.clone(), bof(0x10), sheet.to_vec(), end].concat()
}

/// Bytes from hexadecimal digits.
pub(super) fn hex(digits: &str) -> Vec<u8> {
    let byte = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}
