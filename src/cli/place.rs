//! Where things are: flag, then environment, then `sanpi.toml`.

use std::path::{Path, PathBuf};

use sanpi::report::bulletin;
use sanpi::rules;
use sanpi::spec::{Spec, SpecError};

use super::args::TreeArgs;
use super::console::{Failure, fail};

/// The folders of a command that works on the published tree.
pub(super) struct Place {
    /// Inbox.
    pub(super) inbox: PathBuf,
    /// Published tree.
    pub(super) out: PathBuf,
    /// Configuration.
    pub(super) spec: Spec,
}

/// Reads the configuration and settles the folders.
pub(super) fn settle(tree: &TreeArgs) -> Result<Place, Failure> {
    let spec = spec(&tree.pipelines)?;
    let folders = &spec.settings.folders;
    Ok(Place {
        inbox: tree.inbox.clone().unwrap_or_else(|| folders.inbox.clone()),
        out: tree.out.clone().unwrap_or_else(|| folders.out.clone()),
        spec,
    })
}

/// Reads the configuration.
pub(super) fn spec(pipelines: &Path) -> Result<Spec, Failure> {
    if !pipelines.is_dir() {
        let path = pipelines.display();
        return Err(fail(format!("没有配置目录 {path}。请在项目目录里运行，或用 --pipelines 指定")));
    }
    let spec = Spec::load(pipelines, &rules::codes()).map_err(fail)?;
    let problems = bulletin::problems(&spec);
    if problems.is_empty() { Ok(spec) } else { Err(fail(SpecError { problems })) }
}

/// This program, for its reading children.
pub(super) fn exe() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|e| fail(format!("找不到程序自身的路径：{e}")))
}
