//! Sightings → lives.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::statement::status;
use crate::model::{BatchId, Kinship, Life, LifeStage, Sighting, Statement};
use crate::spec::Spec;

/// Words of a name that say it bundles several projects.
const BUNDLED: [&str; 3] = ["打捆", "打包", "捆绑"];

/// What is known of the sightings from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// How each sighting was recognised, in their order: a value of the `_match` columns.
    pub matched: &'a [&'static str],
    /// Parts and wholes: id, how it belongs to others, their ids.
    pub kin: &'a BTreeMap<String, (Kinship, Vec<String>)>,
}

/// The day of a batch, when its file in `pipelines/batches/` tells it.
fn day(batch: &BatchId, spec: &Spec) -> Option<Date> {
    spec.batches.get(batch)?.date
}

/// The lives of all projects, by id. `sightings` are sorted by batch and then as in the datasets.
#[must_use]
pub fn lives(sightings: &[Arc<Sighting>], known: &Known<'_>, spec: &Spec) -> Vec<Life> {
    let mut lives: BTreeMap<&str, Life> = BTreeMap::new();
    for (i, sighting) in sightings.iter().enumerate() {
        let id = sighting.project_id.as_str();
        let life = lives.entry(id).or_insert_with(|| Life {
            latest: Arc::clone(sighting),
            first_batch: sighting.batch.clone(),
            stages: [None, None, None],
            performed: None,
            capacity: None,
            bundled: false,
            kin: known.kin.get(id).cloned(),
        });
        add(life, sighting, known.matched.get(i).copied().unwrap_or(""), day(&sighting.batch, spec), spec);
    }
    lives.into_values().collect()
}

fn add(life: &mut Life, sighting: &Arc<Sighting>, matched: &'static str, as_of: Option<Date>, spec: &Spec) {
    life.bundled |= BUNDLED.iter().any(|w| sighting.name.contains(w));
    if let Some(stage) = life.stages.get_mut(sighting.stage.index()) {
        stage.get_or_insert_with(|| LifeStage { row: Arc::clone(sighting), matched });
    }
    let status = status(&sighting.said, as_of, &spec.indicators.words);
    for (slot, told) in [(&mut life.performed, status.performed), (&mut life.capacity, status.capacity)] {
        if let (None, Some((true, words))) = (&slot, told) {
            *slot = Some(Statement { batch: sighting.batch.clone(), words });
        }
    }
    life.latest = completed(sighting, &life.latest);
}

/// The latest sighting; what a later list leaves out was said `before`.
fn completed(latest: &Arc<Sighting>, before: &Sighting) -> Arc<Sighting> {
    let texts = |s: &Sighting| {
        [&s.county_name, &s.project_code, &s.owner, &s.owner_credit_code, &s.sector].map(Option::is_none)
    };
    let lacks = texts(latest).into_iter().zip(texts(before)).any(|(now, before)| now && !before);
    if !lacks && (latest.total_yuan.is_some() || before.total_yuan.is_none()) {
        return Arc::clone(latest);
    }
    let mut latest = Sighting::clone(latest);
    let fill = |now: &mut Option<String>, before: &Option<String>| {
        if now.is_none() {
            now.clone_from(before);
        }
    };
    fill(&mut latest.county_name, &before.county_name);
    fill(&mut latest.project_code, &before.project_code);
    fill(&mut latest.owner, &before.owner);
    fill(&mut latest.owner_credit_code, &before.owner_credit_code);
    fill(&mut latest.sector, &before.sector);
    latest.total_yuan = latest.total_yuan.or(before.total_yuan);
    Arc::new(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Stage;

    fn sighting(batch: u32, stage: Stage, name: &str) -> Sighting {
        Sighting {
            batch: BatchId::from_number(batch),
            stage,
            unit_code: "410300".to_owned(),
            project_id: "a".to_owned(),
            name: name.to_owned(),
            county_name: None,
            project_code: None,
            owner: None,
            owner_credit_code: None,
            sector: None,
            total_yuan: Some(1),
            annual_yuan: None,
            completed_yuan: None,
            date: None,
            said: Vec::new(),
        }
    }

    #[test]
    fn a_life_goes_from_signing_to_capacity() {
        let spec = crate::spec::pipelines();
        let mut sightings = vec![
            Sighting { owner: Some("甲公司".to_owned()), ..sighting(1, Stage::Signing, "打捆项目") },
            sighting(2, Stage::Start, "项目"),
            sighting(3, Stage::Start, "项目"),
            sighting(4, Stage::Production, "项目"),
        ];
        sightings[3].said = vec![("是否达效".to_owned(), "是".to_owned())];
        let known = Known { matched: &["new", "owner", "owner", "owner"], kin: &BTreeMap::new() };
        let lives = lives(&sightings.into_iter().map(Arc::new).collect::<Vec<_>>(), &known, &spec);
        assert_eq!(lives.len(), 1);
        let life = &lives[0];
        let batch = |stage: Stage| life.stages[stage.index()].as_ref().map(|s| s.row.batch.as_str());
        assert_eq!(Stage::ALL.map(batch), [Some("01"), Some("02"), Some("04")]);
        assert_eq!((life.current_stage(), life.bundled, life.latest.owner.as_deref()), ("达效", true, Some("甲公司")));
        assert_eq!(life.capacity.as_ref().map(|s| (s.batch.as_str(), s.words.as_str())), Some(("04", "是否达效：是")));
    }
}
