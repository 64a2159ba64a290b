//! `sanpi run` from outside: the work is done by a second process, so that a run which is ended by the system, for want
//! of memory or by a defect, still is told with its exit code, its report and a message to whoever must know.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process_group};
use sanpi::pipeline::{RunReport, prometheus};
use sanpi::spec::{Notify, NotifyOn};

use super::args::RunArgs;
use super::console::{Ended, complain, fail};
use super::log;
use super::place::{self, Place};

/// Exit code of a run that published nothing.
const FAILED: u8 = 2;
/// Mode of the metrics: whoever collects them is another user.
const METRICS_MODE: u32 = 0o644;
/// Time between two looks at a command that runs.
const PAUSE: Duration = Duration::from_millis(50);

/// Has the run done, and tells of it.
pub(super) fn run(args: &RunArgs) -> Ended {
    let place = place::settle(&args.tree)?;
    let (started, clock) = (Timestamp::now(), Instant::now());
    let run = format!("{}-{}", started.strftime("%Y%m%dT%H%M%SZ"), std::process::id());
    let mut command = Command::new(place::exe()?);
    command.args(std::env::args_os().skip(1)).arg(format!("--worker={run}"));
    let status =
        command.status().map_err(|e| fail(format!("无法启动工作进程（{e}），没有运行。请检查内存和进程数的限制")))?;
    let code = match status.code().and_then(|code| u8::try_from(code).ok()) {
        Some(code) if code <= FAILED => code,
        _ => {
            let why = abnormal(status, &place.out);
            complain(&why);
            let mut report = RunReport::begun(&run, &place.spec.hash, started);
            report.error = Some(why);
            report.end(Timestamp::now(), milliseconds(clock), FAILED);
            // A run that cannot write its report has said everything on stderr.
            let _ = log::write_report(&place.out, &report);
            FAILED
        }
    };
    aftermath(args, &place, &run, code);
    Ok(ExitCode::from(code))
}

/// Milliseconds since a moment.
pub(super) fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// What to say of a worker that did not end by itself.
fn abnormal(status: ExitStatus, out: &Path) -> String {
    let why = match (status.signal().map(Signal::from_named_raw), status.code()) {
        (Some(Some(Signal::ABORT)), _) => "内存不足或程序自身出错，进程中止".to_owned(),
        (Some(Some(Signal::KILL)), _) => "进程被强行结束，多半是内存不足".to_owned(),
        (Some(_), _) => format!("进程被信号 {} 结束", status.signal().unwrap_or_default()),
        (None, code) => format!("程序自身出错，退出码 {}", code.unwrap_or_default()),
    };
    format!(
        "运行没有完成：{why}。发布目录 {} 里原来的版本没有受影响；请增加内存或减小 --jobs 后重新运行，反复出现请把日志反馈给维护人员",
        out.display()
    )
}

/// Metrics, a command to be run on failure, and old logs. None of it changes the exit code.
fn aftermath(args: &RunArgs, place: &Place, run: &str, code: u8) {
    let settings = &place.spec.settings;
    let report = log::read_report(&place.out, run);
    let file =
        args.metrics.clone().or_else(|| Some(settings.metrics.file.clone()).filter(|f| !f.as_os_str().is_empty()));
    if let (Some(file), Some(report)) = (file, &report) {
        let published = log::runs(&place.out).into_iter().filter_map(|run| log::read_report(&place.out, &run));
        let last = published.filter(|r| r.exit_code < FAILED).map(|r| r.ended.as_second()).next();
        let written = log::replace(&file, &prometheus(report, last))
            .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(METRICS_MODE)));
        if let Err(error) = written {
            complain(&format!(
                "指标无法写入 {}（{error}）。请检查 --metrics 或 sanpi.toml 的 metrics.file",
                file.display()
            ));
        }
    }
    let told = match settings.notify.on {
        NotifyOn::Failure => code >= FAILED,
        NotifyOn::Findings => code > 0,
    };
    if told {
        notify(&settings.notify, &place.out, run, code, report.and_then(|r| r.error));
    }
    log::rotate(&place.out, settings.logs.runs, run);
}

/// Runs the command of `[notify]`, for as long as it may take.
fn notify(settings: &Notify, out: &Path, run: &str, code: u8, message: Option<String>) {
    let Some((program, arguments)) = settings.command.split_first() else { return };
    let complain = |why: &str| complain(&format!("通知命令 {program} {why}。请检查 sanpi.toml 的 notify.command"));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("SANPI_REPORT", absolute(&log::report_path(out, run)))
        .env("SANPI_LOG", absolute(&log::log_path(out, run)))
        .env("SANPI_EXIT_CODE", code.to_string())
        .env("SANPI_MESSAGE", message.unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return complain(&format!("无法启动（{error}）")),
    };
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return,
            Ok(Some(status)) => return complain(&format!("没有成功（{status}）")),
            Ok(None) if begun.elapsed().as_secs() < settings.seconds => std::thread::sleep(PAUSE),
            _ => break,
        }
    }
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
    complain(&format!("超过 {} 秒，已结束", settings.seconds));
}

fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
