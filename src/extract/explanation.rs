//! A sheet on which a unit explains its own figures, row by row: by project, by number or by cell.

use super::context::{Context, SheetPlace};
use crate::columns::ColumnMap;
use crate::locate::{Column, Grid, Table};
use crate::model::{CellRef, Explanation, Field, squeeze};
use crate::normalize::is_blank_mark;

/// Name of the sheets on which 说明 is no remark.
const SHEET: &str = "说明";

/// The columns of an explaining table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    text: u32,
    project: Option<u32>,
    number: Option<u32>,
    cell: Option<u32>,
}

/// The columns of the table when it explains: one column does, and another one says what is explained.
pub(super) fn columns(context: &Context, place: &SheetPlace, table: &Table, map: &ColumnMap) -> Option<Columns> {
    let words = &context.spec.columns.explanation;
    let col = |fits: &dyn Fn(&str) -> bool| table.columns.iter().find(|c| fits(&c.name())).map(|c: &Column| c.col);
    let on_sheet = place.name.as_deref().is_some_and(|n| squeeze(n).contains(SHEET));
    let remark = || map.column_of(Field::Remark).filter(|_| on_sheet);
    let text = col(&|h| words.explains(h)).or_else(remark)?;
    let cell = col(&|h| words.names_cells(h));
    let (project, number) = (map.column_of(Field::ProjectName), map.column_of(Field::Sequence));
    let keyed = cell.is_some() || project.is_some() || number.is_some();
    keyed.then_some(Columns { text, project, number, cell })
}

/// What the rows of the table say.
pub(super) fn read(grid: &Grid, table: &Table, columns: Columns) -> Vec<Explanation> {
    let rows = grid.rows_in(table.body.0, table.body.1);
    let of_row = |row: u32| {
        let text = |col: u32| {
            let raw = grid.own(CellRef::new(row, col))?.raw();
            let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
            (!is_blank_mark(&text) && !text.is_empty()).then_some(text)
        };
        let of = |col: Option<u32>| col.and_then(text);
        let (project, number, cell) = (of(columns.project), of(columns.number), of(columns.cell));
        let keyed = project.is_some() || number.is_some() || cell.is_some();
        Some(Explanation { project, number, cell, text: text(columns.text)? }).filter(|_| keyed)
    };
    rows.filter_map(of_row).collect()
}
