//! The submitting unit: the folder wins over the file's name, and that over what the sheets say.

use std::collections::BTreeSet;

use crate::model::{CellRef, Letters, squeeze};
use crate::spec::Roster;

/// Where something was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A folder of the path.
    Folder,
    /// The file's name.
    FileName,
    /// A cell: 填报单位 line or title.
    Cell {
        /// Position of the sheet.
        sheet: u32,
        /// The cell.
        at: CellRef,
    },
    /// The name of a sheet.
    SheetName {
        /// Position of the sheet.
        sheet: u32,
    },
}

/// A text that may name a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// The text.
    pub text: String,
}

/// What the statements say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitVerdict {
    /// Code of the unit, if one could be told.
    pub code: Option<String>,
    /// The statement that decided.
    pub by: Option<Statement>,
    /// Statements that name another unit, with its code.
    pub against: Vec<(Statement, String)>,
}

/// The names of all units and their areas, prepared for any number of files.
pub struct Names {
    /// The longest first.
    patterns: Vec<Pattern>,
    /// Letters that they begin with.
    firsts: Letters,
}

impl Names {
    /// Prepares the names of a roster.
    #[must_use]
    pub fn new(roster: &Roster) -> Self {
        let patterns = patterns(roster);
        let firsts = Letters::of(patterns.iter().filter_map(|p| p.text.chars().next()));
        Self { patterns, firsts }
    }

    /// Decides the unit from statements in order of their weight.
    #[must_use]
    pub fn unit(&self, statements: &[Statement]) -> UnitVerdict {
        let named: Vec<(&Statement, Mention)> =
            statements.iter().filter_map(|s| Some((s, self.mention(&s.text)?))).collect();
        // Names of units come before names of their counties, wherever they stand.
        let first = named.iter().find(|(_, m)| m.own).or(named.first());
        let Some((by, found)) = first else { return UnitVerdict::default() };
        let against = named.iter().filter(|(s, m)| m.own && m.code != found.code && s.place != by.place);
        let against = against.map(|(s, m)| ((*s).clone(), m.code.clone())).collect();
        UnitVerdict { code: Some(found.code.clone()), by: Some((*by).clone()), against }
    }

    /// The one unit that a text names: leftmost, longest; of a city and a zone in it the zone; otherwise none of several.
    fn mention(&self, text: &str) -> Option<Mention> {
        let text = squeeze(text);
        let (mut own, mut areas) = (BTreeSet::new(), BTreeSet::new());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let fits = |p: &&Pattern| !p.text.is_empty() && rest.starts_with(&p.text);
            let hit = if self.firsts.contains(first) { self.patterns.iter().find(fits) } else { None };
            if let Some(Pattern { code: Some(code), own: is_own, .. }) = hit {
                if *is_own { &mut own } else { &mut areas }.insert(code.clone());
            }
            rest = &rest[hit.map_or(first.len_utf8(), |p| p.text.len())..];
        }
        if own.len() > 1 {
            own.retain(|code| !code.ends_with("00"));
        }
        let one = |codes: BTreeSet<String>| if codes.len() == 1 { codes.into_iter().next() } else { None };
        if own.is_empty() {
            return one(areas).map(|code| Mention { code, own: false });
        }
        one(own).map(|code| Mention { code, own: true })
    }
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mention {
    code: String,
    /// The unit itself, not one of its counties.
    own: bool,
}

struct Pattern {
    text: String,
    /// Unit code; `None` for words that only hide others (河南 in 河南阳光).
    code: Option<String>,
    own: bool,
}

fn patterns(roster: &Roster) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    let mut areas: Vec<(String, String)> = Vec::new();
    for unit in &roster.unit {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            patterns.push(Pattern { text: squeeze(name), code: Some(unit.code.clone()), own: true });
        }
        areas.extend(unit.area.iter().map(|a| (squeeze(&a.name), unit.code.clone())));
    }
    for (text, code) in &areas {
        // 高新区 is in many cities; 鼓楼区 would be, too, in other provinces.
        let elsewhere = areas.iter().any(|(t, c)| t == text && c != code);
        patterns.push(Pattern { text: text.clone(), code: (!elsewhere).then(|| code.clone()), own: false });
    }
    for text in ["河南省", "河南"] {
        patterns.push(Pattern { text: text.to_owned(), code: None, own: false });
    }
    patterns.sort_by(|a, b| (b.text.len(), b.own).cmp(&(a.text.len(), a.own)).then_with(|| a.text.cmp(&b.text)));
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Area, Unit};

    fn roster() -> Roster {
        let area = |name: &str| Area { code: None, name: name.to_owned(), aliases: Vec::new(), zone: false };
        let unit = |code: &str, name: &str, aliases: &[&str], areas: &[&str]| Unit {
            code: code.to_owned(),
            name: name.to_owned(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            since_batch: None,
            tile: None,
            region_prefixes: Vec::new(),
            area: areas.iter().map(|a| area(a)).collect(),
        };
        Roster {
            province_name: "全省".to_owned(),
            province_code: "410000".to_owned(),
            overlap: Vec::new(),
            unit: vec![
                unit("410100", "郑州市", &["郑州"], &["中原区"]),
                unit("410500", "安阳市", &["安阳"], &["安阳县"]),
                unit("410700", "新乡市", &["新乡"], &["新乡县"]),
                unit("411300", "南阳市", &["南阳"], &[]),
                unit("410173", "郑州航空港区", &["航空港区", "郑州航空港"], &[]),
            ],
        }
    }

    fn told(texts: &[(Place, &str)]) -> (Option<String>, usize) {
        let statements: Vec<_> =
            texts.iter().map(|(place, text)| Statement { place: *place, text: (*text).to_owned() }).collect();
        let verdict = Names::new(&roster()).unit(&statements);
        (verdict.code, verdict.against.len())
    }

    #[test]
    fn the_longest_name_counts_and_the_folder_wins() {
        let cell = Place::Cell { sheet: 0, at: CellRef::new(1, 0) };
        assert_eq!(told(&[(Place::FileName, "郑州航空港区开工项目表")]), (Some("410173".to_owned()), 0));
        assert_eq!(told(&[(Place::FileName, "郑州市航空港区台账")]), (Some("410173".to_owned()), 0));
        assert_eq!(told(&[(Place::FileName, "安阳县三个一批")]), (Some("410500".to_owned()), 0));
        assert_eq!(told(&[(Place::Folder, "安阳市"), (Place::FileName, "新乡县转来")]), (Some("410500".to_owned()), 0));
        assert_eq!(
            told(&[(Place::Folder, "安阳市"), (cell, "填报单位：新乡市发改委")]),
            (Some("410500".to_owned()), 1)
        );
        assert_eq!(
            told(&[(Place::FileName, "河南阳光集团"), (cell, "填报单位：南阳市")]),
            (Some("411300".to_owned()), 0)
        );
        assert_eq!(told(&[(Place::FileName, "台账")]), (None, 0));
    }
}
