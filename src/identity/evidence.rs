//! When two observations speak of the same project.

use super::observation::Observation;

/// Two amounts within this many percent of each other do not speak against one project.
const CLOSE_PERCENT: i64 = 10;
/// As `CLOSE_PERCENT`, where only name and place agree: a project's investment may grow, but not double.
const NEAR_PERCENT: i64 = 50;
/// Characters that a name needs to tell a project when its owner changed.
const TELLING_NAME: usize = 8;
/// Similarity of two names from which one code is believed to mean one project.
const SIMILAR_NAME: f64 = 0.5;

/// What joined a record to another one of the same project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Same project code.
    Code,
    /// Same credit code and name.
    CreditCode,
    /// Same owner and name.
    Owner,
    /// Same unit, county and name; the owner is not stated, or changed between two stages.
    Place,
    /// None of these by itself: it was published as this project.
    Published,
    /// Nothing: the project was not seen before.
    New,
}

impl Reason {
    /// Value of the `_match` columns of `lifecycle`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "project_code",
            Self::CreditCode => "credit_code",
            Self::Owner => "owner",
            Self::Place => "place",
            Self::Published => "published",
            Self::New => "new",
        }
    }

    /// In the words of `sanpi trace`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Code => "项目代码相同",
            Self::CreditCode => "统一社会信用代码和项目名称相同",
            Self::Owner => "项目单位和项目名称相同",
            Self::Place => "县（市、区）和项目名称相同",
            Self::Published => "已按同一项目发布",
            Self::New => "首次出现",
        }
    }
}

/// One code, one project, unless everything else speaks against it: codes are copied down columns by accident.
pub(super) fn same_by_code(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    let said = |x: &str, y: &str| !x.is_empty() && x == y;
    if a.slot == b.slot && a.parts != b.parts {
        return false;
    }
    a.name.is_empty()
        || b.name.is_empty()
        || said(&a.owner, &b.owner)
        || said(&a.credit, &b.credit)
        || (a.total.is_some() && a.total == b.total)
        || strsim::normalized_levenshtein(&a.name, &b.name) >= SIMILAR_NAME
}

/// Same name and owner: one project, unless codes, places and amounts say that it is a yearly or a local series.
pub(super) fn same_by_owner(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    let close = within(a.total, b.total, CLOSE_PERCENT);
    if !a.code.is_empty() && !b.code.is_empty() && a.code != b.code {
        return a.slot != b.slot && !places_differ(a, b) && close == Some(true);
    }
    if places_differ(a, b) { close != Some(false) } else { true }
}

/// Same name at the same place, where one side does not tell the owner.
pub(super) fn same_without_owner(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    let anonymous = |o: &Observation<'_>| o.owner.is_empty() && o.credit.is_empty();
    let codes = a.code.is_empty() || b.code.is_empty() || a.code == b.code;
    (anonymous(a) || anonymous(b)) && codes && within(a.total, b.total, CLOSE_PERCENT) != Some(false)
}

/// Places that differ are one place written in two ways only if the amounts are the same.
pub(super) fn same_amount(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    a.total.is_some() && a.total == b.total && a.name.chars().count() >= TELLING_NAME
}

/// Same name at the same place, at a later stage: the investor of 签约 founds a company for 开工.
pub(super) fn same_with_new_owner(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    let (early, late) = if a.slot <= b.slot { (a, b) } else { (b, a) };
    let progress = early.slot.0 <= late.slot.0 && early.slot.1.is_some() && early.slot.1 < late.slot.1;
    let codes = a.code.is_empty() || b.code.is_empty() || a.code == b.code;
    progress && codes && a.name.chars().count() >= TELLING_NAME && within(a.total, b.total, NEAR_PERCENT) != Some(false)
}

fn places_differ(a: &Observation<'_>, b: &Observation<'_>) -> bool {
    a.unit != b.unit || (!a.county.is_empty() && !b.county.is_empty() && a.county != b.county)
}

/// Whether two amounts are within so many percent of the larger; `None` when one is unknown. Amounts that differ by a
/// slip between 万元 and 亿元 count as equal: the slip has a rule of its own.
fn within(a: Option<i64>, b: Option<i64>, percent: i64) -> Option<bool> {
    let (a, b) = (a?, b?);
    let (less, more) = (a.min(b), a.max(b));
    Some([1, 10_000].iter().any(|slip| (less.saturating_mul(*slip) - more).abs() <= more / 100 * percent))
}
