//! The drawing that holds the boxes of a sheet's notes: VML, which only looks like XML, and is therefore handled as text.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::comments::Texts;
use super::scan::Scan;
use crate::model::CellRef;
use crate::workbook::Fault;
use crate::workbook::place::LAST;

/// Width of a box in pixels.
const WIDTH: f64 = 340.0;
/// Height of a line in pixels.
const LINE: f64 = 16.0;
/// Half-width characters on a line of a box.
const PER_LINE: usize = 52;
/// Least and most lines that a box has room for.
const LINES: (usize, usize) = (4, 30);
/// The kind of shape that a note has.
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
const SPACES: &str = "xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";

/// The drawing with a box for each of these cells; cells that have one keep it.
pub(super) fn write(
    existing: Option<&str>,
    cells: &BTreeSet<CellRef>,
    texts: impl Fn(CellRef) -> Option<Texts>,
    scan: &Scan<'_>,
) -> Result<String, Fault> {
    let base = existing.unwrap_or_default();
    let there = boxes(base);
    let mut id = last_id(base).max(1024);
    let mut shapes = String::new();
    if !base.contains("id=\"_x0000_t202\"") && !base.contains("id='_x0000_t202'") {
        shapes.push_str(SHAPE_TYPE);
    }
    for at in cells.iter().filter(|at| !there.contains(*at)) {
        id += 1;
        shape(&mut shapes, id, *at, lines(texts(*at).as_ref()), scan);
    }
    let Some(existing) = existing else {
        // Blocks of 1024 numbers that the drawing uses.
        let blocks: Vec<String> = (1..=id / 1024).map(|b| b.to_string()).collect();
        let head = format!(
            "<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout>",
            blocks.join(",")
        );
        return Ok(format!("<xml {SPACES}>{head}{shapes}</xml>"));
    };
    let known = ["xmlns:v=", "xmlns:o=", "xmlns:x="].iter().all(|name| existing.contains(name));
    if !known {
        shapes = shapes.replace("<v:shape ", &format!("<v:shape {SPACES} "));
        shapes = shapes.replace("<v:shapetype ", &format!("<v:shapetype {SPACES} "));
    }
    let end = existing.rfind("</xml").ok_or_else(|| Fault::new("批注图形部件不完整"))?;
    let (before, after) = existing.split_at(end);
    Ok(format!("{before}{shapes}{after}"))
}

/// The cells that have a box.
fn boxes(vml: &str) -> BTreeSet<CellRef> {
    let value = |data: &str, name: &str| {
        let at = data.find(&format!("{name}>"))? + name.len() + 1;
        let rest = data.get(at..)?;
        rest.get(..rest.find('<')?)?.trim().parse::<u32>().ok()
    };
    let notes = vml.split("ObjectType=").skip(1).filter(|d| d.get(1..5) == Some("Note"));
    notes.filter_map(|data| Some(CellRef::new(value(data, ":Row")?, value(data, ":Column")?))).collect()
}

/// The highest number of a shape.
fn last_id(vml: &str) -> u32 {
    let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).take(9).collect::<String>().parse().ok();
    vml.split("_x0000_s").skip(1).filter_map(digits).max().unwrap_or(0)
}

/// Lines that the texts of a box take.
fn lines(texts: Option<&Texts>) -> usize {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    let of = |line: &str| line.chars().map(wide).sum::<usize>().div_ceil(PER_LINE).max(1);
    let all = |t: &Texts| t.iter().map(|(h, b)| of(h) + b.lines().map(of).sum::<usize>() + 1).sum();
    texts.map_or(LINES.0, all).clamp(LINES.0, LINES.1)
}

fn shape(out: &mut String, id: u32, at: CellRef, lines: usize, scan: &Scan<'_>) {
    let height = LINE * f64::from(u32::try_from(lines).unwrap_or(0)) + 8.0;
    let col = (at.col + 1).min(LAST.col);
    let (to_col, dx) = walk(col, 12.0 + WIDTH, LAST.col, |c| scan.width(c));
    let (to_row, dy) = walk(at.row, 4.0 + height, LAST.row, |r| scan.height(r));
    let _ = write!(
        out,
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:{:.0}pt;height:{:.0}pt;z-index:{};visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{col}, 12, {}, 4, {to_col}, {dx}, {to_row}, {dy}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
        WIDTH * 0.75,
        height * 0.75,
        id - 1024,
        at.row,
        at.row,
        at.col,
    );
}

/// The line or column that lies so many pixels behind the beginning of `from`, and the pixels into it.
fn walk(from: u32, pixels: f64, last: u32, size: impl Fn(u32) -> f64) -> (u32, u32) {
    let (mut at, mut left) = (from, pixels);
    // Hidden ones have no size; a box over more than these is as large as it gets.
    for _ in 0..400 {
        let here = size(at);
        if left < here || at >= last {
            break;
        }
        left -= here;
        at += 1;
    }
    let rest = (0..2_000u32).take_while(|n| f64::from(*n) <= left).last().unwrap_or(0);
    (at, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_are_there_are_known() {
        let vml = "<xml><v:shape id=\"_x0000_s1027\"><x:ClientData ObjectType=\"Note\"><x:Row>3</x:Row><x:Column> 2</x:Column></x:ClientData></v:shape><v:shape id=\"_x0000_s1031\"><x:ClientData ObjectType=\"Button\"><x:Row>9</x:Row><x:Column>9</x:Column></x:ClientData></v:shape></xml>";
        assert_eq!(boxes(vml), BTreeSet::from([CellRef::new(3, 2)]));
        assert_eq!(last_id(vml), 1031);
    }

    #[test]
    fn boxes_end_where_their_pixels_end() {
        assert_eq!(walk(3, 150.0, 100, |_| 64.0), (5, 22));
        assert_eq!(walk(3, 150.0, 100, |c| if c < 10 { 0.0 } else { 200.0 }), (10, 150));
    }
}
