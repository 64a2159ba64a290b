//! What the total and section rows of a table cover.

use std::sync::Arc;

use super::outline::{Cover, Mark, Outline};
use super::record::TableView;
use crate::locate::{LineKind, figures, is_numeric};
use crate::model::{
    Amount, Cell, CellRef, DeclaredTotal, Field, Finding, GroupTotal, Measure, Record, Stage, TotalScope, Value,
    squeeze,
};
use crate::normalize;

/// Most projects that a bare number in a total row is taken to count.
const MAX_COUNT: f64 = 100_000.0;

/// What totals were found, and what they say about the records.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) totals: Vec<DeclaredTotal>,
    /// Records below the table's total.
    pub(super) after_total: Vec<usize>,
    /// Group labels of records that are in no section.
    pub(super) groups: Vec<(usize, String)>,
    pub(super) findings: Vec<Finding>,
}

/// Resolves the totals of a table. `before` are the records of the tables above it on the sheet, `stage` is the table's.
pub(super) fn resolve(
    view: &TableView,
    marks: &[Mark],
    records: &[Record],
    before: &[Record],
    stage: Option<Stage>,
) -> Resolved {
    let mut found = Resolved::default();
    let outline = Outline::new(marks);
    let by_column = view.map.column_of(Field::StageName).is_some() || !view.flags.is_empty();
    let divided = by_column || outline.is_divided();
    for (i, mark) in marks.iter().enumerate() {
        let (cover, label_stage, at, is_section) = match mark {
            Mark::Record(_) => continue,
            Mark::Section(section) => {
                let cover =
                    Cover { scope: TotalScope::Group, label: Some(section.label.clone()), records: outline.extent(i) };
                (cover, section.stage.or_else(|| outline.stage_at(i)), section.at, true)
            }
            Mark::Total(total) => (outline.cover(i, total, records), total.stage, total.at, false),
        };
        let whole_sheet = !before.is_empty() && outline.covers_sheet(i);
        let mut rows: Vec<u32> = cover.records.iter().map(|&r| records[r].origin.row).collect();
        let mut stages: Vec<Option<Stage>> = cover.records.iter().map(|&r| records[r].stage).collect();
        if whole_sheet {
            rows.splice(0..0, before.iter().map(|r| r.origin.row));
            stages.extend(before.iter().map(|r| r.stage));
        }
        stages.dedup();
        let common = if stages.len() == 1 { stages[0] } else { None };
        // A total over a list that is divided into 签约, 开工, 投产 is over all of them, even if only one is there.
        let over_lists = whole_sheet || (divided && cover.scope == TotalScope::Sheet);
        let stage = match (label_stage, over_lists) {
            (Some(stage), _) => Some(stage),
            (None, true) => None,
            (None, false) => common.or(if stages.is_empty() { stage } else { None }),
        };
        let declared = Declared { view, at, is_section, stage, cover: &cover, rows };
        declared.push(&mut found);
        if !is_section
            && cover.scope == TotalScope::Group
            && let Some(label) = &cover.label
        {
            found
                .groups
                .extend(cover.records.iter().filter(|&&r| records[r].group.is_none()).map(|&r| (r, label.clone())));
        }
    }
    found.after_total = outline.after_total();
    title_totals(view, records, stage, &mut found);
    found
}

/// Figures that a title states in brackets: 签约项目（共30个，总投资144.92亿元）.
fn title_totals(view: &TableView, records: &[Record], stage: Option<Stage>, found: &mut Resolved) {
    let titles = view.table.lines.iter().filter(|l| l.kind == LineKind::Title);
    for line in titles {
        let text = squeeze(&line.text);
        let brackets = text.split('(').skip(1).filter_map(|t| t.split(')').next());
        let stated = brackets.map(|t| figures(view.context.words, t)).find(|f| f.count.is_some() || f.amount.is_some());
        let Some(stated) = stated else { continue };
        let cover = Cover { scope: TotalScope::Sheet, label: None, records: Vec::new() };
        let own = records.iter().filter(|r| stage.is_none() || r.stage == stage);
        let rows = own.map(|r| r.origin.row).collect();
        let declared = Declared { view, at: line.at, is_section: true, stage, cover: &cover, rows };
        declared.in_words(stated.count, stated.amount, found);
    }
}

/// The figures of one row that states totals.
struct Declared<'a> {
    view: &'a TableView<'a>,
    at: CellRef,
    is_section: bool,
    stage: Option<Stage>,
    cover: &'a Cover,
    rows: Vec<u32>,
}

