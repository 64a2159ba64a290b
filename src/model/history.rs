//! What other batches published or left in this run, as far as identity and the rules over batches need it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use super::{BatchId, Field, Record, Stage, name_key, owner_key, project_code_key};

/// A project as it stands in `projects` or `rejected` of another batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastProject<'a> {
    /// Batch.
    pub batch: BatchId,
    /// Unit code.
    pub unit_code: &'a str,
    /// Stage.
    pub stage: Stage,
    /// Id.
    pub project_id: &'a str,
    /// Name as written.
    pub name: &'a str,
    /// Owner as written.
    pub owner: Option<&'a str>,
    /// Unified social credit code.
    pub owner_credit_code: Option<&'a str>,
    /// Project code.
    pub project_code: Option<&'a str>,
    /// County by the roster.
    pub county_name: Option<&'a str>,
    /// 总投资 in 元.
    pub total_yuan: Option<i64>,
    /// It was accepted; `false` for a row that was rejected.
    pub accepted: bool,
}

impl<'a> PastProject<'a> {
    /// What other batches see of a record; `None` for a row of no list or no unit.
    #[must_use]
    pub fn of(record: &'a Record, project_id: &'a str, accepted: bool) -> Option<Self> {
        if record.unit_code.is_empty() {
            return None;
        }
        Some(Self {
            batch: record.batch.clone(),
            unit_code: &record.unit_code,
            stage: record.stage?,
            project_id,
            name: record.name().unwrap_or_default(),
            owner: record.text(Field::Owner),
            owner_credit_code: record.text(Field::OwnerCreditCode),
            project_code: record.text(Field::ProjectCode),
            county_name: record.text(Field::County),
            total_yuan: record.total_yuan(),
            accepted,
        })
    }
}

/// What past projects are looked up by: a hash of one thing that they say. Of two texts with one hash a look-up finds the
/// projects of both, so whoever must not mix them up compares what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastKey(u64);

impl Hash for PastKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0);
    }
}

