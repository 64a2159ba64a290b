//! `lifecycle`, a part for each batch with the projects that were first listed in it. A part whose rows say what they
//! said when it was published stays as it is: a run of one batch writes the lives that it changes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::RunError;
use super::cache::{Cache, write};
use crate::dataset::{self, LIFECYCLE, Written, lives_path};
use crate::identity::{self, Reason};
use crate::indicators::Sweep;
use crate::lifecycle::{self, Known};
use crate::model::{BatchId, Kinship, Life, Sighting, chained, checksum};
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
        let sums = sums(manifest);
        let part = |(path, print): (&String, &String)| Some((path.clone(), (print.clone(), *sums.get(path.as_str())?)));
        let kept = Self { made_by: cache.made_by().to_owned(), parts: prints.iter().filter_map(part).collect() };
        let written = serde_json::to_vec(&kept).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|json| write(&cache.cohorts(), &json)) {
            tracing::warn!(error = %error, "cohorts");
        }
    }
}

/// The parts of a version, among its many other files.
fn sums(manifest: &Manifest) -> HashMap<&str, Checksum> {
    let parts = manifest.files.iter().filter(|f| f.path.starts_with(LIFECYCLE));
    parts.map(|f| (f.path.as_str(), f.sha256)).collect()
}

/// The parts of a new version.
pub(super) struct Parts {
    /// Those that were written.
    pub(super) written: Vec<Written>,
    /// By path, also of those that stay: the checksum of what it was made of.
    pub(super) prints: BTreeMap<String, String>,
}

/// The projects that were first listed in one batch.
#[derive(Debug, Clone, Copy, Default)]
struct Cohort {
    /// Checksum of all that their rows say, and how they belong to others.
    print: u64,
    /// How many they are.
    projects: usize,
}

/// Writes the parts that are not those of the published version.
pub(super) fn write_parts(
    sweep: &Sweep<'_>,
    before: &Cohorts,
    published: Option<&Manifest>,
    spec: &Spec,
    dir: &Path,
) -> Result<Parts, RunError> {
    let (cohorts, kin) = cohorts(sweep)?;
    let published = published.map(sums).unwrap_or_default();
    let mut prints = BTreeMap::new();
    let mut open: BTreeMap<usize, &BatchId> = BTreeMap::new();
    // Without any project there is still a dataset.
    let none = cohorts.iter().all(|cohort| cohort.projects == 0);
    for (at, (batch, cohort)) in sweep.batches().zip(&cohorts).enumerate() {
        if cohort.projects == 0 && !(none && at == 0) {
            continue;
        }
        let (path, print) = (lives_path(batch), format!("{:016x}", cohort.print));
        let same = |(old, sum): &(String, Checksum)| *old == print && published.get(path.as_str()) == Some(sum);
        if !before.parts.get(&path).is_some_and(same) {
            open.insert(at, batch);
        }
        prints.insert(path, print);
    }
    let write = |(first, rows): (&BatchId, Vec<Place>)| {
        let lives = lives(sweep, &rows, &kin, spec).map_err(RunError::Rows)?;
        Ok(dataset::write_lives(first, &lives, spec, dir)?)
    };
    let rows: Vec<_> = open.values().copied().zip(rows(sweep, open.keys().copied())).collect();
    let written = rows.into_par_iter().map(write).collect::<Result<_, RunError>>()?;
    Ok(Parts { written, prints })
}

/// Where a row is: position of the batch, and the number of the row in it.
type Place = (u32, u32);

/// The rows of these cohorts, each oldest first.
fn rows(sweep: &Sweep<'_>, cohorts: impl Iterator<Item = usize>) -> Vec<Vec<Place>> {
    let slots: HashMap<usize, usize> = cohorts.zip(0..).collect();
    let mut found = vec![Vec::new(); slots.len()];
    for (batch, row, cohort) in sweep.rows().filter(|_| !slots.is_empty()) {
        if let Some(rows) = slots.get(&cohort).and_then(|slot| found.get_mut(*slot)) {
            rows.push((batch, row));
        }
    }
    found
}

