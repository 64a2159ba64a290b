//! `waivers.toml`: findings that were accepted, by whom, why and until when.

use jiff::civil::Date;
use serde::Deserialize;

use super::batches::required_date;
use super::document::{Document, Step};
use super::{Problem, Roster, RuleNames};
use crate::model::BatchId;

use Step::{Index, Key};

/// Signs of a person or a telephone in `who`, which names an office.
const LONGEST_NUMBER: usize = 6;

/// `waivers.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waivers {
    /// In the order of the file.
    #[serde(default)]
    pub waiver: Vec<Waiver>,
}

/// One accepted kind of finding. What is not said (batch, unit …) is not asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Code of the rule.
    pub rule: String,
    /// Batch, e.g. `02`.
    #[serde(default)]
    pub batch: Option<String>,
    /// Unit by name, nickname or code.
    #[serde(default)]
    pub unit: Option<String>,
    /// File: its path below the inbox, or the end of it.
    #[serde(default)]
    pub file: Option<String>,
    /// Project: its name or its project code.
    #[serde(default)]
    pub project: Option<String>,
    /// Why it was accepted.
    pub reason: String,
    /// Which office accepted it; not a person.
    pub who: String,
    /// Last day on which it holds, compared with the day of the batch.
    #[serde(deserialize_with = "required_date")]
    pub until: Date,
    /// Code of the unit (set by the loader).
    #[serde(skip)]
    pub unit_code: Option<String>,
    /// Batch (set by the loader).
    #[serde(skip)]
    pub batch_id: Option<BatchId>,
    /// Line of the file (set by the loader).
    #[serde(skip)]
    pub line: usize,
}

impl Waivers {
    /// Resolves names; tells what leads nowhere.
    pub(super) fn check(
        &mut self,
        doc: &Document,
        names: &RuleNames<'_>,
        roster: &Roster,
        problems: &mut Vec<Problem>,
    ) {
        for (n, waiver) in self.waiver.iter_mut().enumerate() {
            let at = |key| [Key("waiver"), Index(n), Key(key)];
            let mut tell = |key, message: String| problems.push(doc.problem_at(&at(key), message));
            waiver.line = doc.line_of(&at("rule"));
            if !names.contains_key(waiver.rule.as_str()) {
                tell("rule", format!("没有代码为 {} 的规则，sanpi explain --all 可以看全部规则", waiver.rule));
            }
            if waiver.rule.starts_with('W') {
                tell("rule", "关于豁免本身的规则不能豁免，可以在 rules.toml 里调整".to_owned());
            }
            if let Some(unit) = &waiver.unit {
                waiver.unit_code = code_of(unit, roster);
                if waiver.unit_code.is_none() {
                    tell("unit", format!("名录里没有单位“{unit}”"));
                }
            }
            if let Some(batch) = &waiver.batch {
                waiver.batch_id = BatchId::parse(batch);
                if waiver.batch_id.is_none() {
                    tell("batch", format!("“{batch}”不是期号，写成两位数字，例如 02"));
                }
            }
            if waiver.unit.is_none() && waiver.file.is_none() && waiver.project.is_none() {
                let message = "unit、file、project 至少写一项；全省都不要这条规则的，请在 rules.toml 里调整";
                tell("rule", message.to_owned());
            }
            for (key, text) in [("reason", &waiver.reason), ("who", &waiver.who)] {
                if text.trim().is_empty() {
                    tell(key, "不能为空".to_owned());
                }
            }
            for (key, text) in [("file", &waiver.file), ("project", &waiver.project)] {
                if text.as_ref().is_some_and(|t| t.trim().is_empty()) {
                    tell(key, "不能为空；不限定的请删去这一行".to_owned());
                }
            }
            if longest_number(&waiver.who) > LONGEST_NUMBER {
                tell("who", "写作出认可的处室或单位，不写个人和电话".to_owned());
            }
        }
    }
}

fn code_of(unit: &str, roster: &Roster) -> Option<String> {
    let unit = unit.trim();
    let named = |u: &&super::Unit| u.code == unit || u.name == unit || u.aliases.iter().any(|a| a == unit);
    let province = unit == roster.province_code || unit == roster.province_name;
    let province = province.then(|| roster.province_code.clone());
    province.or_else(|| roster.unit.iter().find(named).map(|u| u.code.clone()))
}

fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}
