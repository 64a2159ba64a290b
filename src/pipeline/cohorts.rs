//! `lifecycle`, a part for each batch with the projects that were first listed in it. A part whose rows say what they
//! said when it was published stays as it is: a run of one batch writes the lives that it changes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::RunError;
use super::cache::{Cache, write};
use crate::dataset::{self, Written, lives_path};
use crate::identity::{self, Reason};
use crate::lifecycle::{self, Known};
use crate::model::{BatchId, Imprint, Kinship, Life, NumberMap, Sighting};
use crate::publish::{Checksum, Manifest};
use crate::spec::Spec;

/// Parts and wholes: id, how it belongs to others, their ids.
type Kin = BTreeMap<String, (Kinship, Vec<String>)>;

/// What the parts of a published `lifecycle` were made of, by path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Cohorts {
    /// Configuration and program.
    made_by: String,
    /// By path: the checksum of what it was made of, and the SHA-256 of the part.
    parts: BTreeMap<String, (String, Checksum)>,
}

impl Cohorts {
    /// As they were kept.
    pub(super) fn kept(cache: &Cache) -> Self {
        let kept: Option<Self> = fs::read(cache.cohorts()).ok().and_then(|text| serde_json::from_slice(&text).ok());
        kept.filter(|kept| kept.made_by == cache.made_by()).unwrap_or_default()
    }

    /// Keeps what the parts of the version that is now published were made of. That it cannot be kept costs only time.
    pub(super) fn keep(prints: &BTreeMap<String, String>, manifest: &Manifest, cache: &Cache) {
        let sums: HashMap<&str, Checksum> = manifest.files.iter().map(|f| (f.path.as_str(), f.sha256)).collect();
        let part = |(path, print): (&String, &String)| Some((path.clone(), (print.clone(), *sums.get(path.as_str())?)));
        let kept = Self { made_by: cache.made_by().to_owned(), parts: prints.iter().filter_map(part).collect() };
        let written = serde_json::to_vec(&kept).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|json| write(&cache.cohorts(), &json)) {
            tracing::warn!(error = %error, "cohorts");
        }
    }
}

/// The parts of a new version.
pub(super) struct Parts {
    /// Those that were written.
    pub(super) written: Vec<Written>,
    /// By path, also of those that stay: the checksum of what it was made of.
    pub(super) prints: BTreeMap<String, String>,
}

/// The projects that were first listed in one batch.
#[derive(Debug, Default)]
struct Cohort {
    /// Checksum of all that their rows say, and how they belong to others.
    print: u128,
    /// Their rows, oldest first: position of the batch, and of the row in it.
    rows: Vec<(u32, u32)>,
}

/// All cohorts, and how projects belong together.
struct Grouped {
    cohorts: Vec<Cohort>,
    kin: Kin,
}

/// Writes the parts that are not those of the published version. `batches` are all, oldest first.
pub(super) fn write_parts(
    batches: &[Arc<Imprint>],
    before: &Cohorts,
    published: Option<&Manifest>,
    spec: &Spec,
    dir: &Path,
) -> Result<Parts, RunError> {
    let Grouped { cohorts, kin } = grouped(batches);
    let published: HashMap<&str, Checksum> =
        published.into_iter().flat_map(|m| &m.files).map(|f| (f.path.as_str(), f.sha256)).collect();
    let mut prints = BTreeMap::new();
    let mut open: Vec<(&BatchId, &Cohort)> = Vec::new();
    // Without any project there is still a dataset.
    let none = cohorts.iter().all(|cohort| cohort.rows.is_empty());
    let own = batches.iter().zip(&cohorts).enumerate();
    for (_, (rows, cohort)) in own.filter(|(at, (_, cohort))| !cohort.rows.is_empty() || (none && *at == 0)) {
        let (path, print) = (lives_path(rows.batch()), format!("{:032x}", cohort.print));
        let is_same = before
            .parts
            .get(&path)
            .is_some_and(|(old, sum)| *old == print && published.get(path.as_str()) == Some(sum));
        if !is_same {
            open.push((rows.batch(), cohort));
        }
        prints.insert(path, print);
    }
    let write = |(first, cohort): &(&BatchId, &Cohort)| {
        Ok(dataset::write_lives(first, &lives(batches, cohort, &kin, spec), spec, dir)?)
    };
    let written = open.par_iter().map(write).collect::<Result<_, RunError>>()?;
    Ok(Parts { written, prints })
}

/// The lives of a cohort.
fn lives(batches: &[Arc<Imprint>], cohort: &Cohort, kin: &Kin, spec: &Spec) -> Vec<Life> {
    let rows = cohort.rows.iter().filter_map(|(block, row)| batches.get(*block as usize)?.sighting(*row as usize));
    let rows: Vec<Arc<Sighting>> = rows.map(Arc::new).collect();
    let matched: Vec<&'static str> = identity::reasons(&rows).into_iter().map(Reason::as_str).collect();
    lifecycle::lives(&rows, &Known { matched: &matched, kin }, spec)
}

