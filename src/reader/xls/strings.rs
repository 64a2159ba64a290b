//! Texts in BIFF records: UTF-16 or Latin in BIFF8, a code page in BIFF5; long ones go on in CONTINUE records.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

use crate::reader::ole::{u16_at, u32_at, utf16};

/// How texts are stored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Texts {
    /// BIFF8.
    pub(super) wide: bool,
    /// Code page record.
    pub(super) code_page: Option<u16>,
}

/// A text with its fonts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rich {
    /// The text.
    pub(super) value: String,
    /// From which UTF-16 unit on which font applies; empty when the cell's own font applies throughout.
    pub(super) runs: Vec<(u16, u16)>,
}

impl Rich {
    /// Whether every character is struck through, the cell's own font being `own`.
    pub(super) fn struck(&self, own: bool, is_struck: impl Fn(u16) -> bool) -> bool {
        let Some((first, _)) = self.runs.first() else { return own };
        let end = u16::try_from(self.value.encode_utf16().count()).unwrap_or(u16::MAX);
        let inside = |at: u16| at < end;
        (own || *first == 0) && self.runs.iter().filter(|(at, _)| inside(*at)).all(|(_, font)| is_struck(*font))
    }
}

impl Texts {
    /// A text whose length takes `prefix` bytes (1 or 2), at the beginning of `data`.
    pub(super) fn read(self, data: &[u8], prefix: usize) -> Option<String> {
        let count = if prefix == 1 { usize::from(*data.first()?) } else { usize::from(u16_at(data, 0)?) };
        self.characters(data.get(prefix..)?, count)
    }

    /// `count` characters, in BIFF8 after a byte that says how wide they are.
    pub(super) fn characters(self, rest: &[u8], count: usize) -> Option<String> {
        if !self.wide {
            return Some(self.narrow(rest.get(..count)?));
        }
        let (flags, chars) = rest.split_first()?;
        if flags & 1 == 0 {
            Some(chars.get(..count)?.iter().map(|&b| char::from(b)).collect())
        } else {
            Some(utf16(chars.get(..count * 2)?))
        }
    }

    /// The text of a cell, its length in two bytes. `formatted` records have their runs behind the text.
    pub(super) fn cell(self, segments: &[&[u8]], formatted: bool) -> Option<Rich> {
        let mut cursor = Cursor { segments, segment: 0, at: 0 };
        if self.wide {
            let mut text = cursor.text()?;
            if formatted {
                let count = u16_at(cursor.take(2)?, 0)?;
                text.runs = cursor.runs(usize::from(count))?;
            }
            return Some(text);
        }
        let data = segments.first()?;
        let value = self.read(data, 2)?;
        let count = usize::from(u16_at(data, 0)?);
        let mut runs = Vec::new();
        if let Some((_, pairs)) = data.get(2 + count..).filter(|_| formatted).and_then(<[u8]>::split_first) {
            runs = pairs.chunks_exact(2).map(|p| (u16::from(p[0]), u16::from(p[1]))).collect();
        }
        Some(Rich { value, runs })
    }

    /// Bytes of a code page. Chinese programs wrote GBK, some UTF-8, under a western page or none at all.
    fn narrow(self, bytes: &[u8]) -> String {
        if bytes.is_ascii() {
            return bytes.iter().map(|&b| char::from(b)).collect();
        }
        let named: Option<&'static Encoding> = match self.code_page {
            None if only_three_byte_utf8(bytes) => Some(UTF_8),
            Some(936) => Some(GB18030),
            Some(950) => Some(BIG5),
            Some(932) => Some(SHIFT_JIS),
            Some(949) => Some(EUC_KR),
            Some(65001) => Some(UTF_8),
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

/// UTF-8 whose characters beyond ASCII all take three bytes, as Chinese ones do; GBK hardly ever looks like it.
fn only_three_byte_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| c.is_ascii() || c.len_utf8() == 3))
}

/// The shared table: the SST record and its CONTINUE records. Ends early, without fault, where the data ends: each
/// cell whose text is missing is then named.
pub(super) fn shared(segments: &[&[u8]]) -> Vec<Rich> {
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
    /// How many bytes this segment still has; moves to the next one when it is used up.
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

    fn runs(&mut self, count: usize) -> Option<Vec<(u16, u16)>> {
        let mut runs = Vec::new();
        for _ in 0..count {
            let run = self.take(4)?;
            runs.push((u16_at(run, 0)?, u16_at(run, 2)?));
        }
        Some(runs)
    }

    fn text(&mut self) -> Option<Rich> {
        let count = usize::from(u16_at(self.take(2)?, 0)?);
        let mut flags = *self.take(1)?.first()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(u16_at(self.take(2)?, 0)?) };
        let extra = if flags & 4 == 0 { 0 } else { u32_at(self.take(4)?, 0)? as usize };
        let here = self.segments.get(self.segment).map_or(0, |s| s.len() - self.at);
        if flags & 1 == 1 && count > 0 && here >= count * 2 {
            // The usual case: the whole text lies in this record.
            let value = utf16(self.take(count * 2)?);
            return self.rest_of(value, runs, extra);
        }
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
        self.rest_of(String::from_utf16_lossy(&units), runs, extra)
    }

    /// What follows the characters: the runs, and something that is no text.
    fn rest_of(&mut self, value: String, runs: usize, extra: usize) -> Option<Rich> {
        let runs = self.runs(runs)?;
        self.skip(extra)?;
        Some(Rich { value, runs })
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
        let second = [&[0u8][..], b"ab", &[1, 0, 8, 1, 0], b"x", &[0, 0, 5, 0]].concat();
        let texts = shared(&[&first, &[], &second]);
        assert_eq!(texts.iter().map(|t| t.value.as_str()).collect::<Vec<_>>(), ["郑州ab", "x"]);
        assert_eq!(texts[1].runs, [(0, 5)]);
    }

    #[test]
    fn runs_decide_over_the_cells_font() {
        let text = |runs: &[(u16, u16)]| Rich { value: "旧项目".into(), runs: runs.to_vec() };
        let struck = |rich: Rich, own: bool| rich.struck(own, |font| font == 7);
        assert!(struck(text(&[]), true) && !struck(text(&[]), false));
        assert!(struck(text(&[(0, 7)]), false) && struck(text(&[(1, 7), (3, 0)]), true));
        assert!(!struck(text(&[(1, 7)]), false) && !struck(text(&[(0, 7), (2, 0)]), false));
    }

    #[test]
    fn chinese_without_code_page() {
        let gbk = GB18030.encode("项目").0.into_owned();
        let data = [&[4u8][..], &gbk].concat();
        for code_page in [None, Some(1252), Some(936)] {
            assert_eq!(Texts { wide: false, code_page }.read(&data, 1).as_deref(), Some("项目"));
        }
        let data = [&[6u8][..], "项目".as_bytes()].concat();
        assert_eq!(Texts::default().read(&data, 1).as_deref(), Some("项目"));
    }
}
