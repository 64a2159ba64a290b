//! Texts in BIFF records: UTF-16 or Latin in BIFF8, a code page in BIFF5; the shared table over CONTINUE records.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

use super::ole::{u16_at, u32_at};

/// How texts are stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts {
    /// BIFF8.
    pub(super) wide: bool,
    /// Code page record.
    pub(super) code_page: Option<u16>,
}

impl Texts {
    /// A text whose length takes `prefix` bytes (1 or 2), at the beginning of `data`.
    pub(super) fn read(self, data: &[u8], prefix: usize) -> Option<String> {
        let count = if prefix == 1 { usize::from(*data.first()?) } else { usize::from(u16_at(data, 0)?) };
        let rest = data.get(prefix..)?;
        if !self.wide {
            return Some(self.narrow(rest.get(..count)?));
        }
        let flags = *rest.first()?;
        let mut skip = 1;
        skip += if flags & 8 == 0 { 0 } else { 2 };
        skip += if flags & 4 == 0 { 0 } else { 4 };
        let chars = rest.get(skip..)?;
        if flags & 1 == 0 {
            Some(chars.get(..count)?.iter().map(|&b| char::from(b)).collect())
        } else {
            Some(utf16(chars.get(..count * 2)?))
        }
    }

    /// Bytes of a code page. Chinese programs wrote GBK under a western page or none at all.
    fn narrow(self, bytes: &[u8]) -> String {
        let named: Option<&'static Encoding> = match self.code_page {
            Some(936) => Some(GB18030),
            Some(950) => Some(BIG5),
            Some(932) => Some(SHIFT_JIS),
            Some(949) => Some(EUC_KR),
            _ => None,
        };
        for encoding in named.into_iter().chain([GB18030]) {
            let (text, broken) = encoding.decode_without_bom_handling(bytes);
            if !broken {
                return text.into_owned();
            }
        }
        WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|c| u16_at(c, 0)).collect();
    String::from_utf16_lossy(&units)
}

/// The shared table: the SST record and its CONTINUE records. Ends early, without fault, where the data ends.
pub(super) fn shared(segments: &[&[u8]]) -> Vec<String> {
    let mut cursor = Cursor { segments, segment: 0, at: 8 };
    let mut texts = Vec::new();
    while let Some(text) = cursor.text() {
        texts.push(text);
    }
    texts
}

struct Cursor<'a> {
    segments: &'a [&'a [u8]],
    segment: usize,
    at: usize,
}

impl Cursor<'_> {
    /// The next bytes, none of which lie beyond the segment; moves to the next segment when this one is used up.
    fn left(&mut self) -> Option<usize> {
        while self.at >= self.segments.get(self.segment)?.len() {
            self.segment += 1;
            self.at = 0;
        }
        Some(self.segments[self.segment].len() - self.at)
    }

    fn take(&mut self, n: usize) -> Option<&[u8]> {
        if self.left()? < n {
            return None;
        }
        let bytes = &self.segments[self.segment][self.at..self.at + n];
        self.at += n;
        Some(bytes)
    }

    fn skip(&mut self, mut n: usize) -> Option<()> {
        while n > 0 {
            let step = self.left()?.min(n);
            self.at += step;
            n -= step;
        }
        Some(())
    }

    fn text(&mut self) -> Option<String> {
        let count = usize::from(u16_at(self.take(2)?, 0)?);
        let mut flags = *self.take(1)?.first()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(u16_at(self.take(2)?, 0)?) };
        let extra = if flags & 4 == 0 { 0 } else { u32_at(self.take(4)?, 0)? as usize };
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            let before = self.segment;
            let left = self.left()?;
            if self.segment != before {
                // A text that goes on in the next record says its width again.
                flags = *self.take(1)?.first()?;
                continue;
            }
            let missing = count - units.len();
            if flags & 1 == 0 {
                let bytes = self.take(missing.min(left))?;
                units.extend(bytes.iter().map(|&b| u16::from(b)));
            } else {
                let bytes = self.take((missing * 2).min(left & !1).max(2))?;
                units.extend(bytes.chunks_exact(2).filter_map(|c| u16_at(c, 0)));
            }
        }
        self.skip(runs * 4 + extra)?;
        Some(String::from_utf16_lossy(&units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_go_on_in_the_next_record() {
        let head = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        let wide: Vec<u8> = "郑州".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let first = [&head[..], &[4, 0, 1], &wide].concat();
        let second = [&[0u8][..], b"ab", &[1, 0, 0], b"x"].concat();
        assert_eq!(shared(&[&first, &second]), ["郑州ab", "x"]);
    }

    #[test]
    fn gbk_without_code_page_is_chinese() {
        let gbk = GB18030.encode("项目").0.into_owned();
        let data = [&[4u8][..], &gbk].concat();
        for code_page in [None, Some(1252), Some(936)] {
            assert_eq!(Texts { wide: false, code_page }.read(&data, 1).as_deref(), Some("项目"));
        }
    }
}
