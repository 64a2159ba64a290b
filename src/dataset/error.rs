//! What can go wrong with a dataset.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

/// A dataset could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{}：{message}", path.display())]
pub struct DatasetError {
    /// File or folder.
    pub path: PathBuf,
    /// What is wrong (Chinese) and what to do.
    pub message: String,
}

impl DatasetError {
    pub(super) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }

    /// The disk failed; `doing` is 写入 or 读取.
    pub(super) fn io(path: &Path, doing: &str, error: &io::Error) -> Self {
        let (why, what_to_do) = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ("磁盘已满".to_owned(), "请腾出空间后重新运行")
            }
            io::ErrorKind::PermissionDenied => ("没有权限".to_owned(), "请检查目录的所有者和权限"),
            io::ErrorKind::ReadOnlyFilesystem => ("文件系统只读".to_owned(), "请换一个可写的发布目录（--out）"),
            io::ErrorKind::NotFound => {
                ("文件不在".to_owned(), "版本可能被删去一部分，可用 sanpi restore 换到完整的版本")
            }
            _ => (error.to_string(), "请检查磁盘后重新运行"),
        };
        Self::new(path, format!("无法{doing}（{why}）。{what_to_do}"))
    }

    /// Writing failed.
    pub(super) fn write(path: &Path, error: &ParquetError) -> Self {
        match io_error(error) {
            Some(io) => Self::io(path, "写入", io),
            None => Self::new(path, format!("无法写成 Parquet（{error}）。请把本行反馈给维护人员")),
        }
    }

    /// What is there is no dataset of ours.
    pub(super) fn read(path: &Path, error: &ParquetError) -> Self {
        match io_error(error) {
            Some(io) => Self::io(path, "读取", io),
            None => Self::new(path, format!("文件已损坏（{error}）。可用 sanpi restore 换到上一版，再重新运行")),
        }
    }
}

fn io_error(error: &ParquetError) -> Option<&io::Error> {
    match error {
        ParquetError::External(inner) => inner.downcast_ref(),
        _ => None,
    }
}
