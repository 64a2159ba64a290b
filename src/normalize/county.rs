//! Counties and functional zones.
//!
//! Decisions where a cell leaves room: a name counts first in the list's own unit, then in the others; a city alone
//! (安阳, 市本级, 市直) is the unit itself and has no county code; a zone's short name (高新区) is only known in its own
//! unit; several counties in one cell and unknown names stay as written (N411); an address gives the county it begins
//! with, else the only one it holds.

use std::sync::Arc;

use crate::model::Value;
use crate::spec::{Area, Roster, Unit};

use super::fold::fold_tight;
use super::reading::quoted;
use super::{Reading, is_blank_mark};

/// What stands for the unit as a whole.
const UNIT_LEVEL: &[&str] = &[
    "市本级",
    "本级",
    "市直",
    "市直单位",
    "市直属",
    "直属",
    "市直部门",
    "市级",
    "市区",
    "城区",
    "市辖区",
    "全市",
    "市属",
    "市管",
    "市",
    "各县区",
    "各县(市、区)",
    "跨县区",
    "全域",
    "省直",
    "省属",
    "区本级",
    "示范区本级",
    "县区",
];
/// Endings of a place within a county: 孟津先进制造业开发区.
const PLACES: &[&str] = &["区", "园", "县城", "新城", "基地"];
/// Ends of county names; the rest is the short form.
const SUFFIXES: &[&str] = &["回族区", "区", "县", "市"];
/// Signs between several counties.
const SEPARATORS: &[char] = &['、', ',', ';', '/', '+', '|', '和', '与', '及'];

/// The county-level area or functional zone that `text` names, in the words of a list of `unit`. The value is the
/// roster's full name with its code; a county of another unit is found too.
///
/// Remark: N411 when the name is unknown, ambiguous or stands for several (the value is the text as written).
#[must_use]
pub fn county(text: &str, unit: Option<&Unit>, roster: &Roster) -> Reading {
    if is_blank_mark(text) {
        return Reading::none("blank");
    }
    let key = fold_tight(text);
    let key = key.trim_end_matches(['。', ',', ';', '、', '.', ':']);
    let places = Places { unit, roster };
    let place = places.one(key);
    // 中原区、金水区: not one place, although it begins with one.
    let several = || places.several(key);
    match place {
        Some(place) if place.how == How::Whole || !several() => place.reading(),
        None if places.is_whole_unit_without_counties() => as_written(text, "county:按原文"),
        _ if several() => as_written(text, "county:多个").remark(
            "N411",
            format!("{}写了几个县（市、区），不能归到一个", quoted(text)),
            None,
        ),
        _ => as_written(text, "county:未识别").remark(
            "N411",
            format!("{}不是名录里的县（市、区）或功能区", quoted(text)),
            None,
        ),
    }
}

fn as_written(text: &str, rule: &'static str) -> Reading {
    Reading::of(Value::County { name: text.trim().into(), code: None }, rule)
}

/// How a place was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The text is its name.
    Whole,
    /// The text begins with it, or holds it.
    Part,
}

/// An area, or a unit as a whole.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    unit: &'a Unit,
    area: Option<&'a Area>,
    how: How,
}

impl Place<'_> {
    fn reading(&self) -> Reading {
        let name = self.area.map_or(&*self.unit.name, |a| &a.name).into();
        let code = self.area.and_then(|a| a.code.as_deref()).map(Arc::from);
        let rule = match (self.area, self.how) {
            (None, _) => "county:本级",
            (Some(_), How::Whole) => "county",
            (Some(_), How::Part) => "county:地址",
        };
        Reading::of(Value::County { name, code }, rule)
    }

    fn same(&self, other: &Self) -> bool {
        self.unit.code == other.unit.code && self.area.map(|a| &a.name) == other.area.map(|a| &a.name)
    }
}

struct Places<'a> {
    unit: Option<&'a Unit>,
    roster: &'a Roster,
}

