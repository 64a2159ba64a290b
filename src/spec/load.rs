//! Reads the folder, then looks for references that lead nowhere and for contradictions between files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::document::{Document, Step};
use super::figures::check_batch;
use super::{
    Batch, Columns, Indicators, Layouts, Measures, PageTemplate, Problem, Roster, RuleNames, RuleSettings, Settings,
    Spec, SpecError, Waivers,
};
use crate::model::{BatchId, hex};

use Step::{Index, Key};

impl Spec {
    /// Reads `dir` (`pipelines/`). `rules` are the rules that `rules.toml` and `waivers.toml` may name.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn load(dir: &Path, names: &RuleNames<'_>) -> Result<Self, SpecError> {
        let mut loader = Loader { dir, problems: Vec::new(), hash: Sha256::new() };
        let settings = loader.settings();
        let roster = loader.file::<Roster>("roster.toml");
        let columns = loader.file::<Columns>("columns.toml");
        let layouts = loader.file::<Layouts>("layouts.toml");
        let measures = loader.file::<Measures>("measures.toml");
        let rules = loader.file::<RuleSettings>("rules.toml");
        let mut waivers = loader.optional_file::<Waivers>("waivers.toml");
        let indicators = loader.file::<Indicators>("indicators.toml");
        let bulletin = loader.template("bulletin.html");
        let mut batch_files = loader.batches();

        let problems = &mut loader.problems;
        if let Some((doc, settings)) = &settings {
            check_settings(doc, settings, problems);
        }
        if let Some((doc, roster)) = &roster {
            check_roster(doc, roster, problems);
        }
        if let Some((doc, columns)) = &columns {
            check_columns(doc, columns, problems);
        }
        if let Some((doc, rules)) = &rules {
            rules.check(doc, names, problems);
        }
        if let Some((doc, measures)) = &measures {
            measures.check(doc, problems);
        }
        if let (Some((_, roster)), Some((doc, waivers))) = (&roster, &mut waivers) {
            waivers.check(doc, names, roster, problems);
        }
        if let Some((doc, indicators)) = &indicators {
            indicators.check(doc, problems);
        }
        if let (Some((_, roster)), Some((_, measures))) = (&roster, &measures) {
            for (doc, batch) in &mut batch_files {
                check_batch(doc, batch, roster, measures, problems);
            }
        }
        let all = (settings, roster, columns, layouts, measures, rules, indicators);
        let (Some(settings), Some(roster), Some(columns), Some(layouts), Some(measures), Some(rules), Some(indicators)) =
            all
        else {
            return Err(SpecError { problems: loader.problems });
        };
        if !loader.problems.is_empty() {
            return Err(SpecError { problems: loader.problems });
        }
        let batches: BTreeMap<BatchId, Batch> =
            batch_files.into_iter().filter_map(|(_, b)| Some((BatchId::parse(&b.id)?, b))).collect();
        Ok(Self {
            settings: settings.1,
            roster: roster.1,
            columns: columns.1,
            layouts: layouts.1,
            measures: measures.1,
            rules: rules.1,
            waivers: waivers.map(|w| w.1).unwrap_or_default(),
            indicators: indicators.1,
            bulletin,
            batches,
            hash: hex(&loader.hash.finalize()),
        })
    }
}

struct Loader<'a> {
    dir: &'a Path,
    problems: Vec<Problem>,
    hash: Sha256,
}

