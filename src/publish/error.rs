//! What can go wrong with the published tree.

use std::io;
use std::path::{Path, PathBuf};

/// The tree could not be read or written. What was published before is intact.
#[derive(Debug, thiserror::Error)]
#[error("{}：{message}", path.display())]
pub struct PublishError {
    /// File or folder.
    pub path: PathBuf,
    /// What is wrong (Chinese) and what to do.
    pub message: String,
}

impl PublishError {
    pub(super) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }

    /// The disk failed while `doing` (a Chinese verb).
    pub(super) fn io(path: &Path, doing: &str, error: &io::Error) -> Self {
        let (why, what_to_do) = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ("磁盘已满".to_owned(), "请腾出空间后重新运行")
            }
            io::ErrorKind::PermissionDenied => ("没有权限".to_owned(), "请检查目录的所有者和权限"),
            io::ErrorKind::ReadOnlyFilesystem => ("文件系统只读".to_owned(), "请换一个可写的发布目录（--out）"),
            io::ErrorKind::NotFound => ("不存在".to_owned(), "请检查发布目录是否被移动或删除"),
            io::ErrorKind::NotADirectory => ("不是文件夹".to_owned(), "请换一个发布目录（--out）"),
            io::ErrorKind::Unsupported => ("文件系统不支持".to_owned(), "请把发布目录放在本地磁盘上"),
            _ => (error.to_string(), "请检查磁盘后重新运行"),
        };
        Self::new(path, format!("无法{doing}（{why}）。{what_to_do}；原来的发布没有受影响"))
    }
}
