#!/usr/bin/env python3
"""Reads a published version with DuckDB, polars and pandas, as analysts do, and compares what they see.

    python3 read.py OUT/current [truth.json]

Every dataset must be readable by all three with the same number of rows, `projects` with the same exact sums per batch and
stage, money as decimals, days as dates, and `batch` as the text 02. With a truth file the sums of all rows that were
read (`projects` and `rejected`) must be the true ones.
"""
import datetime
import json
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

MONEY = "total_investment_wan"
DAY = "start_date"
problems = []


def expect(what, seen, wanted):
    if seen != wanted:
        problems.append(f"{what}: {seen!r}, expected {wanted!r}")


def with_duckdb(folder):
    # The files have their batch; from paths DuckDB would guess a number where all batches have two digits, `batch=21`.
    source = f"read_parquet('{folder}/**/*.parquet', hive_partitioning=false)"
    return lambda columns: duckdb.sql(f"SELECT {', '.join(columns)} FROM {source}").fetchall()


def with_polars(folder):
    frame = pl.scan_parquet(f"{folder}/**/*.parquet")
    return lambda columns: frame.select(columns).collect().rows()


def with_pandas(folder):
    # Without it pyarrow guesses a number from `batch=02` and finds a text in the files.
    frame = pd.read_parquet(folder, partitioning=None)
    rows = frame.astype(object).where(frame.notna(), None)
    return lambda columns: list(rows[columns].itertuples(index=False, name=None))


READERS = {"DuckDB": with_duckdb, "polars": with_polars, "pandas": with_pandas}


def sums(rows):
    """(batch, stage) -> number of rows and exact sum."""
    out = defaultdict(lambda: (0, Decimal(0)))
    for batch, stage, wan in rows:
        count, total = out[batch, stage]
        out[batch, stage] = (count + 1, total + (wan or 0))
    return dict(out)


def check_types(reader, read):
    rows = read(["batch", MONEY, DAY, f"{DAY}_precision"])
    for i, kind in enumerate((str, Decimal, datetime.date, str)):
        kinds = {type(row[i]) for row in rows if row[i] is not None}
        expect(f"{reader}: types in column {i}", kinds, {kind})
    scales = {row[1].as_tuple().exponent for row in rows if row[1] is not None}
    expect(f"{reader}: scale of {MONEY}", scales, {-4})
    expect(f"{reader}: length of batch", {len(row[0]) for row in rows}, {2})


def check_documentation(folder):
    for path in folder.glob("**/*.parquet"):
        for field in pq.read_schema(path):
            metadata = field.metadata or {}
            if not metadata.get(b"title") or not metadata.get(b"description"):
                problems.append(f"{path}: {field.name} has no Chinese name or description")


def main(current, truth):
    datasets = sorted(p.name for p in current.iterdir() if p.is_dir() and any(p.glob("**/*.parquet")))
    expect("datasets", [d for d in ("projects", "rejected", "findings", "cells") if d not in datasets], [])
    totals = {}
    for dataset in datasets:
        folder = current / dataset
        check_documentation(folder)
        # `lifecycle` is over all batches: it has no column `batch`.
        first = pq.read_schema(next(folder.glob("**/*.parquet"))).names[0]
        counts = {name: len(reader(folder)([first])) for name, reader in READERS.items()}
        expect(f"{dataset}: rows", len(set(counts.values())), 1)
        print(f"{dataset:<16} {counts['DuckDB']:>7} rows")
        if dataset in ("projects", "rejected"):
            by_reader = {name: sums(reader(folder)(["batch", "stage", MONEY])) for name, reader in READERS.items()}
            for name, seen in by_reader.items():
                expect(f"{dataset}: sums of {name}", seen, by_reader["DuckDB"])
            totals[dataset] = by_reader["DuckDB"]
    for name, reader in READERS.items():
        check_types(name, reader(current / "projects"))
    for (batch, stage), (count, wan) in sorted(totals["projects"].items()):
        print(f"projects {batch} {stage} {count:>5} {wan:>18}")
    if truth:
        for batch, stages in json.loads(truth.read_text(encoding="utf-8"))["inbox_province"].items():
            for stage, want in stages.items():
                both = [totals[d].get((batch, stage), (0, Decimal(0))) for d in ("projects", "rejected")]
                seen = (both[0][0] + both[1][0], both[0][1] + both[1][1])
                expect(f"truth {batch} {stage}", seen, (want["count"], Decimal(want["wan"])))
    for problem in problems:
        print("wrong:", problem, file=sys.stderr)
    print("readers agree" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    truth = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    sys.exit(main(Path(sys.argv[1]), truth if truth and truth.exists() else None))
