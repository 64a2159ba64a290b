"""csv files as Excel saves them on a Chinese Windows: GB18030, CRLF."""

import csv
import io
from datetime import date

from ..grid import Book


def write(book: Book) -> bytes:
    """The bytes of the file: the values of the only sheet."""
    (sheet,) = book.sheets
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in range(1, sheet.last_row + 1):
        cells = (sheet.cells.get((row, column)) for column in range(1, sheet.last_column + 1))
        writer.writerow("" if cell is None else _shown(cell.value) for cell in cells)
    return buffer.getvalue().encode("gb18030")


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value.year}/{value.month}/{value.day}" if isinstance(value, date) else str(value)
