//! Each field gets the column that fits it best; a column that fits none is kept under its own name.

use std::collections::BTreeMap;

use super::content::look;
use super::score::{Dictionary, EXACT, LEAST, candidates};
use crate::model::{Cell, Field, FieldKind};
use crate::spec::Heading;

/// A column to be mapped.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// Sheet column, from 0.
    pub col: u32,
    /// Header texts, parents first.
    pub path: &'a [String],
    /// Its filled cells in rows that look like projects.
    pub cells: Vec<&'a Cell>,
}

/// A column with its meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// Sheet column, from 0.
    pub col: u32,
    /// Its field; `None` for a column that is not ours.
    pub field: Option<Field>,
    /// Header texts taken apart, parents first.
    pub path: Vec<Heading>,
    /// Holds persons or telephones: its values go to contacts or nowhere.
    pub personal: bool,
    /// The field that it would have been, had another column not fitted better.
    pub rival: Option<Rival>,
}

/// Why a column lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// The field.
    pub field: Field,
    /// The column that has it.
    pub winner: u32,
    /// Both headers name the field equally well: a person would ask.
    pub tie: bool,
    /// Its header is a known spelling of the field, too: 计划开工时间 beside 实际开工时间.
    pub exact: bool,
}

/// The meaning of a table's columns, in sheet order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnMap {
    /// One entry per column.
    pub columns: Vec<Mapped>,
}

impl ColumnMap {
    /// The column of a field.
    #[must_use]
    pub fn column_of(&self, field: Field) -> Option<u32> {
        self.columns.iter().find(|c| c.field == Some(field)).map(|c| c.col)
    }

    /// What is known about a sheet column.
    #[must_use]
    pub fn at(&self, col: u32) -> Option<&Mapped> {
        self.columns.binary_search_by_key(&col, |c| c.col).ok().map(|i| &self.columns[i])
    }
}

/// Maps columns to fields. `rows` is the number of rows that look like projects.
#[must_use]
pub fn map(headers: &[Header], rows: usize, words: &Dictionary) -> ColumnMap {
    let mut columns = Vec::new();
    let mut bids: Vec<Bid> = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let said = words.said(header.path);
        let content = look(&header.cells, rows, &words.lists);
        for (field, score) in candidates(&said, &content) {
            // 实际开工时间 that nobody filled in loses to 计划开工时间.
            let empty = rows >= 5 && content.fill < 0.2;
            bids.push(Bid { index, field, score: if empty { score - 2.0 } else { score } });
        }
        let personal = content.filled > 0 && content.telephone >= 0.5;
        columns.push(Mapped { col: header.col, field: None, path: said.path.clone(), personal, rival: None });
    }
    award(&mut columns, bids);
    ColumnMap { columns }
}

struct Bid {
    index: usize,
    field: Field,
    score: f32,
}

