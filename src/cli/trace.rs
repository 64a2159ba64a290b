//! `sanpi trace`: every step from a cell to the published row, or to the reason why there is none.

use std::path::Path;
use std::process::ExitCode;

use sanpi::model::{CellRef, Field};
use sanpi::rules;

use super::args::TraceArgs;
use super::console::{Ended, Failure, fail, say};
use super::place;
use super::query::{on_current, texts};

/// Prints the steps of one cell.
pub(super) fn trace(args: &TraceArgs) -> Ended {
    let place = place::settle(&args.tree)?;
    let at = CellRef::parse(&args.cell).ok_or_else(|| fail(format!("“{}”不是单元格，应写作 J86", args.cell)))?;
    let asked = Asked { out: &place.out, sheet: &args.sheet, at };
    let mut text = String::new();
    for file in files(&place.out, &args.file)? {
        text.push_str(&asked.file(&file)?);
    }
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Published input files that the argument names: the path below the inbox, or the end of it.
fn files(out: &Path, name: &str) -> Result<Vec<Vec<String>>, Failure> {
    let name = name.trim_start_matches("./");
    let columns = "source_file, outcome, superseded_by, source_sha256, batch";
    let table = on_current(out, &format!("SELECT {columns} FROM submissions"))?;
    let all = texts(&table);
    let hits = |test: &dyn Fn(&str) -> bool| all.iter().filter(|r| test(&r[0])).cloned().collect::<Vec<_>>();
    let mut found = hits(&|f| f == name);
    if found.is_empty() {
        found = hits(&|f| f.ends_with(&format!("/{name}")) || name.ends_with(&format!("/{f}")));
    }
    if found.is_empty() {
        return Err(fail(format!(
            "已发布的版本里没有文件“{name}”。用 sanpi query \"SELECT source_file FROM submissions\" 查看全部文件"
        )));
    }
    Ok(found)
}

/// What is asked about a file.
struct Asked<'a> {
    out: &'a Path,
    sheet: &'a str,
    at: CellRef,
}

impl Asked<'_> {
    fn file(&self, file: &[String]) -> Result<String, Failure> {
        let [name, outcome, instead, sha256, _] = file else { return Ok(String::new()) };
        let mut text = format!("{name} › {} › {}\n", self.sheet, self.at);
        let digest: String = sha256.chars().take(12).collect();
        step(&mut text, "文件", &format!("结果 {outcome}，sha256 {digest}…"));
        if !instead.is_empty() {
            step(&mut text, "改用", &format!("{instead}（本文件不计入）"));
        }
        let cells = self.rows("raw, raw_kind, field, value, rule", "cells", name, Some("cell"))?;
        for cell in &cells {
            text.push_str(&reading(cell));
        }
        let totals = self.rows("scope, measure, value, value_wan, formula", "declared_totals", name, Some("cell"))?;
        for total in &totals {
            let formula = if total[4].is_empty() { String::new() } else { format!("，公式 ={}", total[4]) };
            let wan = if total[3].is_empty() { String::new() } else { format!("，即 {} 万元", total[3]) };
            step(&mut text, "合计", &format!("{} {}：{}{wan}{formula}", total[0], total[1], total[2]));
        }
        for finding in self.rows("code, severity, message, cell", "findings", name, None)? {
            if covers(&finding[3], self.at) {
                let title = rules::lookup(&finding[0]).map_or("", |r| r.title);
                step(&mut text, "问题", &format!("{} {title}（{}）：{}", finding[0], finding[1], finding[2]));
            }
        }
        let known = !cells.is_empty() || !totals.is_empty();
        if instead.is_empty() {
            text.push_str(&self.destination(name, known)?);
        }
        text.push('\n');
        Ok(text)
    }

    /// The published row that the cell's row became.
    fn destination(&self, file: &str, known: bool) -> Result<String, Failure> {
        let mut text = String::new();
        for (dataset, title, extra) in [("projects", "采用", "project_id"), ("rejected", "退回", "reasons")] {
            let columns = format!("batch, stage, project_name, total_investment_wan, {extra}, source_row");
            for row in self.rows(&columns, dataset, file, None)? {
                if row[5] == (self.at.row + 1).to_string() {
                    let what = format!(
                        "{dataset}：期 {} {} {}，总投资 {} 万元，{extra} {}",
                        row[0], row[1], row[2], row[3], row[4]
                    );
                    step(&mut text, title, &what);
                }
            }
        }
        if text.is_empty() {
            let why = if known {
                "本行不是项目行，不进入 projects 和 rejected"
            } else {
                "没有读到这个单元格：它是空的，或在项目表以外（标题、说明、其他工作表），或者工作表名称不对"
            };
            step(&mut text, "去向", why);
        }
        Ok(text)
    }

    /// Rows of a dataset for this file and sheet, and this cell where `cell` names its column.
    fn rows(&self, columns: &str, dataset: &str, file: &str, cell: Option<&str>) -> Result<Vec<Vec<String>>, Failure> {
        let sheet = if self.sheet.is_empty() || self.sheet == "-" {
            String::new()
        } else {
            format!(" AND source_sheet = {}", quoted(self.sheet))
        };
        let cell = cell.map_or_else(String::new, |c| format!(" AND {c} = {}", quoted(&self.at.to_string())));
        let sql = format!("SELECT {columns} FROM {dataset} WHERE source_file = {}{sheet}{cell}", quoted(file));
        Ok(texts(&on_current(self.out, &sql)?))
    }
}

fn reading(cell: &[String]) -> String {
    let mut text = String::new();
    let field = Field::from_key(&cell[2])
        .map_or_else(|| "没有对应的字段".to_owned(), |f| format!("字段 {}（{}）", f.title(), f.key()));
    step(&mut text, "原值", &format!("{}（{}）", cell[0], cell[1]));
    step(&mut text, "列", &field);
    step(&mut text, "读法", &cell[4]);
    step(&mut text, "读得", if cell[3].is_empty() { "没有值" } else { &cell[3] });
    text
}

fn step(text: &mut String, title: &str, what: &str) {
    let pad = "  ".repeat(3usize.saturating_sub(title.chars().count()));
    text.push_str("  ");
    text.push_str(title);
    text.push_str(&pad);
    text.push_str(what);
    text.push('\n');
}

/// Whether a finding's cell or range (`J86`, `B2:C4`, `6:6`, `C:C`) covers a cell.
fn covers(range: &str, at: CellRef) -> bool {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    match (CellRef::parse(first), CellRef::parse(last)) {
        (Some(a), Some(b)) => (a.row..=b.row).contains(&at.row) && (a.col..=b.col).contains(&at.col),
        _ if first.starts_with(|c: char| c.is_ascii_digit()) => {
            let row = |digits: &str| digits.parse::<u32>().unwrap_or(0);
            (row(first)..=row(last)).contains(&(at.row + 1))
        }
        _ => {
            let column = |letters: &str| CellRef::parse(&format!("{letters}1")).map(|c| c.col);
            matches!((column(first), column(last)), (Some(a), Some(b)) if (a..=b).contains(&at.col))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_their_cells() {
        let at = CellRef::new(5, 2);
        for (range, inside) in [
            ("C6", true),
            ("B2:D9", true),
            ("6:6", true),
            ("C:C", true),
            ("C7", false),
            ("7:9", false),
            ("D:E", false),
            ("", false),
        ] {
            assert_eq!(covers(range, at), inside, "{range}");
        }
    }
}
