"""xls (BIFF8) files; WPS calls the same thing .et."""

import io
import struct
from datetime import date, datetime

import xlwt
from xlwt.BIFFRecords import BiffRecord

from ..grid import Book, Cell, Sheet, Style

_COLOURS = {"": None, "D9E1F2": "ice_blue", "F2F2F2": "gray25", "FFF2CC": "light_yellow", "E2EFDA": "light_green"}


class _StoredFormula:
    """A formula with the number that Excel stored for it: xlwt itself stores none."""

    def __init__(self, row: int, column: int, xf: int, formula: xlwt.Formula, number: float) -> None:
        record = BiffRecord()
        record._REC_ID = 0x0006
        record._rec_data = struct.pack("<3HdHI", row, column, xf, number, 0, 0) + formula.rpn()
        self._bytes: bytes = record.get()

    def get_biff_data(self) -> bytes:
        """Called by xlwt."""
        return self._bytes


def write(book: Book) -> bytes:
    """The bytes of the file."""
    workbook = xlwt.Workbook(encoding="utf-8", style_compression=0)
    workbook.dates_1904 = False
    styles: dict[Style, xlwt.XFStyle] = {}
    for sheet in book.sheets:
        worksheet = workbook.add_sheet(sheet.name, cell_overwrite_ok=True)
        _layout(worksheet, sheet)
        for row, cells in sheet.rows():
            for column, cell in cells:
                if cell.style not in styles:
                    styles[cell.style] = _style(cell.style)
                _put(worksheet, row - 1, column - 1, cell, styles[cell.style])
        for top, left, bottom, right in sheet.merges:
            worksheet.merged_ranges.append((top - 1, bottom - 1, left - 1, right - 1))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _put(worksheet: xlwt.Worksheet, row: int, column: int, cell: Cell, style: xlwt.XFStyle) -> None:
    value = cell.value
    if cell.formula:
        assert not isinstance(value, date | str)
        formula = xlwt.Formula(cell.formula.removeprefix("="))
        worksheet.write(row, column, formula, style)
        stored = _StoredFormula(row, column, worksheet.parent.add_style(style), formula, float(value or 0))
        worksheet.row(row).insert_cell(column, stored)
    elif isinstance(value, date):
        worksheet.write(row, column, datetime(value.year, value.month, value.day), style)
    elif value is None or isinstance(value, str):
        worksheet.write(row, column, value, style)
    else:
        worksheet.write(row, column, float(value), style)


def _layout(worksheet: xlwt.Worksheet, sheet: Sheet) -> None:
    worksheet.visibility = 1 if sheet.hidden else 0
    for column, width in sheet.widths.items():
        worksheet.col(column - 1).width = int(width * 256)
    for row, height in sorted(sheet.heights.items()):
        worksheet.row(row - 1).height_mismatch = True
        worksheet.row(row - 1).height = int(height * 20)
    for row in sorted(sheet.hidden_rows):
        worksheet.row(row - 1).hidden = True
    if sheet.freeze:
        worksheet.panes_frozen = True
        worksheet.horz_split_pos = sheet.freeze[0] - 1
        worksheet.vert_split_pos = sheet.freeze[1] - 1
    worksheet.portrait = not sheet.landscape
    worksheet.paper_size_code = sheet.paper
    worksheet.fit_num_pages = 1
    worksheet.fit_width_to_pages = 1
    worksheet.fit_height_to_pages = 0
    worksheet.header_str = b""
    worksheet.footer_str = b"&C&P / &N" if sheet.repeat else b""


def _style(style: Style) -> xlwt.XFStyle:
    made = xlwt.XFStyle()
    made.font.name = style.font
    made.font.height = style.size * 20
    made.font.bold = style.bold
    made.font.charset = xlwt.Font.CHARSET_ANSI_CHINESE_GBK
    made.alignment.horz = {"left": 1, "center": 2, "right": 3}[style.align]
    made.alignment.vert = 1
    made.alignment.wrap = int(style.wrap)
    if style.border:
        for side in ("left", "right", "top", "bottom"):
            setattr(made.borders, side, xlwt.Borders.THIN)
    colour = _COLOURS[style.fill]
    if colour:
        made.pattern.pattern = xlwt.Pattern.SOLID_PATTERN
        made.pattern.pattern_fore_colour = xlwt.Style.colour_map[colour]
    if style.colour:
        made.font.colour_index = xlwt.Style.colour_map["red"]
    made.num_format_str = style.form or "General"
    return made
