//! Pages and workbooks of the batches of a run, into the version in the making.

use std::path::Path;

use crate::discover::Entry;
use crate::model::BatchResult;
use crate::report;
use crate::spec::Spec;

use super::run::Options;
use super::{RunError, returns};

/// Writes what people read about each batch below `dir`; `entries` are the files that it was made from.
pub(super) fn write(
    batches: &[BatchResult],
    entries: &[Entry],
    options: &Options,
    spec: &Spec,
    dir: &Path,
) -> Result<(), RunError> {
    for result in batches {
        let returns = returns::write(result, entries, options, spec, dir)?;
        report::write_all(result, spec, &returns, dir)
            .map_err(|source| RunError::Report { path: dir.to_owned(), source })?;
    }
    Ok(())
}
