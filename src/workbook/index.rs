//! The sheet 问题清单: one line per finding, with a link to its cell.

use super::remark::{Remark, Tone};
use crate::model::{CellRef, INDEX_SHEET, INDEX_TITLE};

/// What a workbook is annotated with.
#[derive(Debug)]
pub struct Job<'a> {
    /// Name of the unit.
    pub unit: &'a str,
    /// 第二期.
    pub batch: &'a str,
    /// Path of the submitted file below the inbox.
    pub file: &'a str,
    /// Its findings, in the order of the list.
    pub remarks: &'a [Remark],
}

/// Headings of the columns with their widths in characters.
pub(super) const COLUMNS: [(&str, f64); 9] = [
    ("序号", 6.0),
    ("处理", 7.0),
    ("代码", 7.0),
    ("问题", 52.0),
    ("位置（点击跳转）", 20.0),
    ("项目", 30.0),
    ("表中写的", 20.0),
    ("系统读作", 18.0),
    ("怎么改", 44.0),
];
/// Row of the headings, from 0.
pub(super) const HEADING_ROW: u32 = 3;
/// Column of the link, from 0.
pub(super) const LINK_COLUMN: u32 = 4;

/// One line of the list.
#[derive(Debug)]
pub(super) struct Line {
    /// Texts by column.
    pub(super) texts: Vec<String>,
    /// Colour of its 处理 cell.
    pub(super) tone: Tone,
    /// Target of its link, as Excel writes locations.
    pub(super) location: Option<String>,
}

/// Where a remark's note hangs: sheet name and cell.
pub(super) type Spot = (String, CellRef);

/// Lines above the headings.
pub(super) fn preface(job: &Job<'_>) -> [String; 2] {
    let title = format!("{INDEX_TITLE}：{} {}", job.unit, job.batch);
    let facts = format!(
        "文件：{}　共 {} 处。红色：退回，必须更正；黄色：说明，请核实；蓝色：提示。改好后整份重新报送，本表可以保留或删除。",
        job.file,
        job.remarks.len()
    );
    [title, facts]
}

/// The lines; `spots` tells for each remark where its note hangs.
pub(super) fn lines(job: &Job<'_>, spots: &[Option<Spot>]) -> Vec<Line> {
    let line = |(i, remark): (usize, &Remark)| {
        let spot = spots.get(i).and_then(Option::as_ref);
        let place = match (&remark.sheet, &remark.cell) {
            (Some(sheet), Some(cell)) if !sheet.is_empty() => format!("{sheet} › {cell}"),
            (Some(sheet), None) if !sheet.is_empty() => sheet.to_string(),
            (_, Some(cell)) => cell.clone(),
            _ => "整个文件".to_owned(),
        };
        let mut message = remark.message.clone();
        for note in &remark.notes {
            message.push('\n');
            message.push_str(note);
        }
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        Line {
            texts: vec![
                (i + 1).to_string(),
                remark.class.title().to_owned(),
                remark.code.to_owned(),
                message,
                place,
                text(&remark.project),
                text(&remark.seen),
                text(&remark.read_as),
                remark.help.clone(),
            ],
            tone: remark.tone(),
            location: spot.map(|(sheet, at)| format!("{}!{at}", quoted(sheet))),
        }
    };
    job.remarks.iter().enumerate().map(line).collect()
}

/// A sheet name as a reference writes it; always in quotes, which is always allowed.
pub(super) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// A name for the list that no sheet of the workbook has; Excel compares without case.
pub(super) fn free_name(taken: &[&str]) -> String {
    let free = |name: &String| !taken.iter().any(|t| t.to_lowercase() == name.to_lowercase());
    (1..=taken.len() + 1)
        .map(|n| if n == 1 { INDEX_SHEET.to_owned() } else { format!("{INDEX_SHEET}{n}") })
        .find(free)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_free_and_quoted() {
        assert_eq!(free_name(&["签约", "开工"]), "问题清单");
        assert_eq!(free_name(&["问题清单", "问题清单2"]), "问题清单3");
        assert_eq!(quoted("it's"), "'it''s'");
    }
}
