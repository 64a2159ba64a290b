//! How well a header fits a field.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::content::{Content, Lists};
use crate::model::{Field, FieldKind, squeeze};
use crate::spec::{Heading, Headings, Spec};

/// A header that is exactly a known spelling scores at least this.
pub(super) const EXACT: f32 = 90.0;
/// Least score that maps a column.
pub(super) const LEAST: f32 = 60.0;
/// What each place further down the list of spellings costs; a whole list costs less than a bracket is worth.
const RANK: f32 = 0.01;
/// What the content alone proves.
const PROVEN: f32 = 120.0;

/// Spellings of one field as keys, best first.
pub(super) struct Spellings {
    pub(super) field: Field,
    pub(super) keys: Vec<String>,
}

/// Header spellings, prepared for comparing.
pub struct Dictionary {
    pub(super) headings: Headings,
    pub(super) fields: Vec<Spellings>,
    other: Vec<String>,
    generic: Vec<String>,
    planned: Vec<String>,
    of_which: Vec<String>,
    pub(super) lists: Lists,
    /// What header paths were found to say: the same few come again in table after table.
    known: Mutex<BTreeMap<Vec<String>, Arc<Said>>>,
}

/// Header paths that are remembered; a hostile workbook may have any number of them.
const MAX_KNOWN: usize = 4096;

/// What a header path says by itself, whatever stands below it.
pub(super) struct Said {
    /// Its texts taken apart.
    pub(super) path: Vec<Heading>,
    /// Fields that it may name, with scores.
    fields: Vec<(Field, f32)>,
    known_other: bool,
}

impl Dictionary {
    /// Prepares the spellings of a configuration.
    #[must_use]
    pub fn new(spec: &Spec) -> Self {
        let headings = Headings::new(&spec.measures);
        let key = |w: &String| headings.parse(w).key;
        let full = |w: &String| headings.parse(w).full;
        let fields = spec.columns.column.iter();
        let words = &spec.layouts.words;
        let explanation = &spec.columns.explanation;
        let explaining = explanation.headers.iter().chain(&explanation.cells);
        let others = spec.columns.other.iter().chain(&words.count).chain(explaining);
        Self {
            fields: fields.map(|c| Spellings { field: c.field, keys: c.headers.iter().map(full).collect() }).collect(),
            other: others.map(key).collect(),
            generic: words.generic.iter().map(key).collect(),
            planned: words.planned.iter().chain(&words.actual).map(|w| squeeze(w)).collect(),
            of_which: spec.layouts.totals.of_which.iter().map(|w| squeeze(w)).collect(),
            lists: Lists::new(spec.layouts.stage.iter().flat_map(|s| &s.words).map(|w| squeeze(w)).collect()),
            known: Mutex::default(),
            headings,
        }
    }

    /// What a header path says.
    pub(super) fn said(&self, path: &[String]) -> Arc<Said> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = known.get(path) {
            return Arc::clone(said);
        }
        let said = Arc::new(by_header(self, path.iter().map(|t| self.headings.parse(t)).collect()));
        if known.len() < MAX_KNOWN {
            known.insert(path.to_vec(), Arc::clone(&said));
        }
        said
    }

    /// What follows 其中 at the beginning of a header.
    fn part<'t>(&self, full: &'t str) -> Option<&'t str> {
        self.of_which.iter().find_map(|w| full.strip_prefix(w.as_str())).map(|t| t.trim_start_matches([':', ',', '、']))
    }
}

/// Fields that a column may be by its header alone, with scores.
fn by_header(words: &Dictionary, path: Vec<Heading>) -> Said {
    let mut found: Vec<(Field, f32)> = Vec::new();
    let mut add = |field: Field, score: f32| match found.iter_mut().find(|(f, _)| *f == field) {
        Some((_, s)) => *s = s.max(score),
        None => found.push((field, score)),
    };
    let part = path.iter().any(|h| words.part(&h.full).is_some());
    let texts = texts(words, &path);
    let known_other = texts.iter().any(|(t, _)| words.other.contains(t));
    for spelled in words.fields.iter().filter(|_| !part) {
        for (text, weight) in &texts {
            if let Some(rank) = spelled.keys.iter().position(|k| k == text) {
                #[allow(clippy::cast_precision_loss, reason = "a rank below a hundred")]
                add(spelled.field, EXACT + weight - rank as f32 * RANK);
            } else if !known_other && let Some(score) = inside(spelled, text) {
                add(spelled.field, score);
            }
        }
    }
    // 其中：2026年度计划投资 under 总投资 is what it says; 其中：固定资产投资 is not ours.
    // (亿元) in a row of its own says nothing about the meaning.
    let leaf = path.iter().rev().find(|h| !h.notes.contains(&h.key));
    if let Some(of_which) = leaf.and_then(|h| words.part(&h.full)) {
        let key = words.headings.parse(of_which).key;
        let parts = [Field::AnnualPlannedInvestment, Field::CompletedInvestment, Field::ContractedCapital];
        let own = words.fields.iter().filter(|s| parts.contains(&s.field)).find(|s| s.keys.contains(&key));
        found.extend(own.map(|s| (s.field, EXACT)));
    }
    Said { path, fields: found, known_other }
}

