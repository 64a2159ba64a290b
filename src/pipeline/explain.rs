//! A unit's own explanations and the findings that they speak of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{CellRef, Explanation, Field, Finding, Record, Region, Slot, TableHeaders, mask_numbers, name_key};
use crate::spec::Spec;
use crate::submissions::Received;

/// Longest explanation that is passed on, in characters.
const LONGEST: usize = 300;

/// A cell that was explained: sheet, when it was said, cell, text.
type OfCell = (Option<String>, CellRef, String);

/// What the units of a batch said about their rows and cells.
#[derive(Debug, Default)]
pub(super) struct Explanations {
    records: BTreeMap<(Arc<str>, Slot), Vec<String>>,
    cells: BTreeMap<Arc<str>, Vec<OfCell>>,
}

impl Explanations {
    /// Of the files that count: columns of the lists, and sheets of their own.
    pub(super) fn of(files: &[Received], records: &[Record], headers: &[TableHeaders], spec: &Spec) -> Self {
        let mut all = Self::default();
        all.columns(records, headers, spec);
        // Hardly a batch has a sheet that explains; without one, nobody asks for names and numbers.
        if files.iter().all(|f| f.superseded_by.is_some() || f.extract.explanations.is_empty()) {
            return all;
        }
        let mut names: BTreeMap<(&str, String), Vec<&Record>> = BTreeMap::new();
        let mut numbers: BTreeMap<(&str, String), Vec<&Record>> = BTreeMap::new();
        for record in records {
            if let Some(name) = record.name() {
                names.entry((&record.unit_code, name_key(name))).or_default().push(record);
            }
            if let Some(number) = record.values.get(&Field::Sequence).map(|v| plain(&v.raw)) {
                numbers.entry((&record.origin.source.file, number)).or_default().push(record);
            }
        }
        for file in files.iter().filter(|f| f.superseded_by.is_none()).map(|f| &f.extract) {
            let (path, unit) = (&file.source.file, file.unit_code.as_deref().unwrap_or_default());
            for explanation in &file.explanations {
                let Explanation { project, number, cell, text } = explanation;
                if let Some((sheet, cell)) = cell.as_deref().and_then(place) {
                    all.cells.entry(Arc::clone(path)).or_default().push((sheet, cell, text.clone()));
                    continue;
                }
                let by_name = project.as_ref().and_then(|p| names.get(&(unit, name_key(p))));
                // A number alone tells a project only where the file has it once.
                let by_number = || numbers.get(&(&**path, plain(number.as_deref()?))).filter(|r| r.len() == 1);
                for record in by_name.or_else(by_number).into_iter().flatten() {
                    all.add(record, text);
                }
            }
        }
        all
    }

    /// What stands in the rows themselves, in columns that explain.
    fn columns(&mut self, records: &[Record], headers: &[TableHeaders], spec: &Spec) {
        let words = &spec.columns.explanation;
        let explains = |t: &&TableHeaders| {
            let mut remarks = t.columns.iter().filter(|c| c.field == Some(Field::Remark));
            remarks.any(|c| words.explains_as_remark(&c.header))
        };
        let remarked: Vec<(&str, u32)> = headers.iter().filter(explains).map(|t| (&*t.file, t.table)).collect();
        // The rows of a table share their headers.
        let mut explaining: BTreeMap<&str, bool> = BTreeMap::new();
        for record in records {
            for (header, text) in &record.extras {
                if *explaining.entry(header).or_insert_with(|| words.explains(header)) {
                    self.add(record, text);
                }
            }
            let table = (&*record.origin.source.file, record.origin.slot.table);
            if let Some(text) = record.text(Field::Remark).filter(|_| remarked.contains(&table)) {
                self.add(record, text);
            }
        }
    }

    fn add(&mut self, record: &Record, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_alphanumeric) && !matches!(text.as_str(), "无" | "暂无" | "没有") {
            let place = (Arc::clone(&record.origin.source.file), record.origin.slot);
            self.records.entry(place).or_default().push(text);
        }
    }

    /// What the unit says about the cell, else about the row of a finding; without telephone and identity numbers.
    pub(super) fn on(&self, finding: &Finding) -> Option<String> {
        let file = finding.file.as_ref()?;
        let of_cells = self.cells.get(file).into_iter().flatten();
        let mut said: Vec<&str> = of_cells.filter(|c| speaks_of(c, finding)).map(|c| c.2.as_str()).collect();
        if let Some(slot) = finding.slot {
            said.extend(self.records.get(&(Arc::clone(file), slot)).into_iter().flatten().map(String::as_str));
        }
        let text = said.join("；");
        (!text.is_empty()).then(|| mask_numbers(&text).chars().take(LONGEST).collect())
    }
}

fn speaks_of((sheet, cell, _): &OfCell, finding: &Finding) -> bool {
    let same_sheet = sheet.as_deref().is_none_or(|s| finding.sheet.as_deref() == Some(s));
    let range = finding.cell.as_deref().and_then(|text| {
        let (start, end) = text.split_once(':').unwrap_or((text, text));
        Some(Region { start: CellRef::parse(start)?, end: CellRef::parse(end)? })
    });
    same_sheet && range.is_some_and(|r| r.contains(*cell))
}

/// `签约!F5`, `F5`.
fn place(text: &str) -> Option<(Option<String>, CellRef)> {
    let text = text.replace('！', "!").replace('$', "");
    let (sheet, cell) = text.rsplit_once('!').map_or(("", text.as_str()), |(s, c)| (s, c));
    let sheet = Some(sheet.trim().trim_matches('\'').to_owned()).filter(|s| !s.is_empty());
    Some((sheet, CellRef::parse(&cell.trim().to_uppercase())?))
}

/// `3.0` and ` 3 ` are 3.
fn plain(number: &str) -> String {
    let number = number.trim();
    number.strip_suffix(".0").unwrap_or(number).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_in_several_ways() {
        for (text, sheet, cell) in
            [("F5", None, "F5"), ("签约!f5", Some("签约"), "F5"), ("'签约'!F5", Some("签约"), "F5")]
        {
            let (of, at) = place(text).unwrap();
            assert_eq!((of.as_deref(), at.to_string()), (sheet, cell.to_owned()), "{text}");
        }
        assert!(place("第五行").is_none());
    }
}
