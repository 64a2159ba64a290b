//! `sanpi diff`: what changed between two versions.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use sanpi::diff::{self, Diff, Project};
use sanpi::publish::Store;
use sanpi::query::Table;
use sanpi::report::terminal;

use super::args::{DiffArgs, RowFormat};
use super::console::{Ended, Failure, fail, say};
use super::{export, place};

/// Compares two versions.
pub(super) fn diff(args: &DiffArgs) -> Ended {
    let place = place::settle(&args.tree)?;
    let store = Store::open(&place.out).map_err(fail)?;
    let old = version(&store, args.old)?;
    let new = match args.new {
        Some(number) => version(&store, number)?,
        None => store.current().ok_or_else(|| fail(format!("{} 还没有发布过版本", place.out.display())))?,
    };
    let found = diff::between(&old, &new).map_err(fail)?;
    let text = match args.format {
        RowFormat::Table => readable(&found),
        RowFormat::Json => serde_json::to_string_pretty(&found).map_err(fail)? + "\n",
        RowFormat::Csv => export::csv(&flat(&found)).map_err(fail)?,
    };
    say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Folder of a complete version.
fn version(store: &Store, number: u64) -> Result<PathBuf, Failure> {
    let versions = store.history().map_err(fail)?;
    let Some(version) = versions.iter().find(|v| v.number == number) else {
        return Err(fail(format!("没有第 {number} 版。sanpi history 列出所有版本")));
    };
    match &version.fault {
        Some(fault) => Err(fail(format!("第 {number} 版不能比较：{fault}"))),
        None => Ok(store.folder(number)),
    }
}

/// For people: totals, then what came, went and changed.
fn readable(diff: &Diff) -> String {
    if *diff == Diff::default() {
        return "两个版本的项目完全相同。\n".to_owned();
    }
    let mut out =
        format!("增加 {} 个项目，减少 {} 个，改动 {} 个\n", diff.added.len(), diff.removed.len(), diff.changed.len());
    section(&mut out, "各单位合计（项数、万元）", &totals(diff));
    section(&mut out, "增加", &projects(&diff.added));
    section(&mut out, "减少", &projects(&diff.removed));
    section(&mut out, "改动", &changes(diff));
    out
}

fn section(out: &mut String, title: &str, table: &Table) {
    if !table.rows.is_empty() {
        let _ = write!(out, "\n{title}\n{}", terminal::grid(&table.columns, &table.rows, None));
    }
}

fn columns(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, numeric)| ((*name).to_owned(), *numeric)).collect()
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<Option<String>> {
    texts.iter().map(|t| Some((*t).to_owned())).collect()
}

fn totals(diff: &Diff) -> Table {
    let names =
        [("期", false), ("单位", false), ("批次", false), ("项数", true), ("→", true), ("万元", true), ("→", true)];
    let rows = diff.totals.iter().map(|t| {
        let (from, to) = (t.count_from.to_string(), t.count_to.to_string());
        cells([&t.batch, &t.unit_name, &t.stage, &from, &to, &t.wan_from, &t.wan_to])
    });
    Table { columns: columns(&names), rows: rows.collect() }
}

fn projects(projects: &[Project]) -> Table {
    let names = [("期", false), ("单位", false), ("批次", false), ("项目", false), ("总投资（万元）", true)];
    let rows = projects.iter().map(|p| {
        let wan = p.total_investment_wan.as_deref().unwrap_or("");
        cells([&p.batch, &p.unit_name, &p.stage, &p.project_name, wan])
    });
    Table { columns: columns(&names), rows: rows.collect() }
}

fn changes(diff: &Diff) -> Table {
    let names = [
        ("期", false),
        ("单位", false),
        ("批次", false),
        ("项目", false),
        ("字段", false),
        ("原来", false),
        ("现在", false),
    ];
    let rows = diff.changed.iter().flat_map(|c| {
        let p = &c.project;
        c.fields.iter().map(move |f| {
            let (from, to) = (f.from.as_deref().unwrap_or("∅"), f.to.as_deref().unwrap_or("∅"));
            cells([&p.batch, &p.unit_name, &p.stage, &p.project_name, &f.title, from, to])
        })
    });
    Table { columns: columns(&names), rows: rows.collect() }
}

/// For programs: one line per project, field or total that changed.
fn flat(diff: &Diff) -> Table {
    let names = [
        ("kind", false),
        ("batch", false),
        ("stage", false),
        ("unit_code", false),
        ("unit_name", false),
        ("project_id", false),
        ("project_name", false),
        ("field", false),
        ("from", true),
        ("to", true),
    ];
    let mut rows = Vec::new();
    let mut add = |kind: &str, p: &Project, field: &str, from: Option<&str>, to: Option<&str>| {
        let mut row =
            cells([kind, &p.batch, &p.stage, &p.unit_code, &p.unit_name, &p.project_id, &p.project_name, field]);
        row.extend([from.map(str::to_owned), to.map(str::to_owned)]);
        rows.push(row);
    };
    for p in &diff.added {
        add("added", p, "total_investment_wan", None, p.total_investment_wan.as_deref());
    }
    for p in &diff.removed {
        add("removed", p, "total_investment_wan", p.total_investment_wan.as_deref(), None);
    }
    for c in &diff.changed {
        for f in &c.fields {
            add("changed", &c.project, &f.field, f.from.as_deref(), f.to.as_deref());
        }
    }
    for t in &diff.totals {
        let unit = Project {
            batch: t.batch.clone(),
            stage: t.stage.clone(),
            unit_code: t.unit_code.clone(),
            unit_name: t.unit_name.clone(),
            project_id: String::new(),
            project_name: String::new(),
            total_investment_wan: None,
        };
        add("total", &unit, "count", Some(&t.count_from.to_string()), Some(&t.count_to.to_string()));
        add("total", &unit, "total_investment_wan", Some(&t.wan_from), Some(&t.wan_to));
    }
    Table { columns: columns(&names), rows }
}
