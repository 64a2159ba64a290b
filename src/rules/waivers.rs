//! Applying `waivers.toml` to the findings of a batch, and telling which waivers are over or were not needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::registry::report;
use crate::model::{BatchId, Field, Finding, Record, Reported, Slot, mask_numbers, name_key, project_code_key};
use crate::spec::{Spec, Waiver};

/// The waivers as they stand for one batch.
#[derive(Debug)]
pub struct WaiverDesk<'a> {
    batch: &'a BatchId,
    spec: &'a Spec,
    /// Positions of the waivers for this batch, by rule.
    by_rule: BTreeMap<&'a str, Vec<usize>>,
    /// Findings that each waiver fits.
    hits: Vec<usize>,
    /// Project code of each record that has one.
    codes: BTreeMap<(Arc<str>, Slot), String>,
    /// What the batch holds, for waivers that name no batch.
    units: BTreeSet<String>,
    files: BTreeSet<Arc<str>>,
    projects: BTreeSet<String>,
}

impl<'a> WaiverDesk<'a> {
    /// Waivers for a batch with these records; `files` are all files received, with their units.
    pub fn new(
        batch: &'a BatchId,
        records: &[Record],
        files: impl IntoIterator<Item = (Arc<str>, Option<String>)>,
        spec: &'a Spec,
    ) -> Self {
        let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (n, waiver) in spec.waivers.waiver.iter().enumerate() {
            if waiver.batch_id.as_ref().is_none_or(|b| b == batch) {
                by_rule.entry(&waiver.rule).or_default().push(n);
            }
        }
        let hits = vec![0; spec.waivers.waiver.len()];
        let mut desk = Self {
            batch,
            spec,
            by_rule,
            hits,
            codes: BTreeMap::new(),
            units: BTreeSet::new(),
            files: BTreeSet::new(),
            projects: BTreeSet::new(),
        };
        if desk.by_rule.is_empty() {
            return desk;
        }
        for (file, unit) in files {
            desk.files.insert(file);
            desk.units.extend(unit);
        }
        for record in records {
            if let Some(code) = record.text(Field::ProjectCode).and_then(project_code_key) {
                desk.projects.insert(code.clone());
                desk.codes.insert((Arc::clone(&record.origin.source.file), record.origin.slot), code);
            }
            desk.projects.extend(record.name().map(name_key));
        }
        desk
    }

    /// Marks the finding when a waiver accepts it.
    pub fn apply(&mut self, reported: &mut Reported) {
        let Some(candidates) = self.by_rule.get(reported.finding.code) else { return };
        for n in candidates.clone() {
            let waiver = &self.spec.waivers.waiver[n];
            if !self.fits(waiver, &reported.finding) {
                continue;
            }
            self.hits[n] += 1;
            if !reported.waived && !self.is_over(waiver) {
                reported.waived = true;
                let until = waiver.until;
                let text = format!("{}（{}认可，至 {until}）", waiver.reason.trim(), waiver.who.trim());
                reported.waiver = Some(mask_numbers(&text));
            }
        }
    }

    /// W801 and W802. `whole`: the batch is there as a whole; otherwise only what concerns the findings at hand is told.
    #[must_use]
    pub fn findings(&self, whole: bool) -> Vec<Reported> {
        let numbers: BTreeSet<usize> = self.by_rule.values().flatten().copied().collect();
        let told = numbers.into_iter().filter_map(|n| {
            let (waiver, hits) = (&self.spec.waivers.waiver[n], self.hits[n]);
            let what = self.describe(waiver);
            let line = waiver.line;
            let (code, message) = if self.is_over(waiver) && (whole || hits > 0) {
                let now = match hits {
                    0 => "本期没有与它相符的问题".to_owned(),
                    hits => format!("本期与它相符的 {hits} 处问题照常列出"),
                };
                ("W801", format!("{what}的豁免已于 {} 到期，{now}（waivers.toml 第 {line} 行）", waiver.until))
            } else if whole && hits == 0 && !self.is_over(waiver) && self.concerned(waiver) {
                ("W802", format!("{what}的豁免本期没有用到（waivers.toml 第 {line} 行）"))
            } else {
                return None;
            };
            let mut finding = Finding::new(code, mask_numbers(&message));
            finding.batch = Some(self.batch.clone());
            finding.unit_code =
                Some(waiver.unit_code.clone().unwrap_or_else(|| self.spec.roster.province_code.clone()));
            finding.seen = Some(mask_numbers(&format!("{}（{}）", waiver.reason.trim(), waiver.who.trim())));
            Some(finding)
        });
        told.filter_map(|f| report(f, self.spec)).collect()
    }

    /// The day of the batch is after the waiver's last one. A batch without a day ends no waiver.
    fn is_over(&self, waiver: &Waiver) -> bool {
        let day = self.spec.batches.get(self.batch).and_then(|b| b.date);
        day.is_some_and(|day| day > waiver.until)
    }

    fn fits(&self, waiver: &Waiver, finding: &Finding) -> bool {
        let unit = waiver.unit_code.as_ref().is_none_or(|u| finding.unit_code.as_ref() == Some(u));
        let file = waiver.file.as_ref().is_none_or(|f| finding.file.as_ref().is_some_and(|path| is_file(path, f)));
        let project = || {
            let Some(wanted) = &waiver.project else { return true };
            let code = || self.codes.get(&(Arc::clone(finding.file.as_ref()?), finding.slot?));
            match project_code_key(wanted) {
                Some(wanted) => code() == Some(&wanted),
                None => finding.project_name.as_ref().is_some_and(|n| name_key(n) == name_key(wanted)),
            }
        };
        unit && file && project()
    }

