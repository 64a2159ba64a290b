"""Rebuilds the sample: inbox/, corrections/ and truth.json, the same bytes every time.

usage: python generate.py [--rows FILE]    --rows also lists every project row, for comparing a reader with it
"""

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path

from generator import ledger, mistakes, truth
from generator.check import Wrong, check
from generator.mistakes import Report

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Makes everything in memory, checks it, and only then writes."""
    books = ledger.build()
    first = {batch: mistakes.first_reports(books, batch) for batch in ledger.TARGETS}
    later = mistakes.later_reports(books)
    inbox = {batch: truth.sums(reports) for batch, reports in first.items()}
    corrected = {batch: truth.sums(reports, later if batch == mistakes.BATCH else ()) for batch, reports in first.items()}
    planted = mistakes.planted(first[mistakes.BATCH])
    try:
        for reports in (*first.values(), later):
            check(reports)
        for batch, units in corrected.items():
            if truth.province(units) != truth.published(batch):
                raise Wrong(f"batch {batch}: {truth.province(units)} is not {truth.published(batch)}")
        _check_readme(planted, inbox[mistakes.BATCH])
    except Wrong as wrong:
        print(f"sample_data: nothing written: {wrong}", file=sys.stderr)
        return 1
    folders = {f"inbox/{batch}": reports for batch, reports in first.items()}
    folders[f"corrections/{mistakes.BATCH}"] = later
    for name in ("inbox", "corrections"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    for folder, reports in folders.items():
        _write(HERE / folder, reports)
    (HERE / "truth.json").write_text(truth.render(inbox, corrected, planted), encoding="utf-8", newline="\n")
    if sys.argv[1:2] == ["--rows"]:
        _list_rows(Path(sys.argv[2]), folders)
    return 0


def _check_readme(planted: list[mistakes.Mistake], units: truth.Sums) -> None:
    """The README names the places of the mistakes and the sums of the first reports."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    row_or_cell = [f"第 {m.cell.split(':')[0]} 行" if ":" in m.cell else m.cell for m in planted]
    sums = [f"{s['count']} 项 {(Decimal(str(s['wan'])) / 10_000).normalize():f} 亿元" for s in truth.province(units).values()]
    missing = [words for words in (*row_or_cell, *sums) if words not in text]
    if missing:
        raise Wrong(f"README.md does not say {missing}")


def _write(folder: Path, reports: list[Report]) -> None:
    for file in (file for report in reports for file in report.files):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)


def _list_rows(target: Path, folders: dict[str, list[Report]]) -> None:
    """One JSON line per project row."""
    with target.open("w", encoding="utf-8") as out:
        for folder, reports in folders.items():
            for report in reports:
                for file in report.files:
                    for row in file.placed:
                        project = row.entry.project
                        line = {
                            "folder": folder,
                            "unit_code": report.unit.code,
                            "stage": row.entry.stage,
                            "file": f"{folder.split('/')[1]}/{file.path}",
                            "sheet": row.sheet,
                            "row": row.row,
                            "name": project.name,
                            "owner": project.owner,
                            "county": project.place.name,
                            "code": project.code,
                            "credit": project.credit,
                            "wan": None if row.yuan is None else truth.wan(row.yuan),
                            "annual": truth.wan(project.annual),
                            "completed": truth.wan(project.completed),
                            "signing": project.signing,
                            "start": project.start,
                            "finish": project.finish,
                            "production": project.production,
                            "sector": project.sector,
                            "mark": row.entry.mark,
                        }
                        out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
