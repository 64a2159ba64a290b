//! What other batches published or left in this run, as far as identity and the rules over batches need it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;
use std::sync::Arc;

use super::imprint::number;
use super::{BatchId, Field, Imprint, ImprintMaker, PastIndex, Record, Stage};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PastKey(NonZeroU64);

impl Hash for PastKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.get());
    }
}

/// By a number that is as good as random, such as the id of a project.
pub type NumberMap<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// Hasher of what is a hash already.
#[derive(Debug, Clone, Default)]
pub struct AsItIs(u64);

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
        Self::from_number(hasher.finish())
    }

    /// The hash, for a file.
    pub(super) fn number(self) -> u64 {
        self.0.get()
    }

    /// From its hash.
    pub(super) fn from_number(hash: u64) -> Self {
        Self(NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN))
    }

    fn of(what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Self::from_number(hasher.finish())
    }
}

/// A past project of a [`History`]. Those of one batch order as they stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PastRow {
    /// Its number among the rows of its batch.
    number: u32,
    block: u32,
    at: u32,
}

/// Projects of other batches that can have to do with those of one, with look-ups that do not take longer the more there are.
/// A look-up is a chain of row numbers; what a row says stays in its [`Imprint`].
#[derive(Debug, Clone, Default)]
pub struct History<'a> {
    blocks: Vec<Arc<Imprint>>,
    /// Position of the latest link of each key.
    latest: HashMap<PastKey, u32, BuildHasherDefault<AsItIs>>,
    links: Vec<Link>,
    /// All that there is; `None`: no more than these.
    index: Option<&'a PastIndex>,
}

/// A row of a key, and the one before it.
#[derive(Debug, Clone)]
struct Link {
    row: PastRow,
    /// [`NONE`]: it is the first.
    before: u32,
}

/// No link.
const NONE: u32 = u32::MAX;

impl<'a> History<'a> {
    /// Some rows of what is in this index.
    pub(super) fn of(index: &'a PastIndex) -> Self {
        Self { index: Some(index), ..Self::default() }
    }

    /// Adds rows of a batch that are not there yet.
    pub fn add(&mut self, rows: Arc<Imprint>) {
        let block = number(self.blocks.len());
        self.links.reserve(rows.lines().len() * 4);
        for (line, at) in rows.lines().iter().zip(0..) {
            for key in line.keys() {
                let row = PastRow { number: line.number, block, at };
                let before = self.latest.insert(key, number(self.links.len())).unwrap_or(NONE);
                self.links.push(Link { row, before });
            }
        }
        self.blocks.push(rows);
    }

    /// The rows of this key, in no order that says anything.
    pub fn with(&self, key: PastKey) -> impl Iterator<Item = PastRow> + '_ {
        let at = |link: u32| self.links.get(link as usize);
        let chain = std::iter::successors(self.latest.get(&key).and_then(|l| at(*l)), move |link| at(link.before));
        chain.map(|link| link.row)
    }

    /// The project of a row of this history.
    #[must_use]
    pub fn get(&self, row: PastRow) -> Option<PastProject<'_>> {
        self.blocks.get(row.block as usize)?.past(row.at as usize)
    }

    /// The projects of this key, oldest batch first, each batch as in its datasets.
    #[must_use]
    pub fn projects(&self, key: PastKey) -> Vec<PastProject<'_>> {
        let mut rows: Vec<PastRow> = self.with(key).collect();
        rows.sort_unstable();
        let mut projects: Vec<PastProject<'_>> = rows.into_iter().filter_map(|row| self.get(row)).collect();
        projects.sort_by(|a, b| a.batch.cmp(&b.batch));
        projects
    }

    /// Whether a project was published with this id, one of all that there is.
    #[must_use]
    pub fn knows_id(&self, id: &str) -> bool {
        let key = PastKey::id(id);
        match self.index {
            Some(index) => index.holds(key),
            None => self.with(key).any(|row| self.get(row).is_some_and(|p| p.project_id == id)),
        }
    }

    /// Whether a batch before this one, of all that there is, has a project in its 开工 list.
    #[must_use]
    pub fn started_before(&self, batch: &BatchId) -> bool {
        match self.index {
            Some(index) => index.started_before(batch),
            None => self.blocks.iter().any(|rows| rows.batch() < batch && rows.started()),
        }
    }

    /// All projects of this history, oldest batch first, each batch as in its datasets.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = PastProject<'_>> {
        let mut blocks: Vec<&Arc<Imprint>> = self.blocks.iter().collect();
        blocks.sort_by(|a, b| a.batch().cmp(b.batch()));
        blocks.into_iter().flat_map(|rows| (0..rows.lines().len()).filter_map(|row| rows.past(row)))
    }
}

impl<'p> FromIterator<PastProject<'p>> for History<'_> {
    fn from_iter<T: IntoIterator<Item = PastProject<'p>>>(projects: T) -> Self {
        let mut makers: BTreeMap<BatchId, ImprintMaker> = BTreeMap::new();
        for project in projects {
            let maker = makers.entry(project.batch.clone()).or_insert_with(|| ImprintMaker::new(&project.batch));
            maker.push_past(&project);
        }
        let mut history = Self::default();
        for maker in makers.into_values() {
            history.add(Arc::new(maker.done()));
        }
        history
    }
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
        let history: History<'_> = all.into_iter().collect();
        assert_eq!(history.iter().collect::<Vec<_>>(), [first.clone(), nameless.clone(), later.clone()]);
        let found = |history: &History<'_>, key| {
            history.projects(key).iter().map(|p| format!("{} {}", p.batch, p.project_id)).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found(&history, PastKey::name("甲项目")), "02 aa");
        assert_eq!(found(&history, PastKey::code("2511-410102-04-01-986123")), "02 aa, 03 aa");
        assert_eq!(found(&history, PastKey::id("aa")), "02 aa, 03 aa");
        assert_eq!(found(&history, PastKey::near("甲公司", "甲建设工程")), "02 aa", "accepted ones only");
        assert_eq!(found(&history, PastKey::name("")), "");
        let started = |history: &History<'_>| [3, 4].map(|n| history.started_before(&BatchId::from_number(n)));
        assert_eq!(started(&history), [false, true]);
        assert!(history.knows_id("bb") && !history.knows_id("cc"));
    }
}
