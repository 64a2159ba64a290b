//! What can go wrong with a dataset.

use std::path::PathBuf;

/// A dataset could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{}：{message}", path.display())]
pub struct DatasetError {
    /// File or folder.
    pub path: PathBuf,
    /// What is wrong (Chinese) and what to do.
    pub message: String,
}
