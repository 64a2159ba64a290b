"""Reads every file back with other people's readers, and compares it with what was meant."""

import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import xlrd

from .grid import a1
from .mistakes import Report
from .project import WAN, YI

# Sheet → cell → value; numbers as Decimal.
Cells = dict[str, dict[str, object]]


class Wrong(Exception):
    """The sample is not what it says it is."""


def check(reports: list[Report]) -> None:
    """Raises `Wrong` with the place where a project row is not what and where it is said to be."""
    for report in reports:
        for file in report.files:
            cells = _READERS[file.path.rsplit(".", 1)[1]](file.data)
            for row in file.placed:
                sheet = cells.get(row.sheet, cells.get("", {}))
                name, total = sheet.get(row.name_cell), sheet.get(row.total_cell)
                if name != row.entry.project.name:
                    raise Wrong(f"{file.path} › {row.sheet} › {row.name_cell}: {name!r} is not {row.entry.project.name!r}")
                if not _same(total, row.yuan):
                    raise Wrong(f"{file.path} › {row.sheet} › {row.total_cell}: {total!r} is not {row.yuan} 元")


def _same(seen: object, yuan: int | None) -> bool:
    """Whether a cell says so many 元, in 万元 or in 亿元."""
    if yuan is None:
        return seen in (None, "")
    text = str(seen)
    number = Decimal(text.removesuffix("亿元").removesuffix("万元"))
    return any(number * unit == yuan for unit in (WAN, YI))


def _xlsx(data: bytes) -> Cells:
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    cells: Cells = {}
    for sheet in values:
        read: dict[str, object] = {}
        for row in sheet.iter_rows():
            for cell in row:
                formula = formulas[sheet.title][cell.coordinate].value
                if cell.value is None and isinstance(formula, str) and formula.startswith("="):
                    raise Wrong(f"{sheet.title}!{cell.coordinate}: formula without a stored value")
                read[cell.coordinate] = _number(cell.value)
        cells[sheet.title] = read
    return cells


def _xls(data: bytes) -> Cells:
    book = xlrd.open_workbook(file_contents=data, formatting_info=True)
    return {
        sheet.name: {a1(r + 1, c + 1): _number(sheet.cell_value(r, c)) for r in range(sheet.nrows) for c in range(sheet.ncols)}
        for sheet in book.sheets()
    }


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _ods(data: bytes) -> Cells:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = ET.fromstring(package.read("content.xml"))
    cells: Cells = {}
    for table in root.iter(f"{_TABLE}table"):
        read: dict[str, object] = {}
        for r, row in enumerate(table.findall(f"{_TABLE}table-row"), 1):
            for c, cell in enumerate(row, 1):
                value = cell.get(f"{_OFFICE}value")
                shown = "\n".join("".join(p.itertext()) for p in cell)
                read[a1(r, c)] = Decimal(value) if value is not None else shown or None
        cells[table.get(f"{_TABLE}name", "")] = read
    return cells


def _csv(data: bytes) -> Cells:
    rows = csv.reader(io.StringIO(data.decode("gb18030"), newline=""))
    return {"": {a1(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1)}}


def _number(value: object) -> object:
    return Decimal(repr(value)) if isinstance(value, int | float) else value


_READERS: dict[str, Callable[[bytes], Cells]] = {"xlsx": _xlsx, "xls": _xls, "et": _xls, "ods": _ods, "csv": _csv}
