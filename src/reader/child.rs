//! The child process: reads file after file from stdin, with limits that the kernel enforces.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::frame::{read_request, write_answer};
use super::read::read;
use crate::spec::Limits;

/// The hidden subcommand `read-child`: serves [`super::Pool`] until its stdin ends.
#[must_use]
pub fn child_main() -> ExitCode {
    // The outcome tells of a panic; the parent's terminal stays clean.
    std::panic::set_hook(Box::new(|_| {}));
    // Without the buffers of stdin and stdout: frames are read and written in large pieces.
    let files =
        io::stdin().as_fd().try_clone_to_owned().and_then(|i| Ok((i, io::stdout().as_fd().try_clone_to_owned()?)));
    let served =
        files.and_then(|(input, out)| serve(&mut BufReader::new(File::from(input)), &mut File::from(out), restrict));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Answers every request; `restrict` sets the limits before each file.
fn serve(input: &mut dyn Read, out: &mut dyn Write, restrict: fn(&Limits) -> io::Result<()>) -> io::Result<()> {
    while let Some(request) = read_request(input)? {
        restrict(&request.limits)?;
        let outcome = read(&request.bytes, &request.name, &request.limits);
        write_answer(out, &outcome)?;
    }
    Ok(())
}

/// Address space, CPU seconds on top of those already used, no core dump.
fn restrict(limits: &Limits) -> io::Result<()> {
    // Only soft limits: the CPU limit is raised again for the next file.
    let soft = |resource, value: u64| {
        let maximum = getrlimit(resource).maximum;
        let current = maximum.map_or(value, |m| m.min(value));
        setrlimit(resource, Rlimit { current: Some(current), maximum })
    };
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    soft(Resource::As, limits.child_memory_mib.saturating_mul(1 << 20))?;
    soft(Resource::Cpu, used.saturating_add(limits.child_cpu_seconds).saturating_add(1))?;
    soft(Resource::Core, 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::frame::{read_answer, write_request};
    use super::*;

    #[test]
    fn serves_several_files_over_one_stream() {
        let mut wire = Vec::new();
        for bytes in ["序号,项目\n1,甲\n".as_bytes(), b"", b"%PDF"] {
            write_request(&mut wire, "a.csv", &Limits::default(), bytes).unwrap();
        }
        let mut answers = Vec::new();
        serve(&mut wire.as_slice(), &mut answers, |_| Ok(())).unwrap();
        let mut answers = answers.as_slice();
        let codes: Vec<_> = (0..3)
            .map(|_| read_answer(&mut answers).unwrap())
            .map(|o| o.issues.first().map(|i| i.code.clone()))
            .collect();
        assert_eq!(codes, [None, Some("F105".into()), Some("F107".into())]);
    }
}
