//! What the total and section rows of a table cover.

use std::sync::Arc;

use super::record::TableView;
use crate::locate::{Section, Total, TotalLevel, figures, is_numeric};
use crate::model::{
    Amount, Cell, CellRef, DeclaredTotal, Field, Finding, GroupTotal, Measure, Record, Stage, TotalScope, Value,
    squeeze,
};
use crate::normalize;

/// Most projects that a bare number in a total row is taken to count.
const MAX_COUNT: f64 = 100_000.0;

/// A row of the body that matters for totals, in order.
#[derive(Debug)]
pub(super) enum Mark {
    /// A section row, in row (from 0).
    Section(Section),
    /// A total row.
    Total(Total),
    /// A project, by its position among the records of the table.
    Record(usize),
}

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

/// What a total covers.
struct Cover {
    scope: TotalScope,
    label: Option<String>,
    records: Vec<usize>,
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
    let levels = levels(marks);
    let by_column = view.map.column_of(Field::StageName).is_some() || !view.flags.is_empty();
    for (i, mark) in marks.iter().enumerate() {
        let (cover, label_stage, at, is_section) = match mark {
            Mark::Record(_) => continue,
            Mark::Section(section) => {
                let cover =
                    Cover { scope: TotalScope::Group, label: Some(section.label.clone()), records: extent(marks, i) };
                (cover, section.stage.or(stage_at(marks, i)), section.at, true)
            }
            Mark::Total(total) => (cover(marks, &levels, i, total, records), total.stage, total.at, false),
        };
        let whole_sheet = !before.is_empty() && covers_sheet(marks, &levels, i, mark);
        let mut rows: Vec<u32> = cover.records.iter().map(|&r| records[r].origin.row).collect();
        let mut stages: Vec<Option<Stage>> = cover.records.iter().map(|&r| records[r].stage).collect();
        if whole_sheet {
            rows.splice(0..0, before.iter().map(|r| r.origin.row));
            stages.extend(before.iter().map(|r| r.stage));
        }
        stages.dedup();
        let common = if stages.len() == 1 { stages[0] } else { None };
        // A total over a list that is divided into 签约, 开工, 投产 is over all of them, even if only one is there.
        let divided = cover.scope == TotalScope::Sheet
            && (by_column || marks.iter().any(|m| matches!(m, Mark::Section(s) if s.stage.is_some())));
        let stage = match (label_stage, divided || whole_sheet) {
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
    found.after_total = after_total(marks, &levels);
    found
}

/// Whether each total is over the table (true) or over a group (false); true for all other marks.
fn levels(marks: &[Mark]) -> Vec<bool> {
    let totals: Vec<(usize, &Total)> = marks
        .iter()
        .enumerate()
        .filter_map(|(i, m)| if let Mark::Total(t) = m { Some((i, t)) } else { None })
        .collect();
    let any = |level| totals.iter().any(|(_, t)| t.level == level);
    let sections = marks.iter().filter(|m| matches!(m, Mark::Section(_))).count();
    let scoped = |t: &Total| {
        !t.scope.is_empty()
            && !t.scope.starts_with('全')
            && (t.stage.is_some() || t.scope.ends_with(['市', '县', '区', '位', '级']))
    };
    let plain = totals.iter().filter(|(_, t)| t.level == TotalLevel::Plain).count();
    let many_stages = marks.iter().filter(|m| matches!(m, Mark::Section(s) if s.stage.is_some())).count() > 1;
    // Whether a section above the one around a mark has a total of its own.
    let any_before = |i: usize| {
        let section = marks[..i].iter().rposition(|m| matches!(m, Mark::Section(_)));
        let first = marks.iter().position(|m| matches!(m, Mark::Section(_)));
        first.zip(section).is_some_and(|(a, b)| marks[a..b].iter().any(|m| matches!(m, Mark::Total(_))))
    };
    let all_records = records_before(marks, marks.len());
    let mut levels = vec![true; marks.len()];
    for (n, (i, total)) in totals.iter().enumerate() {
        let first_record = marks.iter().position(|m| matches!(m, Mark::Record(_)));
        let at_top = first_record.is_none_or(|f| *i < f);
        let in_section = marks[..*i].iter().any(|m| matches!(m, Mark::Section(_)));
        let last = n + 1 == totals.len();
        let after_total = i.checked_sub(1).is_some_and(|p| matches!(marks[p], Mark::Total(_)));
        levels[*i] = match total.level {
            TotalLevel::Grand => true,
            TotalLevel::Sub => false,
            _ if scoped(total) && (many_stages || sections > 1 || plain > 1) => false,
            TotalLevel::Plain if any(TotalLevel::Sub) => true,
            TotalLevel::Plain if any(TotalLevel::Grand) => !(in_section || plain > 1),
            // 合计 in the first half of a list without sections closes a group that nobody named.
            _ if plain <= 1 => at_top || sections > 0 || records_before(marks, *i) * 2 >= all_records,
            // Only 合计 rows: in a table with sections each section has its own, one more is over all.
            _ if sections > 1 => !in_section || (last && (after_total || plain > sections || !any_before(*i))),
            _ if plain == 2 && (at_top || last && records_before(marks, totals[0].0) == 0) => true,
            _ => last && after_total || at_top && !in_section && plain == 2,
        };
    }
    levels
}

/// Records before a mark.
fn records_before(marks: &[Mark], until: usize) -> usize {
    marks[..until].iter().filter(|m| matches!(m, Mark::Record(_))).count()
}

fn depth(section: &Section) -> u8 {
    match section.depth {
        0 if section.stage.is_some() => 1,
        0 => 2,
        depth => depth,
    }
}

/// Records of the section that a mark opens: up to the next section that is not inside it.
fn extent(marks: &[Mark], from: usize) -> Vec<usize> {
    let Mark::Section(section) = &marks[from] else { return Vec::new() };
    let rest = marks[from + 1..].iter().take_while(|m| !matches!(m, Mark::Section(s) if depth(s) <= depth(section)));
    rest.filter_map(|m| if let Mark::Record(r) = m { Some(*r) } else { None }).collect()
}

/// Sections that are open at a mark, outermost first.
fn open_at(marks: &[Mark], at: usize) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    for (i, mark) in marks[..at].iter().enumerate() {
        if let Mark::Section(section) = mark {
            open.retain(|&o| matches!(&marks[o], Mark::Section(s) if depth(s) < depth(section)));
            open.push(i);
        }
    }
    open
}

/// The list of the sections that are open at a mark, innermost first.
pub(super) fn stage_at(marks: &[Mark], at: usize) -> Option<Stage> {
    open_at(marks, at).iter().rev().find_map(|&i| if let Mark::Section(s) = &marks[i] { s.stage } else { None })
}

fn cover(marks: &[Mark], levels: &[bool], i: usize, total: &Total, records: &[Record]) -> Cover {
    let is_record = |m: &Mark| if let Mark::Record(r) = m { Some(*r) } else { None };
    if levels[i] {
        let above: Vec<usize> = marks[..i].iter().filter_map(is_record).collect();
        let all: Vec<usize> = marks.iter().filter_map(is_record).collect();
        let more_totals = marks[i + 1..].iter().any(|m| matches!(m, Mark::Total(_) | Mark::Section(_)));
        let covered = if above.is_empty() || more_totals { all } else { above };
        return Cover { scope: TotalScope::Sheet, label: None, records: covered };
    }
    let open = open_at(marks, i);
    // A second 小计 in a row closes the section around the first one's.
    let ups = marks[..i].iter().rev().take_while(|m| matches!(m, Mark::Total(_))).count();
    let by_scope = open.iter().rev().find(|&&o| matches!(&marks[o], Mark::Section(s) if !total.scope.is_empty() && (s.label.contains(&total.scope) || total.scope.contains(&s.label))));
    let chosen = by_scope.copied().or_else(|| {
        open.len().checked_sub(1 + ups.min(open.len().saturating_sub(1))).and_then(|n| open.get(n).copied())
    });
    if let Some(section) = chosen {
        let label = if let Mark::Section(s) = &marks[section] { Some(s.label.clone()) } else { None };
        return Cover { scope: TotalScope::Group, label, records: extent(marks, section) };
    }
    // No sections: the rows since the last total, or below it when the group's total stands on top.
    let since = marks[..i].iter().rposition(|m| matches!(m, Mark::Total(_))).map_or(0, |p| p + 1);
    let mut covered: Vec<usize> = marks[since..i].iter().filter_map(is_record).collect();
    let first_group = marks.iter().enumerate().position(|(j, m)| matches!(m, Mark::Total(_)) && !levels[j]);
    let on_top = first_group.is_some_and(|f| records_before(marks, f) == 0);
    if covered.is_empty() || on_top {
        covered = marks[i + 1..].iter().take_while(|m| !matches!(m, Mark::Total(_))).filter_map(is_record).collect();
    }
    let counties: Vec<Option<&str>> = covered.iter().map(|&r| records[r].text(Field::County)).collect();
    let county = counties.first().copied().flatten().filter(|first| counties.iter().all(|c| *c == Some(first)));
    let number = marks[..=i].iter().filter(|m| matches!(m, Mark::Total(_))).count();
    let label = if total.scope.is_empty() {
        county.map_or_else(|| format!("第{number}组"), str::to_owned)
    } else {
        total.scope.clone()
    };
    Cover { scope: TotalScope::Group, label: Some(label), records: covered }
}

/// 总计 of the last of several stacked tables, next to the table's own 合计 or 小计, is over the sheet.
fn covers_sheet(marks: &[Mark], levels: &[bool], i: usize, mark: &Mark) -> bool {
    let Mark::Total(total) = mark else { return false };
    let own = marks
        .iter()
        .enumerate()
        .any(|(j, m)| j != i && levels[j] && matches!(m, Mark::Total(t) if t.level == TotalLevel::Plain));
    // A single 小计 below all rows of a table without sections is that table's own, too.
    let subs: Vec<usize> = marks
        .iter()
        .enumerate()
        .filter(|(_, m)| matches!(m, Mark::Total(t) if t.level == TotalLevel::Sub))
        .map(|(j, _)| j)
        .collect();
    let whole = !marks.iter().any(|m| matches!(m, Mark::Section(_)))
        && subs.len() == 1
        && subs.iter().all(|&j| j < i && records_before(marks, j) == records_before(marks, marks.len()));
    total.level == TotalLevel::Grand && (own || whole)
}

/// Records below the last total of the table, unless it stands on top of it.
fn after_total(marks: &[Mark], levels: &[bool]) -> Vec<usize> {
    let last = marks.iter().enumerate().rposition(|(i, m)| matches!(m, Mark::Total(_)) && levels[i]);
    let Some(last) = last.filter(|&l| records_before(marks, l) > 0) else { return Vec::new() };
    if marks[last..].iter().any(|m| matches!(m, Mark::Section(_)))
        || marks[last + 1..].iter().any(|m| matches!(m, Mark::Total(_)))
    {
        return Vec::new();
    }
    marks[last + 1..].iter().filter_map(|m| if let Mark::Record(r) = m { Some(*r) } else { None }).collect()
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
        let cells: Vec<&Cell> = view.grid.visible(self.at.row).filter(|c| view.table.has_column(c.at.col)).collect();
        let label = view.grid.own(self.at).map(Cell::raw).unwrap_or_default();
        let words = figures(&view.context.words, &label);
        if let Some((cell, value)) = self.count(&cells, words.count) {
            let amount = value.parse().ok().map(|n| Amount::new(n, 1, 0));
            found.totals.push(self.total(Measure::Count, value, amount, cell, view.grid.sheet().get(cell)));
        }
        let column = view.map.column_of(Field::TotalInvestment);
        let cell = column.and_then(|col| view.grid.own(CellRef::new(self.at.row, col)));
        if let Some(cell) = cell.filter(|c| c.at != self.at || is_numeric(c)) {
            self.amount(cell, found);
        } else if let Some((number, unit)) = words.amount {
            let unit = normalize::money_unit(&unit, &view.context.spec.measures).and_then(|u| u.yuan);
            let amount = unit.and_then(|yuan| stated_amount(&number, yuan));
            found.totals.push(self.total(
                Measure::TotalInvestment,
                number,
                amount,
                self.at,
                view.grid.sheet().get(self.at),
            ));
        }
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
        let amount = read_amount(view, cell, cell.at.col);
        if amount.is_some() {
            found.totals.push(self.total(
                Measure::TotalInvestment,
                cell.raw().trim().to_owned(),
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
        let words = &self.view.context.words;
        let others = cells.iter().filter(|c| c.at != self.at);
        for cell in others {
            let field = self.view.map.at(cell.at.col).and_then(|c| c.field);
            let text = squeeze(&cell.raw());
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

/// The amount of a cell of a column.
pub(super) fn read_amount(view: &TableView, cell: &Cell, col: u32) -> Option<Amount> {
    let reading = normalize::amount(cell, &view.units.of(col), &view.context.spec.measures);
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
