//! A second look at the rows of a body, when all of them are known.

use super::grid::Grid;
use super::table::{BodyRow, Roles, RowKind, Section, Total, TotalLevel};
use crate::model::{CellKind, CellRef, squeeze};

/// Two sums are equal up to float noise and a last digit.
const TOLERANCE: f64 = 0.011;

/// Corrects what single rows could not tell.
pub(super) fn settle(grid: &Grid, roles: &Roles, rows: &mut [BodyRow]) {
    chinese_numbers(rows);
    sums_without_label(grid, roles, rows);
    numbered_parts(grid, roles, rows);
    trailing_sections(rows);
}

/// Projects numbered 一、二、三: sections without a single project are no sections.
fn chinese_numbers(rows: &mut [BodyRow]) {
    let numbered = |r: &BodyRow| matches!(&r.kind, RowKind::Section(s) if s.depth == 1 && s.stage.is_none());
    let projects = rows.iter().any(|r| r.kind == RowKind::Project);
    if !projects && rows.iter().filter(|r| numbered(r)).count() > 1 {
        for row in rows.iter_mut().filter(|r| numbered(r)) {
            row.kind = RowKind::Project;
        }
    }
}

/// Sections that nothing follows are notes, unless they open a list.
fn trailing_sections(rows: &mut [BodyRow]) {
    let last = rows.iter().rposition(|r| matches!(r.kind, RowKind::Project | RowKind::Total(_)));
    for row in &mut rows[last.map_or(0, |i| i + 1)..] {
        let keep = matches!(&row.kind, RowKind::Section(s) if s.stage.is_some() || s.depth == 0);
        if matches!(row.kind, RowKind::Section(_)) && !keep {
            row.kind = RowKind::Note;
        }
    }
}

/// 1.1 and 1.2 below 1, or (1) and (2), whose figures add up to its own, are its parts.
fn numbered_parts(grid: &Grid, roles: &Roles, rows: &mut [BodyRow]) {
    let Some(sequence) = roles.sequence else { return };
    let number = |r: &BodyRow| {
        let cell = grid.own(CellRef::new(r.row, sequence)).filter(|_| r.kind == RowKind::Project)?;
        Some(squeeze(&cell.text()))
    };
    let below = |whole: &str, text: &str| {
        let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let inner = inner.or_else(|| text.strip_prefix(whole)?.strip_prefix(['.', '-']));
        inner.is_some_and(|t| t.parse::<u32>().is_ok())
    };
    let mut i = 0;
    while i < rows.len() {
        let whole = number(&rows[i]).filter(|t| t.parse::<u32>().is_ok());
        i += 1;
        let Some(whole) = whole else { continue };
        let parts = rows[i..].iter().take_while(|r| number(r).is_some_and(|t| below(&whole, &t))).count();
        let others: Vec<u32> = rows[i..i + parts].iter().map(|r| r.row).collect();
        if parts > 1 && is_sum(grid, roles, rows[i - 1].row, &others) {
            rows[i..i + parts].iter_mut().for_each(|r| r.kind = RowKind::Part);
        }
        i += parts;
    }
}

/// A row without number, name and details whose figures are the sums of the rows below or above it is a total that
/// carries a county's name, or nothing, where 合计 belongs. Above its rows, with a name, it opens a section.
fn sums_without_label(grid: &Grid, roles: &Roles, rows: &mut [BodyRow]) {
    let Some(name) = roles.name else { return };
    let filled = |row: u32, col: u32| grid.shown(CellRef::new(row, col)).is_some();
    let nameless = |row: u32| {
        let numbered = roles.sequence.is_some_and(|col| filled(row, col));
        !filled(row, name) && !numbered && !roles.details.iter().any(|&col| grid.own(CellRef::new(row, col)).is_some())
    };
    let candidates: Vec<usize> =
        (0..rows.len()).filter(|&i| rows[i].kind == RowKind::Project && nameless(rows[i].row)).collect();
    let mut sums = Vec::new();
    // A group of one is told by its neighbours: alone, a project without a name might equal the next one.
    for (&i, least) in candidates.iter().map(|i| (i, 2)).chain(candidates.iter().map(|i| (i, 1))) {
        if sums.iter().any(|(n, _)| *n == i) || (least == 1 && sums.is_empty()) {
            continue;
        }
        let boundary = |r: &&BodyRow| r.kind == RowKind::Project && !nameless(r.row);
        let below: Vec<u32> = rows[i + 1..].iter().take_while(boundary).map(|r| r.row).collect();
        let above: Vec<u32> = rows[..i].iter().rev().take_while(boundary).map(|r| r.row).collect();
        let fits = |others: &[u32]| others.len() >= least && is_sum(grid, roles, rows[i].row, others);
        let way = |on_top: bool| least > 1 || sums.iter().any(|(_, w)| *w == on_top);
        if way(true) && fits(&below) {
            sums.push((i, true));
        } else if way(false) && fits(&above) {
            sums.push((i, false));
        }
    }
    for (i, on_top) in sums {
        let first = grid.visible(rows[i].row).next();
        let at = first.map_or(CellRef::new(rows[i].row, 0), |c| c.at);
        let label =
            first.map(|c| squeeze(&c.text())).filter(|t| !t.chars().any(|c| c.is_ascii_digit())).unwrap_or_default();
        rows[i].kind = if on_top && !label.is_empty() {
            RowKind::Section(Section { at, label, depth: 0, stage: None })
        } else {
            RowKind::Total(Total { at, level: TotalLevel::Unlabelled, scope: label, stage: None })
        };
    }
}

/// Whether every figure of money of a row is the sum of that column over other rows.
fn is_sum(grid: &Grid, roles: &Roles, row: u32, others: &[u32]) -> bool {
    let number = |row: u32, col: u32| match grid.own(CellRef::new(row, col)).map(|c| &c.kind) {
        Some(CellKind::Number(n)) => Some(*n),
        Some(CellKind::Text(t)) => squeeze(t).replace(',', "").parse().ok(),
        _ => None,
    };
    let stated: Vec<(u32, f64)> = roles.money.iter().filter_map(|&col| Some((col, number(row, col)?))).collect();
    let adds_up = |&(col, value): &(u32, f64)| {
        let sum: f64 = others.iter().filter_map(|&r| number(r, col)).sum();
        (value - sum).abs() <= TOLERANCE.max(value.abs() * 1e-9)
    };
    !stated.is_empty() && stated.iter().all(adds_up)
}
