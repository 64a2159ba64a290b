"""Lays a list out on a sheet, row by row, and remembers what landed where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .columns import Column, Entry, Place
from .grid import Cell, Sheet, Style, Value, a1, letters


@dataclass(frozen=True)
class Look:
    """Fonts and sizes of one office."""

    font: str = "宋体"
    size: int = 10
    title_font: str = "方正小标宋简体"
    title_size: int = 18
    head_font: str = "黑体"
    head_fill: str = ""
    total_fill: str = ""
    number: str = ""


@dataclass(frozen=True)
class Placed:
    """A project row of a file: what a careful reader gets."""

    sheet: str
    row: int
    entry: Entry
    # 总投资 as written, in 元; None where none is written.
    yuan: int | None
    name_cell: str
    total_cell: str


@dataclass
class Table:
    """A list that is being written; `row` is the next row."""

    sheet: Sheet
    columns: Sequence[Column]
    look: Look = Look()
    row: int = 1
    left: int = 1
    placed: list[Placed] = field(default_factory=list)
    _above: Entry | None = None

    @property
    def right(self) -> int:
        """The last column."""
        return self.left + len(self.columns) - 1

    def column(self, key: str) -> int:
        """Where a column stands."""
        return self.left + next(i for i, c in enumerate(self.columns) if c.key == key)

    def widen(self) -> None:
        """Sets the widths of the columns."""
        for i, column in enumerate(self.columns):
            self.sheet.widths[self.left + i] = column.width

    def title(self, *lines: str, size: int = 0) -> None:
        """Title lines across the table; the later ones smaller."""
        for i, line in enumerate(lines):
            style = Style(self.look.title_font, (size or self.look.title_size) - 4 * i, align="center")
            self.sheet.put(self.row, self.left, line, style)
            self.sheet.merge(self.row, self.left, self.row, self.right)
            self.sheet.heights[self.row] = 30 - 6 * i
            self.row += 1

    def line(self, text: str, right: str = "", at: int = 0, merge: bool = True) -> None:
        """填报单位 on the left and 单位：万元 on the right."""
        style = Style(self.look.font, self.look.size + 1)
        split = at or max(self.left + 1, self.right - 2)
        self.sheet.put(self.row, self.left, text, style)
        if right:
            self.sheet.put(self.row, split, right, replace(style, align="right"))
            if merge:
                self.sheet.merge(self.row, split, self.row, self.right)
        if merge and split > self.left + 1:
            self.sheet.merge(self.row, self.left, self.row, split - 1 if right else self.right)
        self.sheet.heights[self.row] = 20
        self.row += 1

    def header(self) -> None:
        """The header with as many levels as the columns ask for; equal neighbours and short columns are merged."""
        top, levels = self.row, max(len(c.heads) for c in self.columns)
        look = self.look
        style = Style(look.head_font, look.size, True, "center", True, True, look.head_fill)
        for i, column in enumerate(self.columns):
            for level in range(levels):
                self.sheet.put(top + level, self.left + i, column.heads[level] if level < len(column.heads) else None, style)
        for level in range(levels):
            self._merge_level(top, level, levels)
        for level in range(levels):
            lines = max(c.heads[level].count("\n") + -(-_width(c.heads[level]) // max(int(c.width), 1)) for c in self.columns if level < len(c.heads) and (level == len(c.heads) - 1))
            self.sheet.heights[top + level] = max(20.0, 14.5 * lines / (levels - level if levels > 1 and level == 0 else 1) + 6)
        self.row += levels
        if self.sheet.repeat is None:
            self.sheet.repeat = (top, self.row - 1)

    def _merge_level(self, top: int, level: int, levels: int) -> None:
        start = 0
        for i in range(1, len(self.columns) + 1):
            first = self.columns[start]
            if i < len(self.columns) and len(first.heads) > level + 1 and self.columns[i].heads[: level + 1] == first.heads[: level + 1]:
                continue
            if len(first.heads) > level + 1:
                self.sheet.merge(top + level, self.left + start, top + level, self.left + i - 1)
            elif len(first.heads) == level + 1 < levels:
                self.sheet.merge(top + level, self.left + start, top + levels - 1, self.left + start)
            start = i

    def numbering(self) -> None:
        """Column numbers below the header: 1, 2, 3 …"""
        style = Style(self.look.font, self.look.size - 1, align="center", border=True)
        for i in range(len(self.columns)):
            self.sheet.put(self.row, self.left + i, i + 1, style)
        self.row += 1

    def entries(self, entries: Sequence[Entry], start: int = 1) -> tuple[int, int]:
        """Project rows; gives the first and the last of them."""
        first = self.row
        for number, entry in enumerate(entries, start):
            self._entry(entry, number)
        for i, column in enumerate(self.columns):
            if column.merged:
                self._merge_runs(self.left + i, first, self.row - 1)
        return first, self.row - 1

    def _entry(self, entry: Entry, number: int) -> None:
        look, at, lines = self.look, Place(number, self._above), 1
        yuan: int | None = None
        for i, column in enumerate(self.columns):
            value = entry.shown[column.key] if column.key in entry.shown else column.show(entry, at)
            wrap = isinstance(value, str)
            form = column.form or (look.number if column.unit else "")
            self.sheet.put(self.row, self.left + i, value, Style(look.font, look.size, False, column.align, wrap, True, form=form if not wrap else ""))
            if isinstance(value, str):
                lines = max(lines, -(-_width(value) // int(column.width * 0.92)))
            if column.key == "total":
                yuan = _yuan(entry, column, value)
        self.sheet.heights[self.row] = max(18.0, lines * (look.size + 3.5) + 3)
        if entry.hidden:
            self.sheet.hidden_rows.add(self.row)
        self.placed.append(Placed(self.sheet.name, self.row, entry, yuan, a1(self.row, self.column("name")), a1(self.row, self.column("total"))))
        self._above = entry
        self.row += 1

    def _merge_runs(self, column: int, first: int, last: int) -> None:
        start = first
        for row in range(first + 1, last + 2):
            same = row <= last and self.sheet.cells[row, column].value == self.sheet.cells[start, column].value
            if not same:
                self.sheet.merge(start, column, row - 1, column)
                start = row

    def section(self, text: str, merge: bool = True) -> None:
        """A line that names what follows: 一、签约项目."""
        look = self.look
        style = Style(look.head_font, look.size, True, border=True, fill=look.total_fill)
        for column in range(self.left, self.right + 1):
            self.sheet.put(self.row, column, text if column == self.left else None, style)
        if merge:
            self.sheet.merge(self.row, self.left, self.row, self.right)
        self.sheet.heights[self.row] = 20
        self._above = None
        self.row += 1

    def total(self, label: str, ranges: Sequence[tuple[int, int]], how: str = "sum", at: str = "", count: str = "", row: int = 0) -> int:
        """A line of sums over rows `first` to `last` of each range; gives its row.

        `how`: `sum` and `visible` are formulas over the rows, `plus` adds the first rows of the ranges, `typed` is typed in.
        """
        where = row or self.row
        style = Style(self.look.head_font, self.look.size, True, "center", False, True, self.look.total_fill)
        for at_column in range(self.left, self.right + 1):
            self.sheet.put(where, at_column, None, style)
        for i, column in enumerate(self.columns):
            if column.unit:
                self._sum(where, self.left + i, ranges, how, replace(style, align="right", form=column.form or self.look.number))
        self.sheet.put(where, self.column(at) if at else self.left, label, style)
        if count:
            self.sheet.put(where, self.column("name"), count, style)
        self.sheet.heights[where] = 22
        if not row:
            self.row += 1
        return where

    def _sum(self, row: int, column: int, ranges: Sequence[tuple[int, int]], how: str, style: Style) -> None:
        name = letters(column)
        rows = [r for first, last in ranges for r in range(first, (first if how == "plus" else last) + 1)]
        if how == "visible":
            rows = [r for r in rows if r not in self.sheet.hidden_rows]
        value = added(self.sheet.cells.get((r, column)) for r in rows)
        if how == "typed":
            self.sheet.put(row, column, value, style)
            return
        if how == "plus":
            formula = "=" + "+".join(f"{name}{first}" for first, _ in ranges)
        else:
            spans = ",".join(f"{name}{first}:{name}{last}" for first, last in ranges)
            formula = f"=SUM({spans})" if how == "sum" else f"=SUBTOTAL(109,{spans})"
        self.sheet.put(row, column, value, style, formula)

    def note(self, *lines: str, merge: bool = True) -> None:
        """Notes and signatures below the table."""
        for line in lines:
            style = Style(self.look.font, self.look.size, wrap=merge)
            self.sheet.put(self.row, self.left, line, style)
            if merge:
                self.sheet.merge(self.row, self.left, self.row, self.right)
            self.sheet.heights[self.row] = 16.0 * max(1, -(-_width(line) // int(sum(c.width for c in self.columns))))
            self.row += 1


def added(cells: Iterable[Cell | None]) -> int | Decimal:
    """What SUM makes of these cells: numbers count, everything else does not."""
    total = Decimal(0)
    for cell in cells:
        if cell is not None and isinstance(cell.value, int | Decimal):
            total += cell.value
    return int(total) if total == total.to_integral_value() else total


def _yuan(entry: Entry, column: Column, value: Value) -> int | None:
    if value is None:
        return None
    if isinstance(value, int | Decimal):
        yuan = Decimal(value) * column.unit
        assert yuan == yuan.to_integral_value()
        return int(yuan)
    return entry.project.total


def _width(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
