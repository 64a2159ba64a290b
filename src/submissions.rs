//! From the files of a batch to the submission of each unit: byte-identical copies, later versions, late and missing
//! units.
//!
//! Several files of one unit are one submission. Different stages add up; the same stage twice is a resubmission and the
//! later version counts, unless it is marked 补报. Lists that share neither a county nor a project are parts of one list,
//! each county's in a file of its own, and add up. Order: version words, then a date in the name, then the time of the
//! last change, then the name (so that the outcome never depends on the order of a directory).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{BatchId, Extract, Field, FileOutcome, Finding, Stage, squeeze};
use crate::spec::{Batch, Roster};

/// China has one time zone; the machine's own setting must not decide who is late.
static CHINA: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::fixed(jiff::tz::offset(8)));

/// A file of the batch with what is known about its age.
#[derive(Debug)]
pub struct Received {
    /// What it yielded.
    pub extract: Extract,
    /// Time of the last change.
    pub modified: Option<Timestamp>,
    /// The file that was used instead, when it was superseded as a whole or is a copy.
    pub superseded_by: Option<Arc<str>>,
    /// Version words of its name.
    pub version: Option<String>,
}

impl Received {
    /// A file as read.
    #[must_use]
    pub fn new(extract: Extract, modified: Option<Timestamp>) -> Self {
        let version = Version::of(file_stem(&extract.source.file), modified).words;
        Self { extract, modified, superseded_by: None, version }
    }

    fn counts(&self) -> bool {
        self.extract.outcome == FileOutcome::Read
    }
}

/// The age of a file by its name, comparable: later is greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    rank: u32,
    date: Option<Date>,
    modified: Option<Timestamp>,
    words: Option<String>,
}

/// Words of a revised version without a number: the second one, at least.
const REVISED: &[&str] = &["修订", "修改", "更正", "订正", "更新", "重报", "重新报送", "改后", "新版"];
/// Words of a final version.
const FINAL: &[&str] = &["最终", "终稿", "定稿", "终版", "正式版"];
/// Rank of a revised version.
const RANK_REVISED: u32 = 2;
/// Rank of a final version: above any counted one.
const RANK_FINAL: u32 = 10_000;

impl Version {
    fn of(stem: &str, modified: Option<Timestamp>) -> Self {
        let mut rank = 0;
        let mut words = None;
        let mut note = |candidate: u32, text: &str| {
            if candidate > rank {
                rank = candidate;
                words = Some(text.to_owned());
            }
        };
        for word in REVISED.iter().filter(|w| stem.contains(**w)) {
            note(RANK_REVISED, word);
        }
        for (number, text) in counted_versions(stem) {
            note(number, &text);
        }
        for word in FINAL.iter().filter(|w| stem.contains(**w)) {
            note(RANK_FINAL, word);
        }
        Self { rank, date: date_in(stem), modified, words }
    }
}