impl Loader<'_> {
    /// `sanpi.toml`: where logs go and how long versions stay changes no dataset, so it is not in the hash.
    fn settings(&mut self) -> Option<(Document, Settings)> {
        let before = self.hash.clone();
        let settings = self.file::<Settings>("sanpi.toml");
        if let Some((_, settings)) = &settings {
            self.hash = before;
            self.hash.update(settings.of_content().as_bytes());
        }
        settings
    }

    fn file<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<(Document, T)> {
        let doc = self.text(name)?;
        let value = doc.parse(&mut self.problems)?;
        Some((doc, value))
    }

    fn text(&mut self, name: &str) -> Option<Document> {
        match Document::read(&self.dir.join(name)) {
            Ok(doc) => {
                self.hash.update(name.as_bytes());
                self.hash.update((doc.text.len() as u64).to_le_bytes());
                self.hash.update(doc.text.as_bytes());
                Some(doc)
            }
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn template(&mut self, name: &str) -> Option<PageTemplate> {
        let doc = if self.dir.join(name).exists() { self.text(name) } else { None }?;
        Some(PageTemplate { path: doc.path, text: doc.text })
    }

    /// As [`Self::file`], where it is no problem that there is no such file.
    fn optional_file<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<(Document, T)> {
        if self.dir.join(name).exists() { self.file(name) } else { None }
    }

    fn batches(&mut self) -> Vec<(Document, Batch)> {
        let mut names: Vec<PathBuf> = match std::fs::read_dir(self.dir.join("batches")) {
            Ok(entries) => entries.filter_map(|e| Some(e.ok()?.path())).collect(),
            Err(_) => return Vec::new(), // no batch files: every batch runs with the defaults
        };
        names.retain(|p| p.extension().is_some_and(|e| e == "toml"));
        names.sort();
        let mut batches = Vec::new();
        for path in names {
            let Some(stem) = path.file_stem().and_then(|s| s.to_str()) else { continue };
            let Some((doc, batch)) = self.file::<Batch>(&format!("batches/{stem}.toml")) else { continue };
            if batch.id != stem || BatchId::parse(stem).is_none_or(|id| id.as_str() != stem) {
                let message = format!("id 应与文件名相同，写成两位数字（文件名是 {stem}，id 是 {}）", batch.id);
                self.problems.push(doc.problem_at(&[Key("id")], message));
            }
            batches.push((doc, batch));
        }
        batches
    }
}

fn check_settings(doc: &Document, settings: &Settings, problems: &mut Vec<Problem>) {
    let limits = &settings.limits;
    if limits.part_bytes > limits.inflated_bytes {
        let message = "单个部件的上限大于全部部件的上限 inflated_bytes".to_owned();
        problems.push(doc.problem_at(&[Key("limits"), Key("part_bytes")], message));
    }
    let positive = [
        ("file_bytes", limits.file_bytes),
        ("part_bytes", limits.part_bytes),
        ("inflated_bytes", limits.inflated_bytes),
        ("zip_entries", limits.zip_entries),
        ("sheets", u64::from(limits.sheets)),
        ("cells", limits.cells),
        ("child_memory_mib", limits.child_memory_mib),
        ("child_cpu_seconds", limits.child_cpu_seconds),
        ("child_wall_seconds", limits.child_wall_seconds),
    ];
    for (key, value) in positive {
        if value == 0 {
            problems.push(doc.problem_at(&[Key("limits"), Key(key)], "上限不能为 0".to_owned()));
        }
    }
}

fn check_roster(doc: &Document, roster: &Roster, problems: &mut Vec<Problem>) {
    let mut codes = BTreeSet::new();
    let mut tiles: BTreeMap<[u8; 2], &str> = BTreeMap::new();
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (u, unit) in roster.unit.iter().enumerate() {
        let at = |key| [Key("unit"), Index(u), Key(key)];
        if !is_region_code(&unit.code) {
            problems.push(doc.problem_at(&at("code"), format!("代码 {} 不是六位数字", unit.code)));
        }
        if !codes.insert(unit.code.as_str()) {
            problems.push(doc.problem_at(&at("code"), format!("单位代码 {} 重复", unit.code)));
        }
        if let Some(other) = unit.tile.and_then(|tile| tiles.insert(tile, &unit.name)) {
            problems.push(doc.problem_at(&at("tile"), format!("{}和{other}在示意图上的位置相同", unit.name)));
        }
        // The name becomes a folder of the reports.
        if unit.name.is_empty() || unit.name.contains(['/', '\\', '\0']) || unit.name.starts_with('.') {
            problems.push(doc.problem_at(&at("name"), format!("单位名称 {:?} 不能用作文件夹名", unit.name)));
        }
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            if let Some(other) = names.insert(name, &unit.name)
                && other != unit.name
            {
                problems.push(doc.problem_at(&at("aliases"), format!("“{name}”同时是{other}和{}的名称", unit.name)));
            }
        }
        let mut areas: BTreeMap<&str, &str> = BTreeMap::new();
        for (a, area) in unit.area.iter().enumerate() {
            let at = |key| [Key("unit"), Index(u), Key("area"), Index(a), Key(key)];
            if let Some(code) = area.code.as_deref().filter(|c| !is_region_code(c)) {
                problems.push(doc.problem_at(&at("code"), format!("代码 {code} 不是六位数字")));
            }
            for name in std::iter::once(&area.name).chain(&area.aliases) {
                if let Some(other) = areas.insert(name, &area.name)
                    && other != area.name
                {
                    let message = format!("{}的“{name}”同时指{other}和{}", unit.name, area.name);
                    problems.push(doc.problem_at(&at("aliases"), message));
                }
            }
        }
    }
    for (n, overlap) in roster.overlap.iter().enumerate() {
        let city = roster.by_code(&overlap.city);
        if city.is_none() {
            let message = format!("名录里没有代码为 {} 的单位", overlap.city);
            problems.push(doc.problem_at(&[Key("overlap"), Index(n), Key("city")], message));
        }
        let county = |u: &super::Unit| u.area.iter().any(|a| a.code.as_deref() == Some(&overlap.part));
        if roster.by_code(&overlap.part).is_none() && !city.is_some_and(county) {
            let message = format!("{} 既不是报送单位，也不是该市的县（市、区）", overlap.part);
            problems.push(doc.problem_at(&[Key("overlap"), Index(n), Key("part")], message));
        }
    }
    if roster.unit.is_empty() {
        problems.push(doc.problem_at(&[Key("unit")], "名录里没有单位".to_owned()));
    }
}

