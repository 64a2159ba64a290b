"""Columns of a list: their header, their width, and how an office writes what stands in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .dice import Dice
from .grid import Value
from .project import WAN, YI, Day, Project


@dataclass(frozen=True)
class Entry:
    """One row of a list: a project, and where the office wrote something else than the truth."""

    project: Project
    stage: str
    shown: Mapping[str, Value] = field(default_factory=dict)
    hidden: bool = False
    # Code of the rule that the row breaks on purpose.
    mark: str = ""


@dataclass(frozen=True)
class Place:
    """What a cell may depend on besides its project: number in the list, and the row above."""

    number: int
    above: Entry | None


Show = Callable[[Entry, Place], Value]


@dataclass(frozen=True)
class Column:
    """One column. `heads` is the header from the top level down."""

    key: str
    heads: tuple[str, ...]
    width: float
    show: Show
    align: str = "left"
    form: str = ""
    # 元 in one of the numbers of a money column; 0 for other columns.
    unit: int = 0
    # Runs of equal values become one merged cell.
    merged: bool = False


def _heads(head: str | tuple[str, ...]) -> tuple[str, ...]:
    return (head,) if isinstance(head, str) else head


def seq(head: str = "序号") -> Column:
    """Running number."""
    return Column("seq", _heads(head), 5, lambda _, at: at.number, "center")


def text(key: str, head: str | tuple[str, ...], width: float, blank: str = "", align: str = "left") -> Column:
    """A text of the project as it is; `blank` where it has none."""
    return Column(key, _heads(head), width, lambda e, _: getattr(e.project, key) or blank or None, align)


def const(key: str, head: str | tuple[str, ...], width: float, value: Value) -> Column:
    """The same in every row."""
    return Column(key, _heads(head), width, lambda _e, _p: value, "center")


def made(key: str, head: str | tuple[str, ...], width: float, show: Callable[[Project], Value], align: str = "center") -> Column:
    """Anything that follows from the project."""
    return Column(key, _heads(head), width, lambda e, _: show(e.project), align)


def stage(head: str, words: Mapping[str, str], merged: bool = False) -> Column:
    """Which list the row belongs to, in the office's words."""
    return Column("stage", _heads(head), 9, lambda e, _: words[e.stage], "center", merged=merged)


def county(head: str | tuple[str, ...], width: float = 12, prefix: str = "", above: tuple[str, ...] = (), merged: bool = False, words: Mapping[str, str] | None = None) -> Column:
    """County, with the unit's name before it, or with 同上 where it is the one above."""

    def show(entry: Entry, at: Place) -> Value:
        if above and at.above is not None and at.above.project.place == entry.project.place:
            return above[at.number % len(above)] or None
        name = entry.project.place.name
        return prefix + (words or {}).get(name, name)

    return Column("county", _heads(head), width, show, "center", merged=merged)


def money(key: str, head: str | tuple[str, ...], unit: int, width: float = 11, form: str = "", zero: Value = 0) -> Column:
    """An amount in 万元 or 亿元."""

    def show(entry: Entry, _: Place) -> Value:
        yuan: int = getattr(entry.project, key)
        return amount(yuan, unit) if yuan else zero

    return Column(key, _heads(head), width, show, "right", form, unit)


def amount(yuan: int, unit: int) -> int | Decimal:
    """元 in another unit, exactly."""
    return yuan // unit if yuan % unit == 0 else Decimal(yuan) / unit


def money_text(key: str, head: str | tuple[str, ...], width: float = 12) -> Column:
    """An amount with its unit written behind it: `3.5亿元`, `8600万元`."""

    def show(entry: Entry, _: Place) -> Value:
        yuan: int = getattr(entry.project, key)
        if not yuan:
            return "/"
        return f"{yuan // WAN}万元" if yuan < YI or Dice("unit", entry.project.name, key).chance(35) else f"{amount(yuan, YI)}亿元"

    return Column(key, _heads(head), width, show, "right", unit=WAN)


# How a date is written. `cell:…` is a date cell with that number format.
_TEXT: dict[str, Callable[[Day], Value]] = {
    "2021.9": lambda d: f"{d[0]}.{d[1]}",
    "2021.09": lambda d: f"{d[0]}.{d[1]:02d}",
    "2021.09.28": lambda d: f"{d[0]}.{d[1]:02d}.{d[2]:02d}",
    "2021年9月": lambda d: f"{d[0]}年{d[1]}月",
    "2021年9月28日": lambda d: f"{d[0]}年{d[1]}月{d[2]}日",
    "2021-09": lambda d: f"{d[0]}-{d[1]:02d}",
    "2021-09-28": lambda d: f"{d[0]}-{d[1]:02d}-{d[2]:02d}",
    "2021/9/28": lambda d: f"{d[0]}/{d[1]}/{d[2]}",
    "20210928": lambda d: d[0] * 10_000 + d[1] * 100 + d[2],
    "202109": lambda d: d[0] * 100 + d[1],
    "2021年": lambda d: f"{d[0]}年",
    "2021年底": lambda d: f"{d[0]}年底",
}


def day(key: str, head: str | tuple[str, ...], how: str | tuple[str, ...], width: float = 11) -> Column:
    """A date; several ways of writing it are mixed from row to row."""
    ways = (how,) if isinstance(how, str) else how
    form = next((way.removeprefix("cell:") for way in ways if way.startswith("cell:")), "")

    def show(entry: Entry, _: Place) -> Value:
        when: Day = getattr(entry.project, key)
        way = Dice("date", entry.project.name, key).pick(ways)
        if way == "2021年底" and when[1] < 11:
            way = ways[0]
        return date(*when) if way.startswith("cell:") else _TEXT[way](when)

    return Column(key, _heads(head), width, show, "center", form)


def years(head: str | tuple[str, ...], last: str = "finish", months: bool = False) -> Column:
    """建设起止年限: `2021-2023` or `2021.9-2023.6`."""

    def show(entry: Entry, _: Place) -> Value:
        start, end = entry.project.start, getattr(entry.project, last)
        return f"{start[0]}.{start[1]}-{end[0]}.{end[1]}" if months else f"{start[0]}-{end[0]}"

    return Column("years", _heads(head), 12, show, "center")


def yes(key: str, head: str | tuple[str, ...], words: tuple[str, str] = ("是", "否")) -> Column:
    """A flag."""
    return Column(key, _heads(head), 8, lambda e, _: words[0] if getattr(e.project, key) else words[1], "center")
