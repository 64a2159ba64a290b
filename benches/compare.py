#!/usr/bin/env python3
"""The whole run against bare readers, and how it grows: the tables of README's 速度.

usage: compare.py --sanpi BIN --load BIN [--venv DIR] [--work DIR] [--quick] [--only PART,...]
                  [--rounds N] [--files N] [--rows N] [--batches N]

Times are CPU seconds (user and system of the whole process tree), medians of alternating runs. Ratios are what counts:
they come from one go on one machine. `--quick` uses smaller inboxes and one round.
Parts: compare, memory, growth, history, rerun, cores.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CORES = len(os.sched_getaffinity(0))
# How often the peak of memory is looked at, in seconds.
LOOK = 0.02
# Limits for the workbook of a million rows; all others are read under those of pipelines/sanpi.toml.
WIDE = {
    "file_bytes": 1 << 31,
    "part_bytes": 1 << 32,
    "inflated_bytes": 1 << 33,
    "cells": 50_000_000,
    "child_memory_mib": 16_384,
    "child_cpu_seconds": 600,
    "child_wall_seconds": 1_800,
}


@dataclass
class Usage:
    """What one process tree used: CPU and wall seconds, peak MiB of the largest process and of the largest reading child."""

    cpu: float
    wall: float
    parent: float
    child: float
    said: str


def high_water(pid: int) -> float:
    """Peak resident MiB of a process; 0 when it is gone."""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found.group(1)) / 1024 if found else 0.0


def descendants(pid: int) -> list[int]:
    """A process and all below it: a run is done by a second process, which has the files read by others."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [d for child in task.read_text().split() for d in descendants(int(child))]
        except OSError:
            continue
    return found


