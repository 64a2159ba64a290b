//! Pages and workbooks of the batches of a run, into the version in the making.

use std::path::Path;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::discover::Entry;
use crate::model::BatchResult;
use crate::reader::Pool;
use crate::report;
use crate::spec::Spec;

use super::run::Options;
use super::{RunError, returns, run};

/// Writes what people read about each batch below `dir`; `entries` are the files that it was made from.
pub(super) fn write(
    batches: &[BatchResult],
    entries: &[Entry],
    options: &Options,
    spec: &Spec,
    dir: &Path,
) -> Result<(), RunError> {
    let (threads, jobs) = run::threads(options)?;
    let pool = Pool::new(options.exe.clone(), spec.settings.limits, jobs);
    let one = |result: &BatchResult| {
        let returns = returns::write(result, entries, &pool, spec, dir)?;
        report::write_all(result, spec, &returns, dir)
            .map_err(|source| RunError::Report { path: dir.to_owned(), source })
    };
    threads.install(|| batches.par_iter().try_for_each(one))
}
