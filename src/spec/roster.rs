//! `roster.toml`: the submitting units in report order, with their counties and zones.

use serde::Deserialize;

/// `roster.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Name of the whole province in reports (全省) and its code.
    pub province_name: String,
    /// `410000`.
    pub province_code: String,
    /// Units in report order.
    pub unit: Vec<Unit>,
    /// Units of which one contains, or contained, the other: whose projects are known to be reported twice.
    #[serde(default)]
    pub overlap: Vec<Overlap>,
}

/// A part of a city that reports, or may report, by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// Code of the city.
    pub city: String,
    /// Code of the part: a unit, or a county of the city.
    pub part: String,
    /// How the two stand to each other (Chinese sentence without its full stop).
    pub note: String,
    /// Who should report a project of the part.
    pub advice: String,
    /// … in batches before the part reports by itself (its `since_batch`).
    #[serde(default)]
    pub advice_before: Option<String>,
}

/// A submitter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Six digits.
    pub code: String,
    /// Official name, e.g. 郑州市.
    pub name: String,
    /// Other names, e.g. 郑州.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// First batch in which the unit reports by itself; a missing submission before it is no finding.
    #[serde(default)]
    pub since_batch: Option<u32>,
    /// Place on the overview's map: column from the west and row from the north, from 0.
    #[serde(default)]
    pub tile: Option<[u8; 2]>,
    /// Codes that its projects may carry besides those that begin like its own (航空港区: 410173, 410184 …).
    #[serde(default)]
    pub region_prefixes: Vec<String>,
    /// Counties by GB/T 2260 and functional zones with or without code.
    #[serde(default)]
    pub area: Vec<Area>,
}

/// A county-level area or functional zone of a unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// GB/T 2260 or NBS code, when it has one.
    #[serde(default)]
    pub code: Option<String>,
    /// Full name, e.g. 中原区.
    pub name: String,
    /// Short forms, old names and nicknames, valid only under this unit.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A functional zone, not a county.
    #[serde(default)]
    pub zone: bool,
}

impl Overlap {
    /// Who should report a project of the part in a batch.
    #[must_use]
    pub fn advice_in(&self, batch: u32, roster: &Roster) -> &str {
        let since = roster.by_code(&self.part).and_then(|u| u.since_batch);
        let before = since.is_some_and(|first| batch < first);
        self.advice_before.as_deref().filter(|_| before).unwrap_or(&self.advice)
    }
}

impl Roster {
    /// The unit with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Unit> {
        self.unit.iter().find(|u| u.code == code)
    }

    /// What is known about two units, or a unit and a county of it, whose lists overlap.
    #[must_use]
    pub fn overlap_of(&self, a: &str, b: &str) -> Option<&Overlap> {
        self.overlap.iter().find(|o| (o.city == a && o.part == b) || (o.city == b && o.part == a))
    }

    /// Position in report order; unknown codes come last.
    #[must_use]
    pub fn position(&self, code: &str) -> usize {
        self.unit.iter().position(|u| u.code == code).unwrap_or(self.unit.len())
    }

    /// Official name, or the code itself when the roster does not know it.
    #[must_use]
    pub fn name_of<'a>(&'a self, code: &'a str) -> &'a str {
        if code == self.province_code {
            return &self.province_name;
        }
        self.by_code(code).map_or(code, |u| &u.name)
    }
}
