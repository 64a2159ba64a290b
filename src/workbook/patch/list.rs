//! The worksheet part of 问题清单.

use std::fmt::Write;

use super::styles::ListFormats;
use super::xml::escaped;
use crate::model::CellRef;
use crate::workbook::index::{self, COLUMNS, HEADING_ROW, Job, LINK_COLUMN, Line, Spot};
use crate::workbook::remark::Tone;

/// The part as text.
pub(super) fn part(job: &Job<'_>, spots: &[Option<Spot>], formats: &ListFormats) -> String {
    let lines = index::lines(job, spots);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><tabColor rgb=\"FFC00000\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>",
    );
    let first = HEADING_ROW + 1;
    let _ = write!(
        out,
        "<sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"{first}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"14.25\"/><cols>",
        first + 1
    );
    for (n, (_, width)) in COLUMNS.iter().enumerate() {
        let _ = write!(out, "<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", n + 1);
    }
    out.push_str("</cols><sheetData>");
    let [title, facts] = index::preface(job);
    row(&mut out, 0, &[(title, formats.title)]);
    row(&mut out, 1, &[(facts, formats.plain)]);
    let headings: Vec<(String, usize)> = COLUMNS.iter().map(|(h, _)| ((*h).to_owned(), formats.heading)).collect();
    row(&mut out, HEADING_ROW, &headings);
    for (row_at, line) in (first..).zip(&lines) {
        row(&mut out, row_at, &cells(line, formats));
    }
    out.push_str("</sheetData>");
    links(&mut out, first, &lines);
    out.push_str(
        "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
    );
    out
}

fn cells(line: &Line, formats: &ListFormats) -> Vec<(String, usize)> {
    let tone = Tone::ALL.iter().position(|t| *t == line.tone).and_then(|i| formats.tones.get(i));
    let format = |n: u32| match n {
        1 => tone.copied().unwrap_or(formats.text),
        LINK_COLUMN if line.location.is_some() => formats.link,
        _ => formats.text,
    };
    (0u32..).zip(&line.texts).map(|(n, text)| (text.clone(), format(n))).collect()
}

fn row(out: &mut String, row: u32, cells: &[(String, usize)]) {
    // Only the title needs to be told: lines take the height of their texts.
    let height = if row == 0 { " ht=\"24\" customHeight=\"1\"" } else { "" };
    let _ = write!(out, "<row r=\"{}\"{height}>", row + 1);
    for (col, (text, format)) in (0u32..).zip(cells) {
        let at = CellRef::new(row, col);
        if text.is_empty() {
            let _ = write!(out, "<c r=\"{at}\" s=\"{format}\"/>");
        } else {
            let text = escaped(text);
            let _ = write!(
                out,
                "<c r=\"{at}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            );
        }
    }
    out.push_str("</row>");
}

fn links(out: &mut String, first: u32, lines: &[Line]) {
    let all: String = (first..)
        .zip(lines)
        .filter_map(|(row, line)| {
            let location = escaped(line.location.as_deref()?);
            Some(format!("<hyperlink ref=\"{}\" location=\"{location}\"/>", CellRef::new(row, LINK_COLUMN)))
        })
        .collect();
    if !all.is_empty() {
        let _ = write!(out, "<hyperlinks>{all}</hyperlinks>");
    }
}
