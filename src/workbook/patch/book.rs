//! The workbook part: its sheets, and one more at the end of them.

use super::package::Package;
use super::relations::{self, Relation};
use super::xml::{Edits, Kind, Tags, escaped};
use crate::workbook::Fault;
use crate::workbook::remark::Remark;

/// A sheet as the workbook part lists it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Its part; `None` for what is no worksheet.
    pub(super) part: Option<String>,
}

/// What the package's workbook part says.
#[derive(Debug)]
pub(super) struct Book {
    /// Name of the workbook part.
    pub(super) part: String,
    pub(super) sheets: Vec<Entry>,
    pub(super) relations: Vec<Relation>,
    last_id: u32,
}

impl Book {
    /// Reads the workbook part of a transitional package.
    pub(super) fn open(package: &mut Package<'_>) -> Result<Self, Fault> {
        let root = relations::of(package, "")?;
        let named = root.into_iter().find(|r| r.kind == "officeDocument").and_then(|r| r.target);
        let part = named.into_iter().chain(["xl/workbook.xml".to_owned()]).find(|part| package.has(part));
        let part = part.filter(|p| p.to_lowercase().ends_with(".xml")).ok_or_else(|| Fault::new("没有工作簿部件"))?;
        let relations = relations::of(package, &part)?;
        let text = package.text(&part)?;
        let mut tags = Tags::new(&text);
        let mut book = Self { part, sheets: Vec::new(), relations, last_id: 0 };
        let mut root = true;
        while let Some(tag) = tags.next()? {
            if std::mem::take(&mut root) && tag.text.contains("purl.oclc.org") {
                return Err(Fault::new("严格（Strict）格式的工作簿"));
            }
            if tag.local() == "sheet" && tag.kind != Kind::Close {
                let id = tag.local_attr("id").unwrap_or_default();
                let of = book.relations.iter().find(|r| r.id == *id).filter(|r| r.kind == "worksheet");
                let part = of.and_then(|r| r.target.clone()).filter(|p| package.has(p));
                book.sheets.push(Entry { name: tag.attr("name").unwrap_or_default().into_owned(), part });
                book.last_id = book.last_id.max(tag.number("sheetId").unwrap_or(0));
            }
        }
        if book.sheets.is_empty() { Err(Fault::new("工作簿里没有工作表")) } else { Ok(book) }
    }

    /// The position of the sheet that a remark is about. The position that the reader counted decides between sheets of
    /// one name.
    pub(super) fn sheet_of(&self, remark: &Remark) -> Option<usize> {
        let name = remark.sheet.as_deref()?;
        let counted = remark.sheet_index.and_then(|i| usize::try_from(i).ok());
        let fits = |i: &usize| self.sheets.get(*i).is_some_and(|s| s.name == name);
        counted.filter(fits).or_else(|| self.sheets.iter().position(|s| s.name == name))
    }

    /// Adds a worksheet part at the end of the sheets.
    pub(super) fn add_sheet(&self, package: &mut Package<'_>, name: &str, part: &str) -> Result<(), Fault> {
        let id = relations::add(package, &self.part, "worksheet", part)?;
        let text = package.text(&self.part)?;
        let mut tags = Tags::new(&text);
        let mut edits = Edits::default();
        let root = tags.next()?.ok_or_else(|| Fault::new("工作簿部件是空的"))?;
        while let Some(tag) = tags.next()? {
            if tag.local() == "sheets" && tag.kind == Kind::Close {
                let (prefix, sheet_id, name) = (tag.prefix(), self.last_id.saturating_add(1), escaped(name));
                let id = relations::id_attribute(&root, &id);
                let sheet = format!("<{prefix}sheet name=\"{name}\" sheetId=\"{sheet_id}\"{id}/>");
                edits.insert(tag.range.start, sheet);
            }
        }
        let text = edits.apply(&text)?;
        package.put(&self.part, text);
        Ok(())
    }
}
