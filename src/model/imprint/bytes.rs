//! Imprints as bytes. The layout is of this program alone: whoever keeps one says which program has written it.

use std::num::NonZeroU64;

use super::{Imprint, Line, NO_NAME, TEXTS};
use crate::model::{PartialDate, PastKey, Precision, RowKeys, Stage, date_of_days, days_since_1970};

/// What they begin with.
const MAGIC: &[u8; 16] = b"sanpi imprint 4\n";
/// Bytes before the lines.
pub(super) const HEAD: usize = 64;
/// Bytes of a line.
pub(super) const LINE: usize = 132;
/// Bytes of a key.
pub(super) const KEY: usize = 8;
/// Bytes of the number of a row.
pub(super) const ROW: usize = 4;

/// How many of each there are, as it stands before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) batch: u32,
    pub(super) lines: usize,
    /// Keys of all lines.
    pub(super) keys: usize,
    /// Bytes of the names.
    pub(super) names: usize,
    /// Bytes of the texts.
    pub(super) texts: usize,
    /// See [`Imprint::started`].
    pub(super) started: bool,
    /// See [`Imprint::has_projects`].
    pub(super) has_projects: bool,
}

impl Head {
    /// From the first bytes; `None` when they are not of this program.
    pub(super) fn of(bytes: &[u8; HEAD]) -> Option<Self> {
        let mut from = From(bytes);
        if from.some().as_ref() != Some(MAGIC) {
            return None;
        }
        let [batch, lines, keys, names, texts, bits] = from.numbers()?;
        let size = |n: u64| usize::try_from(n).ok();
        Some(Self {
            batch: u32::try_from(batch).ok()?,
            lines: size(lines)?,
            keys: size(keys)?,
            names: size(names)?,
            texts: size(texts)?,
            started: bits & 1 != 0,
            has_projects: bits & 2 != 0,
        })
    }

    fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        let bits = bit(self.started, 0) | bit(self.has_projects, 1);
        let numbers = [self.batch as usize, self.lines, self.keys, self.names, self.texts, bits as usize];
        let numbers = numbers.into_iter().flat_map(|count| (count as u64).to_le_bytes());
        bytes.iter_mut().zip(MAGIC.iter().copied().chain(numbers)).for_each(|(to, byte)| *to = byte);
        bytes
    }
}

impl Imprint {
    /// As bytes: a head, the lines, what they are looked up by, the names, the texts. They hold no checksum: that is for the
    /// file that they stand in.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let keys = RowKeys::of(self);
        let head = Head {
            batch: self.batch.number(),
            lines: self.lines.len(),
            keys: keys.keys().len(),
            names: self.names.iter().map(|name| name.len() + 4).sum(),
            texts: self.texts.len(),
            started: keys.started(),
            has_projects: self.has_projects(),
        };
        let mut bytes =
            Vec::with_capacity(HEAD + head.lines * LINE + head.keys * (KEY + ROW) + head.names + head.texts);
        bytes.extend_from_slice(&head.bytes());
        for line in &self.lines {
            put(line, &mut bytes);
        }
        bytes.extend(keys.keys().iter().flat_map(|key| key.number().to_le_bytes()));
        bytes.extend(keys.rows().iter().flat_map(|row| row.to_le_bytes()));
        for name in &self.names {
            bytes.extend_from_slice(&super::number(name.len()).to_le_bytes());
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes.extend_from_slice(&self.texts);
        bytes
    }
}

/// The names that these bytes say.
pub(super) fn names(bytes: &[u8]) -> Option<Vec<String>> {
    let (mut from, mut names) = (From(bytes), Vec::new());
    while !from.0.is_empty() {
        let length = u32::from_le_bytes(from.some()?);
        names.push(std::str::from_utf8(from.take(length as usize)?).ok()?.to_owned());
    }
    Some(names)
}

/// The line of this number that these bytes say.
pub(super) fn line(bytes: &[u8], number: u32) -> Option<Line> {
    get(&mut From(bytes), number)
}

/// Bit of `at`, when it is set.
fn bit(set: bool, at: u32) -> u32 {
    u32::from(set) << at
}

fn put(line: &Line, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&line.print.to_le_bytes());
    bytes.extend_from_slice(&line.id.to_le_bytes());
    bytes.extend_from_slice(&line.family.map_or(0, NonZeroU64::get).to_le_bytes());
    for key in line.keys {
        bytes.extend_from_slice(&key.map_or(0, PastKey::number).to_le_bytes());
    }
    for money in [line.total_yuan, line.annual_yuan, line.completed_yuan] {
        bytes.extend_from_slice(&money.unwrap_or_default().to_le_bytes());
    }
    for end in line.ends.into_iter().chain([line.from, line.said, line.unit, line.sector.unwrap_or(NO_NAME)]) {
        bytes.extend_from_slice(&end.to_le_bytes());
    }
    bytes.extend_from_slice(&line.date.map_or(0, |date| days_since_1970(date.first)).to_le_bytes());
    let precision = line.date.and_then(|date| Precision::ALL.iter().position(|p| *p == date.precision));
    let present = (0..).zip(line.present).fold(0, |bits, (at, set)| bits | bit(set, at));
    let money = [line.total_yuan, line.annual_yuan, line.completed_yuan].map(|money| money.is_some());
    let money = (4..).zip(money).fold(0, |bits, (at, set)| bits | bit(set, at));
    let others = bit(line.accepted, 8) | bit(line.is_part, 9) | bit(line.speaks, 10);
    let stage = super::number(line.stage.index()) << 16;
    let precision = precision.map_or(0, |at| super::number(at + 1)) << 20;
    bytes.extend_from_slice(&(present | money | others | stage | precision).to_le_bytes());
}

fn get(from: &mut From<'_>, number: u32) -> Option<Line> {
    let [print, id, family, a, b, c, d] = from.numbers()?;
    let [total, annual, completed] = from.numbers()?.map(u64::cast_signed);
    let mut ends = [0; TEXTS];
    for end in &mut ends {
        *end = u32::from_le_bytes(from.some()?);
    }
    let mut next = || from.some().map(u32::from_le_bytes);
    let (start, said, unit, sector, days, bits) = (next()?, next()?, next()?, next()?, next()?, next()?);
    let is = |at: u32| bits >> at & 1 == 1;
    let keys = [a, b, c, d].map(|key| (key != 0).then_some(PastKey::from_number(key)));
    let precision = match (bits >> 20 & 7) as usize {
        0 => None,
        at => Some(*Precision::ALL.get(at - 1)?),
    };
    let first = precision.map(|_| date_of_days(days.cast_signed()).ok_or(())).transpose().ok()?;
    Some(Line {
        number,
        id,
        stage: *Stage::ALL.get((bits >> 16 & 3) as usize)?,
        accepted: is(8),
        unit,
        sector: (sector != NO_NAME).then_some(sector),
        total_yuan: is(4).then_some(total),
        annual_yuan: is(5).then_some(annual),
        completed_yuan: is(6).then_some(completed),
        date: first.zip(precision).map(|(first, precision)| PartialDate { first, precision }),
        family: NonZeroU64::new(family),
        is_part: is(9),
        speaks: is(10),
        print,
        keys,
        present: [0, 1, 2, 3].map(is),
        from: start,
        ends,
        said,
    })
}

/// What is left of some bytes.
struct From<'a>(&'a [u8]);

impl<'a> From<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn some<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn numbers<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = u64::from_le_bytes(self.some()?);
        }
        Some(numbers)
    }
}
