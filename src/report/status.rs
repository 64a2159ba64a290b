//! `sanpi status`: who has submitted, as a table for the terminal.

use std::fmt::Write;

use super::format;
use super::terminal::{Align, Column, render};
use crate::model::Stage;
use crate::spec::Spec;

/// What is known about one unit in one batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusRow {
    /// Unit code.
    pub unit_code: String,
    /// Files received.
    pub files: u32,
    /// Published projects and their 总投资 in 元, in the order of [`Stage::ALL`]; `None`: nothing published.
    pub stages: [Option<(u32, i64)>; 3],
    /// Received after the deadline.
    pub late: bool,
    /// Nothing readable was received.
    pub missing: bool,
    /// Error findings.
    pub errors: u32,
    /// Warning findings.
    pub warnings: u32,
}

/// The units as a table with a sum line, in the order given; ends with a newline.
#[must_use]
pub fn table(rows: &[StatusRow], spec: &Spec) -> String {
    let mut columns =
        vec![Column::new("单位", Align::Left), Column::new("状态", Align::Left), Column::new("文件", Align::Right)];
    for stage in Stage::ALL {
        columns.push(Column::new(&format!("{stage}项"), Align::Right));
        columns.push(Column::new("亿元", Align::Right));
    }
    columns.extend([Column::new("错误", Align::Right), Column::new("警告", Align::Right)]);
    let mut lines: Vec<Vec<String>> = rows.iter().map(|r| line(r, spec.roster.name_of(&r.unit_code))).collect();
    if !rows.is_empty() {
        lines.push(sum(rows, &spec.roster.province_name));
    }
    let mut out = render(&columns, &lines, !rows.is_empty());
    let names = |wanted: fn(&StatusRow) -> bool| -> Vec<&str> {
        rows.iter().filter(|r| wanted(r)).map(|r| spec.roster.name_of(&r.unit_code)).collect()
    };
    for (title, units) in [("未报送", names(|r| r.missing)), ("迟报", names(|r| r.late))] {
        if !units.is_empty() {
            let _ = writeln!(out, "{title} {} 个：{}", units.len(), units.join("、"));
        }
    }
    out
}

fn state(row: &StatusRow) -> &'static str {
    match row {
        r if r.missing => "未报送",
        r if r.late && r.errors > 0 => "迟报，需更正",
        r if r.errors > 0 => "需更正",
        r if r.late => "迟报",
        r if r.warnings > 0 => "需说明",
        _ => "无问题",
    }
}

fn line(row: &StatusRow, name: &str) -> Vec<String> {
    let mut cells = vec![name.to_owned(), state(row).to_owned(), row.files.to_string()];
    for stage in row.stages {
        match stage {
            Some((count, yuan)) => cells.extend([format::count(count as usize), format::yi(yuan)]),
            None => cells.extend(["—".to_owned(), "—".to_owned()]),
        }
    }
    cells.extend([row.errors.to_string(), row.warnings.to_string()]);
    cells
}

fn sum(rows: &[StatusRow], province: &str) -> Vec<String> {
    let mut total = StatusRow { stages: [Some((0, 0)); 3], ..StatusRow::default() };
    for row in rows {
        total.files = total.files.saturating_add(row.files);
        total.errors = total.errors.saturating_add(row.errors);
        total.warnings = total.warnings.saturating_add(row.warnings);
        for (sum, own) in total.stages.iter_mut().zip(row.stages) {
            if let (Some((n, y)), Some((count, yuan))) = (sum.as_mut(), own) {
                *n = n.saturating_add(count);
                *y = y.saturating_add(yuan);
            }
        }
    }
    let mut cells = line(&total, province);
    let submitted = rows.iter().filter(|r| !r.missing).count();
    cells[1] = format!("已报 {submitted}/{}", rows.len());
    cells
}