impl<'a> Places<'a> {
    /// The one place that a text names.
    fn one(&self, text: &str) -> Option<Place<'a>> {
        self.whole(text).or_else(|| self.part(text))
    }

    /// The place whose name, with or without province and city before it, is the whole text.
    fn whole(&self, text: &str) -> Option<Place<'a>> {
        let text =
            ["河南省", "河南"].iter().find_map(|p| text.strip_prefix(p)).filter(|t| !t.is_empty()).unwrap_or(text);
        if let Some(place) = self.unit.and_then(|u| named(u, text)).or_else(|| self.by_code(text)) {
            return Some(place);
        }
        if let Some(place) = only(self.others().filter_map(|u| place_where(u, |a| a.name == text))) {
            return Some(place);
        }
        if let Some(unit) = self.roster.unit.iter().find(|u| unit_names(u).any(|n| n == text)) {
            return Some(Place { unit, area: None, how: How::Whole });
        }
        if let Some(unit) = self.unit.filter(|_| UNIT_LEVEL.contains(&text)) {
            return Some(Place { unit, area: None, how: How::Whole });
        }
        if let Some(place) = self.unit.and_then(|u| short(u, text)).or_else(|| self.elsewhere(text)) {
            return Some(place);
        }
        let (unit, rest) = self.after_city(text)?;
        if UNIT_LEVEL.contains(&rest) {
            return Some(Place { unit, area: None, how: How::Whole });
        }
        // 郑州市航空港区 reports by itself.
        let within = || self.roster.unit.iter().find(|u| unit_names(u).any(|n| n == rest));
        let place = named(unit, rest).or_else(|| short(unit, rest));
        place.or_else(|| within().map(|unit| Place { unit, area: None, how: How::Whole }))
    }

    /// The place of an address.
    fn part(&self, text: &str) -> Option<Place<'a>> {
        let text =
            ["河南省", "河南"].iter().find_map(|p| text.strip_prefix(p)).filter(|t| !t.is_empty()).unwrap_or(text);
        // 安阳县… begins with a county, 安阳市… with a city; the county is the longer name.
        if let Some(place) = self.unit.and_then(|u| begins(u, text)) {
            return Some(place);
        }
        if let Some((unit, rest)) = self.after_city(text) {
            return begins(unit, rest).or_else(|| holds(unit, rest));
        }
        let other = || self.others().find_map(|u| begins(u, text).filter(|p| !p.area.is_some_and(|a| a.zone)));
        self.unit.and_then(|u| holds(u, text)).or_else(other)
    }

    /// Whether a text lists several places by their names.
    fn several(&self, text: &str) -> bool {
        let parts: Vec<&str> = text.split(SEPARATORS).filter(|p| !p.is_empty()).collect();
        let places: Option<Vec<Place>> = parts.iter().map(|p| self.whole(p)).collect();
        places.is_some_and(|p| p.windows(2).any(|pair| !pair[0].same(&pair[1])))
    }

    /// The unit that a text begins with, and what follows its name.
    fn after_city<'t>(&self, text: &'t str) -> Option<(&'a Unit, &'t str)> {
        let found = self.unit.into_iter().chain(self.others()).find_map(|unit| {
            let rests = unit_names(unit).filter_map(|n| text.strip_prefix(n));
            rests.min_by_key(|rest| rest.len()).map(|rest| (unit, rest))
        });
        let (unit, rest) = found?;
        let rest = rest.trim_start_matches(['-', '/', '·', ':', ',', '、', '(']).trim_end_matches(')');
        (!rest.is_empty()).then_some((unit, rest))
    }

    fn others(&self) -> impl Iterator<Item = &'a Unit> {
        let own = self.unit.map(|u| u.code.as_str());
        self.roster.unit.iter().filter(move |u| Some(u.code.as_str()) != own)
    }

    /// A county of another unit, by an old or short name that only one of them has.
    fn elsewhere(&self, text: &str) -> Option<Place<'a>> {
        let county = |p: &Place| !p.area.is_some_and(|a| a.zone);
        let other = |u: &'a Unit| named(u, text).or_else(|| short(u, text)).filter(county);
        only(self.others().filter_map(other))
    }

    /// A six-digit code instead of a name.
    fn by_code(&self, text: &str) -> Option<Place<'a>> {
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let area = |u: &'a Unit| place_where(u, |a| a.code.as_deref() == Some(text));
        self.roster
            .unit
            .iter()
            .find_map(area)
            .or_else(|| self.roster.by_code(text).map(|unit| Place { unit, area: None, how: How::Whole }))
    }

    /// 航空港区 has no counties in the roster: its places are not judged.
    fn is_whole_unit_without_counties(&self) -> bool {
        self.unit.is_some_and(|u| u.area.iter().all(|a| a.zone || a.code.as_deref() == Some(u.code.as_str())))
    }
}

