//! The order of a table's sections, totals and projects, from which follows what each total covers.

use crate::locate::{Section, Total, TotalLevel};
use crate::model::{Field, Record, Stage, TotalScope};

/// Totals over the whole table that are believed; a table with more of them has group totals with a strange label.
const MAX_SHEET_TOTALS: usize = 20;

/// A row of the body that matters for totals, in order.
#[derive(Debug)]
pub(super) enum Mark {
    /// A section row.
    Section(Section),
    /// A total row.
    Total(Total),
    /// A project, by its position among the records of the table.
    Record(usize),
}

/// What a total covers.
pub(super) struct Cover {
    pub(super) scope: TotalScope,
    /// Label of the group.
    pub(super) label: Option<String>,
    /// Positions of the records.
    pub(super) records: Vec<usize>,
}

/// The marks of a table with what is needed to find one's way among them. All counts are of what stands before a mark.
pub(super) struct Outline<'a> {
    pub(super) marks: &'a [Mark],
    /// Innermost section that is open.
    inner: Vec<Option<usize>>,
    /// The section around a section.
    parent: Vec<Option<usize>>,
    records: Vec<usize>,
    totals: Vec<usize>,
    first_section: Option<usize>,
    /// Whether a total is over the table, not over a group; true for all other marks.
    pub(super) over_table: Vec<bool>,
    /// The table's group totals stand above their rows.
    groups_on_top: bool,
}

/// Depth of a section: by its numbering, else a list is above a county.
pub(super) fn depth(section: &Section) -> u8 {
    match section.depth {
        0 if section.stage.is_some() => 1,
        0 => 2,
        depth => depth,
    }
}

impl<'a> Outline<'a> {
    pub(super) fn new(marks: &'a [Mark]) -> Self {
        let n = marks.len();
        let mut outline = Self {
            marks,
            inner: vec![None; n + 1],
            parent: vec![None; n],
            records: vec![0; n + 1],
            totals: vec![0; n + 1],
            first_section: marks.iter().position(|m| matches!(m, Mark::Section(_))),
            over_table: vec![true; n],
            groups_on_top: false,
        };
        for (i, mark) in marks.iter().enumerate() {
            let mut inner = outline.inner[i];
            if let Mark::Section(section) = mark {
                while let Some(o) = inner.filter(|&o| outline.depth_of(o) >= depth(section)) {
                    inner = outline.parent[o];
                }
                outline.parent[i] = inner;
                inner = Some(i);
            }
            outline.inner[i + 1] = inner;
            outline.records[i + 1] = outline.records[i] + usize::from(matches!(mark, Mark::Record(_)));
            outline.totals[i + 1] = outline.totals[i] + usize::from(matches!(mark, Mark::Total(_)));
        }
        outline.over_table = outline.levels();
        let first_group = (0..n).find(|&i| matches!(marks[i], Mark::Total(_)) && !outline.over_table[i]);
        outline.groups_on_top = first_group.is_some_and(|f| outline.records[f] == 0);
        outline
    }

    fn depth_of(&self, mark: usize) -> u8 {
        if let Mark::Section(section) = &self.marks[mark] { depth(section) } else { u8::MAX }
    }

