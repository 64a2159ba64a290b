//! What locating finds: tables with their columns, lines and rows.

use crate::model::{Cell, CellRef, Stage};

/// A line above a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The cell.
    pub at: CellRef,
    /// Its text as written.
    pub text: String,
    /// What it is.
    pub kind: LineKind,
}

/// What a line above a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A title, or anything that is none of the others.
    Title,
    /// 单位：万元.
    Unit,
    /// 填报单位：….
    Reporter,
    /// An instruction or another long text.
    Remark,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Sheet column, from 0.
    pub col: u32,
    /// Header texts from the outermost parent to the column's own, as written without line breaks; empty when the
    /// column has values but no header.
    pub path: Vec<String>,
    /// The cell of the column's own header.
    pub cell: CellRef,
}

impl Column {
    /// The path as one text, for extras and signatures.
    #[must_use]
    pub fn name(&self) -> String {
        if self.path.is_empty() {
            return format!("（{}列）", crate::model::column_letters(self.col));
        }
        self.path.join("/")
    }
}

/// A located table with header rows above its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// First and last sheet column, without shared ones.
    pub cols: (u32, u32),
    /// Columns, those shared with a neighbour included, in sheet order.
    pub columns: Vec<Column>,
    /// First and last header row.
    pub header: (u32, u32),
    /// Header rows that are repeated in the body, at page breaks.
    pub repeats: Vec<(u32, u32)>,
    /// Lines above the header, from the top.
    pub lines: Vec<Line>,
    /// Rows of the lines, for the books.
    pub line_rows: Vec<u32>,
    /// First and last row of the body; empty when the last is less than the first.
    pub body: (u32, u32),
    /// Number among the tables that share the header rows, from 0.
    pub panel: usize,
}

impl Table {
    /// Whether a row repeats the header.
    #[must_use]
    pub fn is_repeat(&self, row: u32) -> bool {
        let next = self.repeats.partition_point(|(first, _)| *first <= row);
        next.checked_sub(1).is_some_and(|i| row <= self.repeats[i].1)
    }

    /// The column at a sheet column.
    #[must_use]
    pub fn column(&self, col: u32) -> Option<&Column> {
        self.columns.binary_search_by_key(&col, |c| c.col).ok().map(|i| &self.columns[i])
    }

    /// Cells of a row that a person sees in the table's columns.
    pub fn cells<'a, 'g>(&'a self, grid: &'a super::Grid<'g>, row: u32) -> impl Iterator<Item = &'g Cell> + 'a {
        // Shared columns stand before the table's own.
        let first = self.columns.first().map_or(self.cols.0, |c| c.col).min(self.cols.0);
        grid.visible_in(row, (first, self.cols.1)).filter(|c| c.at.col >= self.cols.0 || self.has_column(c.at.col))
    }

    /// Whether a column belongs to the table.
    #[must_use]
    pub fn has_column(&self, col: u32) -> bool {
        self.columns.binary_search_by_key(&col, |c| c.col).is_ok()
    }
}

/// What the columns of a table are, as far as its rows are told by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// 序号.
    pub sequence: Option<u32>,
    /// 项目名称.
    pub name: Option<u32>,
    /// 县区.
    pub county: Option<u32>,
    /// 类别.
    pub stage: Option<u32>,
    /// Columns of money.
    pub money: Vec<u32>,
    /// Columns that only a project fills: owner, codes, content, dates …
    pub details: Vec<u32>,
}

/// Level of a total row by its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalLevel {
    /// 小计.
    Sub,
    /// 合计.
    Plain,
    /// 总计.
    Grand,
    /// No label, only figures.
    Unlabelled,
}

/// A section row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The cell with the label.
    pub at: CellRef,
    /// The label without numbering and figures: `中原区`.
    pub label: String,
    /// Depth by the style of numbering: 1 一、 2 （一） 3 `1.` 4 `(1)`; 0 without numbering.
    pub depth: u8,
    /// The list that it opens.
    pub stage: Option<Stage>,
}

/// A total row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The cell with the label, or the first cell.
    pub at: CellRef,
    /// Level.
    pub level: TotalLevel,
    /// What stands before the word: `中原区` of 中原区小计.
    pub scope: String,
    /// The list that the label speaks of.
    pub stage: Option<Stage>,
}

/// What a row of a body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// A repeated header, or a row that numbers the columns.
    Header,
    /// A section row; it may carry figures.
    Section(Section),
    /// A total.
    Total(Total),
    /// 其中 rows, and further rows of a project that is merged over several.
    Part,
    /// A note, a signature, an example or an empty numbered row.
    Note,
    /// A project.
    Project,
}

/// A row of a body that has something to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRow {
    /// Row from 0.
    pub row: u32,
    /// What it is.
    pub kind: RowKind,
}
