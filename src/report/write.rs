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
    fs::write(batch.join("index.html"), html::overview(result, spec))?;
    fs::write(batch.join(bulletin::BULLETIN), bulletin::page(result, spec))?;
    for unit in &spec.roster.unit {
        let folder = unit_folder(dir, &result.batch, unit);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(view::UNIT_PAGE), unit_html::page(result, &unit.code, spec, returns))?;
        fs::write(folder.join("findings.json"), json::findings(result, &unit.code, spec))?;
    }
    Ok(())
}
