//! Relations between parts, and the list of content types.

use super::package::Package;
use super::xml::{Edits, Kind, Tag, Tags, escaped};
use crate::model::part_path;
use crate::workbook::Fault;

/// What relation types of the transitional format begin with.
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Namespace of the attribute that carries a relation's id.
const IDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The attribute with a relation's id, with the prefix that the root element gives its namespace, else its own.
pub(super) fn id_attribute(root: &Tag<'_>, id: &str) -> String {
    let declared = root.attribute_names().find(|n| n.starts_with("xmlns:") && root.attr(n).as_deref() == Some(IDS));
    match declared.and_then(|name| name.strip_prefix("xmlns:")) {
        Some(prefix) => format!(" {prefix}:id=\"{id}\""),
        None => format!(" xmlns:r=\"{IDS}\" r:id=\"{id}\""),
    }
}

/// A relation of a part.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) id: String,
    /// Last word of its type: `worksheet`, `comments`.
    pub(super) kind: String,
    /// The part that it names; `None` when it leads out of the package.
    pub(super) target: Option<String>,
}

/// The relations part of a part.
pub(super) fn part_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") }
}

/// The relations of a part; `""` for those of the package.
pub(super) fn of(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, Fault> {
    let rels = if part.is_empty() { "_rels/.rels".to_owned() } else { part_of(part) };
    if !package.has(&rels) {
        return Ok(Vec::new());
    }
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let text = package.text(&rels)?;
    let mut tags = Tags::new(&text);
    let mut found = Vec::new();
    while let Some(tag) = tags.next()? {
        if tag.local() == "Relationship" && tag.kind != Kind::Close {
            let external = tag.attr("TargetMode").as_deref() == Some("External");
            let target = tag.attr("Target").filter(|_| !external).and_then(|t| part_path(folder, &t));
            let kind = tag.attr("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Relation { id: tag.attr("Id").unwrap_or_default().into_owned(), kind, target });
        }
    }
    Ok(found)
}

/// Adds a relation to a part and gives its id. `target` is a part; it is written from the root of the package.
pub(super) fn add(package: &mut Package<'_>, part: &str, kind: &str, target: &str) -> Result<String, Fault> {
    let known = of(package, part)?;
    let taken = |id: &String| known.iter().any(|r| r.id.eq_ignore_ascii_case(id));
    let id = (1..=known.len() + 1).map(|n| format!("rIdSanpi{n}")).find(|id| !taken(id)).unwrap_or_default();
    let rels = part_of(part);
    let entry = |prefix: &str| {
        format!("<{prefix}Relationship Id=\"{id}\" Type=\"{TYPES}/{kind}\" Target=\"/{}\"/>", escaped(target))
    };
    let text = if package.has(&rels) {
        append(&package.text(&rels)?, "Relationships", entry)?
    } else {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
            entry("")
        )
    };
    package.put(&rels, text);
    Ok(id)
}

/// Names the content type of a part.
pub(super) fn declare(package: &mut Package<'_>, part: &str, content_type: &str) -> Result<(), Fault> {
    let text = package.text("[Content_Types].xml")?;
    let entry =
        |prefix: &str| format!("<{prefix}Override PartName=\"/{}\" ContentType=\"{content_type}\"/>", escaped(part));
    let text = append(&text, "Types", entry)?;
    package.put("[Content_Types].xml", text);
    Ok(())
}

/// Puts an element at the end of the root element.
fn append(text: &str, root: &str, element: impl Fn(&str) -> String) -> Result<String, Fault> {
    let mut tags = Tags::new(text);
    let mut edits = Edits::default();
    while let Some(tag) = tags.next()? {
        if tag.local() != root {
            continue;
        }
        match tag.kind {
            Kind::Open => {}
            Kind::Close => edits.insert(tag.range.start, element(tag.prefix())),
            Kind::Empty => {
                let open = tag.text.trim_end_matches("/>");
                edits.replace(tag.range.clone(), format!("{open}>{}</{}>", element(tag.prefix()), tag.name()));
            }
        }
    }
    edits.apply(text)
}
