//! Imprints in files. The layout is of this program alone: whoever keeps one says which program has written it.

use std::io::{self, Read};

use super::{Imprint, Line, NO_NAME, TEXTS};
use crate::model::{BatchId, PartialDate, PastKey, Precision, Stage, date_of_days, days_since_1970};

/// What a file begins with.
const MAGIC: &[u8; 16] = b"sanpi imprint 1\n";
/// Bytes before the lines.
const HEAD: usize = 48;
/// Bytes of a line.
const LINE: usize = 140;

impl Imprint {
    /// As bytes. They hold no checksum: that is for the file that they stand in.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let names: usize = self.names.iter().map(|name| name.len() + 4).sum();
        let mut bytes = Vec::with_capacity(HEAD + self.lines.len() * LINE + names + self.texts.len());
        bytes.extend_from_slice(MAGIC);
        for count in [self.batch.number() as usize, self.lines.len(), self.names.len(), self.texts.len()] {
            bytes.extend_from_slice(&(count as u64).to_le_bytes());
        }
        for line in &self.lines {
            put(line, &mut bytes);
        }
        for name in &self.names {
            bytes.extend_from_slice(&super::number(name.len()).to_le_bytes());
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes.extend_from_slice(&self.texts);
        bytes
    }

    /// From what [`Imprint::to_bytes`] gives, `length` bytes of it; `None` when they are not of this program. Never held
    /// twice: all rows of all batches are read at the start of many runs.
    ///
    /// # Errors
    /// Those of the reader, and when it ends too early.
    pub fn read(reader: &mut impl Read, length: u64) -> io::Result<Option<Self>> {
        let mut head = [0; HEAD];
        reader.read_exact(&mut head)?;
        let mut head = From(&head);
        let is_ours = head.some().as_ref() == Some(MAGIC);
        let mut count = || head.some().map_or(u64::MAX, u64::from_le_bytes);
        let (batch, lines, names, texts) = (count(), count(), count(), count());
        let least = [(lines, LINE as u64), (names, 4), (texts, 1)];
        let least = least.into_iter().map(|(n, size)| n.saturating_mul(size)).fold(HEAD as u64, u64::saturating_add);
        let (Ok(batch), true) = (u32::try_from(batch), is_ours && least <= length) else { return Ok(None) };
        let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let mut found = Vec::with_capacity(size(lines));
        let mut line = [0; LINE];
        for _ in 0..lines {
            reader.read_exact(&mut line)?;
            let Some(line) = get(&mut From(&line)) else { return Ok(None) };
            found.push(line);
        }
        let mut of_names = Vec::with_capacity(size(names));
        for _ in 0..names {
            let mut length = [0; 4];
            reader.read_exact(&mut length)?;
            let mut name = Vec::new();
            reader.take(u32::from_le_bytes(length).into()).read_to_end(&mut name)?;
            let Ok(name) = String::from_utf8(name) else { return Ok(None) };
            of_names.push(name);
        }
        let mut of_texts = vec![0; size(texts)];
        reader.read_exact(&mut of_texts)?;
        Ok(Some(Self { batch: BatchId::from_number(batch), lines: found, names: of_names, texts: of_texts }))
    }
}

/// Bit of `at`, when it is set.
fn bit(set: bool, at: u32) -> u32 {
    u32::from(set) << at
}

fn put(line: &Line, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&line.print.to_le_bytes());
    bytes.extend_from_slice(&line.id.to_le_bytes());
    bytes.extend_from_slice(&line.family.unwrap_or_default().to_le_bytes());
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
    let others = bit(line.accepted, 8) | bit(line.is_part, 9) | bit(line.speaks, 10) | bit(line.family.is_some(), 11);
    let stage = super::number(line.stage.index()) << 16;
    let precision = precision.map_or(0, |at| super::number(at + 1)) << 20;
    bytes.extend_from_slice(&(present | money | others | stage | precision).to_le_bytes());
}

fn get(from: &mut From<'_>) -> Option<Line> {
    let print = u128::from_le_bytes(from.some()?);
    let [id, family, a, b, c, d] = from.numbers()?;
    let [total, annual, completed] = from.numbers()?.map(u64::cast_signed);
    let mut ends = [0; TEXTS];
    for end in &mut ends {
        *end = u32::from_le_bytes(from.some()?);
    }
    let mut number = || from.some().map(u32::from_le_bytes);
    let (start, said, unit, sector, days, bits) = (number()?, number()?, number()?, number()?, number()?, number()?);
    let is = |at: u32| bits >> at & 1 == 1;
    let keys = [a, b, c, d].map(|key| (key != 0).then_some(PastKey::from_number(key)));
    let precision = match (bits >> 20 & 7) as usize {
        0 => None,
        at => Some(*Precision::ALL.get(at - 1)?),
    };
    let first = precision.map(|_| date_of_days(days.cast_signed()).ok_or(())).transpose().ok()?;
    Some(Line {
        id,
        stage: *Stage::ALL.get((bits >> 16 & 3) as usize)?,
        accepted: is(8),
        unit,
        sector: (sector != NO_NAME).then_some(sector),
        total_yuan: is(4).then_some(total),
        annual_yuan: is(5).then_some(annual),
        completed_yuan: is(6).then_some(completed),
        date: first.zip(precision).map(|(first, precision)| PartialDate { first, precision }),
        family: is(11).then_some(family),
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

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::super::ImprintMaker;
    use super::*;
    use crate::model::Sighting;

    #[test]
    fn what_goes_in_comes_out() {
        let full = Sighting {
            batch: BatchId::from_number(7),
            stage: Stage::Production,
            unit_code: "410300".to_owned(),
            project_id: "00ff00ff00ff00ff".to_owned(),
            name: "豫西产业园一期".to_owned(),
            county_name: Some(String::new()),
            project_code: Some("2511-410102-04-01-986123".to_owned()),
            owner: Some("甲公司".to_owned()),
            owner_credit_code: None,
            sector: Some("农业".to_owned()),
            total_yuan: Some(-1),
            annual_yuan: Some(i64::MAX),
            completed_yuan: None,
            date: Some(PartialDate { first: Date::constant(1969, 12, 1), precision: Precision::Month }),
            said: vec![("备注".to_owned(), "3:已投产".to_owned()), (String::new(), "是".to_owned())],
        };
        let bare = Sighting {
            stage: Stage::Signing,
            project_id: "a".to_owned(),
            owner: None,
            sector: None,
            date: None,
            said: Vec::new(),
            ..full.clone()
        };
        let mut maker = ImprintMaker::new(&full.batch);
        maker.push(&full, true);
        maker.push(&bare, true);
        maker.push(&full, false);
        let imprint = maker.done();
        assert_eq!((imprint.sighting(0), imprint.sighting(1)), (Some(full), Some(bare)));
        let bytes = imprint.to_bytes();
        let read = |bytes: &[u8]| Imprint::read(&mut &bytes[..], bytes.len() as u64).ok().flatten();
        assert_eq!(read(&bytes).as_ref(), Some(&imprint));
        assert!((0..bytes.len()).all(|end| read(&bytes[..end]).is_none()));
        let [one, other, rejected] = imprint.lines() else { panic!("{imprint:?}") };
        assert!(one.is_part && one.speaks && !other.speaks && !rejected.accepted && rejected.date.is_none());
        assert_eq!((one.id, one.keys().count(), other.keys().count()), (0x00ff_00ff_00ff_00ff, 4, 3));
        assert!(one.print != other.print && one.print != rejected.print);
    }
}
