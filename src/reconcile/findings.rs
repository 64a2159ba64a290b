//! Findings about totals that do not hold and about formulas that leave rows out.

use std::collections::BTreeMap;

use super::ledger::Entry;
use super::trace::World;
use super::words;
use crate::model::{Field, Finding, Measure, TotalScope, Verdict};
use crate::spec::Roster;

/// One finding per cell of a total that does not hold, and one per formula that leaves project rows out.
pub(super) fn of_totals(entries: &[Entry<'_>], world: World<'_>, roster: &Roster) -> Vec<Finding> {
    let mut cells: BTreeMap<(&str, &str, u32, u32, u32), Vec<&Entry<'_>>> = BTreeMap::new();
    let wrong = |e: &&Entry<'_>| matches!(e.judged.verdict, Verdict::Mismatch | Verdict::Missing);
    for entry in entries.iter().filter(wrong) {
        let total = entry.total;
        let key = (&*total.source.file, code(total.scope), total.sheet_index, total.cell.row, total.cell.col);
        cells.entry(key).or_default().push(entry);
    }
    let mut findings: Vec<Finding> = cells.into_values().filter_map(|entries| of_cell(&entries)).collect();
    findings.extend(entries.iter().filter_map(|e| short_formula(e, world, roster)));
    findings
}

fn code(scope: TotalScope) -> &'static str {
    match scope {
        TotalScope::Sheet => "R701",
        TotalScope::Group => "R704",
        TotalScope::Cover => "R702",
    }
}

/// Number and investment may stand in one cell (共15个项目，总投资65.25亿元): one finding speaks of both.
fn of_cell(entries: &[&Entry<'_>]) -> Option<Finding> {
    let investment = entries.iter().find(|e| e.total.measure == Measure::TotalInvestment);
    let first = investment.or(entries.first())?;
    let total = first.total;
    let others = entries.iter().filter(|e| e.index != first.index);
    let notes: Vec<&str> = std::iter::once(first).chain(others).filter_map(|e| e.note.as_deref()).collect();
    let mut finding = placed(code(total.scope), notes.join("；"), first).seen(&total.value);
    if let Some(stated) = first.stated {
        finding = finding.read_as(words::value(stated.value, total.measure, 1));
    }
    if total.measure == Measure::TotalInvestment {
        finding = finding.field(Field::TotalInvestment);
    }
    match &first.explanation {
        Some(explanation) => Some(finding.help(explanation.cause().help())),
        None => Some(finding.help("补报汇总表所列的项目明细，或改正汇总表。")),
    }
}

fn short_formula(entry: &Entry<'_>, world: World<'_>, roster: &Roster) -> Option<Finding> {
    let left_out = &entry.trace.as_ref()?.left_out;
    if left_out.is_empty() {
        return None;
    }
    let total = entry.total;
    let formula = total.formula.as_deref()?.trim_start_matches('=');
    let message = format!(
        "{} {}：{}公式 {formula} 没有包括{}",
        roster.name_of(&total.unit_code),
        words::stage_name(total.stage),
        words::noun(total.scope),
        words::numbers(world.rows.at(left_out)),
    );
    let finding = placed("R705", message, entry).seen(format!("={formula}"));
    Some(finding.help("把公式的范围改为包括全部项目行；以后插入行时，插在公式范围之内。"))
}

/// A finding at the cell of a total. It has no row: the total's row is no project that could be rejected.
fn placed(code: &'static str, message: String, entry: &Entry<'_>) -> Finding {
    let total = entry.total;
    let mut finding = Finding::new(code, message).in_file(&total.source.file).at(total.cell);
    if !total.unit_code.is_empty() {
        finding = finding.unit(&total.unit_code);
    }
    if let Some(sheet) = &total.sheet {
        finding = finding.in_sheet(sheet);
    }
    finding.batch = Some(total.batch.clone());
    finding.sheet_index = Some(total.sheet_index);
    finding.stage = total.stage;
    finding
}

/// A finding about a published figure.
pub(super) fn of_published(message: String, unit: &str, seen: String, read_as: Option<String>) -> Finding {
    let mut finding = Finding::new("R703", message).unit(unit).seen(seen);
    finding.read_as = read_as;
    finding
}