/// It is a hash already.
#[derive(Debug, Clone, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only for completeness: a key writes one number.
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl PastKey {
    /// Those of this [`name_key`].
    #[must_use]
    pub fn name(key: &str) -> Self {
        Self::of((0, key))
    }

    /// Those of this [`project_code_key`].
    #[must_use]
    pub fn code(key: &str) -> Self {
        Self::of((1, key))
    }

    /// Those that were published with this id.
    #[must_use]
    pub fn id(id: &str) -> Self {
        Self::of((2, id))
    }

    /// Accepted ones of this [`owner_key`], which is not empty, and with a name that may have the same
    /// [`name_core`](super::name_core) as one of this [`name_key`].
    #[must_use]
    pub fn near(owner: &str, name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (3, owner).hash(&mut hasher);
        // Whatever a core leaves out is made of these. One pass here, where a core takes several.
        let generic = |c: &char| matches!(c, '建' | '设' | '项' | '目' | '工' | '程' | '的');
        name.chars().filter(|c| !generic(c)).for_each(|c| hasher.write_u32(c.into()));
        Self(hasher.finish())
    }

    fn of(what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// A past project of a [`History`]. They order as they were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PastRow(u32);

/// Projects of other batches, with look-ups that do not take longer the more batches there are. It grows batch by batch,
/// and a batch can be taken out again.
///
/// Hundreds of thousands of rows stay in memory for the whole run: their texts stand one after the other in one string
/// for each batch, and a look-up is a chain of row numbers.
#[derive(Debug, Clone, Default)]
pub struct History {
    rows: Vec<Row>,
    blocks: Vec<Block>,
    /// Position of the block of each batch.
    batches: BTreeMap<BatchId, usize>,
    /// Position of the latest link of each key.
    latest: HashMap<PastKey, u32, BuildHasherDefault<AsItIs>>,
    links: Vec<Link>,
}

/// What the rows of one batch have in common.
#[derive(Debug, Clone)]
struct Block {
    batch: BatchId,
    /// Texts of its rows, without anything in between.
    texts: String,
    /// Some row of it is of 开工.
    started: bool,
    /// It was taken out.
    gone: bool,
}

/// Texts of a row: unit code, id, name, and four that may be missing: owner, credit code, project code, county.
const TEXTS: usize = 7;

#[derive(Debug, Clone)]
struct Row {
    block: u32,
    stage: Stage,
    accepted: bool,
    /// Which of the four texts are there, and as the fifth 总投资.
    present: [bool; 5],
    total: i64,
    /// Start of the first text and end of each in those of the block.
    from: u32,
    ends: [u32; TEXTS],
}

/// A row of a key, and the one before it.
#[derive(Debug, Clone)]
struct Link {
    row: u32,
    before: Option<u32>,
}

impl History {
    /// Adds a project.
    pub fn push(&mut self, project: &PastProject<'_>) {
        let at = self.block_of(&project.batch);
        let Some(block) = self.blocks.get_mut(at) else { return };
        let maybe = [project.owner, project.owner_credit_code, project.project_code, project.county_name];
        let [owner, credit, code, county] = maybe.map(Option::unwrap_or_default);
        let from = number(block.texts.len());
        let mut ends = [from; TEXTS];
        let texts = [project.unit_code, project.project_id, project.name, owner, credit, code, county];
        for (end, text) in ends.iter_mut().zip(texts) {
            block.texts.push_str(text);
            *end = number(block.texts.len());
        }
        block.started |= project.stage == Stage::Start;
        let [a, b, c, d] = maybe.map(|text| text.is_some());
        self.rows.push(Row {
            block: number(at),
            stage: project.stage,
            accepted: project.accepted,
            present: [a, b, c, d, project.total_yuan.is_some()],
            total: project.total_yuan.unwrap_or_default(),
            from,
            ends,
        });
        let row = number(self.rows.len() - 1);
        let name = name_key(project.name);
        if !name.is_empty() {
            self.link(PastKey::name(&name), row);
        }
        if let Some(code) = project_code_key(code) {
            self.link(PastKey::code(&code), row);
        }
        self.link(PastKey::id(project.project_id), row);
        let owner = owner_key(owner);
        if project.accepted && !owner.is_empty() {
            self.link(PastKey::near(&owner, &name), row);
        }
    }

    fn block_of(&mut self, batch: &BatchId) -> usize {
        if let Some(at) = self.batches.get(batch) {
            return *at;
        }
        self.blocks.push(Block { batch: batch.clone(), texts: String::new(), started: false, gone: false });
        self.batches.insert(batch.clone(), self.blocks.len() - 1);
        self.blocks.len() - 1
    }

    fn link(&mut self, key: PastKey, row: u32) {
        let before = self.latest.insert(key, number(self.links.len()));
        self.links.push(Link { row, before });
    }

    /// Takes a batch out.
    pub fn remove(&mut self, batch: &BatchId) {
        let block = self.batches.remove(batch).and_then(|at| self.blocks.get_mut(at));
        if let Some(block) = block {
            (block.texts, block.gone) = (String::new(), true);
        }
    }

    /// The rows of this key, in no order that says anything.
    pub fn with(&self, key: PastKey) -> impl Iterator<Item = PastRow> + '_ {
        let at = |link: Option<u32>| link.and_then(|at| self.links.get(at as usize));
        let chain = std::iter::successors(at(self.latest.get(&key).copied()), move |link| at(link.before));
        chain.filter(|link| self.is_there(link.row)).map(|link| PastRow(link.row))
    }

    fn is_there(&self, row: u32) -> bool {
        let block = self.rows.get(row as usize).and_then(|row| self.blocks.get(row.block as usize));
        block.is_some_and(|block| !block.gone)
    }

    /// The project of a row; `None` when its batch was taken out.
    #[must_use]
    pub fn get(&self, row: PastRow) -> Option<PastProject<'_>> {
        let row = self.rows.get(row.0 as usize)?;
        let block = self.blocks.get(row.block as usize).filter(|block| !block.gone)?;
        let mut from = row.from;
        let texts = row.ends.map(|end| {
            let text = block.texts.get(from as usize..end as usize).unwrap_or_default();
            from = end;
            text
        });
        let [unit_code, project_id, name, owner, credit, code, county] = texts;
        let [has_owner, has_credit, has_code, has_county, has_total] = row.present;
        Some(PastProject {
            batch: block.batch.clone(),
            unit_code,
            stage: row.stage,
            project_id,
            name,
            owner: has_owner.then_some(owner),
            owner_credit_code: has_credit.then_some(credit),
            project_code: has_code.then_some(code),
            county_name: has_county.then_some(county),
            total_yuan: has_total.then_some(row.total),
            accepted: row.accepted,
        })
    }

    /// The projects of this key, oldest batch first, each batch as it was added.
    #[must_use]
    pub fn projects(&self, key: PastKey) -> Vec<PastProject<'_>> {
        let mut rows: Vec<PastRow> = self.with(key).collect();
        rows.sort_unstable();
        let mut projects: Vec<PastProject<'_>> = rows.into_iter().filter_map(|row| self.get(row)).collect();
        projects.sort_by(|a, b| a.batch.cmp(&b.batch));
        projects
    }

    /// Whether a project was published with this id.
    #[must_use]
    pub fn knows_id(&self, id: &str) -> bool {
        self.with(PastKey::id(id)).any(|row| self.get(row).is_some_and(|p| p.project_id == id))
    }

    /// Whether a batch before this one has a project in its 开工 list.
    #[must_use]
    pub fn started_before(&self, batch: &BatchId) -> bool {
        self.batches.range(..batch).any(|(_, at)| self.blocks.get(*at).is_some_and(|block| block.started))
    }

    /// All projects, oldest batch first, each batch as it was added.
    pub fn iter(&self) -> impl Iterator<Item = PastProject<'_>> {
        let mut rows: Vec<PastRow> =
            (0..number(self.rows.len())).filter(|row| self.is_there(*row)).map(PastRow).collect();
        let batch = |row: &PastRow| {
            let row = self.rows.get(row.0 as usize)?;
            self.blocks.get(row.block as usize).map(|block| &block.batch)
        };
        rows.sort_by(|a, b| batch(a).cmp(&batch(b)));
        rows.into_iter().filter_map(|row| self.get(row))
    }
}