    /// Sections that are open at a mark, innermost first.
    fn open_at(&self, mark: usize) -> impl Iterator<Item = (usize, &'a Section)> + '_ {
        let sections = std::iter::successors(self.inner[mark], |&o| self.parent[o]);
        sections.filter_map(|o| if let Mark::Section(s) = &self.marks[o] { Some((o, s)) } else { None })
    }

    /// The list of the sections that are open at a mark.
    pub(super) fn stage_at(&self, mark: usize) -> Option<Stage> {
        self.open_at(mark).find_map(|(_, s)| s.stage)
    }

    /// Whether the table is divided into lists by its sections.
    pub(super) fn is_divided(&self) -> bool {
        self.marks.iter().any(|m| matches!(m, Mark::Section(s) if s.stage.is_some()))
    }

    /// Whether each total is over the table.
    fn levels(&self) -> Vec<bool> {
        let totals: Vec<(usize, &Total)> = self.all_totals().collect();
        let any = |level| totals.iter().any(|(_, t)| t.level == level);
        let (any_sub, any_grand) = (any(TotalLevel::Sub), any(TotalLevel::Grand));
        let plain = totals.iter().filter(|(_, t)| t.level == TotalLevel::Plain).count();
        let sections = self.marks.iter().filter(|m| matches!(m, Mark::Section(_))).count();
        let lists = self.marks.iter().filter(|m| matches!(m, Mark::Section(s) if s.stage.is_some())).count();
        let all = self.records[self.marks.len()];
        // Rows with a total of their own before the first section.
        let unnamed_first = self.first_section.is_some_and(|f| self.totals[f] > 0 && self.records[f] > 0);
        let groups = sections + usize::from(unnamed_first);
        let mut levels = vec![true; self.marks.len()];
        for (n, &(i, total)) in totals.iter().enumerate() {
            let at_top = self.records[i] == 0;
            let in_section = self.first_section.is_some_and(|f| f < i);
            let last = n + 1 == totals.len();
            let after_total = i > 0 && matches!(self.marks[i - 1], Mark::Total(_));
            levels[i] = match total.level {
                TotalLevel::Grand => true,
                // The only total of a list is over the list, whatever it is called.
                TotalLevel::Sub => {
                    totals.len() == 1 && sections == 0 && !is_scoped(total) && (at_top || self.records[i] == all)
                }
                _ if is_scoped(total) && (lists > 1 || sections > 1 || plain > 1) => false,
                TotalLevel::Plain if any_sub => true,
                TotalLevel::Plain if any_grand => !(in_section || plain > 1),
                // 合计 in the first half of a list without sections closes a group that nobody named.
                _ if plain <= 1 => at_top || sections > 0 || self.records[i] * 2 >= all,
                // Only 合计 rows: in a table with sections each section has its own, one more is over all.
                _ if groups > 1 => {
                    let own = plain > groups || !(self.earlier(i) || unnamed_first);
                    at_top && !in_section || last && (after_total || own)
                }
                _ if plain == 2 && (at_top || last && self.records[totals[0].0] == 0) => true,
                _ => last && after_total || at_top && !in_section && plain == 2,
            };
        }
        if totals.iter().filter(|(i, _)| levels[*i]).count() > MAX_SHEET_TOTALS {
            totals.iter().rev().skip(1).for_each(|(i, _)| levels[*i] = false);
        }
        levels
    }

    fn all_totals(&self) -> impl Iterator<Item = (usize, &'a Total)> + '_ {
        self.marks.iter().enumerate().filter_map(|(i, m)| if let Mark::Total(t) = m { Some((i, t)) } else { None })
    }

    /// Whether a section before the one around a mark has a total of its own.
    fn earlier(&self, mark: usize) -> bool {
        let last = self.marks[..mark].iter().rposition(|m| matches!(m, Mark::Section(_)));
        self.first_section.zip(last).is_some_and(|(a, b)| self.totals[b] > self.totals[a])
    }

    fn records_in(&self, from: usize, to: usize) -> Vec<usize> {
        self.marks[from..to].iter().filter_map(|m| if let Mark::Record(r) = m { Some(*r) } else { None }).collect()
    }

    /// Records of a section: up to the next section that is not inside it.
    pub(super) fn extent(&self, section: usize) -> Vec<usize> {
        let own = self.depth_of(section);
        let inside = |m: &&Mark| !matches!(m, Mark::Section(s) if depth(s) <= own);
        let length = self.marks[section + 1..].iter().take_while(inside).count();
        self.records_in(section + 1, section + 1 + length)
    }

    /// What the total at a mark covers.
    pub(super) fn cover(&self, i: usize, total: &Total, records: &[Record]) -> Cover {
        let n = self.marks.len();
        if self.over_table[i] {
            let rest = &self.marks[i + 1..];
            let closed = !rest.iter().any(|m| matches!(m, Mark::Total(_) | Mark::Section(_)));
            let until = if closed && self.records[i] > 0 { i } else { n };
            return Cover { scope: TotalScope::Sheet, label: None, records: self.records_in(0, until) };
        }
        // A second 小计 in a row closes the section around the first one's.
        let ups = self.marks[..i].iter().rev().take_while(|m| matches!(m, Mark::Total(_))).count();
        let named =
            |s: &Section| !total.scope.is_empty() && (s.label.contains(&total.scope) || total.scope.contains(&s.label));
        let by_name = self.open_at(i).find(|(_, s)| named(s));
        let by_name_is_none = by_name.is_none();
        let chosen = by_name.or_else(|| self.open_at(i).take(ups + 1).last());
        if let Some((section, s)) = chosen {
            // One of several totals of a section covers what stands since the one before.
            let several = by_name_is_none && ups == 0 && self.totals[i] > self.totals[section];
            let records = if several { self.unsectioned(i) } else { self.extent(section) };
            return Cover { scope: TotalScope::Group, label: Some(s.label.clone()), records };
        }
        let covered = self.unsectioned(i);
        let label = group_label(total, &covered, records, self.totals[i] + 1);
        Cover { scope: TotalScope::Group, label: Some(label), records: covered }
    }

    /// Without sections: the records since the last total, or below it when group totals stand on top.
    fn unsectioned(&self, i: usize) -> Vec<usize> {
        let is_total = |m: &Mark| matches!(m, Mark::Total(_));
        let since = self.marks[..i].iter().rposition(is_total).map_or(0, |p| p + 1);
        let above = self.records_in(since, i);
        if !above.is_empty() && !self.groups_on_top {
            return above;
        }
        let until = self.marks[i + 1..].iter().position(is_total).map_or(self.marks.len(), |p| i + 1 + p);
        self.records_in(i + 1, until)
    }

    /// Whether a total is over the sheet: 总计 of the last of several stacked tables, next to the table's own 合计.
    pub(super) fn covers_sheet(&self, i: usize) -> bool {
        let is_grand = matches!(&self.marks[i], Mark::Total(t) if t.level == TotalLevel::Grand);
        let own = self.all_totals().any(|(j, t)| j != i && self.over_table[j] && t.level == TotalLevel::Plain);
        // A single 小计 below all rows of a table without sections is that table's own, too.
        let subs: Vec<usize> = self.all_totals().filter(|(_, t)| t.level == TotalLevel::Sub).map(|(j, _)| j).collect();
        let whole = self.first_section.is_none()
            && matches!(subs[..], [sub] if sub < i && self.records[sub] == self.records[self.marks.len()]);
        is_grand && (own || whole)
    }

    /// Records below the last total of the table, unless it stands on top of it.
    pub(super) fn after_total(&self) -> Vec<usize> {
        let last = self.all_totals().filter(|(i, _)| self.over_table[*i]).last().map(|(i, _)| i);
        let Some(last) = last.filter(|&l| self.records[l] > 0) else { return Vec::new() };
        let open = self.marks[last + 1..].iter().any(|m| matches!(m, Mark::Section(_) | Mark::Total(_)));
        if open { Vec::new() } else { self.records_in(last + 1, self.marks.len()) }
    }
}

/// Whether the label of a total names a part of the table: 签约合计, 中原区合计, but not 全市合计.
fn is_scoped(total: &Total) -> bool {
    let part = total.stage.is_some() || total.scope.ends_with(['市', '县', '区', '位', '级']);
    part && !total.scope.starts_with('全')
}

/// Label of a group that no section names: the total's own, else the county of all its rows, else its number.
fn group_label(total: &Total, covered: &[usize], records: &[Record], number: usize) -> String {
    if !total.scope.is_empty() {
        return total.scope.clone();
    }
    let mut counties = covered.iter().map(|&r| records[r].text(Field::County));
    let first = counties.next().flatten().filter(|first| counties.all(|c| c == Some(first)));
    first.map_or_else(|| format!("第{number}组"), str::to_owned)
}
