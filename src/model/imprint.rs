//! What one batch leaves behind for others: its rows, packed.
//!
//! A run goes through the rows of all batches, hundreds of thousands of them, so the texts of a batch stand one after the
//! other in one block, what a row is looked up by is worked out once, and a row is only unpacked where it counts.

mod bytes;
mod stored;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;

pub use stored::{ReadAt, StoredImprint};

use super::history::{PastKey, PastProject};
use super::{
    BatchId, PartialDate, Sighting, Stage, credit_code_key, days_since_1970, name_key, owner_key, part_base,
    part_marks_of_key, project_code_key,
};

/// Texts of a row: unit code, id, name, and four that may be missing: owner, credit code, project code, county.
const TEXTS: usize = 7;
/// No name of [`Imprint::name`].
const NO_NAME: u32 = u32::MAX;

/// A row of an [`Imprint`]: what can be told of it without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number among the rows of its batch, from 0.
    pub number: u32,
    /// The id of its project: the number that 16 hexadecimal digits say, or a hash of any other text.
    pub id: u64,
    /// Stage.
    pub stage: Stage,
    /// It was accepted; `false` for a row that was rejected.
    pub accepted: bool,
    /// Unit code, see [`Imprint::name`].
    pub unit: u32,
    /// Sector, see [`Imprint::name`].
    pub sector: Option<u32>,
    /// 总投资 in 元.
    pub total_yuan: Option<i64>,
    /// 年度计划投资 in 元.
    pub annual_yuan: Option<i64>,
    /// 累计完成投资 in 元.
    pub completed_yuan: Option<i64>,
    /// Date of its stage.
    pub date: Option<PartialDate>,
    /// Hash of unit, owner and what its name has in common with its parts or its whole; `None` when it can have neither.
    pub family: Option<NonZeroU64>,
    /// Its name speaks of numbered parts.
    pub is_part: bool,
    /// It says something in its remark or in columns without a field.
    pub speaks: bool,
    /// Checksum of all that the row says.
    pub print: u64,
    /// What it is looked up by: name, code, id, owner and name.
    keys: [Option<PastKey>; 4],
    /// Which of owner, credit code, project code and county are there.
    present: [bool; 4],
    /// Start of the first text.
    from: u32,
    /// End of each text.
    ends: [u32; TEXTS],
    /// End of what it says besides.
    said: u32,
}

impl Line {
    /// What it is looked up by.
    pub fn keys(&self) -> impl Iterator<Item = PastKey> + '_ {
        self.keys.iter().flatten().copied()
    }

    /// As it is when its texts begin here.
    fn moved(&self, from: u32) -> Self {
        let at = |end: u32| from + (end - self.from);
        Self { from, ends: self.ends.map(at), said: at(self.said), ..self.clone() }
    }
}

/// The rows of one batch, or some of them: those that were accepted, then those that were rejected, as in their datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    batch: BatchId,
    lines: Vec<Line>,
    /// Unit codes and sectors, each once.
    names: Vec<String>,
    /// UTF-8.
    texts: Vec<u8>,
}

/// Makes an [`Imprint`] row by row.
#[derive(Debug)]
pub struct ImprintMaker {
    imprint: Imprint,
    names: HashMap<String, u32>,
}

impl ImprintMaker {
    /// Of this batch.
    #[must_use]
    pub fn new(batch: &BatchId) -> Self {
        let imprint = Imprint { batch: batch.clone(), lines: Vec::new(), names: Vec::new(), texts: Vec::new() };
        Self { imprint, names: HashMap::new() }
    }

    /// Adds a row. Of one that was rejected only what other batches look for is kept.
    pub fn push(&mut self, row: &Sighting, accepted: bool) {
        let said = if accepted { said(&row.said) } else { String::new() };
        let past = PastProject {
            batch: row.batch.clone(),
            unit_code: &row.unit_code,
            stage: row.stage,
            project_id: &row.project_id,
            name: &row.name,
            owner: row.owner.as_deref(),
            owner_credit_code: row.owner_credit_code.as_deref(),
            project_code: row.project_code.as_deref(),
            county_name: row.county_name.as_deref(),
            total_yuan: row.total_yuan,
            accepted,
        };
        let mut line = self.line(&past, &said);
        if accepted {
            line.sector = row.sector.as_deref().map(|sector| self.name(sector));
            (line.annual_yuan, line.completed_yuan, line.date) = (row.annual_yuan, row.completed_yuan, row.date);
        }
        self.add(line, row.sector.as_deref().filter(|_| accepted));
    }