def reads(pid: int) -> bool:
    """Whether a process is a reading child."""
    try:
        return b"read-child" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def measure(command: list[str]) -> Usage:
    """Runs a command to its end."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak = [0.0, 0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK):
            for pid in descendants(process.pid):
                kind = 1 if reads(pid) else 0
                peak[kind] = max(peak[kind], high_water(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare: {' '.join(command)} ended with {process.returncode}")
    return Usage(used.ru_utime + used.ru_stime, time.monotonic() - start, peak[0], peak[1], said.strip())


def alternate(commands: dict[str, list[str]], rounds: int, prepare=lambda: None) -> dict[str, Usage]:
    """Each command `rounds` times, in turns; medians of all numbers."""
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            prepare()
            taken[name].append(measure(command))

    def median(runs: list[Usage]) -> Usage:
        middle = [statistics.median(getattr(r, key) for r in runs) for key in ("cpu", "wall", "parent", "child")]
        return Usage(*middle, runs[0].said)

    return {name: median(runs) for name, runs in taken.items()}


class Bench:
    """Programs, folders and sizes of one go."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.sanpi, self.load, self.work = str(args.sanpi.resolve()), str(args.load.resolve()), args.work
        self.python = args.venv / "bin" / "python" if args.venv else None
        self.rounds = args.rounds or (1 if args.quick else 3)
        self.files = args.files or (100 if args.quick else 1000)
        self.rows = args.rows or (20_000 if args.quick else 1_000_000)
        self.batches = args.batches or (10 if args.quick else 100)
        self.out = self.work / "out"
        self.wide = self.work / "pipelines"
        self._widen()

    def _widen(self) -> None:
        shutil.rmtree(self.wide, ignore_errors=True)
        shutil.copytree(ROOT / "pipelines", self.wide)
        settings = self.wide / "sanpi.toml"
        text = settings.read_text(encoding="utf-8")
        for key, value in WIDE.items():
            text = re.sub(rf"(?m)^{key} = \d+", f"{key} = {value}", text)
        settings.write_text(text, encoding="utf-8")

    def inbox(self, kind: str, n: int) -> Path:
        """An inbox of `n` files (or rows), made when it is not there yet."""
        folder = self.work / f"{kind}-{n}"
        if not folder.exists():
            making = self.work / "making"
            shutil.rmtree(making, ignore_errors=True)
            target = making / "01" / "郑州市" / "郑州市第1期“三个一批”开工项目.xlsx" if kind == "rows" else making
            measure([self.load, kind, str(target), str(n)])
            making.rename(folder)
        return folder

    def run(self, inbox: Path, *more: str, wide: bool = False, out: Path | None = None) -> list[str]:
        """The command of a run."""
        pipelines = self.wide if wide else ROOT / "pipelines"
        return [self.sanpi, "run", "--inbox", str(inbox), "--out", str(out or self.out), "--pipelines", str(pipelines), "--fail-on", "never", *more]

    def fresh(self) -> None:
        """Nothing was published yet."""
        shutil.rmtree(self.out, ignore_errors=True)

    def compare(self) -> None:
        """Against readers that read and nothing else."""
        inboxes = [("示例收件夹", ROOT / "sample_data" / "inbox", False), (f"{self.files} 份报送", self.inbox("inbox", self.files), False), (f"{self.rows:,} 行 × 20 列", self.inbox("rows", self.rows), True)]
        print("| 收件夹 | 程序 | CPU 秒 | 比 calamine | 墙钟秒 | 峰值 MiB（子进程） | 读到 |\n|---|---|--:|--:|--:|--:|---|")
        for title, folder, wide in inboxes:
            commands = {
                "calamine，1 线程": [self.load, "bare", str(folder), "1"],
                f"calamine，{CORES} 线程": [self.load, "bare", str(folder), str(CORES)],
                "**sanpi run**，1 线程": self.run(folder, "--jobs", "1", wide=wide),
                f"**sanpi run**，{CORES} 线程": self.run(folder, wide=wide),
            }
            found = alternate(commands, self.rounds, self.fresh)
            found |= self.tools(folder)
            base = found["calamine，1 线程"].cpu
            for name, used in found.items():
                said = used.said.splitlines()[0] if used.said and "sanpi" not in name else "全部步骤" if "sanpi" in name else ""
                child = f"（{used.child:.0f}）" if used.child else ""
                print(f"| {title} | {name} | {used.cpu:.2f} | {used.cpu / base:.2f} | {used.wall:.2f} | {used.parent:.0f}{child} | {said} |", flush=True)

    def tools(self, folder: Path) -> dict[str, Usage]:
        """The Python tools, once each: they take long, and their distance is not subtle."""
        if self.python is None or not self.python.exists():
            return {}
        names = {"fastexcel": "fastexcel + polars", "duckdb": "DuckDB excel", "pandas": "pandas + openpyxl"}
        found = {}
        for tool, title in names.items():
            if tool == "duckdb" and not self.has_duckdb_excel():
                print("compare: DuckDB's excel extension cannot be installed here", file=sys.stderr)
                continue
            found[title] = measure([str(self.python), str(HERE / "readers.py"), tool, str(folder)])
        return found

    def has_duckdb_excel(self) -> bool:
        """Whether the extension can be had: it comes as a package of its own."""
        code = "import duckdb; from duckdb_extensions import import_extension; import_extension('excel'); duckdb.execute('LOAD excel')"
        return subprocess.run([str(self.python), "-c", code], capture_output=True, timeout=60).returncode == 0

    def memory(self) -> None:
        """Peak of the parent over the number of files."""
        few, many = self.files, self.files * 10
        found = alternate({str(n): self.run(self.inbox("tiny", n)) for n in (few, many)}, 1, self.fresh)
        a, b = found[str(few)], found[str(many)]
        self.tell("内存：主进程峰值", f"{few} 个文件 {a.parent:.0f} MiB，{many} 个 {b.parent:.0f} MiB", b.parent / a.parent, "≤ 1.2")

    def growth(self) -> None:
        """Ten times the submissions, on one thread and on all."""
        few, many = self.files // 10, self.files
        for jobs in dict.fromkeys((1, CORES)):
            command = {str(n): self.run(self.inbox("inbox", n), "--jobs", str(jobs)) for n in (few, many)}
            found = alternate(command, self.rounds, self.fresh)
            a, b = found[str(few)], found[str(many)]
            self.tell(f"增长，{jobs} 线程", f"{few} 份 {a.cpu:.2f} 秒，{many} 份 {b.cpu:.2f} 秒", b.cpu / a.cpu, "≤ 10.5")

    def history(self) -> None:
        """A rerun of the last batch with one batch published, and with a hundred: as it was, and after a file came again."""
        used, came = [], []
        for batches in (1, self.batches):
            inbox, out = self.inbox("inbox", batches * 19), self.work / f"history-{batches}"
            # By this program: what another one has left is read in another way.
            shutil.rmtree(out, ignore_errors=True)
            measure(self.run(inbox, out=out))
            # Unchanged, it would only be looked at.
            command = self.run(inbox, "--batch", str(batches), out=out)
            used.append(alternate({"rerun": [*command, "--force"]}, self.rounds)["rerun"].cpu)
            came.append(self.corrected(inbox, batches, out).cpu)
        for what, cpu in (("内容没有变", used), ("一份报送重交", came)):
            numbers = f"已有 1 期 {cpu[0]:.2f} 秒，{self.batches} 期 {cpu[1]:.2f} 秒"
            self.tell(f"历史：重跑一期，{what}", numbers, cpu[1] / cpu[0], "≤ 1.5")

    def corrected(self, inbox: Path, batch: int, out: Path) -> Usage:
        """A rerun of a batch of which one file has come again each time, with other bytes: a new version is published."""
        again = self.work / "corrected"
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(inbox, again, copy_function=os.link)
        file = sorted((again / f"{batch:02}").glob("*/*.xlsx"))[0]
        own = file.read_bytes()
        times = 0

        def come() -> None:
            nonlocal times
            times += 1
            file.unlink()
            file.write_bytes(own)
            with zipfile.ZipFile(file, "a") as book:
                book.comment = str(times).encode()

        return alternate({"rerun": self.run(again, "--batch", str(batch), out=out)}, self.rounds, come)["rerun"]

    def rerun(self) -> None:
        """A night on which nothing came in."""
        command = self.run(self.inbox("inbox", self.files))
        self.fresh()
        first = measure(command)
        again = alternate({"again": command}, self.rounds)["again"]
        self.tell("没有变化的重跑", f"全跑 {first.cpu:.2f} 秒，重跑 {again.cpu:.2f} 秒", again.cpu / first.cpu, "≤ 0.05")

    def cores(self) -> None:
        """Wall time on one core and on two."""
        command = self.run(self.inbox("inbox", self.files))
        first, second = sorted(os.sched_getaffinity(0))[:2]
        found = alternate({"1": ["taskset", "-c", str(first), *command], "2": ["taskset", "-c", f"{first},{second}", *command]}, self.rounds, self.fresh)
        self.tell("两核对一核（墙钟）", f"一核 {found['1'].wall:.2f} 秒，两核 {found['2'].wall:.2f} 秒", found["1"].wall / found["2"].wall, "≥ 1.8")

    @staticmethod
    def tell(what: str, numbers: str, ratio: float, aim: str) -> None:
        """One line of the second table."""
        print(f"| {what} | {numbers} | {ratio:.2f} | {aim} |", flush=True)


PARTS = ("compare", "growth", "memory", "history", "rerun", "cores")


def machine() -> str:
    """Cores, processor and memory."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    load = os.getloadavg()[0]
    return f"{CORES} 核 {model.group(1).strip() if model else platform.machine()}，{memory:.0f} GiB 内存，开始时负载 {load:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sanpi", type=Path, required=True)
    parser.add_argument("--load", type=Path, required=True)
    parser.add_argument("--venv", type=Path)
    parser.add_argument("--work", type=Path, default=Path("bench"))
    parser.add_argument("--quick", action="store_true")
    for size in ("rounds", "files", "rows", "batches"):
        parser.add_argument(f"--{size}", type=int, help="instead of what --quick or its absence says")
    parser.add_argument("--only", default=",".join(PARTS))
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    args.work = args.work.resolve()
    bench = Bench(args)
    only = args.only.split(",")
    print(machine() + "\n")
    for part in PARTS:
        if part not in only:
            continue
        if part != "compare" and part == next(p for p in PARTS if p in only and p != "compare"):
            print("\n| 项目 | 数 | 比 | 目标 |\n|---|---|--:|--:|")
        getattr(bench, part)()


if __name__ == "__main__":
    main()
