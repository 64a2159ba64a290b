//! All pages of a batch to disk.

use std::fs;
use std::io;
use std::path::Path;

use super::{format, html, json, unit_html};
use crate::model::BatchResult;
use crate::spec::Spec;

/// Writes `<dir>/reports/<batch>/index.html` and, for every unit of the roster, `<unit name>/index.html` with
/// `findings.json` beside it. Folder names come from the roster alone.
///
/// # Errors
/// When a folder or file cannot be written.
pub fn write_all(result: &BatchResult, spec: &Spec, dir: &Path) -> io::Result<()> {
    let batch = dir.join("reports").join(result.batch.as_str());
    fs::create_dir_all(&batch)?;
    fs::write(batch.join("index.html"), html::overview(result, spec))?;
    for unit in &spec.roster.unit {
        let folder = batch.join(format::folder(unit));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), unit_html::page(result, &unit.code, spec))?;
        fs::write(folder.join("findings.json"), json::findings(result, &unit.code, spec))?;
    }
    Ok(())
}