/// Fields that a column may be, with scores.
pub(super) fn candidates(said: &Said, content: &Content) -> Vec<(Field, f32)> {
    let (path, known_other) = (&said.path, said.known_other);
    let mut found = said.fields.clone();
    // 法人 may be the person: a name must not be published as an owner.
    let person = path.last().is_some_and(|h| h.key == "法人") && content.organisation < 0.3;
    found.retain(|(field, _)| !(person && *field == Field::Owner));
    // 签约一批 beside its rows, under no header at all.
    if path.iter().all(|h| h.full.is_empty()) && content.filled > 0 && content.stage >= 1.0 {
        found.push((Field::StageName, EXACT));
    }
    found.retain(|(field, score)| agree(*field, *score, content, known_other));
    if content.filled >= 3 {
        if content.credit >= 0.6 {
            found.push((Field::OwnerCreditCode, PROVEN));
        } else if content.project_code >= 0.6 {
            found.push((Field::ProjectCode, PROVEN));
        }
    }
    found
}

/// Texts by which a column may be known, with weights: its own header, and that with its parent.
fn texts(words: &Dictionary, path: &[Heading]) -> Vec<(String, f32)> {
    let Some(leaf) = path.last() else { return Vec::new() };
    let parent = path.len().checked_sub(2).map(|i| &path[i]);
    let mut texts = Vec::new();
    if leaf.full != leaf.key {
        texts.push((leaf.full.clone(), 9.0));
    }
    if let Some(parent) = parent {
        texts.push((format!("{}{}", parent.key, leaf.key), 8.5));
        if words.planned.contains(&leaf.key) {
            texts.push((format!("{}{}", leaf.key, parent.key), 8.5));
        }
        if words.generic.contains(&leaf.key) {
            texts.push((parent.key.clone(), 7.0));
            return texts;
        }
    }
    texts.push((leaf.key.clone(), 8.0));
    texts
}

/// A header that contains a spelling: 本项目计划总投资额.
fn inside(spelled: &Spellings, text: &str) -> Option<f32> {
    const NOT: &[&str] =
        &["是否", "占比", "比例", "率", "%", "其中", "问题", "原因", "情况说明", "文号", "面积", "变化", "增减", "较"];
    if NOT.iter().any(|w| text.contains(w)) && spelled.field.kind() != FieldKind::Flag {
        return None;
    }
    let person = spelled.field.kind() == FieldKind::Person;
    let least = if person { 2 } else { 3 };
    let length = |s: &str| s.chars().count();
    let longest = spelled
        .keys
        .iter()
        .filter(|k| length(k) >= least && *k != "法人" && text.contains(k.as_str()))
        .map(|k| length(k))
        .max()?;
    #[allow(clippy::cast_precision_loss, reason = "lengths of headers")]
    let share = longest as f32 / length(text) as f32;
    // 2026年1-3月完成投资 is not 累计完成投资: money and dates must be the greater part of the header.
    let exact_kind = matches!(spelled.field.kind(), FieldKind::Amount | FieldKind::Date);
    if exact_kind && share < 0.5 && !(spelled.field == Field::CompletedInvestment && text.contains("累计")) {
        return None;
    }
    // Personal data must not slip into extras: a hint is enough.
    let base = if person { 62.0 } else { 50.0 };
    Some(base + share * 20.0)
}

/// Whether the content agrees with a field.
fn agree(field: Field, score: f32, content: &Content, known_other: bool) -> bool {
    if field == Field::StageName {
        // 类别, 类型, 批次: only with 签约, 开工, 投产 in it.
        return content.stage >= 0.6;
    }
    if known_other && score < EXACT + 8.0 {
        return false;
    }
    if content.filled < 3 {
        return content.flag < 0.5 || field.kind() != FieldKind::Date;
    }
    match field.kind() {
        FieldKind::Amount => content.digits >= 0.5 && content.credit < 0.5 && content.telephone < 0.5,
        FieldKind::Date => content.flag < 0.5 && content.date >= 0.3 || content.digits >= 0.7 && content.credit < 0.5,
        FieldKind::Person => field == Field::Telephone || content.organisation < 0.6,
        FieldKind::Code => content.digits >= 0.4,
        FieldKind::Sequence => content.long < 0.2,
        _ => match field {
            Field::ProjectName => content.organisation < 0.9 || content.long > 0.0,
            Field::Owner => content.digits < 0.9 || content.organisation > 0.3,
            _ => true,
        },
    }
}
