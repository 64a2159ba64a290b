//! C307: how a unit laid out its tables, compared with the latest earlier batch.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{CellRef, Field, Finding, HeaderColumn, TableHeaders, column_letters};
use crate::spec::{Headings, Spec};

/// Columns of one kind of change that a message names; of more it tells the number.
const NAMED: usize = 8;
/// Characters of a header that a message shows.
const SHOWN: usize = 40;

/// One finding per table whose columns are not those of the same list of its unit in the latest earlier batch; of several
/// such tables the most similar one counts. `before` may hold any batches.
#[must_use]
pub fn header_changes(now: &[TableHeaders], before: &[TableHeaders], spec: &Spec) -> Vec<Finding> {
    let headings = Headings::new(&spec.measures);
    let mut by_unit: BTreeMap<&str, Vec<&TableHeaders>> = BTreeMap::new();
    for table in before.iter().filter(|t| !t.unit_code.is_empty() && !t.columns.is_empty()) {
        by_unit.entry(&table.unit_code).or_default().push(table);
    }
    let finding = |table: &TableHeaders| {
        let known = by_unit.get(table.unit_code.as_str())?;
        let alike = |t: &&&TableHeaders| t.batch < table.batch && t.stages.iter().any(|s| table.stages.contains(s));
        let latest = known.iter().filter(alike).map(|t| &t.batch).max()?;
        // Only these are signed: there are few of them, however many batches there were.
        let rivals = known.iter().filter(alike).filter(|t| t.batch == *latest);
        let rivals: Vec<Signed> = rivals.map(|t| Signed::of(t, &headings)).collect();
        let signed = Signed::of(table, &headings);
        let compared = rivals.iter().map(|earlier| (earlier, Changes::between(earlier, &signed)));
        let (earlier, changes) = compared.min_by_key(|(_, changes)| changes.count())?;
        (changes.count() > 0).then(|| changes.finding(earlier, &signed))
    };
    now.iter().filter(|t| !t.columns.is_empty()).filter_map(finding).collect()
}

/// A table with the signature of each column. A column without header that is no field of ours is nothing to compare.
struct Signed<'a> {
    table: &'a TableHeaders,
    columns: Vec<(String, &'a HeaderColumn)>,
}

impl<'a> Signed<'a> {
    fn of(table: &'a TableHeaders, headings: &Headings) -> Self {
        let told = table.columns.iter().filter(|c| !c.header.is_empty() || c.field.is_some());
        Self { table, columns: told.map(|c| (headings.signature(&c.header), c)).collect() }
    }
}

/// A column before and now.
type Pair<'a> = (&'a HeaderColumn, &'a HeaderColumn);

/// What is different between two tables.
#[derive(Debug, Default)]
struct Changes<'a> {
    /// Same header, also where the field or the order is another.
    same: usize,
    new: Vec<&'a HeaderColumn>,
    gone: Vec<&'a HeaderColumn>,
    /// Same field under another header.
    renamed: Vec<Pair<'a>>,
    /// Same header, another field.
    remapped: Vec<Pair<'a>>,
    /// Columns with a field that stand before or behind others now.
    moved: Vec<Pair<'a>>,
}

impl<'a> Changes<'a> {
    fn between(before: &Signed<'a>, now: &Signed<'a>) -> Self {
        let mut old = index(before);
        let mut changes = Self::default();
        let mut left: Vec<&HeaderColumn> = Vec::new();
        let mut kept: Vec<(usize, Pair)> = Vec::new();
        for (signature, column) in now.columns.iter().map(|(s, c)| (s, *c)) {
            let same = old.get_mut(signature.as_str()).filter(|_| !column.header.is_empty());
            let Some((position, was)) = same.and_then(|queue| take(queue, column.field)) else {
                left.push(column);
                continue;
            };
            changes.same += 1;
            if was.field == column.field {
                kept.push((position, (was, column)));
            } else {
                changes.remapped.push((was, column));
            }
        }
        let mut rest: Vec<(usize, &HeaderColumn)> = old.into_values().flatten().collect();
        rest.sort_by_key(|(position, _)| *position);
        for column in left {
            let of_field = |field: Field| rest.iter().position(|(_, c)| c.field == Some(field));
            match column.field.and_then(of_field) {
                Some(i) => {
                    let (position, was) = rest.remove(i);
                    changes.renamed.push((was, column));
                    kept.push((position, (was, column)));
                }
                None => changes.new.push(column),
            }
        }
        changes.gone = rest.into_iter().map(|(_, c)| c).collect();
        changes.moved = out_of_order(kept);
        changes
    }

    fn count(&self) -> usize {
        self.new.len() + self.gone.len() + self.renamed.len() + self.remapped.len() + self.moved.len()
    }

    /// Less than half of the headers of either table are in the other.
    fn is_another_form(&self, before: usize, now: usize) -> bool {
        self.same * 2 < before.max(now)
    }

    fn finding(&self, earlier: &Signed<'_>, now: &Signed<'_>) -> Finding {
        let table = now.table;
        let (before, now) = (earlier.columns.len(), now.columns.len());
        let since = format!("与第{}期相比", earlier.table.batch);
        let another = self.is_another_form(before, now);
        let message = if another {
            format!(
                "{since}换了表式：当时{before}列，本期{now}列，表头相同的{}列{}",
                self.same,
                self.fields_lost(table)
            )
        } else {
            format!("{since}表头有变化：{}", self.sentence())
        };
        let mut finding = Finding::new("C307", message).in_file(&table.file).unit(&table.unit_code);
        finding.batch = Some(table.batch.clone());
        finding.stage = if let [stage] = table.stages[..] { Some(stage) } else { None };
        finding.sheet.clone_from(&table.sheet);
        finding.sheet_index = Some(table.sheet_index);
        let first = self.changed().filter(|_| !another).min_by_key(|c| (c.cell.col, c.cell.row));
        finding.cell = first.map(|c| c.cell.to_string()).or_else(|| range(table));
        finding
    }

