"""Sheets before they become a file: cells with styles, merges, widths. Rows and columns count from 1."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Style:
    """How a cell looks."""

    font: str = "宋体"
    size: int = 11
    bold: bool = False
    align: str = "left"
    wrap: bool = False
    border: bool = False
    fill: str = ""
    colour: str = ""
    # Number format in Excel's language; empty for General.
    form: str = ""


@dataclass(frozen=True)
class Cell:
    """A value, or a formula together with the value that the office suite stored for it."""

    value: Value
    style: Style = Style()
    formula: str = ""


@dataclass
class Sheet:
    """One sheet."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden: bool = False
    # First row and column that scroll.
    freeze: tuple[int, int] | None = None
    # Rows printed on every page.
    repeat: tuple[int, int] | None = None
    paper: int = 9
    landscape: bool = True
    # Drop-down lists: column, first row, last row, where the choices stand.
    choices: list[tuple[int, int, int, str]] = field(default_factory=list)
    autofilter: tuple[int, int, int, int] | None = None

    def put(self, row: int, column: int, value: Value, style: Style = Style(), formula: str = "") -> None:
        """Sets one cell."""
        self.cells[row, column] = Cell(value, style, formula)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merges a range; the cells under it get the style of the first one."""
        if (top, left) == (bottom, right):
            return
        self.merges.append((top, left, bottom, right))
        style = self.cells[top, left].style
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    self.cells[row, column] = Cell(None, style)

    def rows(self) -> Iterator[tuple[int, list[tuple[int, Cell]]]]:
        """Rows that have cells, from the top; cells from the left."""
        row: list[tuple[int, Cell]] = []
        at = 0
        for (r, c), cell in sorted(self.cells.items()):
            if r != at and row:
                yield at, row
                row = []
            at = r
            row.append((c, cell))
        if row:
            yield at, row

    @property
    def last_row(self) -> int:
        """The lowest row with a cell."""
        return max((r for r, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        """The rightmost column with a cell."""
        return max((c for _, c in self.cells), default=0)


@dataclass
class Book:
    """One file."""

    sheets: list[Sheet]
    # Who wrote it: `office`, `wps`, or `export` (a web system that writes strings into the cells).
    maker: str = "office"


def letters(column: int) -> str:
    """`28` → `AB`."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def a1(row: int, column: int) -> str:
    """`(3, 28)` → `AB3`."""
    return f"{letters(column)}{row}"
