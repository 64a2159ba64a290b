//! A finding with finished texts.

use serde::Serialize;

use crate::model::{BatchResult, Class, Reported, Stage, mask_numbers, shown_text, shown_value};
use crate::spec::{Roster, Spec};

/// One finding, ready to be shown: nothing personal, nothing to compute.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct FindingView {
    /// Number on its page, from 1.
    pub(in super::super) number: usize,
    /// `V502`.
    pub(in super::super) code: &'static str,
    /// Slug.
    pub(in super::super) rule: &'static str,
    /// Chinese title of the rule.
    pub(in super::super) title: &'static str,
    /// `error`, `warning`, `info`.
    pub(in super::super) severity: &'static str,
    /// 错误, 警告, 提示.
    pub(in super::super) severity_title: &'static str,
    /// What to do about it.
    pub(in super::super) class: Class,
    /// Accepted by a waiver.
    pub(in super::super) waived: bool,
    /// Why it was accepted, by whom and until when.
    pub(in super::super) waiver: Option<String>,
    /// What the unit itself says about it.
    pub(in super::super) explanation: Option<String>,
    /// The rule is on trial.
    pub(in super::super) trial: bool,
    /// First line.
    pub(in super::super) message: String,
    /// Unit code; empty when no unit is known.
    pub(in super::super) unit_code: String,
    /// Unit name, or 未识别单位.
    pub(in super::super) unit_name: String,
    /// 签约, 开工, 投产.
    pub(in super::super) stage: Option<&'static str>,
    /// Path below the inbox.
    pub(in super::super) file: Option<String>,
    /// Sheet.
    pub(in super::super) sheet: Option<String>,
    /// Cell, range or row.
    pub(in super::super) cell: Option<String>,
    /// The place in words: `file › sheet › J86`, `… › 第 6 行`.
    pub(in super::super) place: Option<String>,
    /// Chinese name of the field.
    pub(in super::super) field: Option<&'static str>,
    /// Project.
    pub(in super::super) project: Option<String>,
    /// What stands there.
    pub(in super::super) seen: Option<String>,
    /// How it was read.
    pub(in super::super) read_as: Option<String>,
    /// How to fix it.
    pub(in super::super) help: String,
}

impl FindingView {
    /// The finding with its texts; `number` counts from 1 on its page.
    pub(in super::super) fn new(number: usize, reported: &Reported, roster: &Roster) -> Self {
        let finding = &reported.finding;
        let code = finding.unit_code.clone().unwrap_or_default();
        let name = if code.is_empty() { "未识别单位" } else { roster.name_of(&code) };
        Self {
            number,
            code: finding.code,
            rule: reported.rule,
            title: reported.title,
            severity: reported.severity.as_str(),
            severity_title: reported.severity.title(),
            class: Class::of(reported),
            waived: reported.waived,
            waiver: reported.waiver.as_deref().map(mask_numbers),
            explanation: reported.explanation.as_deref().map(mask_numbers),
            trial: reported.trial,
            message: shown_text(&finding.message, finding.field),
            unit_name: name.to_owned(),
            stage: finding.stage.map(Stage::as_str),
            file: finding.file.as_deref().map(str::to_owned),
            sheet: finding.sheet.as_deref().filter(|s| !s.is_empty()).map(str::to_owned),
            cell: finding.cell.clone(),
            place: place(finding.file.as_deref(), finding.sheet.as_deref(), finding.cell.as_deref()),
            field: finding.field.map(crate::model::Field::title),
            project: finding.project_name.as_deref().map(mask_numbers),
            seen: finding.seen.as_deref().map(|text| shown_value(text, finding.field)),
            read_as: finding.read_as.as_deref().map(|text| shown_value(text, finding.field)),
            help: finding.help.clone().unwrap_or_else(|| reported.help.clone()),
            unit_code: code,
        }
    }
}

/// `file › sheet › cell`, as far as it is known; a whole row in words.
fn place(file: Option<&str>, sheet: Option<&str>, cell: Option<&str>) -> Option<String> {
    let cell = cell.map(row_in_words);
    let parts: Vec<&str> = [file, sheet, cell.as_deref()].into_iter().flatten().filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" › "))
}

/// `6:6` as 第 6 行, `6:8` as 第 6–8 行; cells stay.
pub(super) fn row_in_words(cell: &str) -> String {
    match cell.split_once(':') {
        Some((a, b)) if a.parse::<u32>().is_ok() && a == b => format!("第 {a} 行"),
        Some((a, b)) if a.parse::<u32>().is_ok() && b.parse::<u32>().is_ok() => format!("第 {a}–{b} 行"),
        _ => cell.to_owned(),
    }
}

/// All findings of a batch in its order.
pub(in super::super) fn all_findings(result: &BatchResult, spec: &Spec) -> Vec<FindingView> {
    result.findings.iter().enumerate().map(|(i, r)| FindingView::new(i + 1, r, &spec.roster)).collect()
}

/// The findings of one unit: what must be corrected first, then as in the batch.
pub(in super::super) fn findings_of(result: &BatchResult, unit_code: &str, spec: &Spec) -> Vec<FindingView> {
    let mut own: Vec<&Reported> =
        result.findings.iter().filter(|r| r.finding.unit_code.as_deref() == Some(unit_code)).collect();
    own.sort_by_key(|r| Class::of(r));
    own.iter().enumerate().map(|(i, r)| FindingView::new(i + 1, r, &spec.roster)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_readable() {
        assert_eq!(place(Some("a.xlsx"), Some("签约"), Some("6:6")).as_deref(), Some("a.xlsx › 签约 › 第 6 行"));
        assert_eq!(place(Some("a.xlsx"), None, Some("J86")).as_deref(), Some("a.xlsx › J86"));
        assert_eq!(place(None, Some(""), None), None);
        assert_eq!(row_in_words("6:8"), "第 6–8 行");
        assert_eq!(row_in_words("B2:C4"), "B2:C4");
    }
}
