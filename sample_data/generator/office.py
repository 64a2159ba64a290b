"""What an office gets to report, and the files that it hands in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .columns import Entry
from .grid import Book, Sheet, Style
from .places import Unit
from .project import STAGES
from .table import Placed
from .write import ods, text, xls, xlsx

_WRITERS = {"xlsx": xlsx.write, "xls": xls.write, "et": xls.write, "ods": ods.write, "csv": text.write}


@dataclass(frozen=True)
class Edition:
    """One report of one unit: its rows, and what is peculiar to the batch."""

    unit: Unit
    batch: str
    lists: dict[str, Sequence[Entry]]
    # Words that a later version carries in its name, such as （修订版）; empty for the first one.
    version: str = ""
    # Stages that a later version holds; the first one holds all.
    stages: tuple[str, ...] = STAGES
    # Stage whose total leaves out the last row.
    short_total: str = ""

    @property
    def first(self) -> bool:
        """Whether this is batch 01, whose template was simpler."""
        return self.batch == "01"

    @property
    def issue(self) -> str:
        """第一期 or 第二期."""
        return "第一期" if self.first else "第二期"

    @property
    def third(self) -> str:
        """The third list was called 竣工投产 in the beginning."""
        return "竣工投产" if self.first else "投产"

    @property
    def words(self) -> dict[str, str]:
        """签约一批, 开工一批, 投产一批."""
        return {"签约": "签约一批", "开工": "开工一批", "投产": f"{self.third}一批"}

    @property
    def filled(self) -> str:
        """The day on which the office filled in the form."""
        day = 1 + (int(self.unit.code) // 100 + self.unit.weight) % 5
        return f"2021年7月{day}日" if self.first else f"2021年9月{23 + day}日"


@dataclass(frozen=True)
class WrongTotal:
    """A total that does not fit its rows, on purpose; `cause` in the program's words."""

    sheet: str
    cell: str
    stage: str
    cause: str


@dataclass(frozen=True)
class File:
    """A file in the unit's folder, and the project rows in it."""

    path: str
    data: bytes
    placed: tuple[Placed, ...]
    wrong_total: WrongTotal | None = None


@dataclass
class Desk:
    """Collects sheets and their rows for one file."""

    maker: str = "office"
    sheets: list[Sheet] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    wrong_total: WrongTotal | None = None

    def sheet(self, name: str, **options: object) -> Sheet:
        """A new sheet."""
        made = Sheet(name, **options)  # type: ignore[arg-type]
        self.sheets.append(made)
        return made

    def file(self, path: str) -> File:
        """The finished file; its format follows from its name."""
        write = _WRITERS[path.rsplit(".", 1)[1]]
        return File(path, write(Book(self.sheets, self.maker)), tuple(self.placed), self.wrong_total)

    def lines(self, name: str, lines: Sequence[str], width: float = 90, **options: object) -> Sheet:
        """A sheet of text: 填表说明."""
        made = self.sheet(name, landscape=False, **options)
        made.widths[1] = width
        for row, line in enumerate(lines, 1):
            head = row == 1
            made.put(row, 1, line, Style("黑体" if head else "仿宋", 16 if head else 12, head, "center" if head else "left", True))
            made.heights[row] = 30 if head else 20.0 * max(1, -(-2 * len(line) // int(width)))
        return made


def by_place(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Rows grouped by county, in their order."""
    groups: list[tuple[str, list[Entry]]] = []
    for entry in entries:
        name = entry.project.place.name
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append(entry)
    return groups


CHINESE = "一二三四五六七八九十"


def ordinal(number: int) -> str:
    """1 → 一, 12 → 十二."""
    if number <= 10:
        return CHINESE[number - 1]
    return ("" if number < 20 else CHINESE[number // 10 - 1]) + "十" + (CHINESE[number % 10 - 1] if number % 10 else "")
