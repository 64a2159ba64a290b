"""The six planted mistakes of batch 02, and the later reports that put them right."""

from collections.abc import Sequence
from dataclasses import dataclass

from .columns import Entry, amount
from .ledger import Ledger
from .office import Edition, File
from .places import UNITS, Unit
from .project import STAGES, YI, Project
from .units import BUILDERS

BATCH = "02"


@dataclass(frozen=True)
class Mistake:
    """What is wrong where; `cell` is the program's place, a whole row as `12:12`."""

    unit: str
    code: str
    what: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    stage: str = ""
    # Likeliest explanation of a total that does not fit, in the program's words.
    cause: str = ""

    def as_json(self) -> dict[str, str]:
        """For truth.json."""
        return {
            "batch": BATCH,
            "unit_code": self.unit,
            "code": self.code,
            "what": self.what,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "stage": self.stage,
            "cause": self.cause,
        }


@dataclass(frozen=True)
class Report:
    """What one unit hands in for one batch."""

    unit: Unit
    files: tuple[File, ...]


def _entries(ledger: Ledger, batch: str, unit: Unit) -> dict[str, Sequence[Entry]]:
    lists = ledger.of(batch, unit)
    return {stage: [Entry(p, stage) for p in lists[stage]] for stage in STAGES}


def first_reports(ledger: Ledger, batch: str) -> list[Report]:
    """What all units hand in, with their mistakes."""
    reports = []
    for unit in UNITS:
        lists = _entries(ledger, batch, unit)
        short = ""
        if batch == BATCH:
            if unit.short == "漯河":
                continue
            lists, short = _spoil(unit, lists, ledger.withdrawn)
        reports.append(Report(unit, tuple(BUILDERS[unit.code](Edition(unit, batch, lists, short_total=short)))))
    return reports


# Words in the name of the later report, and the lists that it holds.
_LATER = {
    "洛阳": ("（修订版）", ("投产",)),
    "安阳": ("（更正）", STAGES),
    "新乡": ("（第二次报送）", STAGES),
    "漯河": ("", STAGES),
    "南阳": ("v2", STAGES),
    "商丘": ("（最终版）", STAGES),
}


def later_reports(ledger: Ledger) -> list[Report]:
    """The corrections of batch 02."""
    reports = []
    for unit in UNITS:
        if unit.short not in _LATER:
            continue
        version, stages = _LATER[unit.short]
        edition = Edition(unit, BATCH, _entries(ledger, BATCH, unit), version, stages)
        reports.append(Report(unit, tuple(BUILDERS[unit.code](edition))))
    return reports


def _spoil(unit: Unit, lists: dict[str, Sequence[Entry]], withdrawn: Project) -> tuple[dict[str, Sequence[Entry]], str]:
    """Puts the unit's mistake into its lists; gives the stage whose total is short, if that is the mistake."""
    changed = {stage: list(entries) for stage, entries in lists.items()}
    if unit.short == "洛阳":
        # 12.6 亿元 typed into a column of 万元.
        rows = changed["投产"]
        at = next(i for i in range(len(rows) // 2, len(rows)) if rows[i].project.total > 9 * YI and rows[i].project.total % (YI // 100) == 0)
        project = rows[at].project
        rows[at] = Entry(project, "投产", {"total": amount(project.total, YI)}, mark="V504")
    elif unit.short == "安阳":
        rows = changed["签约"]
        at = len(rows) * 2 // 3
        rows[at] = Entry(rows[at].project, "签约", {"total": None}, mark="V502")
    elif unit.short == "新乡":
        rows = changed["开工"]
        rows.insert(len(rows) - 4, Entry(rows[7].project, "开工", mark="X601"))
    elif unit.short == "商丘":
        rows = changed["签约"]
        rows.insert(len(rows) // 2, Entry(withdrawn, "签约", hidden=True, mark="L202"))
    elif unit.short == "南阳":
        return dict(changed), "开工"
    return dict(changed), ""


_WHAT = {
    "V504": "总投资的单位是万元，这一行填的是亿元数，差一万倍",
    "V502": "总投资空着",
    "X601": "同一个项目在开工清单里报了两次",
    "L202": "签约清单里有一个隐藏行，项目已经撤回但没有删去；合计不含它",
}


def planted(reports: Sequence[Report]) -> list[Mistake]:
    """Where the mistakes ended up."""
    found = []
    handed_in = {report.unit.code for report in reports}
    for unit in UNITS:
        if unit.code not in handed_in:
            found.append(Mistake(unit.code, "F101", "没有报送"))
    for report in reports:
        for file in report.files:
            path = f"{BATCH}/{file.path}"
            for row in file.placed:
                code = row.entry.mark
                if code:
                    cell = row.total_cell if code in ("V504", "V502") else f"{row.row}:{row.row}"
                    found.append(Mistake(report.unit.code, code, _WHAT[code], path, row.sheet, cell, row.entry.stage))
            if wrong := file.wrong_total:
                codes = [("R701", "合计与各行之和不符")]
                if wrong.cause == "formula_range_short":
                    codes.append(("R705", "合计的公式少加了最后一行"))
                for code, what in codes:
                    found.append(Mistake(report.unit.code, code, what, path, wrong.sheet, wrong.cell, wrong.stage, wrong.cause))
    return found
