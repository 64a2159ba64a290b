//! `sanpi extract`: one file as a pure function, for a cluster's executors. Bytes on stdin, Arrow IPC on stdout.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use sanpi::model::BatchId;
use sanpi::{dataset, pipeline};

use super::args::ExtractArgs;
use super::console::{Ended, closed, fail};
use super::place;

/// Reads stdin, writes the records of the file.
pub(super) fn extract(args: &ExtractArgs) -> Ended {
    let spec = place::spec(&args.pipelines)?;
    let path = args.path.to_string_lossy();
    let folder = path.split('/').next().unwrap_or_default();
    let batch = BatchId::parse(folder)
        .ok_or_else(|| fail(format!("--path {path} 应以期的文件夹开头，例如 02/洛阳市/台账.xlsx")))?;
    let mut bytes = Vec::new();
    let most = spec.settings.limits.file_bytes.saturating_add(1);
    io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|e| fail(format!("无法读标准输入：{e}")))?;
    let extract = pipeline::extract_bytes(&bytes, &path, &batch, &spec);
    let mut out = io::stdout().lock();
    dataset::ipc(&extract, &spec, &mut out).and_then(|()| out.flush()).map_err(|e| closed(&e))?;
    Ok(ExitCode::SUCCESS)
}
