//! Imprints that stand somewhere else than in memory, such as in a file: read as a whole or row by row.

use std::io::{self, ErrorKind};
use std::ops::Range;

use super::bytes::{HEAD, Head, KEY, LINE, ROW, line, names};
use super::{Imprint, number};
use crate::model::{BatchId, PastKey, RowKeys};

/// Bytes between two stretches that are read along with them: copying them takes less than another call.
const GAP: usize = 8 << 10;

/// Bytes that can be read from any position on.
pub trait ReadAt {
    /// Fills the buffer with what stands from this position on.
    ///
    /// # Errors
    /// When there is not so much, or it cannot be read.
    fn read_at(&self, into: &mut [u8], from: u64) -> io::Result<()>;
}

/// An imprint that stands somewhere else, as [`Imprint::to_bytes`] gave it.
#[derive(Debug)]
pub struct StoredImprint<S> {
    source: S,
    head: Head,
    keys: usize,
    names: usize,
    texts: usize,
}

impl<S: ReadAt> StoredImprint<S> {
    /// The imprint in these bytes, `length` of them.
    ///
    /// # Errors
    /// When they cannot be read, or are not of this program.
    pub fn open(source: S, length: u64) -> io::Result<Self> {
        let mut head = [0; HEAD];
        source.read_at(&mut head, 0)?;
        let head = Head::of(&head).ok_or(ErrorKind::InvalidData)?;
        let after = |start: usize, count: usize, size: usize| count.checked_mul(size)?.checked_add(start);
        let sections = || {
            let keys = after(HEAD, head.lines, LINE)?;
            let names = after(keys, head.keys, KEY + ROW)?;
            let texts = after(names, head.names, 1)?;
            Some((keys, names, texts, after(texts, head.texts, 1)? as u64))
        };
        let (keys, names, texts, _) = sections().filter(|(.., end)| *end == length).ok_or(ErrorKind::InvalidData)?;
        Ok(Self { source, head, keys, names, texts })
    }

    /// Its batch.
    #[must_use]
    pub fn batch(&self) -> BatchId {
        BatchId::from_number(self.head.batch)
    }

    /// Whether it has a row that was accepted.
    #[must_use]
    pub fn has_projects(&self) -> bool {
        self.head.has_projects
    }

    /// What its rows are looked up by.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn keys(&self) -> io::Result<RowKeys> {
        let bytes = self.section(self.keys..self.names)?;
        let (keys, rows) = bytes.split_at_checked(self.head.keys * KEY).ok_or(ErrorKind::InvalidData)?;
        let (keys, _) = keys.as_chunks();
        let (rows, _) = rows.as_chunks();
        let keys = keys.iter().map(|key| PastKey::from_number(u64::from_le_bytes(*key))).collect();
        Ok(RowKeys::sorted(keys, rows.iter().map(|row| u32::from_le_bytes(*row)).collect(), self.head.started))
    }

    /// All rows.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn whole(&self) -> io::Result<Imprint> {
        let bytes = self.section(HEAD..self.keys)?;
        let (chunks, _) = bytes.as_chunks::<LINE>();
        let lines = chunks.iter().zip(0..).map(|(bytes, at)| line(bytes, at)).collect::<Option<Vec<_>>>();
        let lines = lines.ok_or(ErrorKind::InvalidData)?;
        Ok(Imprint { batch: self.batch(), lines, names: self.names()?, texts: self.section(self.texts..self.end())? })
    }

    /// The rows of these numbers, which rise.
    ///
    /// # Errors
    /// When they cannot be read, or there is no such row.
    pub fn some(&self, rows: &[u32]) -> io::Result<Imprint> {
        if rows.last().is_some_and(|last| *last as usize >= self.head.lines) {
            return Err(ErrorKind::InvalidInput.into());
        }
        let bytes = self.stretches(rows.iter().map(|row| {
            let start = HEAD + *row as usize * LINE;
            start..start + LINE
        }))?;
        let (chunks, _) = bytes.as_chunks::<LINE>();
        let lines = chunks.iter().zip(rows).map(|(bytes, row)| line(bytes, *row)).collect::<Option<Vec<_>>>();
        let lines = lines.ok_or(ErrorKind::InvalidData)?;
        let texts =
            self.stretches(lines.iter().map(|line| self.texts + line.from as usize..self.texts + line.said as usize))?;
        let mut from = 0;
        let lines = lines.into_iter().map(|line| {
            let moved = line.moved(number(from));
            from = moved.said as usize;
            moved
        });
        Ok(Imprint { batch: self.batch(), lines: lines.collect(), names: self.names()?, texts })
    }

    fn end(&self) -> usize {
        self.texts + self.head.texts
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(names(&self.section(self.names..self.texts)?).ok_or(ErrorKind::InvalidData)?)
    }

    fn section(&self, section: Range<usize>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; section.len()];
        self.source.read_at(&mut bytes, section.start as u64)?;
        Ok(bytes)
    }

    /// These stretches one after the other; none begins before the end of the one before it.
    fn stretches(&self, stretches: impl Iterator<Item = Range<usize>>) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut stretches = stretches.peekable();
        let mut own: Vec<Range<usize>> = Vec::new();
        while let Some(first) = stretches.next() {
            let (start, mut end) = (first.start, first.end);
            own.clear();
            own.push(first);
            while let Some(next) = stretches.next_if(|next| (end..=end + GAP).contains(&next.start)) {
                end = next.end.max(end);
                own.push(next);
            }
            let bytes = self.section(start..end.min(self.end()))?;
            for stretch in &own {
                let own = bytes.get(stretch.start - start..stretch.end - start).ok_or(ErrorKind::InvalidData)?;
                all.extend_from_slice(own);
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::model::{ImprintMaker, PartialDate, Precision, Sighting, Stage};

    impl ReadAt for &[u8] {
        fn read_at(&self, into: &mut [u8], from: u64) -> io::Result<()> {
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            let own = self.get(from..from.saturating_add(into.len())).ok_or(ErrorKind::UnexpectedEof)?;
            into.copy_from_slice(own);
            Ok(())
        }
    }

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
        let open = |bytes| StoredImprint::open(bytes, <[u8]>::len(bytes) as u64);
        assert!((0..bytes.len()).all(|end| open(&bytes[..end]).is_err()));
        let stored = open(&bytes).unwrap();
        assert_eq!((stored.batch(), stored.has_projects()), (imprint.batch().clone(), true));
        assert_eq!(stored.whole().unwrap(), imprint);
        assert_eq!(stored.keys().unwrap(), RowKeys::of(&imprint));
        for rows in [&[][..], &[0], &[1], &[2], &[0, 2], &[1, 2], &[0, 1, 2]] {
            let some = stored.some(rows).unwrap();
            assert_eq!(some, imprint.pick(rows));
            let whole = |row: &u32| imprint.sighting(*row as usize);
            assert_eq!(
                (0..rows.len()).map(|at| some.sighting(at)).collect::<Vec<_>>(),
                rows.iter().map(whole).collect::<Vec<_>>()
            );
            assert_eq!(some.lines().iter().map(|line| line.number).collect::<Vec<_>>(), rows);
        }
        assert!(stored.some(&[3]).is_err());
        let [one, other, rejected] = imprint.lines() else { panic!("{imprint:?}") };
        assert!(one.is_part && one.speaks && !other.speaks && !rejected.accepted && rejected.date.is_none());
        assert_eq!((one.id, one.keys().count(), other.keys().count()), (0x00ff_00ff_00ff_00ff, 4, 3));
        assert!(one.print != other.print && one.print != rejected.print);
    }
}
