//! Findings of one unit for programs, `reports/<batch>/<unit name>/findings.json`.

use serde::Serialize;

use super::format;
use super::view::{self, FindingView, UnitView};
use crate::model::BatchResult;
use crate::spec::Spec;

#[derive(Serialize)]
struct Document<'a> {
    batch: &'a str,
    batch_title: String,
    unit_code: &'a str,
    unit_name: &'a str,
    errors: usize,
    warnings: usize,
    infos: usize,
    findings: &'a [FindingView],
}

/// The findings of one unit as pretty JSON with a newline at its end.
#[must_use]
pub fn findings(result: &BatchResult, unit_code: &str, spec: &Spec) -> String {
    of(result, &view::unit_of(result, unit_code, spec), &view::findings_of(result, unit_code, spec), spec)
}

/// As [`findings`], of what is known.
pub(super) fn of(result: &BatchResult, unit: &UnitView, findings: &[FindingView], spec: &Spec) -> String {
    let document = Document {
        batch: result.batch.as_str(),
        batch_title: format::batch_title(&result.batch),
        unit_code: &unit.code,
        unit_name: spec.roster.name_of(&unit.code),
        errors: unit.errors,
        warnings: unit.warnings,
        infos: unit.infos,
        findings,
    };
    // Plain structs of texts and numbers always serialize.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
