//! Pages and workbooks of the batches of a run, into the version in the making.

use std::path::Path;

use crate::model::BatchResult;
use crate::report;
use crate::spec::Spec;

use super::RunError;

/// Writes what people read about each batch below `dir`.
pub(super) fn write(batches: &[BatchResult], spec: &Spec, dir: &Path) -> Result<(), RunError> {
    for result in batches {
        report::write_all(result, spec, &report::Returns::new(), dir)
            .map_err(|source| RunError::Report { path: dir.to_owned(), source })?;
    }
    Ok(())
}