/// 第二次, 第3稿, v2, V2.1, 版本3: number and text.
fn counted_versions(stem: &str) -> Vec<(u32, String)> {
    let chars: Vec<char> = stem.chars().collect();
    let mut found = Vec::new();
    for (i, &c) in chars.iter().enumerate() {
        let rest = &chars[i + 1..];
        match c {
            '第' => {
                let digits: String = rest.iter().take_while(|c| is_number_char(**c)).collect();
                let after = rest.get(digits.chars().count());
                if let (Some(number), Some('次' | '稿' | '版')) = (parse_count(&digits), after) {
                    found.push((number, format!("第{digits}{}", after.unwrap_or(&'次'))));
                }
            }
            'v' | 'V' if i == 0 || !chars[i - 1].is_ascii_alphanumeric() => {
                let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
                if let Some(number) = digits.parse().ok().filter(|n| (1..1000).contains(n)) {
                    found.push((number, format!("{c}{digits}")));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_number_char(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// A small count in Arabic or Chinese digits, read as a batch number is.
fn parse_count(digits: &str) -> Option<u32> {
    BatchId::parse(&format!("第{digits}期")).map(|b| b.number())
}

/// A date in a file name: 20260103, 2026-01-03, 2026年1月3日, 2026.1.3.
fn date_in(stem: &str) -> Option<Date> {
    let mut numbers: Vec<(String, bool)> = Vec::new(); // digits, and whether they directly follow the numbers before
    let mut gap = 0;
    for c in stem.chars() {
        if c.is_ascii_digit() {
            match numbers.last_mut() {
                Some((last, _)) if gap == 0 => last.push(c),
                _ => numbers.push((c.to_string(), gap == 1)),
            }
            gap = 0;
        } else {
            gap = if "-._/年月日 ".contains(c) { gap + 1 } else { 9 };
        }
    }
    let number = |s: &str| s.parse::<i16>().ok();
    for (i, (text, _)) in numbers.iter().enumerate() {
        if text.len() == 8 && text.starts_with("20") {
            let (month, day) = (text[4..6].parse().ok()?, text[6..].parse().ok()?);
            if let Ok(date) = Date::new(number(&text[..4])?, month, day) {
                return Some(date);
            }
        }
        if let (4, Some((month, true)), Some((day, true))) = (text.len(), numbers.get(i + 1), numbers.get(i + 2)) {
            let parts = (number(text), month.parse().ok(), day.parse().ok());
            if let (Some(year), Some(month), Some(day)) = parts
                && let Ok(date) = Date::new(year, month, day)
            {
                return Some(date);
            }
        }
    }
    None
}

fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Marks byte-identical copies (F111). Of equal files the one with the shortest name counts, so `清单(1).xlsx` is the copy.
pub fn mark_duplicates(files: &mut [Received]) -> Vec<Finding> {
    let mut by_hash: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (i, file) in files.iter().enumerate().filter(|(_, f)| f.counts()) {
        by_hash.entry(Arc::clone(&file.extract.source.sha256)).or_default().push(i);
    }
    let mut findings = Vec::new();
    for mut group in by_hash.into_values().filter(|g| g.len() > 1) {
        group.sort_by_key(|&i| {
            let name = &files[i].extract.source.file;
            (name.chars().count(), Arc::clone(name))
        });
        let original = Arc::clone(&files[group[0]].extract.source.file);
        for &i in &group[1..] {
            let file = &mut files[i];
            file.extract.outcome = FileOutcome::Duplicate;
            file.superseded_by = Some(Arc::clone(&original));
            let message = format!("与 {original} 逐字节相同，只计一份");
            findings.push(of_file("F111", message, file));
        }
    }
    findings
}

/// Lets the later version of each unit's stage count (F112): records and totals of older versions leave the extract.
pub fn supersede(files: &mut [Received]) -> Vec<Finding> {
    let mut lists: BTreeMap<(String, Stage), Vec<usize>> = BTreeMap::new();
    for (i, file) in files.iter().enumerate().filter(|(_, f)| f.counts() && !f.extract.supplement) {
        let Some(unit) = &file.extract.unit_code else { continue };
        for &stage in &file.extract.stages {
            lists.entry((unit.clone(), stage)).or_default().push(i);
        }
    }
    let mut replaced: BTreeMap<usize, BTreeMap<Stage, usize>> = BTreeMap::new();
    let lists = lists.into_iter().filter(|(_, g)| g.len() > 1);
    let parts = lists.flat_map(|((_, stage), group)| parts(files, stage, group).into_iter().map(move |p| (stage, p)));
    for (stage, mut group) in parts.collect::<Vec<_>>() {
        group.sort_by_cached_key(|&i| {
            let name = Arc::clone(&files[i].extract.source.file);
            (Version::of(file_stem(&name), files[i].modified), name)
        });
        let latest = group[group.len() - 1];
        for &older in &group[..group.len() - 1] {
            replaced.entry(older).or_default().insert(stage, latest);
        }
    }
    replaced.into_iter().map(|(older, stages)| replace(files, older, &stages)).collect()
}

/// What a file's list of one stage speaks of.
#[derive(Default)]
struct Scope {
    name: String,
    counties: BTreeSet<String>,
    projects: BTreeSet<String>,
}

impl Scope {
    fn of(file: &Received, stage: Stage) -> Self {
        let mut scope = Self { name: list_name(&file.extract.source.file), ..Self::default() };
        for record in file.extract.records.iter().filter(|r| r.stage == Some(stage)) {
            scope.counties.extend(record.text(Field::County).map(squeeze));
            scope.projects.extend(record.name().map(squeeze));
        }
        scope
    }

    /// Another version of a list names some of its counties or projects; what names no county may be anything.
    fn meets(&self, other: &Self) -> bool {
        self.name == other.name
            || self.counties.is_empty()
            || other.counties.is_empty()
            || !self.counties.is_disjoint(&other.counties)
            || !self.projects.is_disjoint(&other.projects)
    }
}

/// A path without what tells versions apart: version words and a date.
fn list_name(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let mut name = squeeze(file_stem(if folder.is_empty() { path } else { name }));
    for (_, text) in counted_versions(&name) {
        name = name.replace(&text, "");
    }
    for word in REVISED.iter().chain(FINAL) {
        name = name.replace(word, "");
    }
    let dated = date_in(&name).is_some();
    name.retain(|c| !"()[]【】-_.版稿".contains(c) && !(dated && (c.is_ascii_digit() || "年月日".contains(c))));
    format!("{folder}/{}", name.trim_end_matches("报送"))
}

/// Files of one list, taken apart where they speak of different counties and projects.
fn parts(files: &[Received], stage: Stage, group: Vec<usize>) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<(usize, Scope)>> = Vec::new();
    for i in group {
        let scope = Scope::of(&files[i], stage);
        let (with, mut apart): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|p| p.iter().any(|(_, other)| other.meets(&scope)));
        let mut joined: Vec<(usize, Scope)> = with.into_iter().flatten().collect();
        joined.push((i, scope));
        apart.push(joined);
        parts = apart;
    }
    parts.into_iter().map(|p| p.into_iter().map(|(i, _)| i).collect()).collect()
}

fn replace(files: &mut [Received], older: usize, stages: &BTreeMap<Stage, usize>) -> Finding {
    let newer: BTreeSet<Arc<str>> = stages.values().map(|&i| Arc::clone(&files[i].extract.source.file)).collect();
    let newer: Vec<Arc<str>> = newer.into_iter().collect();
    let file = &mut files[older];
    let whole = file.extract.stages.iter().all(|s| stages.contains_key(s));
    let gone = |stage: Option<Stage>| stage.map_or(whole, |s| stages.contains_key(&s));
    file.extract.records.retain(|r| !gone(r.stage));
    file.extract.totals.retain(|t| !gone(t.stage));
    file.extract.headers.retain_mut(|table| {
        let told = !table.stages.is_empty();
        table.stages.retain(|s| !stages.contains_key(s));
        if told { !table.stages.is_empty() } else { !whole }
    });
    let names = stages.keys().map(|s| s.as_str()).collect::<Vec<_>>().join("、");
    let by = newer.join("、");
    let message = if whole {
        file.extract.outcome = FileOutcome::Superseded;
        file.superseded_by = newer.first().cloned();
        file.extract.cells.clear();
        // What is wrong in a version that no longer counts is nobody's work any more.
        file.extract.findings.clear();
        format!("已有更新的版本，本文件不计入：{by}")
    } else {
        file.extract.findings.retain(|f| !f.stage.is_some_and(|s| stages.contains_key(&s)));
        format!("{names}清单已有更新的版本，以新版本为准：{by}")
    };
    of_file("F112", message, file)
}

/// Units of the roster without a file that counts (F101).
#[must_use]
pub fn missing(files: &[Received], batch: &BatchId, roster: &Roster) -> Vec<Finding> {
    let submitted: BTreeSet<&str> =
        files.iter().filter(|f| f.counts()).filter_map(|f| f.extract.unit_code.as_deref()).collect();
    let expected = |since: Option<u32>| since.is_none_or(|first| batch.number() >= first);
    roster
        .unit
        .iter()
        .filter(|u| !submitted.contains(u.code.as_str()) && expected(u.since_batch))
        .map(|u| {
            let mut finding = Finding::new("F101", format!("{}未报送：本期没有可读的文件", u.name)).unit(&u.code);
            finding.batch = Some(batch.clone());
            finding
        })
        .collect()
}

/// Files received after the deadline (F102).
#[must_use]
pub fn late(files: &[Received], batch: Option<&Batch>) -> Vec<Finding> {
    let Some(deadline) = batch.and_then(|b| b.deadline) else { return Vec::new() };
    let received = |f: &Received| f.modified.map(|t| CHINA.to_datetime(t).date());
    let mut findings = Vec::new();
    for file in files.iter().filter(|f| f.counts()) {
        if let Some(day) = received(file).filter(|day| *day > deadline) {
            let message = format!("迟报：收到日期 {day}，截止日期 {deadline}");
            findings.push(of_file("F102", message, file));
        }
    }
    findings
}

fn of_file(code: &'static str, message: String, file: &Received) -> Finding {
    let mut finding = Finding::new(code, message).in_file(&file.extract.source.file);
    finding.batch = Some(file.extract.batch.clone());
    finding.unit_code.clone_from(&file.extract.unit_code);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellRef, FieldValue, Origin, Record, Slot, Source, Value, Values};

    fn file(name: &str, hash: &str, stages: &[Stage]) -> Received {
        let extract = Extract {
            source: Arc::new(Source { file: Arc::from(name), sha256: Arc::from(hash) }),
            batch: BatchId::from_number(2),
            unit_code: Some("410300".to_owned()),
            format: None,
            outcome: FileOutcome::Read,
            records: Vec::new(),
            totals: Vec::new(),
            cells: Vec::new(),
            sheets: Vec::new(),
            headers: Vec::new(),
            stages: stages.to_vec(),
            supplement: name.contains("补报"),
            explanations: Vec::new(),
            findings: Vec::new(),
        };
        Received::new(extract, None)
    }

    fn outcomes(files: &[Received]) -> Vec<FileOutcome> {
        files.iter().map(|f| f.extract.outcome).collect()
    }

    #[test]
    fn version_words_are_ordered() {
        let names = [
            "洛阳清单",
            "洛阳清单20260103",
            "洛阳清单2026年1月5日",
            "洛阳清单（修订）",
            "洛阳清单第三次报送",
            "洛阳清单v4",
            "洛阳清单-最终版",
        ];
        let versions: Vec<Version> = names.iter().map(|n| Version::of(n, None)).collect();
        for pair in versions.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert_eq!(Version::of("第二期清单(1)", None).rank, 0, "a period and a copy are no versions");
    }

    #[test]
    fn the_later_version_counts_and_a_supplement_adds() {
        let mut files = [
            file("02/洛阳/清单.xlsx", "a", &Stage::ALL),
            file("02/洛阳/清单（修订版）.xlsx", "b", &Stage::ALL),
            file("02/洛阳/清单（补报）.xlsx", "c", &Stage::ALL),
        ];
        let findings = supersede(&mut files);
        assert_eq!(outcomes(&files), [FileOutcome::Superseded, FileOutcome::Read, FileOutcome::Read]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "F112");
    }

    #[test]
    fn different_stages_add_up() {
        let mut files =
            [file("02/a.xlsx", "a", &[Stage::Signing]), file("02/b.xlsx", "b", &[Stage::Start, Stage::Production])];
        assert!(supersede(&mut files).is_empty());
    }

    #[test]
    fn lists_of_other_counties_and_projects_add_up() {
        let list = |name: &str, hash: &str, rows: &[(&str, &str)]| {
            let mut file = file(name, hash, &[Stage::Signing]);
            for (project, county) in rows {
                let mut record = Record {
                    batch: file.extract.batch.clone(),
                    unit_code: "410300".to_owned(),
                    stage: Some(Stage::Signing),
                    origin: Origin {
                        source: Arc::clone(&file.extract.source),
                        sheet: None,
                        sheet_index: 0,
                        row: 1,
                        slot: Slot::default(),
                    },
                    group: None,
                    values: Values::new(),
                    extras: Vec::new(),
                    hidden: false,
                    after_total: false,
                };
                let mut put = |field: Field, text: &str| {
                    let value = Some(Value::Text(text.into()));
                    let cell = CellRef::new(0, 0);
                    record.values.insert(field, FieldValue { value, raw: text.into(), cell });
                };
                put(Field::ProjectName, project);
                put(Field::County, county);
                file.extract.records.push(record);
            }
            file
        };
        let mut files = [
            list("02/洛阳/嵩县签约.xlsx", "a", &[("甲项目", "嵩县")]),
            list("02/洛阳/宜阳县签约.xlsx", "b", &[("乙项目", "宜阳县")]),
            list("02/洛阳/宜阳县签约（修订）.xlsx", "c", &[("乙改项目", "宜阳县")]),
        ];
        supersede(&mut files);
        assert_eq!(outcomes(&files), [FileOutcome::Read, FileOutcome::Superseded, FileOutcome::Read]);
        let mut files = [
            list("02/洛阳/签约20260103.xlsx", "a", &[("甲项目", "嵩县")]),
            list("02/洛阳/签约（第二次报送）20260109.xlsx", "b", &[("乙项目", "宜阳县")]),
        ];
        supersede(&mut files);
        assert_eq!(outcomes(&files), [FileOutcome::Superseded, FileOutcome::Read], "one name, two versions");
    }

    #[test]
    fn a_partly_replaced_file_still_counts() {
        let mut files =
            [file("02/a.xlsx", "a", &[Stage::Signing, Stage::Start]), file("02/b修订.xlsx", "b", &[Stage::Start])];
        let findings = supersede(&mut files);
        assert_eq!(outcomes(&files), [FileOutcome::Read, FileOutcome::Read]);
        assert_eq!(findings[0].message, "开工清单已有更新的版本，以新版本为准：02/b修订.xlsx");
    }

    #[test]
    fn the_copy_with_the_longer_name_is_the_duplicate() {
        let mut files = [file("02/清单(1).xlsx", "a", &[Stage::Start]), file("02/清单.xlsx", "a", &[Stage::Start])];
        let findings = mark_duplicates(&mut files);
        assert_eq!(outcomes(&files), [FileOutcome::Duplicate, FileOutcome::Read]);
        assert_eq!(findings[0].message, "与 02/清单.xlsx 逐字节相同，只计一份");
    }
}
