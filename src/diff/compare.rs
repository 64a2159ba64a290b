//! Two tables of projects, side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::Field;
use crate::query::Table;

/// Columns that say where a row is from or which one it is: a project that only moved to another row did not change.
const PLACE: [&str; 7] = ["batch", "stage", "project_id", "source_file", "source_sha256", "source_sheet", "source_row"];
/// The column that totals add up.
const INVESTMENT: &str = "total_investment_wan";
/// Units of the last of four decimals in one 万元.
const SCALE: i128 = 10_000;

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Projects that only the new version has.
    pub added: Vec<Project>,
    /// Projects that only the old version has.
    pub removed: Vec<Project>,
    /// Projects of both with another value somewhere.
    pub changed: Vec<Change>,
    /// Batch × unit × stage with another number of projects or another sum.
    pub totals: Vec<Total>,
}

/// A project of one of the versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Batch id.
    pub batch: String,
    /// 签约, 开工 or 投产.
    pub stage: String,
    /// Unit code.
    pub unit_code: String,
    /// Unit.
    pub unit_name: String,
    /// Stable id.
    pub project_id: String,
    /// Name.
    pub project_name: String,
    /// 总投资 in 万元 with four decimals.
    pub total_investment_wan: Option<String>,
}

/// A project that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The project as the new version has it.
    #[serde(flatten)]
    pub project: Project,
    /// Its fields that changed, in the order of the dataset.
    pub fields: Vec<FieldChange>,
}

/// A field that changed; `None` is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Column of `projects`.
    pub field: String,
    /// Its Chinese name.
    pub title: String,
    /// Old value.
    pub from: Option<String>,
    /// New value.
    pub to: Option<String>,
}

/// Projects of a unit in a stage of a batch, before and after. Sums are 万元 with four decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Batch id.
    pub batch: String,
    /// Unit code.
    pub unit_code: String,
    /// Unit.
    pub unit_name: String,
    /// 签约, 开工 or 投产.
    pub stage: String,
    /// Projects of the old version.
    pub count_from: u64,
    /// Projects of the new version.
    pub count_to: u64,
    /// Sum of the old version.
    pub wan_from: String,
    /// Sum of the new version.
    pub wan_to: String,
}

/// Batch, stage, id, and which of several rows with that id.
type Key = (String, String, String, usize);
/// Batch, unit, stage.
type Group = (String, String, String);

/// Rows of a table with their columns by name.
struct Rows<'a> {
    columns: BTreeMap<&'a str, usize>,
    names: Vec<&'a str>,
    by_key: BTreeMap<Key, &'a [Option<String>]>,
    order: Vec<Key>,
}

impl<'a> Rows<'a> {
    fn of(table: &'a Table) -> Self {
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        let columns = names.iter().enumerate().map(|(i, name)| (*name, i)).collect();
        let mut rows = Self { columns, names, by_key: BTreeMap::new(), order: Vec::new() };
        for row in &table.rows {
            let text = |name| rows.get(row, name).unwrap_or_default().to_owned();
            let mut key = (text("batch"), text("stage"), text("project_id"), 0);
            while rows.by_key.contains_key(&key) {
                key.3 += 1;
            }
            rows.by_key.insert(key.clone(), row);
            rows.order.push(key);
        }
        rows
    }

    fn get<'b>(&self, row: &'b [Option<String>], name: &str) -> Option<&'b str> {
        row.get(*self.columns.get(name)?)?.as_deref()
    }

    fn project(&self, row: &[Option<String>]) -> Project {
        let text = |name| self.get(row, name).unwrap_or_default().to_owned();
        Project {
            batch: text("batch"),
            stage: text("stage"),
            unit_code: text("unit_code"),
            unit_name: text("unit_name"),
            project_id: text("project_id"),
            project_name: text("project_name"),
            total_investment_wan: self.get(row, INVESTMENT).map(str::to_owned),
        }
    }

    /// Projects that `other` has not, in the order of the dataset.
    fn without(&self, other: &Self) -> Vec<Project> {
        let own = self.order.iter().filter(|key| !other.by_key.contains_key(*key));
        own.filter_map(|key| Some(self.project(self.by_key.get(key)?))).collect()
    }

    /// Number and sum (last of four decimals) per group, with the unit's name.
    fn totals(&self) -> BTreeMap<Group, (u64, i128, String)> {
        let mut totals: BTreeMap<Group, (u64, i128, String)> = BTreeMap::new();
        for row in self.by_key.values() {
            let p = self.project(row);
            let total = totals.entry((p.batch, p.unit_code, p.stage)).or_default();
            total.0 += 1;
            total.1 += p.total_investment_wan.as_deref().and_then(fixed_point).unwrap_or(0);
            total.2 = p.unit_name;
        }
        totals
    }
}

/// What changed from one table of projects to another.
#[must_use]
pub fn compare(old: &Table, new: &Table) -> Diff {
    let (old, new) = (Rows::of(old), Rows::of(new));
    let names = new.names.iter().chain(old.names.iter().filter(|n| !new.columns.contains_key(*n)));
    let names: Vec<&str> = names.copied().filter(|n| !PLACE.contains(n)).collect();
    let both = new.order.iter().filter_map(|key| Some((*old.by_key.get(key)?, *new.by_key.get(key)?)));
    let changed = both.filter_map(|(before, after)| {
        let change = |name: &&str| {
            let (from, to) = (old.get(before, name), new.get(after, name));
            let owned = |v: Option<&str>| v.map(str::to_owned);
            (from != to).then(|| FieldChange {
                field: (*name).to_owned(),
                title: title(name),
                from: owned(from),
                to: owned(to),
            })
        };
        let fields: Vec<FieldChange> = names.iter().filter_map(change).collect();
        (!fields.is_empty()).then(|| Change { project: new.project(after), fields })
    });
    Diff {
        changed: changed.collect(),
        added: new.without(&old),
        removed: old.without(&new),
        totals: totals(&old, &new),
    }
}

