//! The money unit of each column: cell, else header, else unit line, else title, else the file's other tables, else
//! the magnitudes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use crate::columns::ColumnMap;
use crate::locate::{Grid, Line, LineKind, Table, Vocabulary, is_numeric};
use crate::model::{
    Cell, CellKind, CellRef, FACTOR_WAN, FACTOR_YI, Field, FieldKind, Finding, Letters, squeeze, sure_first,
};
use crate::normalize::{MoneyUnit, money_unit, says_nothing};
use crate::spec::Measures;

/// Middle values between which a column of 总投资 is plausible, in 元: 800 万元 to 300 亿元.
const PLAUSIBLE: (f64, f64) = (8e6, 3e10);
/// A column of total investments whose middle value is below this is in 亿元; typical projects have 0.3 to 50 亿元.
const YI_BELOW: f64 = 400.0;
/// From this middle value on it is in 元.
const YUAN_FROM: f64 = 2e7;

/// Where a unit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Header,
    Line,
    Foot,
    Neighbour,
    File,
    Magnitude,
}

/// Units of the columns of money of a table.
#[derive(Debug, Default)]
pub(super) struct Units {
    by_column: BTreeMap<u32, MoneyUnit>,
    /// What a column of its own states row by row, and the columns of money whose headers state nothing else.
    by_row: BTreeMap<u32, MoneyUnit>,
    follow_rows: BTreeSet<u32>,
    /// C305, C306 without their place.
    pub(super) findings: Vec<Finding>,
}

impl Units {
    /// Unit of a column, whatever its rows say.
    pub(super) fn of_column(&self, col: u32) -> Cow<'_, MoneyUnit> {
        self.by_column.get(&col).map_or_else(|| Cow::Owned(wan()), Cow::Borrowed)
    }

    /// Unit of a cell: its row's where rows state their own, else its column's; 万元 where the column holds no money.
    pub(super) fn of(&self, at: CellRef) -> Cow<'_, MoneyUnit> {
        let row = self.by_row.get(&at.row).filter(|_| self.follow_rows.contains(&at.col));
        row.map_or_else(|| self.of_column(at.col), Cow::Borrowed)
    }
}

fn wan() -> MoneyUnit {
    MoneyUnit { name: "万元".to_owned(), yuan: Some(FACTOR_WAN) }
}

fn yi() -> MoneyUnit {
    MoneyUnit { name: "亿元".to_owned(), yuan: Some(FACTOR_YI) }
}

/// The unit that the lines above a table state: unit lines first, then titles.
pub(super) fn line_unit(lines: &[Line], words: &Vocabulary, measures: &Measures) -> Option<MoneyUnit> {
    let of = |kind: LineKind| lines.iter().rev().filter(move |l| l.kind == kind);
    let unit = of(LineKind::Unit).find_map(|l| money_unit(&l.text, measures));
    unit.or_else(|| of(LineKind::Reporter).find_map(|l| after_unit_word(&l.text, measures)))
        .or_else(|| of(LineKind::Title).find_map(|l| title_unit(&l.text, words, measures)))
}

/// 填报单位：洛阳市   单位：万元 — the last 单位 is that of money.
fn after_unit_word(text: &str, measures: &Measures) -> Option<MoneyUnit> {
    let (_, rest) = text.rsplit_once("单位")?;
    (rest.chars().count() <= 16).then(|| money_unit(rest, measures)).flatten()
}

/// A title states a unit in brackets or after 单位, never as part of a figure (总投资144.92亿元).
fn title_unit(text: &str, words: &Vocabulary, measures: &Measures) -> Option<MoneyUnit> {
    let heading = words.heading(text);
    let noted =
        heading.notes.iter().filter(|n| !n.chars().any(|c| c.is_ascii_digit())).find_map(|n| money_unit(n, measures));
    noted.or_else(|| after_unit_word(text, measures))
}

/// What is stated outside of a table's header.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// Above the table, or in the sheet's name.
    pub(super) line: Option<MoneyUnit>,
    /// In a note below it: 注：金额单位为万元.
    pub(super) foot: Option<MoneyUnit>,
    /// By the file's other tables.
    pub(super) file: Option<MoneyUnit>,
}