fn award(columns: &mut [Mapped], mut bids: Vec<Bid>) {
    bids.retain(|b| b.score >= LEAST);
    bids.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)).then(a.field.cmp(&b.field)));
    let mut winners: BTreeMap<Field, (usize, f32)> = BTreeMap::new();
    let mut lost: Vec<Bid> = Vec::new();
    for bid in bids {
        if bid.field.kind() == FieldKind::Person {
            columns[bid.index].personal |= columns[bid.index].field.is_none();
        }
        if columns[bid.index].field.is_some() {
            continue;
        }
        if winners.contains_key(&bid.field) {
            lost.push(bid);
            continue;
        }
        columns[bid.index].field = Some(bid.field);
        winners.insert(bid.field, (bid.index, bid.score));
    }
    for bid in lost {
        let Some((winner, score)) = winners.get(&bid.field).copied() else { continue };
        // 总投资（亿元） beside 总投资（万元） is one figure twice, nothing to ask about.
        let notes = |c: &Mapped| c.path.iter().flat_map(|h| h.notes.clone()).collect::<Vec<_>>();
        let exact = bid.score >= EXACT - 2.0;
        let tie = bid.score >= EXACT
            && (score - bid.score).abs() < 0.005
            && notes(&columns[winner]) == notes(&columns[bid.index]);
        let winner = columns[winner].col;
        let column = &mut columns[bid.index];
        if column.field.is_none() && column.rival.is_none() {
            column.rival = Some(Rival { field: bid.field, winner, tie, exact });
        }
    }
    for column in columns.iter_mut() {
        // A column of persons is one only as long as nothing else was proven about it.
        column.personal = match column.field {
            Some(field) => field.kind() == FieldKind::Person,
            None => column.personal,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellKind, CellRef};

    /// Fields of headers, written as paths with `/`, over columns of the given values.
    fn fields(columns: &[(&str, &[&str])]) -> Vec<Option<&'static str>> {
        let paths: Vec<Vec<String>> = columns.iter().map(|(h, _)| h.split('/').map(str::to_owned).collect()).collect();
        let cell = |text: &&str| Cell::new(CellRef::new(0, 0), CellKind::Text((*text).into()));
        let cells: Vec<Vec<Cell>> = columns.iter().map(|(_, values)| values.iter().map(cell).collect()).collect();
        let headers: Vec<Header> = (0..columns.len())
            .map(|i| Header { col: u32::try_from(i).unwrap(), path: &paths[i], cells: cells[i].iter().collect() })
            .collect();
        map(&headers, 3, &Dictionary::new(&crate::spec::pipelines()))
            .columns
            .iter()
            .map(|c| if c.personal && c.field.is_none() { Some("personal") } else { c.field.map(Field::key) })
            .collect()
    }

    #[test]
    fn parents_tell_repeated_children_apart() {
        let got = fields(&[
            ("项目名称", &[]),
            ("投资及完成情况/总投资（万元）/合计", &[]),
            ("投资及完成情况/总投资（万元）/其中：固定资产投资", &[]),
            ("投资额（万元）/其中：2026年度计划投资", &[]),
            ("开工时间/计划", &[]),
            ("竣工时间/计划", &[]),
        ]);
        let want =
            ["project_name", "total_investment", "-", "annual_planned_investment", "start_date", "completion_date"];
        assert_eq!(got.iter().map(|f| f.unwrap_or("-")).collect::<Vec<_>>(), want);
        let part =
            fields(&[("项目名称", &[]), ("总投资（万元）", &[]), ("投资额（万元）/其中：2026年度计划投资", &[])]);
        assert_eq!(part[2], Some("annual_planned_investment"));
    }

    #[test]
    fn content_overrules_the_header() {
        let codes: &[&str] = &["91410102MA5HTYXX61", "91410102MA5HTYXX62", "91410102MA5HTYXX63"];
        let projects: &[&str] = &["2412-410102-04-01-123456", "2412-410102-04-01-123457", "2412-410102-04-01-123458"];
        let phones: &[&str] = &["13800000001", "13800000002", "0371-00000003"];
        assert_eq!(
            fields(&[("编码", codes), ("备案证", projects), ("其他", phones)]),
            [Some("owner_credit_code"), Some("project_code"), Some("personal")]
        );
        let companies: &[&str] = &["甲有限公司", "乙有限公司", "丙集团"];
        assert_eq!(fields(&[("法人", companies)]), [Some("owner")]);
        let persons: &[&str] = &["甲某", "乙某", "丙某"];
        assert_ne!(fields(&[("法人", persons)]), [Some("owner")], "persons are no companies");
        let kinds: &[&str] = &["审批", "核准", "备案"];
        assert_eq!(fields(&[("项目类型", kinds)]), [None]);
        let stages: &[&str] = &["签约项目", "开工项目", "投产项目"];
        assert_eq!(fields(&[("项目类型", stages)]), [Some("stage")]);
    }

    #[test]
    fn spellings_of_real_forms() {
        for (header, field) in [
            ("在线平台项目代码", "project_code"),
            ("项目代码（备案证号）", "project_code"),
            ("统一社会信用代码\n（18位）", "owner_credit_code"),
            ("所在省辖市、县区", "county_name"),
            ("市（县、区）", "county_name"),
            ("投资主体（企业名称）", "owner"),
            ("项目（法人）单位", "owner"),
            ("计划总投资（内资+外资）（万元）", "total_investment"),
            ("至2025年底累计完成投资(万元)", "completed_investment"),
            ("2026年计划投资", "annual_planned_investment"),
            ("本年度投资计划（万元）", "annual_planned_investment"),
            ("建设起止年限", "period"),
            ("联系人及电话", "contact"),
            ("包联县级领导及电话", "contact"),
            ("责任单位", "-"),
            ("预计年产值（万元）", "-"),
            ("2026年/计划投资", "annual_planned_investment"),
            ("2026年1-3月完成投资", "-"),
            ("开工时间/实际", "start_date"),
            ("行政区划代码", "-"),
            ("完成投资占比", "-"),
        ] {
            assert_eq!(fields(&[(header, &[])])[0].unwrap_or("-"), field, "{header}");
        }
    }
}
