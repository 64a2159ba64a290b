//! What a run and a check say on the terminal: plain text without colours, aligned by display width.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::format;
use super::view::{self, FindingView, Overview, StageView};
use crate::model::{BatchId, BatchResult, Reported, mask_numbers};
use crate::spec::Spec;

/// Side of a column that its cells keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A column of a plain table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    title: String,
    align: Align,
}

impl Column {
    /// A column with its heading.
    pub(super) fn new(title: &str, align: Align) -> Self {
        Self { title: title.to_owned(), align }
    }
}

/// A table with two spaces between columns and a rule below the heading; `foot` puts one above the last line too.
pub(super) fn render(columns: &[Column], lines: &[Vec<String>], foot: bool) -> String {
    let cell = |line: &[String], i: usize| line.get(i).map_or(0, |c| c.width());
    let widths: Vec<usize> = (0..columns.len())
        .map(|i| lines.iter().map(|l| cell(l, i)).chain([columns[i].title.width()]).max().unwrap_or(0))
        .collect();
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * columns.len().saturating_sub(1));
    let heading: Vec<String> = columns.iter().map(|c| c.title.clone()).collect();
    let row = |cells: &[String]| {
        let mut out = String::new();
        for (i, column) in columns.iter().enumerate() {
            let text = cells.get(i).map_or("", String::as_str);
            let pad = " ".repeat(widths[i].saturating_sub(text.width()));
            if i > 0 {
                out.push_str("  ");
            }
            match column.align {
                Align::Left => out.extend([text, &pad]),
                Align::Right => out.extend([pad.as_str(), text]),
            }
        }
        format!("{}\n", out.trim_end())
    };
    let mut out = row(&heading);
    let _ = writeln!(out, "{rule}");
    for (i, line) in lines.iter().enumerate() {
        if foot && i + 1 == lines.len() {
            let _ = writeln!(out, "{rule}");
        }
        out.push_str(&row(line));
    }
    out
}

/// Columns that a cell takes at most on a screen.
const CELL: usize = 48;

/// A query's result as a table; numeric columns keep to the right, money has as many decimals as its column needs (two to
/// four), NULL is shown as it is. On a screen (`Some` columns) a table that is too wide has its long texts cut.
#[must_use]
pub fn grid(columns: &[(String, bool)], rows: &[Vec<Option<String>>], screen: Option<usize>) -> String {
    let titles: Vec<Column> = columns
        .iter()
        .map(|(name, numeric)| Column::new(&inert(name), if *numeric { Align::Right } else { Align::Left }))
        .collect();
    let mut lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|v| v.as_deref().map_or_else(|| "NULL".to_owned(), inert)).collect())
        .collect();
    for at in (0..columns.len()).filter(|i| columns[*i].1) {
        let spare = spare_zeros(rows.iter().filter_map(|r| r.get(at)?.as_deref()));
        for (line, _) in lines.iter_mut().zip(rows).filter(|(_, r)| r.get(at).is_some_and(Option::is_some)) {
            let length = line[at].len() - spare;
            line[at].truncate(length);
        }
    }
    let wide = |lines: &[Vec<String>]| render(&titles, lines, false).lines().map(UnicodeWidthStr::width).max();
    if screen.is_some_and(|screen| wide(&lines) > Some(screen)) {
        for cell in lines.iter_mut().flatten() {
            *cell = cut(cell, CELL);
        }
    }
    format!("{}共 {} 行\n", render(&titles, &lines, false), lines.len())
}

/// Zeros at the end that all amounts of a column can do without: at most two, where all have four decimals.
fn spare_zeros<'a>(values: impl Iterator<Item = &'a str>) -> usize {
    let spare = |text: &str| match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 4 => 4 - decimals.trim_end_matches('0').len().max(2),
        _ => 0,
    };
    values.map(spare).min().unwrap_or(0)
}

/// A text of at most `width` columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + c.to_string().width() + 1 > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Verdicts and states in the colours of the pages: red, green, yellow. Only whole words between spaces, so that nothing
/// that a submission says is touched by accident; widths stay.
#[must_use]
pub fn coloured(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    for piece in text.split_inclusive([' ', '\n']) {
        let word = piece.trim_end_matches([' ', '\n']);
        let colour = match word {
            "不一致" | "缺失" | "未报送" | "需更正" | "迟报，需更正" | "不符" => "31",
            "一致" | "舍入内一致" | "无问题" | "相符" => "32",
            "需说明" | "迟报" => "33",
            _ if word.starts_with("未报送：") || word.starts_with("有错误：") => "31",
            _ if word.starts_with("迟报：") => "33",
            _ => {
                out.push_str(piece);
                continue;
            }
        };
        let _ = write!(out, "\u{1b}[{colour}m{word}\u{1b}[0m{}", &piece[word.len()..]);
    }
    out
}

/// A heading for a batch: 第二期 and a remark.
#[must_use]
pub fn batch_line(batch: &BatchId, remark: &str) -> String {
    format!("{}（{batch}）{remark}", format::batch_title(batch))
}