fn totals(old: &Rows<'_>, new: &Rows<'_>) -> Vec<Total> {
    let (before, after) = (old.totals(), new.totals());
    let groups: BTreeSet<&Group> = before.keys().chain(after.keys()).collect();
    let total = |group: &Group| {
        let nothing = (0, 0, String::new());
        let (from, to) = (before.get(group).unwrap_or(&nothing), after.get(group).unwrap_or(&nothing));
        let (batch, unit_code, stage) = group.clone();
        ((from.0, from.1) != (to.0, to.1)).then(|| Total {
            batch,
            unit_code,
            unit_name: if to.2.is_empty() { from.2.clone() } else { to.2.clone() },
            stage,
            count_from: from.0,
            count_to: to.0,
            wan_from: wan(from.1),
            wan_to: wan(to.1),
        })
    };
    groups.into_iter().filter_map(total).collect()
}

/// Chinese name of a column of `projects`.
fn title(column: &str) -> String {
    let key = column.strip_suffix("_precision").or_else(|| column.strip_suffix("_wan")).unwrap_or(column);
    match (column, Field::from_key(key)) {
        (_, Some(field)) if column.ends_with("_precision") => format!("{}（精度）", field.title()),
        (_, Some(field)) => field.title().to_owned(),
        ("unit_code", _) => "单位代码".to_owned(),
        ("unit_name", _) => "单位".to_owned(),
        ("extras", _) => "其他列".to_owned(),
        _ => column.to_owned(),
    }
}

/// A decimal with at most four decimals as a whole number of its fourth.
fn fixed_point(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = format!("{fraction:0<4}");
    let value = whole.parse::<i128>().ok()?.checked_mul(SCALE)?.checked_add(fraction.get(..4)?.parse().ok()?)?;
    Some(if negative { -value } else { value })
}

fn wan(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.abs();
    format!("{sign}{}.{:04}", value / SCALE, value % SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 7]]) -> Table {
        let columns = ["batch", "stage", "unit_code", "project_id", "project_name", INVESTMENT, "source_row"];
        Table {
            columns: columns.iter().map(|c| ((*c).to_owned(), *c == INVESTMENT)).collect(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(|v| (!v.is_empty()).then(|| (*v).to_owned())).collect())
                .collect(),
        }
    }

    #[test]
    fn projects_come_go_and_change_by_field() {
        let old = table(&[
            ["02", "签约", "410100", "p1", "甲", "100.0000", "4"],
            ["02", "签约", "410100", "p2", "乙", "0.5000", "5"],
            ["02", "开工", "410100", "p3", "丙", "7.0000", "6"],
            ["02", "开工", "410100", "p5", "戊", "", "7"],
        ]);
        let new = table(&[
            ["02", "签约", "410100", "p1", "甲", "100.0000", "9"],
            ["02", "签约", "410100", "p2", "乙二", "-1.2500", "5"],
            ["02", "投产", "410200", "p4", "丁", "8.0000", "6"],
            ["02", "开工", "410100", "p5", "戊", "3.0000", "7"],
        ]);
        let diff = compare(&old, &new);
        let ids = |projects: &[Project]| projects.iter().map(|p| p.project_id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&diff.added), ids(&diff.removed)), (vec!["p4".to_owned()], vec!["p3".to_owned()]));
        let changed: Vec<_> = diff
            .changed
            .iter()
            .flat_map(|c| c.fields.iter().map(|f| (f.title.as_str(), f.from.as_deref(), f.to.as_deref())))
            .collect();
        let expected = [
            ("项目名称", Some("乙"), Some("乙二")),
            ("总投资", Some("0.5000"), Some("-1.2500")),
            ("总投资", None, Some("3.0000")),
        ];
        assert_eq!(changed, expected);
        let totals: Vec<_> = diff
            .totals
            .iter()
            .map(|t| {
                (
                    t.unit_code.as_str(),
                    t.stage.as_str(),
                    t.count_from,
                    t.count_to,
                    t.wan_from.as_str(),
                    t.wan_to.as_str(),
                )
            })
            .collect();
        let expected = [
            ("410100", "开工", 2, 1, "7.0000", "3.0000"),
            ("410100", "签约", 2, 2, "100.5000", "98.7500"),
            ("410200", "投产", 0, 1, "0.0000", "8.0000"),
        ];
        assert_eq!(totals, expected);
        assert_eq!(compare(&new, &new), Diff::default());
    }

    #[test]
    fn rows_of_one_id_are_told_apart() {
        let one = table(&[["02", "签约", "410100", "p1", "甲", "1.0000", "4"]]);
        let two = table(&[
            ["02", "签约", "410100", "p1", "甲", "1.0000", "4"],
            ["02", "签约", "410100", "p1", "甲", "1.0000", "5"],
        ]);
        let diff = compare(&one, &two);
        assert_eq!((diff.added.len(), diff.removed.len(), diff.changed.len()), (1, 0, 0));
    }
}
