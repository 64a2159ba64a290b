//! Writes .xls (BIFF8 in an OLE container), as much of it as readers ask for: [MS-XLS], [MS-CFB].

use std::collections::HashMap;

use super::book::{Book, Sheet, Value};

const SECTOR: usize = 512;
/// Most bytes of a record.
const RECORD: usize = 8224;
const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const FAT: u32 = 0xFFFF_FFFD;
/// Streams shorter than this would be kept elsewhere.
const SHORTEST: usize = 4096;

#[derive(Default)]
struct Stream {
    bytes: Vec<u8>,
}

impl Stream {
    fn record(&mut self, id: u16, parts: &[&[u8]]) {
        let length: usize = parts.iter().map(|p| p.len()).sum();
        self.bytes.extend(id.to_le_bytes());
        self.bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        for part in parts {
            self.bytes.extend(*part);
        }
    }

    fn begin(&mut self, kind: u16) {
        let words = [0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0, 6, 0];
        self.record(0x0809, &[&words.map(u16::to_le_bytes).concat()]);
    }

    fn end(&mut self) {
        self.record(0x000A, &[]);
    }
}

/// Texts in the order of their first use.
#[derive(Default)]
struct Texts {
    index: HashMap<String, u32>,
    order: Vec<String>,
    uses: u32,
}

impl Texts {
    fn index(&mut self, text: &str) -> u32 {
        self.uses += 1;
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let order = &mut self.order;
        *self.index.entry(text.to_owned()).or_insert_with(|| {
            order.push(text.to_owned());
            next
        })
    }