    /// Whether the batch holds what the waiver speaks of; one that names the batch speaks of it.
    fn concerned(&self, waiver: &Waiver) -> bool {
        let unit = waiver.unit_code.as_ref().is_none_or(|u| self.units.contains(u));
        let file = waiver.file.as_ref().is_none_or(|f| self.files.iter().any(|path| is_file(path, f)));
        let project = waiver.project.as_ref().is_none_or(|p| {
            let key = project_code_key(p).unwrap_or_else(|| name_key(p));
            self.projects.contains(&key)
        });
        waiver.batch_id.is_some() || (unit && file && project)
    }

    /// `洛阳市项目“甲”V502`.
    fn describe(&self, waiver: &Waiver) -> String {
        let unit = waiver.unit_code.as_deref().map(|u| self.spec.roster.name_of(u).to_owned());
        let file = waiver.file.as_ref().map(|f| format!("文件“{f}”"));
        let project = waiver.project.as_ref().map(|p| format!("项目“{p}”"));
        let place: String = unit.into_iter().chain(file).chain(project).collect();
        format!("{place} {} ", waiver.rule)
    }
}

/// Whether `wanted` is the path or its end, at a folder's border.
fn is_file(path: &str, wanted: &str) -> bool {
    let wanted = wanted.trim();
    path.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || wanted.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Severity, Stage};

    fn waiver(rule: &str, unit: &str, project: Option<&str>, until: jiff::civil::Date) -> Waiver {
        Waiver {
            rule: rule.to_owned(),
            batch: None,
            unit: Some(unit.to_owned()),
            file: None,
            project: project.map(str::to_owned),
            reason: "投资额待批复".to_owned(),
            who: "省重点项目处".to_owned(),
            until,
            unit_code: Some(unit.to_owned()),
            batch_id: None,
            line: 7,
        }
    }

    fn finding(code: &'static str, unit: &str, project: &str) -> Finding {
        let mut finding =
            Finding::new(code, "").unit(unit).stage(Stage::Signing).in_file(&Arc::from("05/洛阳市/甲.xlsx"));
        finding.batch = Some(BatchId::from_number(5));
        finding.project_name = Some(project.to_owned());
        finding
    }

    /// Batch 05 was on 2022-07-05.
    fn spec(waivers: Vec<Waiver>) -> Spec {
        let mut spec = crate::rules::fixture::spec();
        spec.waivers.waiver = waivers;
        spec
    }

    fn judge(spec: &Spec, whole: bool, findings: &[Finding]) -> (Vec<bool>, Vec<&'static str>) {
        let batch = BatchId::from_number(5);
        let files = [(Arc::from("05/洛阳市/甲.xlsx"), Some("410300".to_owned()))];
        let mut desk = WaiverDesk::new(&batch, &[], files, spec);
        let mut waived = Vec::new();
        for finding in findings {
            let mut reported = report(finding.clone(), spec).unwrap();
            desk.apply(&mut reported);
            assert_eq!(reported.waived, reported.waiver.is_some());
            assert_eq!(reported.blocks(), reported.severity == Severity::Error && !reported.waived);
            waived.push(reported.waived);
        }
        (waived, desk.findings(whole).iter().map(|r| r.finding.code).collect())
    }

    #[test]
    fn a_waiver_accepts_what_it_names_and_nothing_else() {
        let day = jiff::civil::date(2022, 7, 5);
        let spec = spec(vec![waiver("V502", "410300", Some("甲 项目"), day)]);
        let own = finding("V502", "410300", "甲项目");
        let others = [
            finding("V502", "410300", "乙项目"),
            finding("V502", "410100", "甲项目"),
            finding("V503", "410300", "甲项目"),
        ];
        assert_eq!(judge(&spec, true, &[own]), (vec![true], vec![]));
        // Its project is not in the batch: nothing says that it was not needed.
        assert_eq!(judge(&spec, true, &others), (vec![false; 3], vec![]));
    }

    #[test]
    fn what_is_over_or_unused_is_told() {
        let (before, after) = (jiff::civil::date(2022, 7, 4), jiff::civil::date(2022, 7, 6));
        let over = spec(vec![waiver("V502", "410300", None, before)]);
        let own = [finding("V502", "410300", "甲项目")];
        assert_eq!(judge(&over, true, &own), (vec![false], vec!["W801"]));
        assert_eq!(judge(&over, true, &[]), (vec![], vec!["W801"]));
        assert_eq!(judge(&over, false, &[]), (vec![], vec![]));
        let unused = spec(vec![waiver("V502", "410300", None, after), waiver("V502", "410100", None, after)]);
        assert_eq!(judge(&unused, true, &[]), (vec![], vec!["W802"]), "only the unit that did submit");
        assert_eq!(judge(&unused, false, &[]), (vec![], vec![]));
    }

    #[test]
    fn a_file_is_named_by_its_path_or_the_end_of_it() {
        for (wanted, fits) in
            [("05/洛阳市/甲.xlsx", true), ("甲.xlsx", true), ("洛阳市/甲.xlsx", true), ("阳市/甲.xlsx", false)]
        {
            assert_eq!(is_file("05/洛阳市/甲.xlsx", wanted), fits, "{wanted}");
        }
    }
}