impl<'a> Extend<PastProject<'a>> for History {
    fn extend<T: IntoIterator<Item = PastProject<'a>>>(&mut self, projects: T) {
        for project in projects {
            self.push(&project);
        }
    }
}

impl<'a> FromIterator<PastProject<'a>> for History {
    fn from_iter<T: IntoIterator<Item = PastProject<'a>>>(projects: T) -> Self {
        let mut history = Self::default();
        history.extend(projects);
        history
    }
}

/// A position; there are never so many that it does not fit.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project<'a>(batch: u32, id: &'a str, name: &'a str, owner: Option<&'a str>) -> PastProject<'a> {
        PastProject {
            batch: BatchId::from_number(batch),
            unit_code: "410100",
            stage: Stage::Signing,
            project_id: id,
            name,
            owner,
            owner_credit_code: None,
            project_code: Some("25114101020401986123"),
            county_name: Some(""),
            total_yuan: Some(-1),
            accepted: true,
        }
    }

    #[test]
    fn what_goes_in_is_found_by_what_it_says_and_comes_out_again() {
        let first = project(2, "aa", "甲 项目", Some("甲公司"));
        let later =
            PastProject { stage: Stage::Start, accepted: false, ..project(3, "aa", "甲工程", Some("甲公司")) };
        let nameless = PastProject { project_code: None, county_name: None, ..project(2, "bb", "", None) };
        let all = [later.clone(), first.clone(), nameless.clone()];
        let mut history: History = all.into_iter().collect();
        assert_eq!(history.iter().collect::<Vec<_>>(), [first.clone(), nameless.clone(), later.clone()]);
        let found = |history: &History, key| {
            history.projects(key).iter().map(|p| format!("{} {}", p.batch, p.project_id)).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found(&history, PastKey::name("甲项目")), "02 aa");
        assert_eq!(found(&history, PastKey::code("2511-410102-04-01-986123")), "02 aa, 03 aa");
        assert_eq!(found(&history, PastKey::id("aa")), "02 aa, 03 aa");
        assert_eq!(found(&history, PastKey::near("甲公司", "甲建设工程")), "02 aa", "accepted ones only");
        assert_eq!(found(&history, PastKey::name("")), "");
        let started = |history: &History| [3, 4].map(|n| history.started_before(&BatchId::from_number(n)));
        assert_eq!(started(&history), [false, true]);

        history.remove(&BatchId::from_number(3));
        assert_eq!(found(&history, PastKey::id("aa")), "02 aa");
        assert_eq!(started(&history), [false, false]);
        history.remove(&BatchId::from_number(2));
        assert!(!history.knows_id("bb"));
        history.push(&nameless);
        assert!(history.knows_id("bb") && !history.knows_id("aa"));
        assert_eq!(history.iter().collect::<Vec<_>>(), [nameless]);
    }
}
