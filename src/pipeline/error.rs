//! Why a run could not go on. Findings are never errors.

use std::io;
use std::path::PathBuf;

use crate::dataset::DatasetError;
use crate::model::BatchId;
use crate::publish::PublishError;

/// A run published nothing. Messages are Chinese, name the path and say what to do.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The inbox cannot be listed.
    #[error("收件夹 {} 无法读取（{}）。请检查路径和权限，或用 --inbox 指定", path.display(), reason(source))]
    Inbox {
        /// The inbox.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A batch folder cannot be listed: publishing the batch as empty would take away what was published of it.
    #[error("期的文件夹 {} 无法打开，未发布；原来的发布没有受影响。请检查权限后重新运行", path.display())]
    BatchFolder {
        /// The folder.
        path: PathBuf,
    },
    /// No batch folder holds a file.
    #[error("收件夹 {} 里没有可处理的文件：文件应放在期的文件夹里，例如 {}/02/洛阳市/台账.xlsx", path.display(), path.display())]
    NothingToRead {
        /// The inbox.
        path: PathBuf,
    },
    /// A batch that was asked for is not there.
    #[error("收件夹 {} 里没有期 {batch} 的文件夹（写作 {batch}、第…期 均可）", path.display())]
    NoSuchBatch {
        /// The inbox.
        path: PathBuf,
        /// The batch.
        batch: BatchId,
    },
    /// A file to be checked cannot be read from disk.
    #[error("{}：无法读取（{}）", path.display(), reason(source))]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Rows of other batches that were there cannot be read any more.
    #[error("已读过的各期项目无法再次读取（{}），未发布；原来的发布没有受影响。请检查磁盘后重新运行", reason(.0))]
    Rows(io::Error),
    /// Rows or amounts do not add up from sheet to dataset: a defect of the program, so nothing is published.
    #[error("程序自身的账不平，未发布。请把本行和日志一起反馈：{0}")]
    Books(String),
    /// Worker threads could not be started.
    #[error("无法启动 {jobs} 个工作线程。请减小 --jobs")]
    Threads {
        /// As asked for.
        jobs: usize,
    },
    /// The run took longer than it may.
    #[error(
        "运行超过 {minutes} 分钟，已停止，未发布；原来的发布没有受影响。请加大 sanpi.toml 的 run.minutes，或用 --batch 分期运行"
    )]
    Overtime {
        /// As configured.
        minutes: u64,
    },
    /// The program cannot be started as a reading child.
    #[error("读取子进程 {} 无法启动（{why}），未发布。请检查程序文件、内存和进程数的限制", path.display())]
    Child {
        /// The program.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A file could not be read where the machine gives less memory than the configuration promises.
    #[error(
        "内存不足：系统只允许 {mib} MiB 地址空间，读取 {file} 时不够用，未发布。请放宽 ulimit -v，或减小 --jobs 和 sanpi.toml 的 limits.child_memory_mib"
    )]
    Memory {
        /// What the system allows.
        mib: u64,
        /// Path below the inbox.
        file: String,
    },
    /// Datasets.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// Publishing.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Reports.
    #[error("报告无法写入 {}（{}）。请检查磁盘空间和权限", path.display(), reason(source))]
    Report {
        /// Folder of the new version.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// An I/O error in the words of the operator.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "不存在".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::NotADirectory => "不是文件夹".to_owned(),
        io::ErrorKind::StorageFull => "磁盘已满".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "只读".to_owned(),
        _ => error.to_string(),
    }
}
