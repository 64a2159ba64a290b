//! `sanpi template`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use sanpi::{report, workbook};

use super::args::TemplateArgs;
use super::console::{Ended, fail, say};
use super::place;

/// Writes the template of a batch; a file that is there is never overwritten.
pub(super) fn template(args: &TemplateArgs) -> Ended {
    let spec = place::spec(&args.pipelines)?;
    let unit = match args.unit.as_deref() {
        None => None,
        Some(name) => {
            let fits = |u: &&sanpi::spec::Unit| u.name == name || u.code == name || u.aliases.iter().any(|a| a == name);
            let all = || spec.roster.unit.iter().map(|u| u.name.as_str()).collect::<Vec<_>>().join("、");
            Some(spec.roster.unit.iter().find(fits).ok_or_else(|| fail(format!("没有单位“{name}”。应是：{}", all())))?)
        }
    };
    let title = report::batch_title(&args.batch);
    let bytes = workbook::template(&args.batch, &title, unit, &spec).map_err(fail)?;
    let name = unit.map_or("", |u| u.name.as_str());
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}{title}三个一批填报模板.xlsx")));
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    file.and_then(|mut f| f.write_all(&bytes)).map_err(|e| {
        let why = match e.kind() {
            std::io::ErrorKind::AlreadyExists => "已经存在，请换一个名字（--out）".to_owned(),
            std::io::ErrorKind::NotFound => "文件夹不存在".to_owned(),
            std::io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
            _ => e.to_string(),
        };
        fail(format!("{} 无法写出：{why}", path.display()))
    })?;
    say(&format!("模板：{}\n", path.display()))?;
    Ok(ExitCode::SUCCESS)
}
