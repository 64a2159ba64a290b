//! Pages and workbooks of the batches of a run, into the version in the making.

use std::path::Path;

use crate::discover::Entry;
use crate::model::BatchResult;
use crate::reader::Pool;
use crate::report;
use crate::spec::Spec;

use super::{RunError, returns};

/// Writes what people read about a batch below `dir`; `entries` are the files that it was made from.
pub(super) fn write(
    result: &BatchResult,
    entries: &[&Entry],
    pool: &Pool,
    spec: &Spec,
    dir: &Path,
) -> Result<(), RunError> {
    let returns = returns::write(result, entries, pool, spec, dir)?;
    report::write_all(result, spec, &returns, dir).map_err(|source| RunError::Report { path: dir.to_owned(), source })
}
