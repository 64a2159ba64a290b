//! The notes of a sheet: the part with their texts. Notes that are there stay; ours are added, or follow in the same box.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{Edits, Kind, Tag, Tags, escaped};
use crate::model::CellRef;
use crate::workbook::remark::Remark;
use crate::workbook::{AUTHOR, Fault};

/// What the author of the stand-in for a threaded comment begins with. Excel shows the thread and not its text.
const THREADED: &str = "tc=";

/// The texts of one note: heading and body of each remark.
pub(super) type Texts = Vec<(String, String)>;

/// The texts for a cell.
pub(super) fn texts(remarks: &[Remark], of: &[usize], at: CellRef) -> Texts {
    let at = at.to_string();
    of.iter().filter_map(|i| remarks.get(*i)).map(|r| (r.heading(), r.body(&at))).collect()
}

/// The part with our notes, and the cells that have a note in it.
pub(super) fn write(
    existing: Option<&str>,
    notes: &BTreeMap<CellRef, Texts>,
) -> Result<(String, BTreeSet<CellRef>), Fault> {
    let Some(text) = existing else {
        let list: String = notes.iter().map(|(at, texts)| comment("", *at, 0, texts)).collect();
        let part = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author>{AUTHOR}</author></authors><commentList>{list}</commentList></comments>"
        );
        return Ok((part, notes.keys().copied().collect()));
    };
    let mut tags = Tags::new(text);
    let mut edits = Edits::default();
    let mut authors: Vec<String> = Vec::new();
    let mut cells = BTreeSet::new();
    let mut ours = None;
    while let Some(tag) = tags.next()? {
        match (tag.local(), tag.kind) {
            ("author", Kind::Open) => {
                let end = tags.close(&tag)?;
                let inner = text.get(tag.range.end..end).unwrap_or_default();
                authors.push(inner.split('<').next().unwrap_or_default().to_owned());
            }
            ("author", Kind::Empty) => authors.push(String::new()),
            ("authors", Kind::Close) => {
                ours = authors.iter().position(|a| a == AUTHOR);
                if ours.is_none() {
                    ours = Some(authors.len());
                    let p = tag.prefix();
                    edits.insert(tag.range.start, format!("<{p}author>{AUTHOR}</{p}author>"));
                }
            }
            ("comment", Kind::Open) => {
                let at = tag.attr("ref").and_then(|r| CellRef::parse(&r));
                let author = tag.number::<usize>("authorId").and_then(|i| authors.get(i)).map_or("", String::as_str);
                cells.extend(at);
                if let Some(texts) = at.and_then(|at| notes.get(&at)).filter(|_| !author.starts_with(THREADED)) {
                    let ours = is_ours(author, text.get(tag.range.end..).unwrap_or_default());
                    follow(&mut tags, texts, ours, &mut edits)?;
                }
            }
            ("commentList", kind @ (Kind::Close | Kind::Empty)) => {
                let ours = ours.ok_or_else(|| Fault::new("批注部件没有作者"))?;
                let new = notes.iter().filter(|(at, _)| !cells.contains(*at));
                let list: String = new.map(|(at, texts)| comment(tag.prefix(), *at, ours, texts)).collect();
                if kind == Kind::Close {
                    edits.insert(tag.range.start, list);
                } else {
                    let open = tag.text.trim_end_matches("/>");
                    edits.replace(tag.range.clone(), format!("{open}>{list}</{}>", tag.name()));
                }
            }
            _ => {}
        }
    }
    cells.extend(notes.keys().copied());
    Ok((edits.apply(text)?, cells))
}

/// The note that begins before `rest` is of an earlier round. Some office programs drop authors; then its heading tells.
fn is_ours(author: &str, rest: &str) -> bool {
    let own = rest.split_once("comment>").map_or(rest, |(own, _)| own);
    let mut texts = own.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim_start());
    let heading = texts.find(|text| !text.is_empty()).unwrap_or_default();
    author == AUTHOR
        || author.trim().is_empty()
            && ["【退回】", "【说明】", "【提示】", "【已解决】"].iter().any(|h| heading.starts_with(h))
}

/// The part with notes of ours that say that nothing was found this time; `None` when none of them is ours. The notes
/// stay, as each has a box in the drawing; where something is found again, [`write`] puts it in their place.
pub(super) fn settled(text: &str) -> Result<Option<String>, Fault> {
    let says: Texts = vec![("【已解决】".to_owned(), "上次在这一格提出的问题，本次审核没有再发现。".to_owned())];
    let mut tags = Tags::new(text);
    let mut edits = Edits::default();
    let mut authors: Vec<&str> = Vec::new();
    let mut any = false;
    while let Some(tag) = tags.next()? {
        match (tag.local(), tag.kind) {
            ("author", Kind::Open) => {
                let end = tags.close(&tag)?;
                let inner = text.get(tag.range.end..end).unwrap_or_default();
                authors.push(inner.split('<').next().unwrap_or_default());
            }
            ("author", Kind::Empty) => authors.push(""),
            ("comment", Kind::Open) => {
                let author = tag.number::<usize>("authorId").and_then(|i| authors.get(i)).copied().unwrap_or_default();
                if is_ours(author, text.get(tag.range.end..).unwrap_or_default()) {
                    any = true;
                    follow(&mut tags, &says, true, &mut edits)?;
                }
            }
            _ => {}
        }
    }
    Ok(if any { Some(edits.apply(text)?) } else { None })
}

