//! `sanpi history` and `sanpi restore`: the published versions.

use std::process::ExitCode;
use std::time::Duration;

use jiff::tz::TimeZone;
use sanpi::model::BatchId;
use sanpi::publish::{Store, Version};
use sanpi::report::terminal;

use super::args::{RestoreArgs, TreeArgs};
use super::console::{Ended, fail, remark, say};
use super::place;

/// Hours by which the operators' clocks are ahead of UTC.
const BEIJING: i8 = 8;

/// Versions of the published tree.
pub(super) fn history(args: &TreeArgs) -> Ended {
    let place = place::settle(args)?;
    let store = Store::open(&place.out).map_err(fail)?;
    let versions = store.history().map_err(fail)?;
    if versions.is_empty() {
        return Err(fail(format!("{} 还没有发布过版本。先运行 sanpi run", place.out.display())));
    }
    let columns = [
        ("版本", true),
        ("当前", false),
        ("发布时间", false),
        ("期", false),
        ("文件", true),
        ("行", true),
        ("状态", false),
    ];
    let columns: Vec<(String, bool)> = columns.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect();
    let rows: Vec<Vec<Option<String>>> = versions.iter().map(|v| row(v).into_iter().map(Some).collect()).collect();
    say(&terminal::grid(&columns, &rows, None))?;
    if !versions.iter().any(|v| v.current) && store.current().is_some() {
        let link = place.out.join("current");
        remark(&format!("{} 指向的版本不在了。用 sanpi restore N 换到上面完整的一版", link.display()));
    }
    Ok(ExitCode::SUCCESS)
}

fn row(version: &Version) -> [String; 7] {
    let batches: Vec<&str> = version.batches.iter().map(BatchId::as_str).collect();
    let time = |t: jiff::Timestamp| {
        t.to_zoned_datetime(TimeZone::fixed(jiff::tz::offset(BEIJING))).strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    [
        format!("{:06}", version.number),
        if version.current { "←" } else { "" }.to_owned(),
        version.modified.map_or_else(String::new, time),
        batches.join("、"),
        version.files.to_string(),
        version.rows.to_string(),
        version.fault.clone().unwrap_or_else(|| "完整".to_owned()),
    ]
}

/// Makes an older version current again.
pub(super) fn restore(args: &RestoreArgs) -> Ended {
    let place = place::settle(&args.tree)?;
    let store = Store::open(&place.out).map_err(fail)?;
    let store = waiting(store, args.wait);
    store.restore(args.version).map_err(fail)?;
    say(&format!("当前版本已切换为第 {} 版：{}\n", args.version, place.out.join("current").display()))?;
    Ok(ExitCode::SUCCESS)
}

/// A store that waits as long as the command line says, after having said for whom.
pub(super) fn waiting(store: Store, wait: Option<u64>) -> Store {
    if let (Some(_), Some(who)) = (wait, store.holder()) {
        remark(&format!("另一个 sanpi 正在写这个发布目录（{who}），等它结束……"));
    }
    store.patient(Duration::from_secs(wait.unwrap_or(0)))
}