impl Stated {
    /// Looks around a table.
    pub(super) fn around(grid: &Grid, table: &Table, context: &Context) -> Self {
        let measures = &context.spec.measures;
        let name = title_unit(&grid.sheet().name, context.words, measures);
        let notes = grid.rows_in(table.body.0, table.body.1).filter_map(|r| grid.visible(r).next());
        let mut notes = notes.map(Cell::text).filter(|t| context.words.opens_note(t));
        let foot = notes.find_map(|t| note_unit(&t, measures));
        Self { line: line_unit(&table.lines, context.words, measures).or(name), foot, file: context.money.clone() }
    }
}

/// 注：1.投资单位为万元；2.…: the unit behind 单位.
fn note_unit(text: &str, measures: &Measures) -> Option<MoneyUnit> {
    let rest = &text[text.find("单位")? + "单位".len()..];
    let near: String = rest.chars().take(6).collect();
    money_unit(near.trim_start_matches(['：', ':', '为', '是', '均', '按']), measures)
}

/// Decides the unit of each column of money.
pub(super) fn units(
    grid: &Grid,
    table: &Table,
    map: &ColumnMap,
    rows: &[u32],
    around: &Stated,
    measures: &Measures,
) -> Units {
    let mut units = Units { by_row: row_units(grid, table, map, rows, measures), ..Units::default() };
    let line = around.line.clone();
    let money: Vec<_> = map.columns.iter().filter(|c| c.field.is_some_and(|f| f.kind() == FieldKind::Amount)).collect();
    let stated = |c: &crate::columns::Mapped| {
        c.path.iter().rev().flat_map(|h| h.notes.iter().rev()).find_map(|n| money_unit(n, measures))
    };
    let neighbour = money.iter().find_map(|c| stated(c));
    let mut inferred: Vec<(Field, u32, MoneyUnit, Origin)> = Vec::new();
    for column in &money {
        let header = stated(column);
        if let (Some(header), Some(line)) = (&header, &line)
            && header.yuan != line.yuan
            && column.field == Some(Field::TotalInvestment)
        {
            let (chosen, finding) = settle(header, line, median(&figures(grid, rows, column.col)));
            units.by_column.insert(column.col, chosen);
            units.findings.extend(finding.map(|f| f.at(header_cell(table, column.col)).field(Field::TotalInvestment)));
            continue;
        }
        let (unit, origin) = match (header, line.as_ref().or(around.foot.as_ref()), &neighbour, &around.file) {
            (Some(unit), ..) => (unit, Origin::Header),
            (None, Some(unit), ..) => (unit.clone(), if line.is_some() { Origin::Line } else { Origin::Foot }),
            (None, None, Some(unit), _) => (unit.clone(), Origin::Neighbour),
            (None, None, None, Some(unit)) => (unit.clone(), Origin::File),
            _ => (by_magnitude(grid, map, rows), Origin::Magnitude),
        };
        units.by_column.insert(column.col, unit.clone());
        if origin != Origin::Header && !units.by_row.is_empty() {
            units.follow_rows.insert(column.col);
            continue;
        }
        if !matches!(origin, Origin::Header | Origin::Line | Origin::Foot)
            && !figures_with_unit(grid, rows, column.col, measures)
            && let Some(field) = column.field
        {
            inferred.push((field, column.col, unit, origin));
        }
    }
    units.findings.extend(missing(table, &inferred));
    units
}

/// The unit of each row that a column of its own states: 计量单位 | 万元 | 亿元.
fn row_units(
    grid: &Grid,
    table: &Table,
    map: &ColumnMap,
    rows: &[u32],
    measures: &Measures,
) -> BTreeMap<u32, MoneyUnit> {
    // Nearly all cells are told by what they begin with.
    let spellings = measures.measure.iter().flat_map(|m| std::iter::once(&m.name).chain(&m.aliases));
    let firsts = Letters::of(spellings.filter_map(|s| s.chars().next()));
    let unit_at = |row: u32, col: u32| {
        let CellKind::Text(text) = &grid.own(CellRef::new(row, col))?.kind else { return None };
        if sure_first(text).is_some_and(|c| !firsts.contains(c)) {
            return None;
        }
        let text = squeeze(text);
        let spec = measures.measure.iter().find(|m| m.name == text || m.aliases.contains(&text))?;
        Some(MoneyUnit { name: spec.name.clone(), yuan: spec.yuan })
    };
    let states = |col: &u32| {
        let cells = rows.iter().filter_map(|&r| grid.own(CellRef::new(r, *col)));
        let named = rows.iter().filter(|&&r| unit_at(r, *col).is_some()).count();
        named > 0 && named * 5 >= cells.filter(|c| !says_nothing(c)).count() * 4
    };
    let column = map.columns.iter().map(|c| c.col).find(states);
    let body = || grid.rows_in(table.body.0, table.body.1);
    column.map(|col| body().filter_map(|r| Some((r, unit_at(r, col)?))).collect()).unwrap_or_default()
}