/// The final summary of a run: of several batches a line each; of one batch the stages against the published figures, the units that must correct
/// something, and the counts of findings. Lines keep to `width` columns where words allow it.
#[must_use]
pub fn summary(results: &[BatchResult], spec: &Spec, width: usize) -> String {
    let width = width.max(40);
    let mut out = String::new();
    match results {
        [result] => batch(&mut out, result, spec, width),
        _ => out = summary_of_rows(&results.iter().map(|r| summary_row(r, spec)).collect::<Vec<_>>()),
    }
    out
}

/// Batches that a summary lists at most: with the lines around them they fit a screen of 24 lines.
const MOST_BATCHES: usize = 12;

/// The summary of several batches from the line of each (see [`summary_row`]), the latest last.
#[must_use]
pub fn summary_of_rows(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let right = |title: &str| Column::new(title, Align::Right);
    let left = |title: &str| Column::new(title, Align::Left);
    let columns = [
        left("期"),
        right("已报"),
        right("项数"),
        right("亿元"),
        right("退回"),
        right("公布数"),
        left(""),
        right("错误"),
        right("警告"),
        right("提示"),
    ];
    let shown = &rows[rows.len().saturating_sub(MOST_BATCHES)..];
    out.push_str(&render(&columns, shown, false));
    if shown.len() < rows.len() {
        let _ = writeln!(out, "另有更早的 {} 期", rows.len() - shown.len());
    }
    out
}

/// What [`summary_of_rows`] says about one batch.
#[must_use]
pub fn summary_row(result: &BatchResult, spec: &Spec) -> Vec<String> {
    let overview = view::overview_of(result, spec);
    let (expected, missing) = view::expected(&overview);
    let (compared, missed) = view::tally(&view::stages(result, spec));
    let (figures, verdict) = match (compared, missed) {
        (0, _) => ("—".to_owned(), ""),
        (_, 0) => (format!("{compared}/{compared}"), "相符"),
        _ => (format!("{}/{compared}", compared - missed), "不符"),
    };
    vec![
        format::batch_title(&result.batch),
        format!("{}/{expected}", expected - missing.len()),
        overview.total.count_text.clone(),
        overview.total.yi.clone(),
        overview.rejected.count_text.clone(),
        figures,
        verdict.to_owned(),
        format::count(overview.errors),
        format::count(overview.warnings),
        format::count(overview.infos),
    ]
}

fn batch(out: &mut String, result: &BatchResult, spec: &Spec, width: usize) {
    let overview = view::overview_of(result, spec);
    let expected = overview.units.iter().filter(|u| u.state != "exempt").count();
    let missing: Vec<String> = overview.units.iter().filter(|u| u.missing).map(|u| u.name.clone()).collect();
    let submitted = expected - missing.len();
    let title = format::batch_title(&result.batch);
    let _ = writeln!(out, "{title}  应报 {expected} 个单位，已报 {submitted} 个，文件 {} 个\n", overview.files);
    out.push_str(&stage_table(&view::stages(result, spec)));
    out.push('\n');
    let counts = [("错误", overview.errors), ("警告", overview.warnings), ("提示", overview.infos)];
    let counts: Vec<String> = counts.iter().map(|(t, n)| format!("{t} {}", format::count(*n))).collect();
    let _ = writeln!(out, "发现问题：{}；退回 {} 行", counts.join("，"), overview.rejected.count_text);
    list(out, "未报送：", &missing, width);
    list(out, "迟报：", &overview.units.iter().filter(|u| u.late).map(|u| u.name.clone()).collect::<Vec<_>>(), width);
    list(out, "有错误：", &with_errors(&overview), width);
}

/// Units with errors that did submit, the most first.
fn with_errors(overview: &Overview) -> Vec<String> {
    let mut units: Vec<_> = overview.units.iter().filter(|u| u.errors > 0 && !u.missing).collect();
    units.sort_by_key(|u| std::cmp::Reverse(u.errors));
    units.iter().map(|u| format!("{} {}", u.name, u.errors)).collect()
}

fn stage_table(stages: &[StageView]) -> String {
    let columns = [
        Column::new("", Align::Left),
        Column::new("项数", Align::Right),
        Column::new("公布", Align::Right),
        Column::new("结论", Align::Left),
        Column::new("亿元", Align::Right),
        Column::new("公布", Align::Right),
        Column::new("差额", Align::Right),
        Column::new("结论", Align::Left),
    ];
    let bare = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("—");
        text.split(' ').next().unwrap_or("—").to_owned()
    };
    let lines: Vec<Vec<String>> = stages
        .iter()
        .map(|s| {
            vec![
                s.title.to_owned(),
                s.count.actual.clone(),
                bare(&s.count.published),
                s.count.verdict_title.to_owned(),
                s.investment.actual.clone(),
                bare(&s.investment.published),
                s.investment.difference.clone().unwrap_or_else(|| "—".to_owned()),
                s.investment.verdict_title.to_owned(),
            ]
        })
        .collect();
    render(&columns, &lines, false)
}