fn grouped(batches: &[Arc<Imprint>]) -> Grouped {
    let mut cohorts: Vec<Cohort> = batches.iter().map(|_| Cohort::default()).collect();
    // By id: the cohort of the project, and the checksum of its rows in their order.
    let mut lives: NumberMap<(u32, u128)> = NumberMap::default();
    let mut firsts: Vec<(u32, u32)> = Vec::new();
    for (block, rows) in (0u32..).zip(batches) {
        for (row, line) in (0u32..).zip(rows.lines()).filter(|(_, line)| line.accepted) {
            let (cohort, print) = lives.entry(line.id).or_insert_with(|| {
                if line.family.is_some() {
                    firsts.push((block, row));
                }
                (block, 0)
            });
            *print = chained(*print, line.print);
            if let Some(cohort) = cohorts.get_mut(*cohort as usize) {
                cohort.rows.push((block, row));
            }
        }
    }
    // In any order: a sum does not depend on it.
    for (cohort, print) in lives.values() {
        if let Some(cohort) = cohorts.get_mut(*cohort as usize) {
            cohort.print = cohort.print.wrapping_add(chained(*print, 1));
        }
    }
    let kin = kin(batches, firsts, &mut cohorts);
    Grouped { cohorts, kin }
}

/// A checksum with another one after it.
fn chained(print: u128, next: u128) -> u128 {
    // Odd, with as many ones as zeros: no bit is lost.
    const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    (print ^ next).wrapping_mul(FACTOR).rotate_left(59)
}

/// How projects with these first rows belong together; adds it to the checksums of their cohorts. Only those are looked at
/// that have a part in their family and are enough.
fn kin(batches: &[Arc<Imprint>], mut firsts: Vec<(u32, u32)>, cohorts: &mut [Cohort]) -> Kin {
    let line = |(block, row): &(u32, u32)| batches.get(*block as usize)?.lines().get(*row as usize);
    let family = |first: &(u32, u32)| line(first).and_then(|line| line.family).unwrap_or_default();
    let with_part: HashSet<u64> = firsts.iter().filter(|f| line(f).is_some_and(|l| l.is_part)).map(family).collect();
    firsts.retain(|first| with_part.contains(&family(first)));
    let mut sizes: HashMap<u64, usize> = HashMap::new();
    for first in &firsts {
        *sizes.entry(family(first)).or_default() += 1;
    }
    firsts.retain(|first| sizes.get(&family(first)).is_some_and(|size| *size >= identity::LEAST_KIN));
    let of = |(block, row): &(u32, u32)| Some((*block, batches.get(*block as usize)?.sighting(*row as usize)?));
    let (blocks, rows): (Vec<u32>, Vec<Sighting>) = firsts.iter().filter_map(of).unzip();
    let kin = identity::kin(&rows);
    for (block, row) in blocks.iter().zip(&rows) {
        if let (Some((kinship, others)), Some(cohort)) = (kin.get(&row.project_id), cohorts.get_mut(*block as usize)) {
            cohort.print = cohort.print.wrapping_add(checksum(&(&row.project_id, kinship.as_str(), others)));
        }
    }
    kin
}

fn checksum(what: &impl Hash) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, what).hash(&mut hasher);
        hasher.finish()
    };
    u128::from(half(0)) << 64 | u128::from(half(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{ImprintMaker, Stage};
    use crate::spec::pipelines;

    const NAMES: [&str; 4] = ["甲产业园项目", "甲产业园一期项目", "甲产业园二期项目", "乙项目"];

    /// Project, name, stage, amount, what it says.
    type Row = (usize, usize, usize, i64, usize);

    fn row() -> impl Strategy<Value = Row> {
        (0..6usize, 0..4usize, 0..3usize, 1..3i64, 0..2usize)
    }

    fn world(batches: &[Vec<Row>]) -> Vec<Arc<Imprint>> {
        let imprint = |(number, rows): (u32, &Vec<Row>)| {
            let batch = BatchId::from_number(number);
            let mut maker = ImprintMaker::new(&batch);
            for (project, name, stage, amount, said) in rows {
                let row = Sighting {
                    batch: batch.clone(),
                    stage: Stage::ALL[*stage],
                    unit_code: "410300".to_owned(),
                    project_id: format!("{project:016x}"),
                    name: NAMES[*name].to_owned(),
                    county_name: None,
                    project_code: None,
                    owner: Some("甲公司".to_owned()),
                    owner_credit_code: None,
                    sector: None,
                    total_yuan: Some(*amount),
                    annual_yuan: None,
                    completed_yuan: None,
                    date: None,
                    said: vec![("是否达效".to_owned(), "是".to_owned()); *said],
                };
                maker.push(&row, true);
            }
            Arc::new(maker.done())
        };
        (1u32..).zip(batches).map(imprint).collect()
    }

    /// By first batch: the checksum, and the lives.
    fn told(batches: &[Arc<Imprint>], spec: &Spec) -> Vec<(u128, Vec<Life>)> {
        let Grouped { cohorts, kin } = grouped(batches);
        cohorts.iter().map(|cohort| (cohort.print, lives(batches, cohort, &kin, spec))).collect()
    }

    proptest! {
        /// A part that is kept because its checksum is the same would be the same if it were written.
        #[test]
        fn one_checksum_means_the_same_lives(
            mut batches in prop::collection::vec(prop::collection::vec(row(), 1..6), 1..4),
            (at, other) in (0..4usize, prop::collection::vec(row(), 0..6)),
        ) {
            let spec = pipelines();
            let before = world(&batches);
            let at = at % batches.len();
            batches[at] = other;
            let after = world(&batches);
            for ((old, old_lives), (new, new_lives)) in told(&before, &spec).iter().zip(told(&after, &spec)) {
                prop_assert!(*old != new || *old_lives == new_lives);
            }
            // In the other direction: nothing is written again that says the same.
            let again = world(&batches);
            let prints = |told: Vec<(u128, Vec<Life>)>| told.into_iter().map(|t| t.0).collect::<Vec<_>>();
            prop_assert_eq!(prints(told(&after, &spec)), prints(told(&again, &spec)));
        }
    }
}