impl Declared<'_> {
    fn push(&self, found: &mut Resolved) {
        let view = self.view;
        let cells: Vec<&Cell> = view.table.cells(view.grid, self.at.row).collect();
        let label = view.grid.own(self.at).map(Cell::raw).unwrap_or_default();
        let words = figures(view.context.words, &label);
        if let Some((cell, value)) = self.count(&cells, words.count) {
            self.push_count(value, cell, found);
        }
        let column = view.map.column_of(Field::TotalInvestment);
        let cell = column.and_then(|col| view.grid.own(CellRef::new(self.at.row, col)));
        if let Some(cell) = cell.filter(|c| c.at != self.at || is_numeric(c)) {
            self.amount(cell, found);
        } else {
            self.in_words(None, words.amount, found);
        }
    }

    /// Figures that the text of the label's cell states.
    fn in_words(&self, count: Option<String>, amount: Option<(String, String)>, found: &mut Resolved) {
        if let Some(value) = count {
            self.push_count(value, self.at, found);
        }
        if let Some((number, unit)) = amount {
            let unit = normalize::money_unit(&unit, &self.view.context.spec.measures).and_then(|u| u.yuan);
            let amount = unit.and_then(|yuan| stated_amount(&number, yuan));
            let cell = self.view.grid.sheet().get(self.at);
            found.totals.push(self.total(Measure::TotalInvestment, number, amount, self.at, cell));
        }
    }

    fn push_count(&self, value: String, cell: CellRef, found: &mut Resolved) {
        let amount = value.parse().ok().map(|n| Amount::new(n, 1, 0));
        found.totals.push(self.total(Measure::Count, value, amount, cell, self.view.grid.sheet().get(cell)));
    }

    fn amount(&self, cell: &Cell, found: &mut Resolved) {
        let view = self.view;
        let place = |f: Finding| view.place.place(f.at(cell.at).field(Field::TotalInvestment), view.context.source);
        if cell.uncached {
            found.findings.push(
                place(Finding::new("L204", "合计是公式，但文件里没有存下计算结果"))
                    .seen(cell.formula.as_ref().map(|f| format!("={f}")).unwrap_or_default()),
            );
            return;
        }
        if let crate::model::CellKind::Error(shown) = &cell.kind {
            found.findings.push(place(Finding::new("L205", format!("合计是错误值 {shown}"))).seen(shown.clone()));
            return;
        }
        let amount = read_amount(view, cell);
        if amount.is_some() {
            found.totals.push(self.total(
                Measure::TotalInvestment,
                cell.text().trim().to_owned(),
                amount,
                cell.at,
                Some(cell),
            ));
        }
    }

    /// The number of projects: in the label, as 29个 in a cell, or as a bare number where texts stand.
    fn count(&self, cells: &[&Cell], label: Option<String>) -> Option<(CellRef, String)> {
        if let Some(count) = label {
            return Some((self.at, count));
        }
        let words = self.view.context.words;
        let others = cells.iter().filter(|c| c.at != self.at);
        for cell in others {
            let field = self.view.map.at(cell.at.col).and_then(|c| c.field);
            let text = squeeze(&cell.text());
            if !is_numeric(cell)
                && let Some(count) = figures(words, &text).count
            {
                return Some((cell.at, count));
            }
            let for_texts = matches!(field, Some(Field::ProjectName | Field::Owner | Field::Content | Field::County));
            let number = text.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && (0.0..=MAX_COUNT).contains(n));
            if for_texts && number.is_some() {
                return Some((cell.at, text));
            }
        }
        None
    }

    fn total(
        &self,
        measure: Measure,
        value: String,
        amount: Option<Amount>,
        cell: CellRef,
        source: Option<&Cell>,
    ) -> DeclaredTotal {
        let context = self.view.context;
        DeclaredTotal {
            batch: context.batch.clone(),
            unit_code: context.unit_code(),
            stage: self.stage,
            scope: self.cover.scope,
            group: self
                .cover
                .label
                .clone()
                .filter(|_| self.cover.scope == TotalScope::Group)
                .map(|label| GroupTotal { label }),
            measure,
            value,
            amount,
            source: Arc::clone(context.source),
            sheet: self.view.place.name.clone(),
            sheet_index: self.view.place.index,
            cell,
            formula: source.filter(|_| !self.is_section).and_then(|c| c.formula.clone()),
            rows: self.rows.clone(),
        }
    }
}

/// The amount of a cell in a column of money.
pub(super) fn read_amount(view: &TableView, cell: &Cell) -> Option<Amount> {
    let reading = normalize::amount(cell, &view.units.of(cell.at), &view.context.spec.measures);
    match reading.value {
        Some(Value::Amount(amount)) => Some(amount),
        _ => None,
    }
}

/// A plain figure in a unit of `factor` 元: `65.25` 亿元. `None` when it has more decimals than 元 can hold.
fn stated_amount(number: &str, factor: i64) -> Option<Amount> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let mut yuan = whole.replace(',', "").parse::<i64>().ok()?.checked_mul(factor)?;
    let mut weight = factor;
    for digit in part.chars() {
        if weight % 10 != 0 {
            return None;
        }
        weight /= 10;
        yuan = yuan.checked_add(i64::from(digit.to_digit(10)?) * weight)?;
    }
    Some(Amount::new(yuan, factor, u8::try_from(part.len()).ok()?))
}
