//! All pages of a batch to disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Returns, bulletin, format, html, json, unit_html, view};
use crate::model::{BatchId, BatchResult};
use crate::spec::{Spec, Unit};

/// Folder of what goes back to a unit, below the version `dir`. Its name comes from the roster alone.
#[must_use]
pub fn unit_folder(dir: &Path, batch: &BatchId, unit: &Unit) -> PathBuf {
    dir.join("reports").join(batch.as_str()).join(format::folder(unit))
}

/// Writes `<dir>/reports/<batch>/index.html`, `通报.html` beside it and, for every unit of the roster, `<unit name>/退回说明.html` with
/// `findings.json` beside it. The page links the annotated copies that `returns` names.
///
/// # Errors
/// When a folder or file cannot be written.
pub fn write_all(result: &BatchResult, spec: &Spec, returns: &Returns, dir: &Path) -> io::Result<()> {
    let batch = dir.join("reports").join(result.batch.as_str());
    fs::create_dir_all(&batch)?;
    let overview = view::overview_of(result, spec);
    fs::write(batch.join("index.html"), html::of(result, &overview, spec))?;
    fs::write(batch.join(bulletin::BULLETIN), bulletin::of(result, &overview, spec))?;
    // The overview begins with the units of the roster.
    for (unit, seen) in spec.roster.unit.iter().zip(&overview.units) {
        let folder = unit_folder(dir, &result.batch, unit);
        fs::create_dir_all(&folder)?;
        let findings = view::findings_of(result, &unit.code, spec);
        fs::write(folder.join("findings.json"), json::of(result, seen, &findings, spec))?;
        fs::write(folder.join(view::UNIT_PAGE), unit_html::of(result, seen, findings, spec, returns))?;
    }
    Ok(())
}