fn is_region_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

fn check_columns(doc: &Document, columns: &Columns, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (c, column) in columns.column.iter().enumerate() {
        if !seen.insert(column.field) {
            let message = format!("字段 {} 出现两次", column.field.key());
            problems.push(doc.problem_at(&[Key("column"), Index(c), Key("field")], message));
        }
        if column.headers.is_empty() {
            let message = format!("字段 {} 没有表头写法", column.field.key());
            problems.push(doc.problem_at(&[Key("column"), Index(c), Key("headers")], message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Amount;

    fn pipelines() -> PathBuf {
        Path::new(file!()).ancestors().nth(3).map_or_else(PathBuf::new, |root| root.join("pipelines"))
    }

    fn copy_of_pipelines(changes: &[(&str, &str, &str)]) -> tempfile::TempDir {
        let from = [pipelines(), PathBuf::from("pipelines")].into_iter().find(|p| p.is_dir()).expect("pipelines");
        let dir = tempfile::tempdir().expect("temporary folder");
        std::fs::create_dir(dir.path().join("batches")).expect("folder");
        for folder in ["", "batches"] {
            for entry in std::fs::read_dir(from.join(folder)).expect("folder").flatten() {
                if entry.path().extension().is_some_and(|e| e == "toml") {
                    std::fs::copy(entry.path(), dir.path().join(folder).join(entry.file_name())).expect("copy");
                }
            }
        }
        for (file, old, new) in changes {
            let path = dir.path().join(file);
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(text.contains(old), "{file} has no {old}");
            std::fs::write(&path, text.replacen(old, new, 1)).expect("write");
        }
        dir
    }

    fn names() -> RuleNames<'static> {
        let strategic = ["manufacturing", "strategic", "infrastructure", "services", "livelihood"];
        BTreeMap::from([
            ("V504", vec!["evidence", "min_peers"]),
            ("V505", strategic.to_vec()),
            ("X605", Vec::new()),
            ("X606", vec!["min_percent"]),
        ])
    }

    #[test]
    fn the_real_folder_is_sound() {
        let dir = copy_of_pipelines(&[]);
        let spec = Spec::load(dir.path(), &names()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(spec.roster.unit.len(), 19);
        let counties = spec.roster.unit.iter().flat_map(|u| &u.area).filter(|a| !a.zone).count();
        assert_eq!(counties, 157);
        let two = &spec.batches[&BatchId::from_number(2)];
        assert_eq!(two.published[1].amount, Some(Amount::new(284_400_000_000, 100_000_000, 0)));
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let dir = copy_of_pipelines(&[
            ("sanpi.toml", "cells = 2000000", "cels = 2000000\ncells = \"many\""),
            ("batches/02.toml", "unit_code = \"410000\"", "unit_code = \"999999\""),
            ("batches/04.toml", "value = \"14919\"", "value = \"14000\""),
            ("rules.toml", "# 规则的", "[V999]\ntrial = true\n# 规则的"),
            ("roster.toml", "aliases = [\"开封\"]", "aliases = [\"开封\", \"郑州\"]"),
            ("measures.toml", "\"亿圆\"", "\"万圆\""),
            ("measures.toml", "yuan = 1000\n", "yuan = 0\n"),
            ("waivers.toml", "# 豁免：", "[[waiver]]\nruel = \"V504\"\n# "),
        ]);
        let error = Spec::load(dir.path(), &names()).expect_err("many problems");
        let text = error.to_string();
        for expected in [
            "不认识的键 cels，是不是想写 cells",
            "值的类型不对",
            "没有代码为 999999 的单位",
            "各批之和与合计 14000亿元 不符",
            "没有代码为 V999 的规则",
            "“郑州”同时是郑州市和开封市的名称",
            "“万圆”出现两次：万元、亿元",
            "千元折合的元数必须是正整数",
            "不认识的键 ruel，是不是想写 rule",
        ] {
            assert!(text.contains(expected), "missing: {expected}\n{text}");
        }
        assert_eq!(error.problems.len(), 10, "{text}");
        assert!(error.problems.iter().all(|p| p.line > 0 && !p.key.is_empty()), "{text}");
    }

    #[test]
    fn exceptions_and_waivers_that_lead_nowhere_are_told() {
        let dir = copy_of_pipelines(&[
            ("rules.toml", "thresholds.evidence", "thresholds.evidense"),
            ("rules.toml", "to_batch = 5", "to_batch = 5\nfrom_batch = 9"),
            ("rules.toml", "[X606]", "[[X605.when]]\nsource = \"-\"\n[X606]"),
            (
                "waivers.toml",
                "# 豁免：",
                "[[waiver]]\nrule = \"V998\"\nunit = \"罗阳市\"\nreason = \"\"\nwho = \"处13812345678\"\nuntil = 2026-01-01\n\
                 [[waiver]]\nrule = \"V504\"\nbatch = \"某期\"\nreason = \"-\"\nwho = \"处\"\nuntil = 2026-01-01\n# ",
            ),
        ]);
        let error = Spec::load(dir.path(), &names()).expect_err("many problems");
        let text = error.to_string();
        for expected in [
            "规则 V504 没有阈值 evidense；可以写：evidence、min_peers",
            "from_batch 9 大于 to_batch 5",
            "没有写 stage、from_batch 或 to_batch",
            "什么也不改变",
            "没有代码为 V998 的规则",
            "名录里没有单位“罗阳市”",
            "键 reason：不能为空",
            "不写个人和电话",
            "“某期”不是期号",
            "unit、file、project 至少写一项",
        ] {
            assert!(text.contains(expected), "missing: {expected}\n{text}");
        }
        assert_eq!(error.problems.len(), 10, "{text}");
        assert!(error.problems.iter().all(|p| p.line > 0 && !p.key.is_empty()), "{text}");
    }

    #[test]
    fn waivers_know_their_unit_and_line_and_may_be_absent() {
        let dir = copy_of_pipelines(&[(
            "waivers.toml",
            "# 豁免：",
            "[[waiver]]\nrule = \"V504\"\nbatch = \"2\"\nunit = \"洛阳\"\nreason = \"-\"\nwho = \"处\"\nuntil = 2026-01-01\n# ",
        )]);
        let spec = Spec::load(dir.path(), &names()).unwrap_or_else(|e| panic!("{e}"));
        let waiver = &spec.waivers.waiver[0];
        assert_eq!((waiver.unit_code.as_deref(), waiver.line), (Some("410300"), 2));
        assert_eq!(waiver.batch_id, Some(BatchId::from_number(2)));
        std::fs::remove_file(dir.path().join("waivers.toml")).expect("removed");
        assert!(Spec::load(dir.path(), &names()).unwrap_or_else(|e| panic!("{e}")).waivers.waiver.is_empty());
    }
}
