//! `sanpi install-timer --print`: what runs the night job every night, with the paths of this installation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::TimerArgs;
use super::console::{Ended, Failure, fail, say};
use super::place::{self, Place};

/// Minutes over which the start may be spread, so that many machines do not start at one moment.
const SPREAD_MINUTES: u32 = 5;
/// Minutes that systemd waits longer than the run's own limit.
const MARGIN_MINUTES: u64 = 15;

/// Prints units and a crontab line; installs nothing.
pub(super) fn install_timer(args: &TimerArgs) -> Ended {
    let Place { inbox, out, spec } = place::settle(&args.tree)?;
    let paths = Paths {
        exe: place::exe()?,
        inbox: absolute(&inbox)?,
        out: absolute(&out)?,
        pipelines: absolute(&args.tree.pipelines)?,
        cache: Some(&spec.settings.cache.folder)
            .filter(|f| !f.as_os_str().is_empty())
            .map(|f| absolute(f))
            .transpose()?,
        metrics: Some(&spec.settings.metrics.file)
            .filter(|f| !f.as_os_str().is_empty())
            .and_then(|f| f.parent())
            .map(absolute)
            .transpose()?,
    };
    let minutes = spec.settings.run.minutes;
    let text = [how_to(&args.user), service(&paths, &args.user, minutes), timer(args.at), crontab(&paths, args.at)];
    say(&text.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Absolute paths.
struct Paths {
    exe: PathBuf,
    inbox: PathBuf,
    out: PathBuf,
    pipelines: PathBuf,
    cache: Option<PathBuf>,
    metrics: Option<PathBuf>,
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|e| fail(format!("{}：无法得到绝对路径（{e}）", path.display())))
}

/// A path as one word of a systemd unit.
fn word(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    if text.contains([' ', '\t', ';', '\'', '"']) { format!("\"{text}\"") } else { text }
}

/// A path in a list of paths of a systemd unit: no `$` is expanded there.
fn listed(path: &Path) -> String {
    word(path).replace("$$", "$")
}

/// A path as one word of the shell in a crontab line.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\'', "'\\''").replace('%', "\\%");
    if text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) { text } else { format!("'{text}'") }
}

fn how_to(user: &str) -> String {
    format!(
        "# 以下内容只是打印出来，没有安装。systemd 和 crontab 任选一种。\n\
         # systemd：存成两个文件后启用\n\
         #   useradd --system {user}                                   （运行用户；对收件夹有读权限，对发布目录有写权限）\n\
         #   /etc/systemd/system/sanpi.service  /etc/systemd/system/sanpi.timer\n\
         #   systemctl daemon-reload && systemctl enable --now sanpi.timer\n\
         #   systemctl start sanpi.service       马上运行一次\n\
         #   journalctl -u sanpi.service         看输出\n"
    )
}

fn service(paths: &Paths, user: &str, minutes: u64) -> String {
    let mut writable = vec![listed(&paths.out)];
    writable.extend([&paths.cache, &paths.metrics].into_iter().flatten().map(|p| listed(p)));
    let limit = if minutes == 0 { "infinity".to_owned() } else { format!("{}min", minutes + MARGIN_MINUTES) };
    format!(
        "# ---- /etc/systemd/system/sanpi.service ----\n\
         [Unit]\n\
         Description=sanpi: 三个一批报送数据每晚处理\n\
         RequiresMountsFor={inbox} {out}\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         User={user}\n\
         ExecStart={exe} run --inbox {inbox_word} --out {out_word} --pipelines {pipelines_word} --wait 3600\n\
         # 退出码 1：已发布，数据里有问题；不算运行失败\n\
         SuccessExitStatus=1\n\
         TimeoutStartSec={limit}\n\
         Nice=10\n\
         IOSchedulingClass=idle\n\
         UMask=0027\n\
         # 只读整个系统，只能写发布目录；不联网，不提权\n\
         ProtectSystem=strict\n\
         ReadWritePaths={writable}\n\
         ReadOnlyPaths={inbox} {pipelines}\n\
         PrivateTmp=yes\n\
         PrivateDevices=yes\n\
         PrivateNetwork=yes\n\
         NoNewPrivileges=yes\n\
         ProtectKernelTunables=yes\n\
         ProtectKernelModules=yes\n\
         ProtectKernelLogs=yes\n\
         ProtectControlGroups=yes\n\
         ProtectClock=yes\n\
         ProtectHostname=yes\n\
         RestrictAddressFamilies=AF_UNIX\n\
         RestrictNamespaces=yes\n\
         RestrictRealtime=yes\n\
         RestrictSUIDSGID=yes\n\
         LockPersonality=yes\n\
         CapabilityBoundingSet=\n\
         SystemCallArchitectures=native\n\
         SystemCallFilter=@system-service\n\
         SystemCallErrorNumber=EPERM\n",
        exe = word(&paths.exe),
        inbox = listed(&paths.inbox),
        out = listed(&paths.out),
        pipelines = listed(&paths.pipelines),
        inbox_word = word(&paths.inbox),
        out_word = word(&paths.out),
        pipelines_word = word(&paths.pipelines),
        writable = writable.join(" "),
    )
}

fn timer((hour, minute): (u8, u8)) -> String {
    format!(
        "# ---- /etc/systemd/system/sanpi.timer ----\n\
         [Unit]\n\
         Description=sanpi: 每晚 {hour:02}:{minute:02}\n\
         \n\
         [Timer]\n\
         OnCalendar=*-*-* {hour:02}:{minute:02}:00\n\
         RandomizedDelaySec={SPREAD_MINUTES}min\n\
         # 关机错过的，开机后补上\n\
         Persistent=yes\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n"
    )
}

fn crontab(paths: &Paths, (hour, minute): (u8, u8)) -> String {
    format!(
        "# ---- crontab -e（不用 systemd 时；标准输出丢弃，出错的话在标准错误里，cron 会发邮件）----\n\
         {minute} {hour} * * * {exe} run --inbox {inbox} --out {out} --pipelines {pipelines} --wait 3600 >/dev/null\n",
        exe = quoted(&paths.exe),
        inbox = quoted(&paths.inbox),
        out = quoted(&paths.out),
        pipelines = quoted(&paths.pipelines),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> Paths {
        Paths {
            exe: PathBuf::from("/opt/san pi/sanpi"),
            inbox: PathBuf::from("/srv/收件"),
            out: PathBuf::from("/srv/发布 100%"),
            pipelines: PathBuf::from("/srv/pipelines"),
            cache: None,
            metrics: Some(PathBuf::from("/var/lib/textfile")),
        }
    }

    #[test]
    fn paths_with_odd_characters_stay_one_word() {
        let unit = service(&paths(), "sanpi", 360);
        assert!(
            unit.contains("ExecStart=\"/opt/san pi/sanpi\" run --inbox /srv/收件 --out \"/srv/发布 100%%\""),
            "{unit}"
        );
        assert!(unit.contains("ReadWritePaths=\"/srv/发布 100%%\" /var/lib/textfile\n"), "{unit}");
        assert!(unit.contains("TimeoutStartSec=375min\n"), "{unit}");
        let line = crontab(&paths(), (1, 30));
        assert!(
            line.contains("30 1 * * * '/opt/san pi/sanpi' run --inbox /srv/收件 --out '/srv/发布 100\\%'"),
            "{line}"
        );
        assert!(service(&paths(), "sanpi", 0).contains("TimeoutStartSec=infinity"));
        assert!(timer((2, 5)).contains("OnCalendar=*-*-* 02:05:00"));
    }
}
