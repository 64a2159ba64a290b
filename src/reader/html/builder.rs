//! Builds the grids of one page from its tokens.

use std::collections::BTreeMap;

use super::css::{Css, add_classes};
use super::entities::decode;
use super::grid::Grid;
use super::tokens::{Token, Tokens, attribute};
use crate::model::{Cell, CellKind, CellRef};
use crate::reader::fault::Fault;
use crate::reader::value::{Strikes, Style, looks_numeric, number_kind};

/// The grids of one page and what else it says.
pub(super) struct Builder {
    classes: BTreeMap<String, Css>,
    /// Names of sheets that the page mentions.
    pub(super) names: Vec<String>,
    /// Tables and texts between them, in the order in which they begin.
    pub(super) grids: Vec<Grid>,
    /// Tables that hold something.
    pub(super) tables: usize,
    /// Open tables, outermost first.
    open: Vec<Level>,
    /// Text outside cells.
    loose: String,
    struck: u32,
    /// Cells that may still come.
    pub(super) room: u64,
    ended: bool,
    /// The page ends inside a table.
    pub(super) cut: bool,
}

/// A table that is being read.
struct Level {
    /// Its place in `grids`.
    index: usize,
    /// The cell that is being read.
    cell: Option<Open>,
    /// The current row holds a table: what follows comes below it.
    wraps: bool,
}

/// A cell that is being read.
struct Open {
    at: CellRef,
    span: (u32, u32),
    text: String,
    css: Css,
    number: Option<String>,
    formula: Option<String>,
    forced_text: bool,
    strikes: Strikes,
}

impl Builder {
    /// Reads a page. `room` is how many cells may still come.
    pub(super) fn read(page: &str, room: u64) -> Result<Self, Fault> {
        let mut builder = Self::new(room);
        for token in Tokens::new(page) {
            builder.take(token)?;
        }
        builder.finish();
        Ok(builder)
    }

    fn new(room: u64) -> Self {
        Self {
            classes: BTreeMap::new(),
            names: Vec::new(),
            grids: Vec::new(),
            tables: 0,
            open: Vec::new(),
            loose: String::new(),
            struck: 0,
            room,
            ended: false,
            cut: false,
        }
    }

    fn take(&mut self, token: Token<'_>) -> Result<(), Fault> {
        match token {
            Token::Text(text) => self.text(text),
            Token::Style(sheet) => add_classes(sheet, &mut self.classes),
            Token::Comment(inside) => self.names.extend(sheet_names(inside)),
            Token::Start(name, attributes) => self.start(&name, attributes)?,
            Token::End(name) => self.end(&name)?,
        }
        Ok(())
    }