/// Puts texts behind those of a note, or in their place when they are ours from an earlier round.
fn follow<'t>(tags: &mut Tags<'t>, texts: &Texts, replace: bool, edits: &mut Edits) -> Result<(), Fault> {
    let mut depth = 0usize;
    let mut inside: Option<Tag<'t>> = None;
    let mut added = false;
    while let Some(tag) = tags.next()? {
        let p = tag.prefix();
        match (tag.local(), tag.kind) {
            ("comment", Kind::Close) => return Ok(()),
            ("text", Kind::Open) => (inside, depth) = (Some(tag.clone()), 0),
            ("text", Kind::Empty) => {
                let open = tag.text.trim_end_matches("/>");
                edits.replace(tag.range.clone(), format!("{open}>{}</{}>", runs(p, texts, false), tag.name()));
            }
            ("text", Kind::Close) => {
                let start = inside.take().map_or(tag.range.start, |open| open.range.end);
                if replace {
                    edits.replace(start..tag.range.start, runs(p, texts, false));
                } else if !added {
                    edits.insert(tag.range.start, runs(p, texts, true));
                }
            }
            _ if inside.is_none() || replace => {}
            // A text of its own before runs: Excel takes runs only after runs.
            ("t", Kind::Open) if depth == 0 => {
                edits.insert(tag.range.start, format!("<{p}r>"));
                let end = tags.close(&tag)?;
                edits.insert(end, format!("</{p}r>"));
            }
            // Readings of the characters stand behind all runs.
            ("rPh" | "phoneticPr", Kind::Open | Kind::Empty) if depth == 0 && !added => {
                edits.insert(tag.range.start, runs(p, texts, true));
                added = true;
                depth += usize::from(tag.kind == Kind::Open);
            }
            (_, Kind::Open) => depth += 1,
            (_, Kind::Close) => depth = depth.saturating_sub(1),
            (_, Kind::Empty) => {}
        }
    }
    Err(Fault::new("批注部件不完整"))
}

fn comment(p: &str, at: CellRef, author: usize, texts: &Texts) -> String {
    let runs = runs(p, texts, false);
    format!("<{p}comment ref=\"{at}\" authorId=\"{author}\" shapeId=\"0\"><{p}text>{runs}</{p}text></{p}comment>")
}

/// Heading in bold, body plain, an empty line between remarks, and before them when `behind` something.
fn runs(p: &str, texts: &Texts, behind: bool) -> String {
    let run = |bold: &str, text: &str| {
        format!(
            "<{p}r><{p}rPr>{bold}<{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"宋体\"/><{p}charset val=\"134\"/></{p}rPr><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>",
            escaped(text)
        )
    };
    let mut out = String::new();
    for (n, (heading, body)) in texts.iter().enumerate() {
        let gap = if n > 0 || behind { "\n\n" } else { "" };
        out.push_str(&run(&format!("<{p}b/>"), &format!("{gap}{heading}\n")));
        out.push_str(&run("", body));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes() -> BTreeMap<CellRef, Texts> {
        [CellRef::new(0, 0), CellRef::new(4, 1)]
            .into_iter()
            .map(|at| (at, vec![("【退回】V502".to_owned(), "=1<2".to_owned())]))
            .collect()
    }

    #[test]
    fn notes_that_are_there_stay() {
        let before = "<x:comments xmlns:x=\"m\"><x:authors><x:author>张</x:author></x:authors><x:commentList><x:comment ref=\"A1\" authorId=\"0\"><x:text><x:t>原来的</x:t></x:text></x:comment><x:comment ref=\"C3\" authorId=\"0\"><x:text><x:r><x:t>别处</x:t></x:r></x:text></x:comment></x:commentList></x:comments>";
        let (after, cells) = write(Some(before), &notes()).unwrap();
        assert_eq!(cells.len(), 3);
        for part in [
            "<x:author>张</x:author><x:author>sanpi</x:author>",
            "<x:r><x:t>原来的</x:t></x:r><x:r><x:rPr><x:b/>",
            "<x:r><x:t>别处</x:t></x:r></x:text>",
            "<x:comment ref=\"B5\" authorId=\"1\" shapeId=\"0\">",
            "=1&lt;2",
        ] {
            assert!(after.contains(part), "{part}\n{after}");
        }
        let (again, _) = write(Some(&after), &notes()).unwrap();
        assert_eq!(again.matches("ref=\"B5\"").count(), 1);
        assert_eq!(again.matches("<x:author>sanpi").count(), 1);
        let settled = settled(&after).unwrap().unwrap();
        assert_eq!(settled.matches("【已解决】").count(), 1);
        assert!(settled.contains("<x:t>别处</x:t>") && settled.contains("ref=\"B5\""), "{settled}");
        assert!(super::settled(before).unwrap().is_none());
        assert!(is_ours(" ", "<text><r><rPr><b/></rPr><t>【退回】V502</t></r></text></comment>"));
        assert!(!is_ours("", "<text/></comment><comment><t>【退回】</t>") && !is_ours("张", "<t>【退回】</t>"));
    }

    #[test]
    fn threads_are_left_alone() {
        let before = "<comments><authors><author>tc={1}</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>[Threaded comment]</t></text></comment></commentList></comments>";
        let (after, _) = write(Some(before), &notes()).unwrap();
        assert!(after.contains("<text><t>[Threaded comment]</t></text>"));
    }
}