/// The lives that these rows tell.
fn lives(sweep: &Sweep<'_>, rows: &[Place], kin: &Kin, spec: &Spec) -> io::Result<Vec<Life>> {
    let rows: Vec<Arc<Sighting>> = sightings(sweep, rows)?.into_iter().map(Arc::new).collect();
    let matched: Vec<&'static str> = identity::reasons(&rows).into_iter().map(Reason::as_str).collect();
    Ok(lifecycle::lives(&rows, &Known { matched: &matched, kin }, spec))
}

/// Rows in full, oldest first.
fn sightings(sweep: &Sweep<'_>, places: &[Place]) -> io::Result<Vec<Sighting>> {
    let mut all = Vec::with_capacity(places.len());
    for of_batch in places.chunk_by(|a, b| a.0 == b.0) {
        let Some((batch, _)) = of_batch.first() else { continue };
        let numbers: Vec<u32> = of_batch.iter().map(|(_, row)| *row).collect();
        let rows = sweep.read(*batch as usize, &numbers)?;
        all.extend((0..rows.lines().len()).filter_map(|row| rows.sighting(row)));
    }
    Ok(all)
}

/// By position of the batch: the projects that it lists first; and how projects belong together.
fn cohorts(sweep: &Sweep<'_>) -> Result<(Vec<Cohort>, Kin), RunError> {
    let mut cohorts: Vec<Cohort> = sweep.batches().map(|_| Cohort::default()).collect();
    // In any order: a sum does not depend on it.
    for (at, print) in sweep.prints() {
        if let Some(cohort) = cohorts.get_mut(at) {
            cohort.print = cohort.print.wrapping_add(chained(print, 1));
            cohort.projects += 1;
        }
    }
    let kin = kin(sweep, &mut cohorts).map_err(RunError::Rows)?;
    Ok((cohorts, kin))
}

/// How projects belong together; adds it to the checksums of their cohorts.
fn kin(sweep: &Sweep<'_>, cohorts: &mut [Cohort]) -> io::Result<Kin> {
    let places = sweep.in_families(identity::LEAST_KIN);
    let rows = sightings(sweep, &places)?;
    let kin = identity::kin(&rows);
    for ((batch, _), row) in places.iter().zip(&rows) {
        if let (Some((kinship, others)), Some(cohort)) = (kin.get(&row.project_id), cohorts.get_mut(*batch as usize)) {
            cohort.print = cohort.print.wrapping_add(checksum(&(&row.project_id, kinship.as_str(), others)));
        }
    }
    Ok(kin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::indicators::Asked;
    use crate::model::{Imprint, ImprintMaker, Stage};
    use crate::spec::pipelines;

    const NAMES: [&str; 4] = ["甲产业园项目", "甲产业园一期项目", "甲产业园二期项目", "乙项目"];

    /// Project, name, stage, amount, what it says.
    type Row = (usize, usize, usize, i64, usize);

    fn row() -> impl Strategy<Value = Row> {
        (0..6usize, 0..4usize, 0..3usize, 1..3i64, 0..2usize)
    }

    fn world(batches: &[Vec<Row>]) -> BTreeMap<BatchId, Arc<Imprint>> {
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
            (batch, Arc::new(maker.done()))
        };
        (1u32..).zip(batches).map(imprint).collect()
    }

    /// By first batch: the checksum, and the lives.
    fn told(batches: &BTreeMap<BatchId, Arc<Imprint>>, spec: &Spec) -> Vec<(u64, Vec<Life>)> {
        let mut sweep = Sweep::new(Box::new(|_, _| (None, None)), batches, spec);
        for rows in batches.values() {
            sweep.add(rows, Asked::Nothing).unwrap();
        }
        let (cohorts, kin) = cohorts(&sweep).unwrap();
        let lives = rows(&sweep, 0..cohorts.len()).into_iter().map(|rows| lives(&sweep, &rows, &kin, spec).unwrap());
        cohorts.iter().map(|cohort| cohort.print).zip(lives).collect()
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
            let prints = |told: Vec<(u64, Vec<Life>)>| told.into_iter().map(|t| t.0).collect::<Vec<_>>();
            prop_assert_eq!(prints(told(&after, &spec)), prints(told(&again, &spec)));
        }
    }
}