    /// The table of texts; a text never crosses a record.
    fn write(&self, out: &mut Stream) {
        let mut record =
            [self.uses, u32::try_from(self.order.len()).unwrap_or(u32::MAX)].map(u32::to_le_bytes).concat();
        let mut id = 0x00FC;
        for text in &self.order {
            let encoded = utf16(text);
            if record.len() + encoded.len() + 3 > RECORD {
                out.record(id, &[&record]);
                (id, record) = (0x003C, Vec::new());
            }
            record.extend(u16::try_from(encoded.len() / 2).unwrap_or(u16::MAX).to_le_bytes());
            record.push(1);
            record.extend(encoded);
        }
        out.record(id, &[&record]);
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The bytes of a workbook.
pub(super) fn write(book: &Book) -> Vec<u8> {
    let mut texts = Texts::default();
    let sheets: Vec<Vec<u8>> = book.sheets.iter().map(|s| sheet(s, &mut texts)).collect();
    // Where a sheet begins follows from the size of what comes before it, which does not depend on it.
    let size = globals(book, &texts, &vec![0; sheets.len()]).len();
    let mut places = Vec::new();
    let mut at = size;
    for sheet in &sheets {
        places.push(u32::try_from(at).unwrap_or(u32::MAX));
        at += sheet.len();
    }
    let mut bytes = globals(book, &texts, &places);
    for sheet in &sheets {
        bytes.extend(sheet);
    }
    container(bytes)
}

fn globals(book: &Book, texts: &Texts, places: &[u32]) -> Vec<u8> {
    let mut out = Stream::default();
    out.begin(0x0005);
    out.record(0x0042, &[&1200u16.to_le_bytes()]);
    let font = utf16("宋体");
    for _ in 0..4 {
        let head = [220u16, 0, 0x7FFF, 400, 0].map(u16::to_le_bytes).concat();
        out.record(0x0031, &[&head, &[0, 0, 134, 0], &[2, 1], &font]);
    }
    // Fifteen formats of styles, then those of cells: text, number, date.
    for i in 0..18u16 {
        let format: u16 = match i {
            15 => 49,
            16 => 4,
            17 => 14,
            _ => 0,
        };
        let kind: u16 = if i < 15 { 0xFFF5 } else { 1 };
        out.record(0x00E0, &[&[0, format, kind].map(u16::to_le_bytes).concat(), &[0x20, 0, 0, 0], &[0; 10]]);
    }
    for (sheet, place) in book.sheets.iter().zip(places) {
        let name = utf16(&sheet.name);
        let length = u8::try_from(name.len() / 2).unwrap_or(u8::MAX);
        out.record(0x0085, &[&place.to_le_bytes(), &[0, 0], &[length, 1], &name]);
    }
    texts.write(&mut out);
    out.end();
    out.bytes
}

fn sheet(sheet: &Sheet, texts: &mut Texts) -> Vec<u8> {
    let mut out = Stream::default();
    out.begin(0x0010);
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    out.record(0x0200, &[&0u32.to_le_bytes(), &rows.to_le_bytes(), &short(0), &short(width), &short(0)]);
    for (row, values) in sheet.rows.iter().enumerate() {
        for (col, value) in values.iter().enumerate() {
            let place = [short(row), short(col)].concat();
            let format = |i: u16| i.to_le_bytes();
            match value {
                Value::Empty => out.record(0x0201, &[&place, &format(15)]),
                Value::Text(text) => out.record(0x00FD, &[&place, &format(15), &texts.index(text).to_le_bytes()]),
                Value::Number(n) => out.record(0x0203, &[&place, &format(16), &n.to_le_bytes()]),
                Value::Date(n) => out.record(0x0203, &[&place, &format(17), &n.to_le_bytes()]),
                Value::Sum(from, to, n) => {
                    // SUM over an area: PtgArea with relative columns and rows, then the attribute for SUM.
                    let relative = short(col | 0xC000);
                    let area =
                        [&[0x25][..], &short(*from as usize - 1), &short(*to as usize - 1), &relative, &relative];
                    let tokens = [&area.concat()[..], &[0x19, 0x10, 0, 0]].concat();
                    let length = short(tokens.len());
                    out.record(0x0006, &[&place, &format(16), &n.to_le_bytes(), &[0; 6], &length, &tokens]);
                }
            }
        }
    }
    let merge = |m: &(u32, u32, u32, u32)| [m.0, m.2, m.1, m.3].map(|n| short(n as usize)).concat();
    let merges: Vec<u8> = sheet.merges.iter().flat_map(merge).collect();
    out.record(0x00E5, &[&short(sheet.merges.len()), &merges]);
    out.end();
    out.bytes
}

/// The stream in an OLE container: the stream, one sector of directory, the allocation table.
fn container(mut stream: Vec<u8>) -> Vec<u8> {
    let size = stream.len().max(SHORTEST);
    stream.resize(size.next_multiple_of(SECTOR), 0);
    let data = stream.len() / SECTOR;
    let mut tables = 1;
    while (data + 1 + tables).div_ceil(SECTOR / 4) > tables {
        tables += 1;
    }
    let sector = |n: usize| u32::try_from(n).unwrap_or(FREE);
    let mut table: Vec<u32> = (1..=data).map(|next| if next == data { END } else { sector(next) }).collect();
    table.push(END);
    table.extend(std::iter::repeat_n(FAT, tables));
    table.resize(tables * SECTOR / 4, FREE);

    let mut out = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    out.extend([0; 16]);
    out.extend([0x3E_u16, 3, 0xFFFE, 9, 6].map(u16::to_le_bytes).concat());
    out.extend([0; 6]);
    let head = [0, sector(tables), sector(data), 0, 4096, END, 0, END, 0];
    out.extend(head.map(u32::to_le_bytes).concat());
    for i in 0..109 {
        out.extend((if i < tables { sector(data + 1 + i) } else { FREE }).to_le_bytes());
    }
    out.extend(stream);
    out.extend(entry("Root Entry", 5, 1, END, 0));
    out.extend(entry("Workbook", 2, FREE, 0, size as u64));
    out.resize((data + 2) * SECTOR, 0);
    out.extend(table.into_iter().flat_map(u32::to_le_bytes));
    out
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u64) -> Vec<u8> {
    let mut out = utf16(name);
    let length = u16::try_from(out.len() + 2).unwrap_or(u16::MAX);
    out.resize(64, 0);
    out.extend(length.to_le_bytes());
    out.extend([kind, 1]);
    out.extend([FREE, FREE, child].map(u32::to_le_bytes).concat());
    out.extend([0; 36]);
    out.extend(start.to_le_bytes());
    out.extend(size.to_le_bytes());
    out
}