fn only<'a>(mut places: impl Iterator<Item = Place<'a>>) -> Option<Place<'a>> {
    let first = places.next()?;
    places.all(|p| p.same(&first)).then_some(first)
}

fn unit_names(unit: &Unit) -> impl Iterator<Item = &str> {
    std::iter::once(unit.name.as_str()).chain(unit.aliases.iter().map(String::as_str))
}

fn spellings(area: &Area) -> impl Iterator<Item = &str> {
    std::iter::once(area.name.as_str()).chain(area.aliases.iter().map(String::as_str))
}

fn place_where(unit: &Unit, fits: impl Fn(&Area) -> bool) -> Option<Place<'_>> {
    unit.area.iter().find(|a| fits(a)).map(|area| Place { unit, area: Some(area), how: How::Whole })
}

/// By full name, old name or nickname.
fn named<'a>(unit: &'a Unit, text: &str) -> Option<Place<'a>> {
    place_where(unit, |a| spellings(a).any(|s| s == text))
}

/// By the name without 区, 县 or 市: 中原, but not the single character of 嵩县.
fn short<'a>(unit: &'a Unit, text: &str) -> Option<Place<'a>> {
    place_where(unit, |a| stem(a) == Some(text))
}

fn stem(area: &Area) -> Option<&str> {
    let stem = SUFFIXES.iter().find_map(|s| area.name.strip_suffix(s)).filter(|_| !area.zone)?;
    (stem.chars().count() >= 2).then_some(stem)
}

/// The area whose name the text begins with, the longest one.
fn begins<'a>(unit: &'a Unit, text: &str) -> Option<Place<'a>> {
    let full = |a: &'a Area| spellings(a).filter(|s| text.starts_with(s)).map(str::len).max();
    // 孟津先进制造业开发区 lies in 孟津区; 中原路 lies anywhere.
    let place = PLACES.iter().any(|p| text.ends_with(p));
    let by_stem = |a: &'a Area| stem(a).filter(|s| place && text.starts_with(s)).map(str::len);
    let longest = |length: &dyn Fn(&'a Area) -> Option<usize>| {
        unit.area.iter().filter_map(|a| Some((length(a)?, a))).max_by_key(|(l, _)| *l).map(|(_, a)| a)
    };
    let area = longest(&full).or_else(|| longest(&by_stem))?;
    Some(Place { unit, area: Some(area), how: How::Part })
}

/// The only county whose name stands anywhere in the text; two characters (新县) are not enough to tell.
fn holds<'a>(unit: &'a Unit, text: &str) -> Option<Place<'a>> {
    let held = |a: &&Area| !a.zone && spellings(a).any(|s| s.chars().count() >= 3 && text.contains(s));
    let mut areas = unit.area.iter().filter(held);
    let area = areas.next()?;
    areas.next().is_none().then_some(Place { unit, area: Some(area), how: How::Part })
}