    /// Columns of the table at hand that are not as before.
    fn changed(&self) -> impl Iterator<Item = &'a HeaderColumn> + '_ {
        let pairs = [&self.renamed, &self.remapped, &self.moved].into_iter().flatten().map(|(_, now)| *now);
        pairs.chain(self.new.iter().copied())
    }

    fn sentence(&self) -> String {
        let of_field = |field: Option<Field>| {
            field.map_or("不在要求的栏目里".to_owned(), |f| format!("读作{}", f.title()))
        };
        let parts = [
            list("新增", &self.new, |c| format!("{}（{}列）", name(c), letters(c))),
            list("没有了", &self.gone, |c| name(c)),
            list("改名", &self.renamed, |(was, c)| format!("{}改为{}（{}列）", name(was), name(c), letters(c))),
            list("读法不同", &self.remapped, |(was, c)| {
                format!("{}（{}列）当时{}，本期{}", name(c), letters(c), of_field(was.field), of_field(c.field))
            }),
            list("换了位置", &self.moved, |(was, c)| format!("{}由{}列到{}列", name(c), letters(was), letters(c))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("；")
    }

    /// Fields that the table no longer has, whatever their header was.
    fn fields_lost(&self, table: &TableHeaders) -> String {
        let has = |field| table.columns.iter().any(|c| c.field == Some(field));
        let was = self.gone.iter().copied().chain(self.remapped.iter().map(|(was, _)| *was));
        let lost: Vec<Field> = was.filter_map(|c| c.field).filter(|f| !has(*f)).collect();
        list("，不再有", &lost, |f| f.title().to_owned()).unwrap_or_default()
    }
}

/// Columns by signature, each with its position, in order.
type Index<'s, 'a> = BTreeMap<&'s str, VecDeque<(usize, &'a HeaderColumn)>>;

fn index<'s, 'a>(table: &'s Signed<'a>) -> Index<'s, 'a> {
    let mut index = Index::new();
    for (position, (signature, column)) in table.columns.iter().enumerate() {
        index.entry(signature).or_default().push_back((position, *column));
    }
    index
}

/// The first column of this field, else the first of all: of headers that come twice each finds its own.
fn take<'a>(
    queue: &mut VecDeque<(usize, &'a HeaderColumn)>,
    field: Option<Field>,
) -> Option<(usize, &'a HeaderColumn)> {
    let own = queue.iter().position(|(_, c)| c.field == field).unwrap_or(0);
    queue.remove(own)
}

/// Of columns with their earlier positions those that left the order. Only fields count: no value of ours depends on the
/// others' order. The longest part that is still in order stayed; a column put in between moves none.
fn out_of_order(kept: Vec<(usize, Pair<'_>)>) -> Vec<Pair<'_>> {
    let mut kept: Vec<(usize, Pair)> = kept.into_iter().filter(|(_, (_, c))| c.field.is_some()).collect();
    kept.sort_by_key(|(_, (_, now))| (now.cell.col, now.cell.row));
    // Longest rising sequence that ends at each column, with the column before; a field is awarded once: a few dozen.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(kept.len());
    for (i, (position, _)) in kept.iter().enumerate() {
        let before = (0..i).filter(|&j| kept[j].0 < *position).max_by_key(|&j| (best[j].0, std::cmp::Reverse(j)));
        best.push((before.map_or(1, |j| best[j].0 + 1), before));
    }
    let mut stayed = vec![false; kept.len()];
    let mut at = (0..kept.len()).max_by_key(|&i| (best[i].0, std::cmp::Reverse(i)));
    while let Some(i) = at {
        stayed[i] = true;
        at = best[i].1;
    }
    kept.into_iter().zip(stayed).filter(|(_, stayed)| !stayed).map(|((_, pair), _)| pair).collect()
}

/// `新增“甲”（C列）、“乙”（D列）等12列`; `None` for nothing.
fn list<T>(what: &str, items: &[T], text: impl Fn(&T) -> String) -> Option<String> {
    let named: Vec<String> = items.iter().take(NAMED).map(text).collect();
    let more = if items.len() > NAMED { format!("等{}列", items.len()) } else { String::new() };
    (!named.is_empty()).then(|| format!("{what}{}{more}", named.join("、")))
}

fn name(column: &HeaderColumn) -> String {
    if column.header.is_empty() {
        return "（没有表头）".to_owned();
    }
    let mut shown: String = column.header.chars().take(SHOWN).collect();
    if shown.len() < column.header.len() {
        shown.push('…');
    }
    format!("“{shown}”")
}

fn letters(column: &HeaderColumn) -> String {
    column_letters(column.cell.col)
}

/// The header as a range: `A4:L5`.
fn range(table: &TableHeaders) -> Option<String> {
    let cells = || table.columns.iter().map(|c| c.cell);
    let (rows, cols) = (|| cells().map(|c| c.row), || cells().map(|c| c.col));
    let (first, last) = (CellRef::new(rows().min()?, cols().min()?), CellRef::new(rows().max()?, cols().max()?));
    Some(format!("{first}:{last}"))
}
