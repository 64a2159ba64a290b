#!/usr/bin/env python3
"""Runs the code blocks of the README's section 查询 as they stand there, against a published version.

    python3 recipes.py README.md SANPI OUT

`sh` with sanpi on the path, `sql` with DuckDB, `python` with this interpreter; the latter two must print the counts of the
second batch that DuckDB finds. Blocks that need Spark run only where pyspark is installed. Excel's block cannot be run here.
"""
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb


def blocks(readme):
    text = readme.read_text(encoding="utf-8")
    section = re.search(r"^### 查询\n(.*?)^## ", text, re.S | re.M).group(1)
    return re.findall(r"^```(\w+)\n(.*?)^```", section, re.S | re.M)


def main(readme, sanpi, out):
    counts = duckdb.sql(f"SELECT count(*) FROM read_parquet('{out}/current/projects/batch=02/*.parquet') "
                        "GROUP BY stage").fetchall()
    wanted = {str(n) for (n,) in counts}
    problems, ran = [], 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "out").symlink_to(out.resolve())
        # sanpi finds its configuration as it does in the project's folder.
        Path(folder, "pipelines").symlink_to((readme.parent / "pipelines").resolve())
        env = dict(os.environ, PATH=f"{sanpi.resolve().parent}:{os.environ['PATH']}", SANPI_OUT=str(out.resolve()),
                   SPARK_LOCAL_IP="127.0.0.1")
        for kind, code in blocks(readme):
            if kind == "sh":
                command = ["bash", "-euc", code]
            elif kind == "sql":
                command = [sys.executable, "-c", f"import duckdb\nprint(duckdb.sql({code!r}))"]
            elif kind == "python":
                if "pyspark" in code and not importlib.util.find_spec("pyspark"):
                    print("recipe of Spark: pyspark is not installed, skipped")
                    continue
                command = [sys.executable, "-c", code]
            else:
                print(f"recipe of {kind}: cannot be run here, skipped")
                continue
            ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)
            ran += 1
            # Queries of sanpi also answer other questions; a test of its own looks at them.
            missing = [n for n in wanted if kind != "sh" and not re.search(rf"(?<!\d){n}(?!\d)", ended.stdout)]
            if ended.returncode or missing:
                problems.append(f"{kind}:\n{code}\nexit {ended.returncode}, without {missing}\n{ended.stdout}{ended.stderr[-2000:]}")
    if ran < 5:
        problems.append(f"only {ran} blocks were found")
    for problem in problems:
        print("wrong:", problem, file=sys.stderr)
    print(f"{ran} recipes of the README answer" if not problems else f"{len(problems)} recipes fail")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