    /// Adds a row of which no more is known than what other batches look for.
    pub fn push_past(&mut self, row: &PastProject<'_>) {
        let line = self.line(row, "");
        self.add(line, None);
    }

    fn line(&mut self, row: &PastProject<'_>, said: &str) -> Line {
        let maybe = [row.owner, row.owner_credit_code, row.project_code, row.county_name];
        let [owner, credit, code, county] = maybe.map(Option::unwrap_or_default);
        let texts = &mut self.imprint.texts;
        let from = number(texts.len());
        let ends = [row.unit_code, row.project_id, row.name, owner, credit, code, county].map(|text| {
            texts.extend_from_slice(text.as_bytes());
            number(texts.len())
        });
        texts.extend_from_slice(said.as_bytes());
        let end = number(texts.len());
        let (name, owner) = (name_key(row.name), owner_key(owner));
        let keys = [
            (!name.is_empty()).then(|| PastKey::name(&name)),
            project_code_key(code).map(|code| PastKey::code(&code)),
            Some(PastKey::id(row.project_id)),
            (row.accepted && !owner.is_empty()).then(|| PastKey::near(&owner, &name)),
        ];
        let credit = if owner.is_empty() { credit_code_key(credit).unwrap_or_default() } else { String::new() };
        Line {
            number: number(self.imprint.lines.len()),
            id: id(row.project_id),
            stage: row.stage,
            accepted: row.accepted,
            unit: self.name(row.unit_code),
            sector: None,
            total_yuan: row.total_yuan,
            annual_yuan: None,
            completed_yuan: None,
            date: None,
            family: family(row.unit_code, if owner.is_empty() { &credit } else { &owner }, &name),
            is_part: !part_marks_of_key(&name).is_empty(),
            speaks: !said.is_empty(),
            print: 0,
            keys,
            present: maybe.map(|text| text.is_some()),
            from,
            ends,
            said: end,
        }
    }

    fn add(&mut self, mut line: Line, sector: Option<&str>) {
        line.print = self.imprint.print(&line, sector);
        self.imprint.lines.push(line);
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = number(self.imprint.names.len());
        self.imprint.names.push(name.to_owned());
        self.names.insert(name.to_owned(), next);
        next
    }

    /// When all rows are there.
    #[must_use]
    pub fn done(self) -> Imprint {
        self.imprint
    }
}

impl Imprint {
    /// Its batch.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Its rows.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Some of its rows, by their places here, which rise.
    #[must_use]
    pub fn pick(&self, rows: &[u32]) -> Self {
        let (mut lines, mut texts) = (Vec::with_capacity(rows.len()), Vec::new());
        for line in rows.iter().filter_map(|row| self.lines.get(*row as usize)) {
            lines.push(line.moved(number(texts.len())));
            texts.extend_from_slice(self.texts.get(line.from as usize..line.said as usize).unwrap_or_default());
        }
        Self { batch: self.batch.clone(), lines, names: self.names.clone(), texts }
    }

    /// Unit codes and sectors, each once.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The unit code or sector of this number; empty when there is none.
    #[must_use]
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    /// Whether it has a project in its 开工 list.
    #[must_use]
    pub fn started(&self) -> bool {
        self.lines.iter().any(|line| line.stage == Stage::Start)
    }

    /// Whether it has a row that was accepted.
    #[must_use]
    pub fn has_projects(&self) -> bool {
        self.lines.iter().any(|line| line.accepted)
    }

    /// The id of the project of a row.
    #[must_use]
    pub fn project_id(&self, line: &Line) -> &str {
        let [_, id, ..] = self.texts(line);
        id
    }

    /// The name of the project of a row.
    #[must_use]
    pub fn project_name(&self, line: &Line) -> &str {
        let [_, _, name, ..] = self.texts(line);
        name
    }

