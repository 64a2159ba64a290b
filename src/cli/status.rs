//! `sanpi status`: who has submitted and what is published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use sanpi::model::{BatchId, Stage};
use sanpi::publish::Store;
use sanpi::report::{StatusRow, status as view, terminal};
use sanpi::spec::Spec;

use super::args::StatusArgs;
use super::console::{Ended, Failure, fail, say, say_coloured};
use super::place::{self, Place};
use super::query::{on_current, texts};

/// Who has submitted, who is late, what is published.
pub(super) fn status(args: &StatusArgs) -> Ended {
    let Place { inbox, out, spec } = place::settle(&args.tree)?;
    let published = batches(&out)?;
    let waiting = waiting(&inbox);
    let all: BTreeSet<BatchId> = published.iter().chain(&waiting).cloned().collect();
    let shown: Vec<&BatchId> = all.iter().filter(|b| args.batch.as_ref().is_none_or(|only| only == *b)).collect();
    if shown.is_empty() {
        let what = args.batch.as_ref().map_or_else(String::new, |b| format!("期 {b} "));
        return Err(fail(format!("{what}还没有收件，也没有发布过。收件夹 {}", inbox.display())));
    }
    for batch in shown {
        if published.contains(batch) {
            say_coloured(&format!(
                "{}\n{}\n",
                terminal::batch_line(batch, "已发布"),
                view::table(&rows(&out, batch, &spec)?, &spec)
            ))?;
        } else {
            say(&format!("{}\n\n", terminal::batch_line(batch, "收件夹里有文件，还没有发布；运行 sanpi run")))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Batches of the current version; none when nothing was published.
fn batches(out: &Path) -> Result<BTreeSet<BatchId>, Failure> {
    if Store::open(out).map_err(fail)?.current().is_none() {
        return Ok(BTreeSet::new());
    }
    let table = on_current(out, "SELECT DISTINCT batch FROM submissions")?;
    Ok(table.rows.iter().filter_map(|r| BatchId::parse(r.first()?.as_deref()?)).collect())
}

/// Batches of the inbox; an inbox that cannot be listed has none.
fn waiting(inbox: &Path) -> BTreeSet<BatchId> {
    sanpi::discover::discover(inbox).map(|d| d.batches).unwrap_or_default()
}

/// One row per unit of the roster, from the published datasets.
fn rows(out: &Path, batch: &BatchId, spec: &Spec) -> Result<Vec<StatusRow>, Failure> {
    let mut rows: BTreeMap<String, StatusRow> = BTreeMap::new();
    for unit in &spec.roster.unit {
        rows.insert(unit.code.clone(), StatusRow { unit_code: unit.code.clone(), ..StatusRow::default() });
    }
    let ask = |select: &str, from: &str, group: &str| {
        let sql = format!("SELECT unit_code, {select} FROM {from} WHERE batch = '{batch}' GROUP BY unit_code{group}");
        on_current(out, &sql)
    };
    for line in texts(&ask("COUNT(*) AS n", "submissions", "")?) {
        with(&mut rows, &line, |row, line| row.files = number(line, 1));
    }
    for line in texts(&ask("stage, COUNT(*) AS n, SUM(total_investment_wan) AS wan", "projects", ", stage")?) {
        with(&mut rows, &line, |row, line| {
            if let Some(stage) = Stage::ALL.iter().find(|s| s.as_str() == line[1]) {
                row.stages[stage.index()] = Some((number(line, 2), yuan(&line[3])));
            }
        });
    }
    for line in texts(&ask("code, severity, COUNT(*) AS n", "findings", ", code, severity")?) {
        with(&mut rows, &line, |row, line| {
            match line[2].as_str() {
                "error" => row.errors += number(line, 3),
                "warning" => row.warnings += number(line, 3),
                _ => {}
            }
            row.missing |= line[1] == "F101";
            row.late |= line[1] == "F102";
        });
    }
    Ok(spec.roster.unit.iter().filter_map(|u| rows.remove(&u.code)).collect())
}

fn with(rows: &mut BTreeMap<String, StatusRow>, line: &[String], change: impl FnOnce(&mut StatusRow, &[String])) {
    if let Some(row) = line.first().and_then(|code| rows.get_mut(code)) {
        change(row, line);
    }
}

fn number(line: &[String], at: usize) -> u32 {
    line.get(at).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// 万元 with four decimals as 元.
fn yuan(wan: &str) -> i64 {
    wan.replace('.', "").parse().unwrap_or(0)
}