    fn start(&mut self, name: &str, attributes: &str) -> Result<(), Fault> {
        match name {
            "table" => {
                self.break_line();
                self.flush_loose();
                if let Some(level) = self.open.last_mut() {
                    level.wraps = true;
                }
                self.grids.push(Grid::table());
                self.open.push(Level { index: self.grids.len() - 1, cell: None, wraps: false });
            }
            "tr" => {
                self.close_cell()?;
                self.go_on_below();
                let css = self.css(attributes);
                let flat = attribute(attributes, "height").is_some_and(|h| h.trim() == "0");
                if let Some(grid) = self.grid() {
                    grid.begin_row(css.hidden || flat || attribute(attributes, "hidden").is_some());
                }
            }
            "td" | "th" => {
                self.close_cell()?;
                self.open_cell(attributes);
            }
            "col" => {
                let count = attribute(attributes, "span").and_then(|s| s.trim().parse().ok()).unwrap_or(1);
                let flat = attribute(attributes, "width").is_some_and(|w| w.trim() == "0");
                let hidden = self.css(attributes).hidden || flat || attribute(attributes, "hidden").is_some();
                if let Some(grid) = self.grid() {
                    grid.columns(count, hidden);
                }
            }
            "br" | "caption" | "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "center" => {
                self.break_line();
            }
            "s" | "strike" | "del" => self.struck += 1,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Fault> {
        match name {
            "table" => self.close_table()?,
            "tr" | "thead" | "tbody" | "tfoot" => {
                self.close_cell()?;
                if let Some(grid) = self.grid() {
                    grid.end_row();
                }
            }
            "td" | "th" => self.close_cell()?,
            "caption" => self.flush_loose(),
            // Whatever stays open then was forgotten, not cut off.
            "body" | "html" => self.ended = true,
            "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "center" => self.break_line(),
            "s" | "strike" | "del" => self.struck = self.struck.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn grid(&mut self) -> Option<&mut Grid> {
        let index = self.open.last()?.index;
        self.grids.get_mut(index)
    }

    /// After a row with a table inside, the outer table goes on below that one.
    fn go_on_below(&mut self) {
        let Some(level) = self.open.last_mut().filter(|l| l.wraps) else { return };
        level.wraps = false;
        if let Some(grid) = self.grids.get_mut(level.index) {
            grid.finish();
            grid.drop_empty_last_row();
            self.tables += usize::from(!grid.cells.is_empty());
        }
        level.index = self.grids.len();
        self.grids.push(Grid::table());
    }

    fn css(&self, attributes: &str) -> Css {
        let mut css = Css::default();
        if attributes.is_empty() {
            return css;
        }
        for class in attribute(attributes, "class").unwrap_or_default().split_whitespace() {
            if let Some(known) = self.classes.get(&class.to_ascii_lowercase()) {
                css.merge(known);
            }
        }
        if let Some(style) = attribute(attributes, "style") {
            css.add(&style);
        }
        css
    }

    fn open_cell(&mut self, attributes: &str) {
        let css = self.css(attributes);
        let span =
            |name| attribute(attributes, name).and_then(|s| s.trim().parse::<u32>().ok()).unwrap_or(1).clamp(1, 65_534);
        let span = if attributes.is_empty() { (1, 1) } else { (span("colspan"), span("rowspan")) };
        let Some(Level { index, cell, .. }) = self.open.last_mut() else { return };
        let Some(grid) = self.grids.get_mut(*index) else { return };
        if !grid.in_row() {
            grid.begin_row(false);
        }
        *cell = Some(Open {
            at: grid.next_place(),
            span,
            text: String::new(),
            number: attribute(attributes, "x:num"),
            formula: attribute(attributes, "x:fmla"),
            forced_text: attribute(attributes, "x:str").is_some() || css.format.as_deref() == Some("@"),
            css,
            strikes: Strikes::default(),
        });
    }

    fn close_cell(&mut self) -> Result<(), Fault> {
        let Some(level) = self.open.last_mut() else { return Ok(()) };
        let (Some(cell), Some(grid)) = (level.cell.take(), self.grids.get_mut(level.index)) else { return Ok(()) };
        let (at, span, hidden) = (cell.at, cell.span, cell.css.hidden);
        let built = build(cell);
        self.room = self.room.checked_sub(u64::from(built.is_some())).ok_or_else(|| Fault::limit("单元格过多"))?;
        if !grid.put(at, span.0, span.1, built, hidden) {
            return Err(Fault::limit("一行的单元格过多"));
        }
        Ok(())
    }

    fn close_table(&mut self) -> Result<(), Fault> {
        self.close_cell()?;
        self.go_on_below();
        if let Some(grid) = self.grid() {
            grid.finish();
            let holds = !grid.cells.is_empty();
            self.tables += usize::from(holds);
        }
        self.open.pop();
        Ok(())
    }

    fn text(&mut self, raw: &str) {
        let text = if raw.contains('&') { decode(raw) } else { raw.to_owned() };
        let struck = self.struck > 0;
        let target = match self.open.last_mut() {
            Some(Level { cell: Some(cell), .. }) => {
                cell.strikes.add(&text, struck);
                &mut cell.text
            }
            _ => &mut self.loose,
        };
        for c in text.chars() {
            let space = c.is_ascii_whitespace();
            if !space || !target.is_empty() && !target.ends_with([' ', '\n']) {
                target.push(if space { ' ' } else { c });
            }
        }
    }

    fn break_line(&mut self) {
        let target = match self.open.last_mut() {
            Some(Level { cell: Some(cell), .. }) => &mut cell.text,
            _ => &mut self.loose,
        };
        let kept = target.trim_end_matches(' ').len();
        target.truncate(kept);
        if !target.is_empty() {
            target.push('\n');
        }
    }

    /// Texts around a table become rows of their own above it, as Excel shows them.
    fn flush_loose(&mut self) {
        let loose = std::mem::take(&mut self.loose);
        let mut grid = Grid::default();
        for line in loose.lines().map(str::trim).filter(|l| !l.is_empty()) {
            grid.begin_row(false);
            let at = grid.next_place();
            grid.put(at, 1, 1, Some(Cell::new(at, CellKind::Text(line.into()))), false);
        }
        grid.finish();
        if grid.rows > 0 {
            let at = self.open.last().map_or(self.grids.len(), |level| level.index);
            self.grids.insert(at, grid);
            for level in self.open.iter_mut().filter(|level| level.index >= at) {
                level.index += 1;
            }
        }
    }

    fn finish(&mut self) {
        self.cut = !self.open.is_empty() && !self.ended;
        while !self.open.is_empty() {
            // Over the limit at the very end: what is there was counted before.
            if self.close_table().is_err() {
                self.open.pop();
            }
        }
        self.flush_loose();
    }
}

/// `<x:Name>` in the comment that Excel and its imitators write.
fn sheet_names(comment: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = comment;
    while let Some((_, after)) = rest.split_once("<x:Name>") {
        let Some((name, left)) = after.split_once("</x:Name>") else { break };
        names.push(decode(name.trim()));
        rest = left;
    }
    names
}

/// The cell, `None` when there is nothing in it.
fn build(open: Open) -> Option<Cell> {
    let text = open.text.trim();
    let style = Style::new(open.css.format.as_deref(), 0);
    let number = open.number.as_deref().map(|n| if n.trim().is_empty() { text } else { n.trim() });
    let number = number.filter(|_| !open.forced_text).and_then(|n| n.replace(',', "").parse::<f64>().ok());
    let kind = match number.filter(|n| n.is_finite()) {
        Some(number) => number_kind(number, style.is_date),
        None if text.is_empty() => CellKind::Empty,
        None => CellKind::Text(text.into()),
    };
    let formula = open.formula.map(|f| f.trim_start_matches('=').to_owned());
    if kind == CellKind::Empty && formula.is_none() {
        return None;
    }
    Some(Cell {
        number_as_text: open.forced_text && looks_numeric(text),
        struck: open.css.struck || open.strikes.all(),
        uncached: formula.is_some() && kind == CellKind::Empty,
        format: style.format,
        formula,
        ..Cell::new(open.at, kind)
    })
}