/// `title` and the items joined by 、, broken at `width` under the title; at most four lines.
fn list(out: &mut String, title: &str, items: &[String], width: usize) {
    if items.is_empty() {
        return;
    }
    let indent = title.width();
    let mut line = title.to_owned();
    let mut lines = 1;
    for (i, item) in items.iter().enumerate() {
        let last = i + 1 == items.len();
        let piece = if last { item.clone() } else { format!("{item}、") };
        if line.width() > indent && line.width() + piece.width() > width {
            if lines == 4 {
                let _ = write!(line, "等 {} 个", items.len());
                break;
            }
            let _ = writeln!(out, "{line}");
            line = " ".repeat(indent);
            lines += 1;
        }
        line.push_str(&piece);
    }
    let _ = writeln!(out, "{line}");
}

/// Findings as a list to read, for `sanpi check`: each with code, severity, what is wrong, where, what was seen and
/// how to fix it; ends with the counts.
#[must_use]
pub fn findings(findings: &[Reported], spec: &Spec) -> String {
    if findings.is_empty() {
        return "未发现问题。\n".to_owned();
    }
    let mut out = String::new();
    for (i, reported) in findings.iter().enumerate() {
        let view = FindingView::new(i + 1, reported, &spec.roster);
        let own = [("说明", &reported.explanation), ("认可", &reported.waiver)];
        finding(&mut out, &view, own);
    }
    let of = |severity: &str| findings.iter().filter(|r| r.severity.as_str() == severity).count();
    let _ = writeln!(out, "错误 {}，警告 {}，提示 {}", of("error"), of("warning"), of("info"));
    out
}

/// `own` is what the unit and the owner said about it.
fn finding(out: &mut String, f: &FindingView, own: [(&str, &Option<String>); 2]) {
    let mut marks = String::new();
    if f.waived {
        marks.push_str("（已认可）");
    }
    if f.trial {
        marks.push_str("（试行）");
    }
    let _ = writeln!(out, "{} {}{marks} {}", f.code, f.severity_title, inert(&f.message));
    let seen = f.seen.as_ref().map(|s| f.field.map_or_else(|| s.clone(), |field| format!("{field}：{s}")));
    let help = Some(f.help.clone()).filter(|h| !h.is_empty());
    let facts = [("位置", &f.place), ("项目", &f.project), ("写的", &seen), ("读作", &f.read_as), ("怎么改", &help)];
    for (title, text) in facts.into_iter().chain(own) {
        if let Some(text) = text {
            let pad = " ".repeat(6usize.saturating_sub(title.width()));
            let _ = writeln!(out, "     {title}{pad}  {}", inert(&mask_numbers(text)));
        }
    }
    out.push('\n');
}

/// A text on one line that cannot steer the terminal: control characters become spaces.
fn inert(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_display_width() {
        let columns = [Column::new("单位", Align::Left), Column::new("项", Align::Right)];
        let lines = [vec!["郑州航空港区".to_owned(), "7".to_owned()], vec!["A".to_owned(), "1,000".to_owned()]];
        assert_eq!(
            render(&columns, &lines, true),
            "单位             项\n───────────────────\n郑州航空港区      7\n───────────────────\nA             1,000\n"
        );
    }

    #[test]
    fn lists_break_at_the_width_and_end() {
        let items: Vec<String> = (0..60).map(|i| format!("单位{i:02}")).collect();
        let mut out = String::new();
        list(&mut out, "未报送：", &items, 40);
        assert_eq!(out.lines().count(), 4);
        assert!(out.lines().all(|l| l.width() <= 40 + 8), "{out}");
        assert!(out.ends_with("等 60 个\n"), "{out}");
    }

    #[test]
    fn results_are_tidy() {
        let columns = [("单位".to_owned(), false), ("wan".to_owned(), true), ("n".to_owned(), true)];
        let row =
            |a: &str, b: Option<&str>, c: &str| vec![Some(a.to_owned()), b.map(str::to_owned), Some(c.to_owned())];
        let rows = [row("郑州市", Some("12.5000"), "10"), row("A", Some("-3.1250"), "2"), row("", None, "3")];
        assert_eq!(
            grid(&columns, &rows, None),
            "单位       wan   n\n──────────────────\n郑州市  12.500  10\nA       -3.125   2\n          NULL   3\n共 3 行\n"
        );
        assert!(grid(&columns, &rows[..1], None).contains("  12.50  10\n"));
        let long = [vec![Some("很长的文字".repeat(30)), None, None]];
        assert!(grid(&columns, &long, None).contains(&"很长的文字".repeat(30)));
        assert!(grid(&columns, &long, Some(80)).lines().all(|l| l.width() <= 80));
    }

    #[test]
    fn colours_change_no_word() {
        let text = "签约   340   340  一致    2,844.00\n未报送：商丘市\n 一致的项目\n";
        let painted = coloured(text);
        assert!(
            painted.contains("\u{1b}[32m一致\u{1b}[0m    2,844.00")
                && painted.contains("\u{1b}[31m未报送：商丘市\u{1b}[0m\n")
        );
        let plain = painted.replace("\u{1b}[31m", "").replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, text);
    }

    #[test]
    fn no_control_character_reaches_the_terminal() {
        assert_eq!(inert("a\u{1b}[31mb\nc"), "a [31mb c");
    }
}