    fn text(&self, from: u32, to: u32) -> &str {
        let bytes = self.texts.get(from as usize..to as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    fn texts(&self, line: &Line) -> [&str; TEXTS] {
        let mut from = line.from;
        line.ends.map(|end| self.text(std::mem::replace(&mut from, end), end))
    }

    /// A row as identity and the rules over batches see it.
    #[must_use]
    pub fn past(&self, row: usize) -> Option<PastProject<'_>> {
        let line = self.lines.get(row)?;
        let [unit_code, project_id, name, owner, credit, code, county] = self.texts(line);
        let [has_owner, has_credit, has_code, has_county] = line.present;
        Some(PastProject {
            batch: self.batch.clone(),
            unit_code,
            stage: line.stage,
            project_id,
            name,
            owner: has_owner.then_some(owner),
            owner_credit_code: has_credit.then_some(credit),
            project_code: has_code.then_some(code),
            county_name: has_county.then_some(county),
            total_yuan: line.total_yuan,
            accepted: line.accepted,
        })
    }

    /// A row in full.
    #[must_use]
    pub fn sighting(&self, row: usize) -> Option<Sighting> {
        let (line, past) = (self.lines.get(row)?, self.past(row)?);
        Some(Sighting {
            batch: past.batch,
            stage: past.stage,
            unit_code: past.unit_code.to_owned(),
            project_id: past.project_id.to_owned(),
            name: past.name.to_owned(),
            county_name: past.county_name.map(str::to_owned),
            project_code: past.project_code.map(str::to_owned),
            owner: past.owner.map(str::to_owned),
            owner_credit_code: past.owner_credit_code.map(str::to_owned),
            sector: line.sector.map(|sector| self.name(sector).to_owned()),
            total_yuan: line.total_yuan,
            annual_yuan: line.annual_yuan,
            completed_yuan: line.completed_yuan,
            date: line.date,
            said: self.said(line),
        })
    }

    /// Header and text of what a row says in its remark and in columns without a field, as far as they were kept.
    #[must_use]
    pub fn said(&self, line: &Line) -> Vec<(String, String)> {
        let [.., end] = line.ends;
        let mut rest = self.text(end, line.said);
        let mut texts = std::iter::from_fn(|| {
            let (length, after) = rest.split_once(':')?;
            let (text, after) = after.split_at_checked(length.parse().ok()?)?;
            rest = after;
            Some(text.to_owned())
        });
        let mut said = Vec::new();
        while let (Some(header), Some(text)) = (texts.next(), texts.next()) {
            said.push((header, text));
        }
        said
    }

    fn print(&self, line: &Line, sector: Option<&str>) -> u64 {
        let texts = self.texts.get(line.from as usize..line.said as usize);
        let stands = (self.batch.as_str(), line.stage.index(), line.accepted, texts);
        let worth = (sector, line.total_yuan, line.annual_yuan, line.completed_yuan);
        let date = line.date.map(|d| (days_since_1970(d.first), d.precision.as_str()));
        let lengths = line.ends.map(|end| end - line.from);
        checksum(&(stands, worth, date, line.present, lengths))
    }
}

/// A checksum of what something says.
#[must_use]
pub fn checksum(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// A checksum of rows, with that of another row after them.
#[must_use]
pub fn chained(print: u64, next: u64) -> u64 {
    // Odd, with about as many ones as zeros: no bit is lost.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (print ^ next).wrapping_mul(FACTOR).rotate_left(29)
}

/// The number of an id.
fn id(text: &str) -> u64 {
    let hex = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    u64::from_str_radix(text, 16).ok().filter(|_| hex).unwrap_or_else(|| checksum(&text))
}

/// See [`Line::family`]; `owner` and `name` are keys.
fn family(unit: &str, owner: &str, name: &str) -> Option<NonZeroU64> {
    let base = part_base(name);
    let hash = || NonZeroU64::new(checksum(&(unit, owner, &base))).unwrap_or(NonZeroU64::MIN);
    (!owner.is_empty() && !base.is_empty()).then(hash)
}

/// Header and text of each, with their lengths before them.
fn said(said: &[(String, String)]) -> String {
    let mut all = String::new();
    for text in said.iter().flat_map(|(header, text)| [header, text]) {
        all.push_str(&text.len().to_string());
        all.push(':');
        all.push_str(text);
    }
    all
}

/// A position; there are never so many that it does not fit.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