/// C305, once per table.
fn missing(table: &Table, inferred: &[(Field, u32, MoneyUnit, Origin)]) -> Option<Finding> {
    let (field, col, unit, origin) =
        inferred.iter().find(|(f, ..)| *f == Field::TotalInvestment).or(inferred.first())?;
    let names: Vec<&str> = inferred.iter().map(|(f, ..)| f.title()).collect();
    let how = match origin {
        Origin::Neighbour => "与同表其他金额列相同",
        Origin::File => "与本文件其他表相同",
        _ => "按数值大小推断",
    };
    let message = format!("没有写明金额单位（{}），按{}读取", names.join("、"), unit.name);
    let finding = Finding::new("C305", message).at(header_cell(table, *col)).field(*field);
    Some(finding.read_as(format!("{}，{how}", unit.name)).help("在表头或表格右上方写明单位，例如 单位：万元。"))
}

fn header_cell(table: &Table, col: u32) -> CellRef {
    table.column(col).map_or(CellRef::new(table.header.0, col), |c| c.cell)
}

/// Header and unit line state different units: the values decide, or nobody can.
fn settle(header: &MoneyUnit, line: &MoneyUnit, median: Option<f64>) -> (MoneyUnit, Option<Finding>) {
    let plausible = |unit: &MoneyUnit| {
        #[allow(clippy::cast_precision_loss, reason = "an order of magnitude, no amount")]
        let factor = unit.yuan.map(|y| y as f64);
        median.zip(factor).is_some_and(|(m, f)| (PLAUSIBLE.0..=PLAUSIBLE.1).contains(&(m * f)))
    };
    match (plausible(header), plausible(line)) {
        (true, false) => (header.clone(), None),
        (false, true) => (line.clone(), None),
        _ => {
            let message = format!("总投资的单位自相矛盾：表头是{}，单位行是{}，数值也不能判断", header.name, line.name);
            let finding = Finding::new("C306", message).seen(format!("{}；{}", header.name, line.name));
            (header.clone(), Some(finding.read_as(header.name.clone())))
        }
    }
}

fn by_magnitude(grid: &Grid, map: &ColumnMap, rows: &[u32]) -> MoneyUnit {
    let total = map.column_of(Field::TotalInvestment);
    let values = total.map(|col| figures(grid, rows, col)).unwrap_or_default();
    match median(&values) {
        Some(m) if m < YI_BELOW => yi(),
        Some(m) if m >= YUAN_FROM => MoneyUnit { name: "元".to_owned(), yuan: Some(1) },
        _ => wan(),
    }
}

/// Figures of a column as plain numbers, for their order of magnitude only.
fn figures(grid: &Grid, rows: &[u32], col: u32) -> Vec<f64> {
    let number = |c: &Cell| match &c.kind {
        CellKind::Number(n) | CellKind::Date(n) => Some(*n),
        _ => squeeze(&c.text()).replace(',', "").parse::<f64>().ok(),
    };
    rows.iter()
        .filter_map(|&r| grid.own(CellRef::new(r, col)))
        .filter(|c| is_numeric(c))
        .filter_map(number)
        .filter(|n| *n > 0.0)
        .collect()
}

/// Whether nearly every figure of a column carries its own unit, in its text or its number format.
fn figures_with_unit(grid: &Grid, rows: &[u32], col: u32, measures: &Measures) -> bool {
    let cells = rows.iter().filter_map(|&r| grid.own(CellRef::new(r, col)));
    let cells: Vec<&Cell> = cells.filter(|c| !says_nothing(c)).collect();
    // Formats come again from cell to cell.
    let mut formats: BTreeMap<&str, bool> = BTreeMap::new();
    let mut with_unit = 0;
    for cell in &cells {
        let raw = squeeze(&cell.text());
        let behind = raw.trim_start_matches(|d: char| d.is_ascii_digit() || ".,约￥¥".contains(d));
        let text = !behind.is_empty() && behind.len() < raw.len() && money_unit(behind, measures).is_some();
        let format = cell.format.as_deref().filter(|_| !text);
        let by_format = format.is_some_and(|f| *formats.entry(f).or_insert_with(|| money_unit(f, measures).is_some()));
        with_unit += usize::from(text || by_format);
    }
    // A column without a single figure needs no unit.
    with_unit * 5 >= cells.len() * 4
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
