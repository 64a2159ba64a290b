//! The projects of two versions, from their datasets.

use std::path::Path;

use super::{Diff, compare};
use crate::query::{self, QueryError};

/// A version that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DiffError(#[from] QueryError);

/// What changed from the version in folder `old` to the one in `new`.
///
/// # Errors
/// When the projects of one of them cannot be read.
pub fn between(old: &Path, new: &Path) -> Result<Diff, DiffError> {
    let projects = |version| query::run(version, &[], "SELECT * FROM projects");
    Ok(compare(&projects(old)?, &projects(new)?))
}
