"""What a careful reader gets out of the sample: the content of truth.json."""

import json
from collections.abc import Sequence

from .ledger import TARGETS
from .mistakes import Mistake, Report
from .places import UNITS
from .project import STAGES, WAN, YI

Sums = dict[str, dict[str, dict[str, object]]]


def sums(reports: Sequence[Report], kept: Sequence[Report] = ()) -> Sums:
    """Unit → stage → number of rows and their sum as written; of a list that `kept` has too, that one counts."""
    later: dict[tuple[str, str], list[int | None]] = {}
    counted: dict[tuple[str, str], list[int | None]] = {}
    for target, some in ((counted, reports), (later, kept)):
        for report in some:
            for row in (row for file in report.files for row in file.placed):
                target.setdefault((report.unit.code, row.entry.stage), []).append(row.yuan)
    counted |= later
    return {unit.code: {stage: _sum(counted.get((unit.code, stage), [])) for stage in STAGES} for unit in UNITS}


def _sum(rows: list[int | None]) -> dict[str, object]:
    return {"count": len(rows), "wan": wan(sum(yuan or 0 for yuan in rows))}


def wan(yuan: int) -> str:
    """元 as 万元 with four decimals."""
    return f"{yuan // WAN}.{yuan % WAN:04d}"


def province(units: Sums) -> dict[str, dict[str, object]]:
    """The sums over all units."""
    out: dict[str, dict[str, object]] = {}
    for stage in STAGES:
        of_units = [unit[stage] for unit in units.values()]
        yuan = sum(int(str(s["wan"]).replace(".", "")) for s in of_units)
        out[stage] = {"count": sum(int(str(s["count"])) for s in of_units), "wan": wan(yuan)}
    return out


def published(batch: str) -> dict[str, dict[str, object]]:
    """The figures that the sums of a batch have to meet."""
    return {stage: {"count": count, "wan": wan(yi * YI)} for stage, (count, yi) in TARGETS[batch].items()}


def render(inbox: dict[str, Sums], corrected: dict[str, Sums], mistakes: Sequence[Mistake]) -> str:
    """truth.json: one line per unit, so that a change shows where it is."""
    blocks = []
    for name, batches in (("inbox", inbox), ("corrected", corrected)):
        parts = [f'"{batch}": {{\n' + ",\n".join(f'"{code}": {_line(stages)}' for code, stages in units.items()) + "\n}" for batch, units in batches.items()]
        blocks.append(f'"{name}": {{\n' + ",\n".join(parts) + "\n}")
        whole = [f'"{batch}": {_line(province(units))}' for batch, units in batches.items()]
        blocks.append(f'"{name}_province": {{\n' + ",\n".join(whole) + "\n}")
    blocks.append('"mistakes": [\n' + ",\n".join(_line(m.as_json()) for m in mistakes) + "\n]")
    return '{\n"format": 1,\n' + ",\n".join(blocks) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
